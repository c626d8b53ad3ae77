"""What a folder of this room offers: a kind of channel that a network can set up. One line here for each."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from commonweal.channels.models import ChannelSetup
from commonweal.messaging.port import Channel
from commonweal.networks.requests import NetworkRequest

ADAPTERS = (
    "commonweal.channels.sms_twilio.adapter.ADAPTER",
    "commonweal.channels.sms_android.adapter.ADAPTER",
    "commonweal.channels.webhook.adapter.ADAPTER",
)


class SettingUp(forms.Form):
    """The fields of one adapter. ``SECRET`` names those that are kept encrypted and never shown again.

    A secret field left empty on a later visit keeps what is stored.
    """

    SECRET: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What looking at the other side came to: whether it is well, and one sentence for the steward."""

    is_well: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """One kind of channel.

    ``kinds`` are the kinds of address it carries out ("" for one that only takes in). ``form`` asks for its settings;
    ``channel`` makes what sends, of one setup; ``check`` looks at the other side without writing to anybody. ``door``
    answers a verified-or-not request at ``/in/SETUP/TOKEN/REST``; None where nothing comes in. ``guide`` is the page of
    the documentation, ``icon`` a name of the icon set.
    """

    key: str
    name: str | Promise
    lead: str | Promise
    kinds: frozenset[str]
    form: type[SettingUp]
    channel: Callable[[ChannelSetup], Channel] | None
    check: Callable[[ChannelSetup], Checked]
    door: Callable[[NetworkRequest, ChannelSetup, str], HttpResponse] | None = None
    most_bytes: int = 64 * 1024
    guide: str = ""
    icon: str = "phone"


@functools.cache
def adapters() -> Mapping[str, Adapter]:
    """Every adapter there is, by its key, in the order of the page."""
    found: list[Any] = [import_string(path) for path in ADAPTERS]
    return {adapter.key: adapter for adapter in found}
