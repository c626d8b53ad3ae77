"""Calling other people's servers: with a time limit, a bounded answer, no redirects, and never into our own network.

Only the standard library. The address is looked up once and the connection goes to what was found, so that a name which
answers differently the second time leads nowhere else.
"""

import http.client
import ipaddress
import json
import select
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, NoReturn
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.messaging.errors import ChannelDown, PermanentFailure, RetryableFailure

SECONDS = 10.0
MOST_BYTES = 64 * 1024
ANSWER = 16 * 1024
# A connection that was not used for so long, in seconds, is not used again: the other side may be hanging up just now.
IDLE = 2.0
# What a server answers while it is overloaded or closed, without having looked at what was sent.
NOT_TAKEN = {429, 503}
OURS_TO_MEND = {401, 402, 403, 404, 405, 410}


class AddressRefused(ValidationError):
    """An address that this program must not call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty one where it is none."""
        try:
            read = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}

    @property
    def retry_after(self) -> timedelta | None:
        """The least time to wait, where the other side named one, in seconds or as a date."""
        said = self.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit():
            return timedelta(seconds=min(int(said[:9]), 86_400))
        try:
            return max(timedelta(0), parsedate_to_datetime(said) - clock.now())
        except (TypeError, ValueError):
            return None


def check_address(address: str, *, public: bool = False) -> SplitResult:
    """The parts of a base address that may be called; raises AddressRefused with words for the field.

    ``https`` with a name or a public address; ``http`` too, and private addresses, where ``COMMONWEAL_LAN_CHANNELS``
    says that the phone or server stands in the same house. ``public``: never those, since no steward has chosen it.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise AddressRefused(_("This is no address. It looks like https://example.org.")) from None
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise AddressRefused(_("This is no address. It looks like https://example.org."))
    if parts.username or parts.password or parts.query or parts.fragment:
        raise AddressRefused(
            _("Only the address itself goes here, without names, passwords or questions in it.")
        )
    inside = _inside(public)
    if parts.scheme == "http" and not inside:
        raise AddressRefused(_("It must begin with https://, so that nobody on the way reads it."))
    literal = _literal(parts.hostname)
    if literal is not None and not _may_call(literal, parts.scheme, inside=inside):
        raise AddressRefused(_("This address is not for others to call."))
    return parts


class Line:
    """A connection that stays open between two calls to the same server, for a moment: then it is looked up anew."""

    def __init__(self) -> None:
        self._kept: http.client.HTTPConnection | None = None
        self._place = ""
        self._used_at = 0.0

    def take(self, place: str) -> http.client.HTTPConnection | None:
        """The open connection to this server, now the caller's; None where there is none that is sure to be open."""
        kept, self._kept = self._kept, None
        if kept is None:
            return None
        # Whatever can be read before anything was asked is the end.
        if place == self._place and time.monotonic() - self._used_at < IDLE and not _can_be_read(kept.sock):
            return kept
        kept.close()
        return None

    def keep(self, place: str, connection: http.client.HTTPConnection) -> None:
        """Keep a connection for the next call."""
        self._kept, self._place, self._used_at = connection, place, time.monotonic()

    def close(self) -> None:
        """Hang up."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    most: int = MOST_BYTES,
    line: Line | None = None,
    public: bool = False,
) -> Answer:
    """Call, and return whatever the other side answers. Raises ChannelDown; ``unsure`` where it may have been heard.

    ``line`` is left open for the next call where both sides agree to it. ``public``: as for `check_address`.
    """
    address, _question, query = url.partition("?")
    try:
        parts = check_address(address, public=public)
    except AddressRefused:
        raise ChannelDown("address refused") from None
    began, place = time.monotonic(), f"{parts.scheme}://{parts.netloc}"
    open_line = (line.take(place) if line else None) or _connect(parts, inside=_inside(public))
    target = (parts.path or "/") + (f"?{query}" if query else "")
    try:
        open_line.request(method, target, body=body, headers={"User-Agent": "Commonweal", **headers})
        with open_line.getresponse() as answer:
            said = _read(answer, most, began + SECONDS)
    except BaseException as fault:
        open_line.close()
        if isinstance(fault, (OSError, http.client.HTTPException, ValueError)):
            raise ChannelDown(type(fault).__name__, unsure=True) from None
        raise
    if line and open_line.sock is not None:
        line.keep(place, open_line)
    else:
        open_line.close()
    named = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(status=answer.status, headers=named, body=said)


def refuse(answer: Answer, code: str = "") -> NoReturn:
    """Raise the failure that an answer other than "taken" means, by its status."""
    words = f"HTTP {answer.status}{f' code {code[:20]}' if code else ''}"
    if answer.status in NOT_TAKEN:
        kind = ChannelDown if answer.status == http.HTTPStatus.SERVICE_UNAVAILABLE else RetryableFailure
        raise kind(words, retry_after=answer.retry_after)
    if answer.status in OURS_TO_MEND or 300 <= answer.status < 400:
        raise ChannelDown(words)
    if answer.status == http.HTTPStatus.REQUEST_TIMEOUT or answer.status >= 500:
        raise RetryableFailure(words, retry_after=answer.retry_after, unsure=True)
    raise PermanentFailure(words)


def _connect(parts: SplitResult, *, inside: bool) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
        if not all(_may_call(address, parts.scheme, inside=inside) for address in addresses):
            raise ChannelDown("address refused")
        plain = socket.create_connection((str(addresses[0]), port), timeout=SECONDS)
        # Head and body go out one after the other: on a line that stays open the second must not wait for an answer.
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = http.client.HTTPConnection(host, port, timeout=SECONDS)
        line.sock = _wrapped(plain, host) if parts.scheme == "https" else plain
    except (OSError, UnicodeError) as fault:
        raise ChannelDown(type(fault).__name__) from None
    return line


def _can_be_read(plain: socket.socket) -> bool:
    waiting = select.poll()
    waiting.register(plain, select.POLLIN)
    return bool(waiting.poll(0))


def _wrapped(plain: socket.socket, host: str) -> ssl.SSLSocket:
    try:
        return _tls().wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _read(answer: http.client.HTTPResponse, most: int, until: float) -> bytes:
    """The body, up to its bound; raises TimeoutError where it trickles, and ValueError where it is larger."""
    said = b""
    while piece := answer.read1(ANSWER):
        said += piece
        if len(said) > most:
            raise ValueError("a larger answer than there can be")
        if time.monotonic() > until:
            raise TimeoutError
    return said


def _inside(public: bool) -> bool:
    return bool(settings.COMMONWEAL_LAN_CHANNELS) and not public


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _may_call(address: ipaddress.IPv4Address | ipaddress.IPv6Address, scheme: str, *, inside: bool) -> bool:
    """Public addresses by https; those ``inside`` the house, by either, where that is allowed."""
    plain = getattr(address, "ipv4_mapped", None) or address
    if plain.is_multicast or plain.is_unspecified or plain.is_reserved:
        return False
    if plain.is_private or plain.is_loopback or plain.is_link_local:
        # Link-local is where clouds keep the keys of their machines; no phone stands there.
        return inside and not plain.is_link_local
    return bool(plain.is_global) and scheme == "https"
