"""What a folder of this room offers: a kind of channel that a network can set up. One line here for each."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from commonweal.channels.forms import SettingUp
from commonweal.channels.models import ChannelSetup
from commonweal.messaging.port import Channel

ADAPTERS = (
    "commonweal.channels.sms_twilio.adapter.ADAPTER",
    "commonweal.channels.sms_android.adapter.ADAPTER",
    "commonweal.channels.email_in.adapter.POSTED",
    "commonweal.channels.email_in.adapter.MAILBOX",
    "commonweal.channels.push.adapter.ADAPTER",
    "commonweal.channels.webhook.adapter.ADAPTER",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What looking at the other side came to: whether it is well, and one sentence for the steward."""

    is_well: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """An address of ours that the other side has to know: what for, and what follows the token in it."""

    label: str | Promise
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """One kind of channel.

    ``kinds`` are the kinds of address it carries out; none for one that only takes in. ``form`` asks for its settings;
    ``channel`` makes what sends, of one setup; ``check`` looks at the other side without writing to anybody. ``door``
    answers what comes to ``/in/SETUP/TOKEN/REST``, once it has verified it; ``hooks`` are those addresses. ``guide`` is
    its page of the documentation, ``icon`` a name of the icon set. ``watched``: it is checked now and then, since it
    would not be noticed otherwise when it goes silent.
    """

    key: str
    name: str | Promise
    lead: str | Promise
    kinds: frozenset[str]
    form: type[SettingUp]
    check: Callable[[ChannelSetup], Checked]
    channel: Callable[[ChannelSetup], Channel] | None = None
    door: Callable[[HttpRequest, ChannelSetup, str], HttpResponse] | None = None
    hooks: tuple[Hook, ...] = ()
    guide: str = ""
    icon: str = "phone"
    watched: bool = False


@functools.cache
def adapters() -> Mapping[str, Adapter]:
    """Every adapter there is, by its key, in the order of the page."""
    found: list[Any] = [import_string(path) for path in ADAPTERS]
    return {adapter.key: adapter for adapter in found}
