"""A mailbox that is looked into every minute, by IMAP over TLS. A letter counts as seen only once it is stored."""

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from functools import cache

from django.db.models import QuerySet

from commonweal.channels import health
from commonweal.channels.calling import AddressRefused, check_address
from commonweal.channels.email_in.parsing import LARGEST
from commonweal.channels.email_in.taking import NoSender, take_mail
from commonweal.channels.models import ChannelSetup
from commonweal.messaging.errors import ChannelDown

KEY = "imap"
SECONDS = 15.0
MOST_AT_ONCE = 50
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


def mailboxes_wait() -> bool:
    """Whether any network has a mailbox to look into."""
    return _setups().exists()


def look_into_all() -> int:
    """Fetch what is new from every mailbox; returns how many letters were taken. One that is down stops no other."""
    taken = 0
    for setup in _setups().select_related("network"):
        try:
            taken += look_into(setup)
        except ChannelDown as failure:
            health.note_failure(setup, str(failure))
        else:
            health.note_success(setup)
    return taken


def look_into(setup: ChannelSetup) -> int:
    """Take what is unseen in one mailbox, at most fifty letters; returns how many. Raises ChannelDown."""
    with opened(setup) as box:
        return sum(_take(setup, box, number) for number in _unseen(box)[:MOST_AT_ONCE])


@contextlib.contextmanager
def opened(setup: ChannelSetup) -> Iterator[imaplib.IMAP4]:
    """The mailbox, signed in and open; raises ChannelDown with words that hold nothing of what the server says."""
    box: imaplib.IMAP4 | None = None
    try:
        box = connect(setup.options.get("host", ""), int(setup.options.get("port", 993)))
        box.login(setup.options.get("login", ""), setup.credentials.get("password", ""))
        if box.select(_quoted(setup.options.get("folder") or "INBOX"))[0] != "OK":
            raise ChannelDown("no such folder")
        yield box
    except (imaplib.IMAP4.error, OSError, ValueError) as fault:
        raise ChannelDown(type(fault).__name__) from None
    finally:
        if box is not None:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                box.logout()


def connect(host: str, port: int) -> imaplib.IMAP4:
    """A line to the server, encrypted, its certificate checked; raises ChannelDown for an address not to be called."""
    try:
        check_address(f"https://{host}:{port}")
    except AddressRefused:
        raise ChannelDown("address refused") from None
    for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        literal = f"[{entry[4][0]}]" if entry[0] == socket.AF_INET6 else entry[4][0]
        try:
            check_address(f"https://{literal}:{port}")
        except AddressRefused:
            raise ChannelDown("address refused") from None
    return imaplib.IMAP4_SSL(host, port, ssl_context=_tls(), timeout=SECONDS)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _setups() -> QuerySet[ChannelSetup]:
    return ChannelSetup.objects.filter(adapter=KEY, is_on=True)


def _unseen(box: imaplib.IMAP4) -> list[str]:
    answer, found = box.uid("SEARCH", "UNSEEN")
    if answer != "OK":
        raise ChannelDown("search refused")
    return found[0].decode("ascii", "replace").split() if found and found[0] else []


def _take(setup: ChannelSetup, box: imaplib.IMAP4, number: str) -> int:
    """Store one letter and mark it as seen; one that is too large or names no sender is only marked."""
    raw = _fetched(box, number)
    taken = 0
    if raw is not None:
        with contextlib.suppress(NoSender):
            take_mail(setup, raw)
            taken = 1
    box.uid("STORE", number, "+FLAGS", r"(\Seen)")
    return taken


def _fetched(box: imaplib.IMAP4, number: str) -> bytes | None:
    """A letter as it is, without marking it; None for one larger than anything that belongs here."""
    _answer, told = box.uid("FETCH", number, "(RFC822.SIZE)")
    size = _SIZE.search(b" ".join(part for part in told if isinstance(part, bytes)))
    if size is None or int(size[1]) > LARGEST:
        return None
    _answer, pieces = box.uid("FETCH", number, "(BODY.PEEK[])")
    return next((bytes(piece[1]) for piece in pieces if isinstance(piece, tuple)), None)


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
