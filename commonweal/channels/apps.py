"""The ways out to people."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """One folder for each adapter of the Channel port."""

    name = "commonweal.channels"
    label = "channels"
