"""What the phone tells us: a text came in, what became of one that went out, and that it is there."""

import base64
import binascii
import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from commonweal.base.errors import NotFound
from commonweal.channels import health
from commonweal.channels.doors import Malformed, read_body, read_json, text_of
from commonweal.channels.models import ChannelSetup
from commonweal.channels.senders import phone_sender
from commonweal.channels.signing import WrongTime, check_signature, check_time
from commonweal.intake.actions import Media, receive
from commonweal.messaging.actions import note_delivery

KEY = "sms_android"
# A picture message carries its pictures with it.
MOST = 2 * 1024 * 1024
MOST_PARTS = 10


def door(request: HttpRequest, setup: ChannelSetup, rest: str) -> HttpResponse:
    """One event of the phone. Events that are no business of ours are thanked for and let be."""
    if rest not in ("", "events"):
        raise NotFound
    body = read_body(request, MOST)
    timestamp = request.headers.get("X-Timestamp", "")
    given = request.headers.get("X-Signature", "")
    check_signature(setup.credentials.get("signing_key", ""), given, body, timestamp.encode())
    try:
        check_time(timestamp)
    except WrongTime:
        health.note_failure(setup, "the phone's clock is wrong")
        raise
    said = read_json(body)
    payload = said.get("payload")
    event = text_of(said, "event")
    if not event or not isinstance(payload, dict):
        raise Malformed
    if event in ("sms:received", "mms:downloaded"):
        _received(setup, text_of(said, "id"), payload)
    elif event in ("sms:delivered", "sms:failed"):
        _told(setup, payload, arrived=event == "sms:delivered")
    return HttpResponse(status=200)


def _received(setup: ChannelSetup, event: str, payload: dict[str, Any]) -> None:
    name = event or text_of(payload, "messageId")
    if not name:
        raise Malformed
    raw = text_of(payload, "sender") or text_of(payload, "phoneNumber")
    sender, reachable = phone_sender(setup.network, raw)
    receive(
        network=setup.network,
        channel=KEY,
        provider_id=f"{setup.mark}:{name}",
        sender=sender,
        ours=text_of(payload, "recipient"),
        subject=text_of(payload, "subject"),
        text=text_of(payload, "message") or text_of(payload, "body"),
        media=_parts(payload.get("attachments")),
        automatic=not reachable,
        at=_moment(text_of(payload, "receivedAt")),
    )


def _told(setup: ChannelSetup, payload: dict[str, Any], *, arrived: bool) -> None:
    name = text_of(payload, "messageId")
    if not name:
        raise Malformed
    # The phone's word for why, without what might be a number or a name.
    why = re.sub(r"[^A-Za-z_ ]", "", text_of(payload, "reason"))[:60].strip()
    note_delivery(network=setup.network, receipt=name, arrived=arrived, detail=why)


def _parts(listed: Any) -> list[Media]:
    """What came with a picture message, as far as it can be read."""
    found = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    return [_part(entry) for entry in found[:MOST_PARTS]]


def _part(entry: dict[str, Any]) -> Media:
    kind = text_of(entry, "contentType").partition("/")[0]
    data = entry.get("data")
    try:
        content = base64.b64decode(data, validate=True) if isinstance(data, str) else None
    except (binascii.Error, ValueError):
        content = None
    return Media(
        kind=kind if kind in ("audio", "image") else "other", content=content, name=text_of(entry, "name")
    )


def _moment(text: str) -> datetime | None:
    """When the phone got it; None where it does not say so, or says it without its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
