"""Somebody calls: greeted in the network's languages, they choose one and leave a message, which goes to the desk.

Who is matched with somebody and goes through the network is put through to them first (``connecting``).

Each step is one call of Twilio's, and everything it needs stands in its address; nothing is kept in between. Who hangs
up without a word is called back: that too is an entry at the desk.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from commonweal.base.errors import NotFound
from commonweal.channels.addresses import door_address
from commonweal.channels.doors import Malformed
from commonweal.channels.models import ChannelSetup, Recording
from commonweal.channels.senders import phone_sender
from commonweal.channels.sms_twilio import connecting
from commonweal.channels.sms_twilio.twiml import answer, say
from commonweal.intake.actions import Media, Received, receive
from commonweal.intake.models import Inbound
from commonweal.networks.languages import own_languages
from commonweal.networks.models import Network

KEY = "sms_twilio"
LONGEST_S = 180
# Seconds to press a key, and seconds of silence that end a message.
TO_CHOOSE, SILENCE = 6, 6
OVER = {"completed", "busy", "no-answer", "canceled", "failed"}
Fields = Mapping[str, str]


def door(setup: ChannelSetup, fields: Fields, step: str) -> HttpResponse:
    """One step of a call; raises NotFound for one that there is not."""
    name, _slash, language = step.partition("/")
    first = spoken_languages(setup.network)[0]
    if name == "":
        relays = connecting.others(setup, fields)
        return connecting.offer(setup, relays, first) if relays else _greet(setup)
    if name == "through":
        return connecting.connect(setup, fields, first) or _greet(setup)
    if name == "hung-up":
        return connecting.hung_up(fields, first)
    if name == "ourselves":
        return _greet(setup)
    if name == "chosen":
        return _ask(setup, _by_key(setup.network, fields.get("Digits", "")))
    if name == "recorded":
        return _recorded(setup, fields, language)
    if name == "ended":
        return _ended(setup, fields)
    raise NotFound


def spoken_languages(network: Network) -> list[str]:
    """The languages a caller may choose from, in the network's order; at most nine, one for each key."""
    return (own_languages(network) or [settings.LANGUAGES[0][0]])[:9]


def _by_key(network: Network, digits: str) -> str:
    languages = spoken_languages(network)
    place = int(digits) if digits in "123456789" and len(digits) == 1 else 1
    return languages[min(place, len(languages)) - 1]


def _greet(setup: ChannelSetup) -> HttpResponse:
    network = setup.network
    languages = spoken_languages(network)
    if len(languages) == 1:
        return _ask(setup, languages[0], greet=True)
    root = Element("Response")
    where = door_address(setup, "voice/chosen")
    keys = SubElement(root, "Gather", action=where, method="POST", numDigits="1", timeout=str(TO_CHOOSE))
    say(keys, network.name, languages[0])
    for key, language in enumerate(languages, start=1):
        with translation.override(language):
            say(keys, _("For English, press %(key)s.") % {"key": key}, language)
    SubElement(root, "Redirect", method="POST").text = where
    return answer(root)


def _ask(setup: ChannelSetup, language: str, *, greet: bool = False) -> HttpResponse:
    network, root = setup.network, Element("Response")
    with translation.override(language):
        if greet:
            say(root, network.name, language)
        if network.emergency:
            say(root, network.emergency, language)
        say(
            root,
            _(
                "After the tone, say what you need or what you can do, your name, and roughly where you are. "
                "A person listens to it and calls you back. When you are done, press the hash key."
            ),
            language,
        )
        where = door_address(setup, f"voice/recorded/{language}")
        record = {
            "action": where,
            "method": "POST",
            "maxLength": str(LONGEST_S),
            "timeout": str(SILENCE),
            "finishOnKey": "#",
            "trim": "trim-silence",
        }
        SubElement(root, "Record", record)
        say(root, _("We heard nothing. A person calls you back."), language)
    return answer(root)


def _recorded(setup: ChannelSetup, fields: Fields, language: str) -> HttpResponse:
    """Store the message, say thanks, hang up. Its sound is fetched in the background."""
    sid, call = fields.get("RecordingSid", ""), fields.get("CallSid", "")
    if not sid or not sid.isalnum() or not call:
        raise Malformed
    language = language if language in spoken_languages(setup.network) else ""
    length = fields.get("RecordingDuration", "")
    seconds = int(length) if length.isascii() and length.isdigit() and len(length) < 6 else 0
    media = Media(kind="audio", url=fields.get("RecordingUrl", ""), name=sid, length_s=seconds)
    with transaction.atomic():
        taken = _receive(setup, fields, f"{call}:{sid}", language, media)
        if taken.is_new:
            Recording.objects.create(network=setup.network, setup=setup, inbound=taken.inbound, sid=sid)
    root = Element("Response")
    with translation.override(language or settings.LANGUAGE_CODE):
        say(root, _("Thank you. We have your message."), language)
    SubElement(root, "Hangup")
    return answer(root)


def _ended(setup: ChannelSetup, fields: Fields) -> HttpResponse:
    """The call is over: where it left no message, somebody has to call back."""
    call = fields.get("CallSid", "")
    if not call:
        raise Malformed
    ours = fields.get("Direction", "inbound") == "inbound" and fields.get("CallStatus", "") in OVER
    left = Inbound.objects.filter(
        network=setup.network, channel=KEY, provider_id__startswith=f"{setup.mark}:{call}:"
    )
    if ours and not left.exists() and not connecting.was_put_through(setup, call):
        _receive(setup, fields, call, "", None)
    return answer()


def _receive(setup: ChannelSetup, fields: Fields, name: str, language: str, media: Media | None) -> Received:
    network = setup.network
    sender, _reachable = phone_sender(network, fields.get("From", ""))
    return receive(
        network=network,
        channel=KEY,
        provider_id=f"{setup.mark}:{name}",
        sender=sender,
        ours=fields.get("To", ""),
        text="",
        media=[media] if media else [],
        sort="voice",
        language=language,
    )
