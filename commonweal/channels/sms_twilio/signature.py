"""How Twilio, and what is compatible with it, signs what it tells us.

Base64 of HMAC-SHA1, keyed with the account's auth token, over the whole address as it was called and, for a form, every
field in the order of the names: name and value, written one after the other. A field that comes more than once counts
each different value once, in order. A JSON body is not signed itself: its SHA-256 stands in the address.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit

PORTS = {"https": 443, "http": 80}
Fields = Sequence[tuple[str, str]]


def sign(token: str, url: str, fields: Fields = ()) -> str:
    """The signature of one address and form."""
    values: dict[str, set[str]] = {}
    for name, value in fields:
        values.setdefault(name, set()).add(value)
    text = url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    digest = hmac.new(token.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_genuine(
    token: str, urls: Iterable[str], given: str, *, fields: Fields = (), body: bytes | None = None
) -> bool:
    """Whether ``given`` signs one of these addresses, each with and without the port that goes without saying.

    ``body`` is given for what is no form: its SHA-256 must be the one in the address.
    """
    right = False
    for called in {variant for url in urls for variant in _variants(url)}:
        ours = sign(token, called, fields)
        genuine = hmac.compare_digest(ours.encode(), given.encode("utf-8", "replace"))
        right |= genuine and (body is None or _holds_hash(called, body))
    return right


def _holds_hash(url: str, body: bytes) -> bool:
    named = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]
    return hmac.compare_digest(hashlib.sha256(body).hexdigest(), named.lower())


def _variants(url: str) -> Iterator[str]:
    yield url
    parts = urlsplit(url)
    usual = PORTS.get(parts.scheme)
    if usual is None or parts.hostname is None:
        return
    host = parts.netloc.rpartition("@")[2]
    bare = host.removesuffix(f":{parts.port}") if parts.port is not None else host
    yield _with_host(parts, f"{bare}:{parts.port or usual}")
    if parts.port in (None, usual):
        yield _with_host(parts, bare)


def _with_host(parts: SplitResult, host: str) -> str:
    before = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{before[0]}{before[1]}{host}"))
