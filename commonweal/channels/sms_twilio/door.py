"""What Twilio tells us: a text came in, somebody calls, what became of a text."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from commonweal.base.errors import NotFound
from commonweal.channels.doors import Forged, Malformed, read_body, read_json
from commonweal.channels.models import ChannelSetup
from commonweal.channels.senders import phone_sender
from commonweal.channels.sms_twilio import voice
from commonweal.channels.sms_twilio.signature import is_genuine
from commonweal.channels.sms_twilio.twiml import answer
from commonweal.intake.actions import Media, receive
from commonweal.messaging.actions import note_delivery

MOST = 64 * 1024
MOST_FIELDS = 200
KEY = "sms_twilio"
ARRIVED, FAILED = {"delivered", "read"}, {"failed", "undelivered"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The fields of one call, each with its first value."""

    setup: ChannelSetup
    fields: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


def door(request: HttpRequest, setup: ChannelSetup, rest: str) -> HttpResponse:
    """Check who says it, and see to it."""
    said = Said(setup=setup, fields=_verified(request, setup))
    kind, _slash, further = rest.partition("/")
    if kind == "sms":
        return _text(said)
    if kind == "status":
        return _status(said, further)
    if kind == "voice":
        return voice.door(setup, said.fields, further)
    raise NotFound


def _verified(request: HttpRequest, setup: ChannelSetup) -> dict[str, str]:
    """The fields, once the signature is right; raises Forged, and Malformed for what is signed and unreadable."""
    body = read_body(request, MOST)
    is_json = (request.content_type or "").lower() == "application/json"
    pairs = [] if is_json else _pairs(body)
    # Behind a proxy the address that was called is the one that people know us by.
    path = request.get_full_path()
    urls = {request.build_absolute_uri(), settings.COMMONWEAL_BASE_URL + path}
    given = request.headers.get("X-Twilio-Signature", "")
    token = setup.credentials.get("auth_token", "")
    if not token or not is_genuine(token, urls, given, fields=pairs, body=body if is_json else None):
        raise Forged
    if is_json:
        return {name: value for name, value in read_json(body).items() if isinstance(value, str)}
    return dict(reversed(pairs))


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("utf-8", "surrogateescape"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise Malformed from None


def _text(said: Said) -> HttpResponse:
    sid = said["MessageSid"] or said["SmsSid"]
    if not sid:
        raise Malformed
    network = said.setup.network
    sender, reachable = phone_sender(network, said["From"])
    receive(
        network=network,
        channel=KEY,
        provider_id=f"{said.setup.mark}:{sid}",
        sender=sender,
        ours=said["To"],
        text=said["Body"],
        media=_media(said),
        automatic=not reachable,
    )
    return answer()


def _media(said: Said) -> list[Media]:
    count = said["NumMedia"]
    several = range(min(int(count), 10)) if count.isascii() and count.isdigit() and len(count) < 4 else ()
    return [
        Media(
            kind={"audio": "audio", "image": "image"}.get(
                said[f"MediaContentType{place}"].partition("/")[0], "other"
            ),
            url=said[f"MediaUrl{place}"],
            name=said[f"MediaContentType{place}"],
        )
        for place in several
    ]


def _status(said: Said, ours: str) -> HttpResponse:
    """``queued`` and ``sent`` are no news: the message was taken, which its receipt said."""
    status = (said["MessageStatus"] or said["SmsStatus"]).lower()
    if status in ARRIVED | FAILED:
        code = said["ErrorCode"]
        note_delivery(
            network=said.setup.network,
            receipt=said["MessageSid"] or said["SmsSid"],
            ours=ours,
            arrived=status in ARRIVED,
            detail=f"code {code}" if code.isascii() and code.isdigit() and len(code) < 10 else status,
        )
    return answer()
