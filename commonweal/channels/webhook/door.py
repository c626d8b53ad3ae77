"""Signed JSON in, from any program: a message, or what became of one of ours."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from commonweal.base.errors import NotFound
from commonweal.channels.doors import Malformed, read_body, read_json, text_of
from commonweal.channels.models import ChannelSetup
from commonweal.channels.senders import phone_sender
from commonweal.channels.signing import check_signature, check_time
from commonweal.channels.webhook.channel import SIGNATURE, TIMESTAMP
from commonweal.intake.actions import receive
from commonweal.members.contacts import EMAIL, PHONE, ContactUnclear, read_contact
from commonweal.messaging.actions import note_delivery

KEY = "webhook"
MOST = 64 * 1024


def door(request: HttpRequest, setup: ChannelSetup, rest: str) -> HttpResponse:
    """A message at ``message``, news of one of ours at ``status``."""
    if rest.rstrip("/") not in ("message", "status"):
        raise NotFound
    body = read_body(request, MOST)
    timestamp = request.headers.get(TIMESTAMP, "")
    key = setup.credentials.get("secret", "")
    check_signature(key, request.headers.get(SIGNATURE, ""), timestamp.encode(), b".", body)
    check_time(timestamp)
    said = read_json(body)
    if rest.rstrip("/") == "message":
        _message(setup, said)
    else:
        _status(setup, said)
    return HttpResponse(status=204)


def _message(setup: ChannelSetup, said: dict[str, object]) -> None:
    name, kind = text_of(said, "id", 200), text_of(said, "kind") or PHONE
    if not name or kind not in (EMAIL, PHONE):
        raise Malformed
    raw = text_of(said, "from", 254)
    sender, reachable = phone_sender(setup.network, raw)
    if kind == EMAIL:
        try:
            sender, reachable = read_contact(raw, setup.network.country), True
        except ContactUnclear:
            raise Malformed from None
        if sender.kind != EMAIL:
            raise Malformed
    receive(
        network=setup.network,
        channel=KEY,
        provider_id=f"{setup.mark}:{name}",
        sender=sender,
        ours=text_of(said, "to", 254),
        subject=text_of(said, "subject", 300),
        text=text_of(said, "text"),
        sort="email" if kind == EMAIL else "text",
        automatic=said.get("automatic") is True or not reachable,
        at=_moment(text_of(said, "at")),
    )


def _status(setup: ChannelSetup, said: dict[str, object]) -> None:
    arrived = said.get("arrived")
    name, ours = text_of(said, "receipt", 120), text_of(said, "id", 120)
    if not isinstance(arrived, bool) or not (name or ours):
        raise Malformed
    detail = text_of(said, "detail", 60)
    note_delivery(
        network=setup.network,
        receipt=name,
        ours=ours,
        arrived=arrived,
        detail="".join(char for char in detail if char.isascii() and (char.isalpha() or char in " _-")),
    )


def _moment(text: str) -> datetime | None:
    """When it was sent; None where that is not said. Raises Malformed for what is no time with its zone."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed from None
    if moment.tzinfo is None:
        raise Malformed
    return moment
