"""A group's own Android phone as gateway, by the open SMS gateway app: no company in between."""

import json
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonweal.base import clock
from commonweal.base.forms import LineField
from commonweal.channels.adapters import Adapter, Checked, Hook
from commonweal.channels.addresses import door_address
from commonweal.channels.forms import AddressField, SecretField, SettingUp
from commonweal.channels.models import ChannelSetup
from commonweal.channels.sms_android.channel import Channel
from commonweal.channels.sms_android.door import KEY, door
from commonweal.channels.sms_android.gateway import Gateway
from commonweal.messaging.errors import ChannelDown

EVENTS = ("sms:received", "mms:downloaded", "sms:delivered", "sms:failed", "system:ping")
# A phone that lives says so every quarter of an hour or so.
SILENT = timedelta(minutes=45)
LOW = 15
LTR = {"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
SIMS = [("0", gettext_lazy("the one the phone chooses")), ("1", "1"), ("2", "2"), ("3", "3")]


class Form(SettingUp):
    """Where the phone is called, and how it signs what it tells."""

    base = AddressField(
        label=gettext_lazy("Address of the gateway"),
        help_text=gettext_lazy("As the app shows it, under cloud server, private server or local server."),
        initial="https://api.sms-gate.app/3rdparty/v1",
    )
    login = LineField(
        label=gettext_lazy("Name to sign in with"), max_length=100, widget=forms.TextInput(attrs=LTR)
    )
    password = SecretField(label=gettext_lazy("Password"))
    signing_key = SecretField(
        label=gettext_lazy("Signing key"),
        help_text=gettext_lazy("In the app under Settings, Webhooks."),
        min_length=8,
    )
    sim = forms.ChoiceField(label=gettext_lazy("Which SIM card sends"), choices=SIMS, initial="0")
    device = LineField(
        label=gettext_lazy("Id of the phone"),
        help_text=gettext_lazy("Only where one account has several phones."),
        max_length=21,
        required=False,
        widget=forms.TextInput(attrs=LTR),
    )


def check(setup: ChannelSetup) -> Checked:
    """Look whether the phone is there and lives, and tell it where to bring what comes in."""
    gateway = Gateway.of(setup)
    try:
        trouble = _trouble(gateway) or _hook_up(gateway, setup)
    except ChannelDown as failure:
        trouble = _("The phone can't be reached (%(what)s).") % {"what": failure}
    return Checked(
        is_well=not trouble, words=trouble or _("The phone is there, and knows where to bring what comes in.")
    )


def _trouble(gateway: Gateway) -> str:
    """What is wrong with the phone, "" for nothing."""
    answer = gateway.call("GET", "/devices")
    if answer.status in (401, 403):
        return _("The gateway does not accept the name or the password.")
    if answer.status == 200:
        return _silent(gateway, answer.body) or _weak(gateway)
    # A phone called directly, in the house, has no list of phones.
    if answer.status != 404:
        return _("The gateway answers with HTTP %(status)s.") % {"status": answer.status}
    return _weak(gateway)


def _silent(gateway: Gateway, body: bytes) -> str:
    try:
        listed = json.loads(body)
    except (ValueError, RecursionError):
        return _("What answers there is no SMS gateway.")
    phones = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    if gateway.device:
        phones = [phone for phone in phones if phone.get("id") == gateway.device]
    if not phones:
        return _("The gateway knows of no such phone.")
    seen = [moment for phone in phones if (moment := _moment(phone.get("lastSeen")))]
    silent = clock.now() - max(seen) if seen else timedelta(0)
    if silent > SILENT:
        hours = max(1, round(silent.total_seconds() / 3600))
        return ngettext(
            "The phone was last seen %(count)s hour ago. Is it on, charged and online?",
            "The phone was last seen %(count)s hours ago. Is it on, charged and online?",
            hours,
        ) % {"count": hours}
    return ""


def _weak(gateway: Gateway) -> str:
    """Where the gateway tells how it is: what does not pass, a low battery first."""
    checks = gateway.call("GET", "/health").json().get("checks")
    told: dict[str, Any] = checks if isinstance(checks, dict) else {}
    level = told.get("battery:level", {})
    charge = level.get("observedValue") if isinstance(level, dict) else None
    if isinstance(charge, int) and charge < LOW:
        return _("The battery of the phone is at %(charge)s percent.") % {"charge": charge}
    failing = [name for name, one in told.items() if isinstance(one, dict) and one.get("status") == "fail"]
    if failing:
        return _("The gateway says that this fails: %(what)s.") % {"what": ", ".join(sorted(failing))[:80]}
    return ""


def _hook_up(gateway: Gateway, setup: ChannelSetup) -> str:
    """Give the phone our address for each event. The id of each stays the same, so doing it again changes nothing."""
    for event in EVENTS:
        hook: dict[str, Any] = {
            "id": f"{setup.mark}-{event.replace(':', '-')}",
            "url": door_address(setup, "events"),
            "event": event,
        }
        if gateway.device:
            hook["deviceId"] = gateway.device
        answer = gateway.call("POST", "/webhooks", hook)
        if answer.status not in (200, 201):
            return _(
                "The phone does not take our address for what comes in (HTTP %(status)s). "
                "It must begin with https:// and be reachable for the phone."
            ) % {"status": answer.status}
    return ""


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


ADAPTER = Adapter(
    key=KEY,
    name=gettext_lazy("Text messages by a phone of ours"),
    lead=gettext_lazy(
        "An Android phone with a SIM card, and the free SMS gateway app on it. No company in between."
    ),
    kinds=frozenset({"phone"}),
    form=Form,
    check=check,
    channel=Channel,
    door=door,
    hooks=(
        Hook(
            label=gettext_lazy("For what the phone tells; checking it sets this up by itself"), rest="events"
        ),
    ),
    guide="how-to/connect-a-phone.md",
    watched=True,
)
