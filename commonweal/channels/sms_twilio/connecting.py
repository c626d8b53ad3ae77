"""A call of one of two who are matched, put through to the other under the network's own number.

The caller chooses by a key and hears a name; neither phone shows the other's number. Who presses nothing gets to where
everybody else gets: nobody who needs help is kept here.
"""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from commonweal.base.errors import Refused
from commonweal.channels.addresses import door_address
from commonweal.channels.models import ChannelSetup
from commonweal.channels.senders import phone_sender
from commonweal.channels.sms_twilio.twiml import answer, say
from commonweal.exchange.actions import put_through
from commonweal.exchange.models import PassedOn
from commonweal.exchange.queries import Relay, relays_from

# Seconds to press a key, and seconds for which the other phone rings.
TO_CHOOSE, RINGS = 6, 25
LONGEST_CALL = 1800
KEYS = "123456789"
Fields = Mapping[str, str]


def others(setup: ChannelSetup, fields: Fields) -> Sequence[Relay]:
    """Whom this caller may be put through to at this moment, and who can be called; at most nine, one for each key."""
    caller, reachable = phone_sender(setup.network, fields.get("From", ""))
    if not reachable:
        return []
    return [one for one in relays_from(setup.network, caller) if one.number][: len(KEYS)]


def offer(setup: ChannelSetup, relays: Sequence[Relay], language: str) -> HttpResponse:
    """Say who can be reached by which key; whoever presses none goes on to the network itself."""
    root = Element("Response")
    where = door_address(setup, "voice/through")
    keys = SubElement(root, "Gather", action=where, method="POST", numDigits="1", timeout=str(TO_CHOOSE))
    with translation.override(language):
        say(keys, setup.network.name, language)
        for key, relay in zip(KEYS, relays, strict=False):
            words = _("To be put through to %(name)s, press %(key)s.") % {"name": relay.name, "key": key}
            say(keys, words, language)
        say(keys, _("For everything else, wait."), language)
    SubElement(root, "Redirect", method="POST").text = door_address(setup, "voice/ourselves")
    return answer(root)


def connect(setup: ChannelSetup, fields: Fields, language: str) -> HttpResponse | None:
    """Put the call through to who was chosen; None where nobody was, or where it can't be."""
    digit, call = fields.get("Digits", ""), fields.get("CallSid", "")
    relays = others(setup, fields)
    place = KEYS.find(digit) if len(digit) == 1 else -1
    if not call or not 0 <= place < len(relays):
        return None
    relay = relays[place]
    try:
        put_through(match=relay.match, by=relay.by, key=_key(setup, call))
    except Refused:
        return None
    root = Element("Response")
    with translation.override(language):
        say(root, _("We put you through to %(name)s.") % {"name": relay.name}, language)
    dial = {
        "action": door_address(setup, "voice/hung-up"),
        "method": "POST",
        "timeout": str(RINGS),
        "timeLimit": str(LONGEST_CALL),
        "callerId": fields.get("To", ""),
    }
    SubElement(SubElement(root, "Dial", dial), "Number").text = relay.number
    return answer(root)


def hung_up(fields: Fields, language: str) -> HttpResponse:
    """The call is over; who reached nobody hears what else there is."""
    root = Element("Response")
    if fields.get("DialCallStatus", "") not in ("completed", "answered"):
        with translation.override(language or settings.LANGUAGE_CODE):
            say(root, _("Nobody answered. Send a text to this number, and we pass it on."), language)
    SubElement(root, "Hangup")
    return answer(root)


def was_put_through(setup: ChannelSetup, call: str) -> bool:
    """Whether this call was one between two who are matched, so that nobody needs to call back."""
    return PassedOn.objects.filter(network=setup.network, key=_key(setup, call)).exists()


def _key(setup: ChannelSetup, call: str) -> str:
    return f"call:{setup.mark}:{call}"
