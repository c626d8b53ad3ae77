"""Reading one e-mail (RFC 5322): who wrote what, whether a machine did, and what became of a letter of ours."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import cast

from commonweal.channels.email_in.proof import answered_ids, is_vouched_for
from commonweal.channels.email_in.words import plain_of_html, without_quotes
from commonweal.intake.actions import Media

LARGEST = 2 * 1024 * 1024
MOST_MEDIA = 4
MOST_PARTS = 100
_ID = re.compile(r"<[^<>\s]{3,200}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """What a mail server says of a letter of ours: its Message-ID, whether it arrived, and the code (RFC 3463)."""

    receipt: str
    arrived: bool
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An e-mail as far as it concerns us. ``message_id`` is never empty; ``sender`` may be where nobody can be.

    ``answers`` are the Message-IDs of what it answers; ``vouched``: our own mail server says the sender's domain signed
    for it.
    """

    message_id: str
    sender: str
    to: str
    subject: str
    text: str
    automatic: bool
    bounce: Bounce | None = None
    answers: tuple[str, ...] = ()
    vouched: bool = False
    media: tuple[Media, ...] = ()


def read_mail(raw: bytes, server: str = "") -> Mail:
    """Read an e-mail; wrong character sets, broken parts and missing headers are borne. Nothing is raised for those.

    ``server`` is the name under which our own mail server says whose signature was right; empty: it says nothing.
    """
    mail = message_from_bytes(raw, policy=policy.default)
    sender = parseaddr(_header(mail, "From"))[1]
    bounce = _bounce(mail)
    return Mail(
        message_id=_message_id(mail, raw),
        sender=sender,
        to=parseaddr(_header(mail, "To"))[1],
        subject=_header(mail, "Subject"),
        text="" if bounce else _text(mail),
        automatic=bool(bounce) or _by_machine(mail, sender),
        bounce=bounce,
        answers=() if bounce else answered_ids(mail),
        vouched=not bounce and is_vouched_for(mail, server),
        media=() if bounce else tuple(_media(mail)),
    )


def _header(mail: EmailMessage, name: str) -> str:
    """A header in one line; "" where it is missing, or too broken to be read."""
    try:
        return " ".join(str(mail.get(name) or "").split())
    except Exception:  # noqa: BLE001 - the parser of headers trips over what people's programs write
        return ""


def _message_id(mail: EmailMessage, raw: bytes) -> str:
    found = _ID.search(_header(mail, "Message-ID"))
    return found[0] if found else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _by_machine(mail: EmailMessage, sender: str) -> bool:
    """Whether a program wrote it (RFC 3834, and what the programs before it said): such a letter gets no answer."""
    submitted = _header(mail, "Auto-Submitted").lower()
    precedence = _header(mail, "Precedence").lower()
    mailbox = sender.partition("@")[0].lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or any(_header(mail, name) for name in ("X-Autoreply", "X-Autorespond", "List-Id", "X-Auto-Response"))
        or _header(mail, "Return-Path") == "<>"
        or mailbox in ("mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "")
    )


def _parts(mail: EmailMessage) -> Iterator[EmailMessage]:
    for count, part in enumerate(cast("Iterator[EmailMessage]", mail.walk())):
        if count >= MOST_PARTS:
            return
        yield part


def _text(mail: EmailMessage) -> str:
    """What somebody wrote this time: the plain part, else the HTML one as text, without what they quote."""
    plain, html = "", ""
    for part in _parts(mail):
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if part.get_content_type() == "text/plain" and not plain:
            plain = _decoded(part)
        elif part.get_content_type() == "text/html" and not html:
            html = _decoded(part)
    return without_quotes(plain if plain.strip() else plain_of_html(html))


def _decoded(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _media(mail: EmailMessage) -> Iterator[Media]:
    """Pictures and recordings that came with it; everything else stays out."""
    found = 0
    for part in _parts(mail):
        kind = part.get_content_maintype()
        if kind in ("audio", "image") and found < MOST_MEDIA:
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload:
                found += 1
                yield Media(kind=kind, content=payload, name=(part.get_filename() or "")[:120])


def _bounce(mail: EmailMessage) -> Bounce | None:
    """A report on a letter (RFC 3464); None for any other e-mail, and for one that is only late."""
    if mail.get_content_type() != "multipart/report":
        return None
    action, status, receipt = "", "", ""
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in cast("Iterator[EmailMessage]", part.walk()):
                action = _header(block, "Action").lower() or action
                status = _header(block, "Status")[:12] or status
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            receipt = receipt or _original_id(part)
    if not receipt or action not in ("failed", "delivered"):
        return None
    return Bounce(receipt=receipt, arrived=action == "delivered", status=status)


def _original_id(part: EmailMessage) -> str:
    inner = part.get_payload()
    headers = inner[0] if isinstance(inner, list) and inner else None
    if headers is None:
        headers = message_from_bytes(_decoded(part).encode("utf-8", "replace"), policy=policy.default)
    found = _ID.search(_header(cast(EmailMessage, headers), "Message-ID"))
    return found[0] if found else ""
