"""Where other people's servers reach us."""

from django.conf import settings
from django.urls import reverse

from commonweal.channels.models import ChannelSetup


def door_address(setup: ChannelSetup, rest: str) -> str:
    """The whole address at which this setup hears of ``rest``."""
    return settings.COMMONWEAL_BASE_URL + door_path(setup, rest)


def door_path(setup: ChannelSetup, rest: str) -> str:
    """The same without our own name."""
    return reverse("channels:incoming", args=[setup.pk, setup.token, rest])
