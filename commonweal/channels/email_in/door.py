"""E-mail posted to us: a letter as it is, signed by us both; or the form that mail providers post, signed by them."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from django.http import HttpRequest, HttpResponse

from commonweal.base.errors import NotFound
from commonweal.channels.doors import Malformed, read_body
from commonweal.channels.email_in.parsing import LARGEST
from commonweal.channels.email_in.taking import NoSender, take_mail
from commonweal.channels.models import ChannelSetup
from commonweal.channels.signing import check_signature, check_time
from commonweal.channels.webhook.channel import SIGNATURE, TIMESTAMP

# The names under which providers put the whole letter, and its pieces.
WHOLE = ("body-mime", "email", "message", "rfc822")
MOST_FIELDS = 100


def door(request: HttpRequest, setup: ChannelSetup, rest: str) -> HttpResponse:
    """A letter at ``raw``, a provider's form at ``form``; "taken" once it is stored."""
    way = rest.rstrip("/")
    if way not in ("raw", "form"):
        raise NotFound
    body = read_body(request, LARGEST)
    key = setup.credentials.get("secret", "")
    raw = _signed_letter(request, body, key) if way == "raw" else _letter_of_form(request, body, key)
    try:
        take_mail(setup, raw)
    except NoSender:
        raise Malformed from None
    return HttpResponse(status=204)


def _signed_letter(request: HttpRequest, body: bytes, key: str) -> bytes:
    timestamp = request.headers.get(TIMESTAMP, "")
    check_signature(key, request.headers.get(SIGNATURE, ""), timestamp.encode(), b".", body)
    check_time(timestamp)
    if not body.strip():
        raise Malformed
    return body


def _letter_of_form(request: HttpRequest, body: bytes, key: str) -> bytes:
    """The letter out of a provider's form, whose ``signature`` is over ``timestamp`` and ``token``."""
    fields = _fields(request.headers.get("Content-Type", ""), body)
    timestamp, token = (fields.get(name, b"") for name in ("timestamp", "token"))
    check_signature(key, fields.get("signature", b"").decode("ascii", "replace"), timestamp, token)
    check_time(timestamp.decode("ascii", "replace"))
    for name in WHOLE:
        if fields.get(name):
            return fields[name]
    return _composed({name: value.decode("utf-8", "replace") for name, value in fields.items()})


def _fields(content_type: str, body: bytes) -> dict[str, bytes]:
    """The fields of a multipart form by their names in lower case; raises Malformed for anything else."""
    if not content_type.lower().startswith("multipart/form-data") or "\n" in content_type:
        raise Malformed
    head = f"Content-Type: {content_type}\r\n\r\n".encode("utf-8", "replace")
    form = message_from_bytes(head + body, policy=policy.HTTP)
    if not form.is_multipart():
        raise Malformed
    found: dict[str, bytes] = {}
    for part in list(form.iter_parts())[:MOST_FIELDS]:
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            found.setdefault(name.lower(), value)
    return found


def _composed(fields: dict[str, str]) -> bytes:
    """A letter from its pieces; what could pass for a further header is made one line."""
    letter = EmailMessage(policy=policy.SMTPUTF8)
    pieces = {
        "From": fields.get("from") or fields.get("sender", ""),
        "To": fields.get("to") or fields.get("recipient", ""),
        "Subject": fields.get("subject", ""),
        "Message-ID": fields.get("message-id", ""),
        "Auto-Submitted": fields.get("auto-submitted", ""),
        "Precedence": fields.get("precedence", ""),
    }
    try:
        for name, value in pieces.items():
            if value.strip():
                letter[name] = " ".join(value.split())[:500]
        plain = fields.get("body-plain") or fields.get("text") or ""
        html = fields.get("body-html") or fields.get("html") or ""
        letter.set_content(plain or html, subtype="plain" if plain else "html")
        return letter.as_bytes()
    except (ValueError, LookupError, UnicodeError, IndexError, AttributeError):
        raise Malformed from None
