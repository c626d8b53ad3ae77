"""Passkeys: what a browser is asked for, and whether what it answers is true.

By Web Authentication, Level 2 (W3C, 2021), sections 7.1 and 7.2; the library reads the formats and checks signatures.
What makes a key is not asked for (no attestation): any maker's will do. That its holder is known to the device, by a
finger or a PIN, is required: the key is all that anybody is asked for here.
"""

import ipaddress
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    RegistrationResponse,
)

from commonweal.members.errors import PasskeyUnclear
from commonweal.networks.requests import NetworkRequest

# EdDSA, ES256, RS256: what every maker's devices can do (https://www.iana.org/assignments/cose).
ALGORITHMS = (-8, -7, -257)
LONGEST_CREDENTIAL = 1023  # bytes, by the standard
LONGEST_ANSWER = 8000  # characters; a usual one has under 2000
CHALLENGE_BYTES = HANDLE_BYTES = 32
TIMEOUT_MS = 120_000
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a passkey is bound to: the host name, and the whole origin that the browser must have been at."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that a device has just made."""

    credential: str
    public_key: str
    sign_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a browser answers when somebody signs in: by which key, of whom, and the proof."""

    credential: str
    handle: str
    said: dict[str, Any]


def site_of(request: NetworkRequest) -> Site | None:
    """What passkeys of this page's address are bound to; None where browsers allow none, or where it isn't our own.

    Ours are the host of COMMONWEAL_BASE_URL and the network's own one; beside an address of this very machine also
    ``localhost``, since a bare number has no passkeys.
    """
    base, host = urlsplit(settings.COMMONWEAL_BASE_URL), request.get_host().lower()
    name = urlsplit(f"//{host}").hostname or ""
    if name == base.hostname:
        host = name if base.port in (None, _PORTS.get(base.scheme)) else f"{name}:{base.port}"
    elif name != request.network.domain and not (name == "localhost" and _is_number(base.hostname)):
        return None
    if _is_number(name) or (base.scheme != "https" and name != "localhost"):
        return None
    return Site(name=name, origin=f"{base.scheme}://{host}")


def other_address(path: str) -> str:
    """Where the same page has passkeys, if that is known: by name on this very machine, else at the usual address."""
    base = urlsplit(settings.COMMONWEAL_BASE_URL)
    if base.hostname == "localhost" or (base.scheme == "https" and not _is_number(base.hostname)):
        return settings.COMMONWEAL_BASE_URL + path
    if _is_number(base.hostname) and ipaddress.ip_address(str(base.hostname)).is_loopback:
        return f"{base.scheme}://localhost{f':{base.port}' if base.port else ''}{path}"
    return ""


def _is_number(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return True


def new_challenge() -> str:
    """What a device has to sign, once: 256 random bits."""
    return websafe_encode(secrets.token_bytes(CHALLENGE_BYTES))


def new_handle() -> str:
    """The name by which devices know a member: random, so that it tells nothing."""
    return websafe_encode(secrets.token_bytes(HANDLE_BYTES))


def wanted_to_add(
    site: Site, *, network: str, member: str, handle: str, challenge: str, known: Iterable[str]
) -> dict[str, Any]:
    """What a browser needs to have a key made. The device keeps the names of the network and of the member."""
    return {
        "rp": {"id": site.name, "name": network},
        "user": {"id": handle, "name": member, "displayName": member},
        "challenge": challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in ALGORITHMS],
        "timeout": TIMEOUT_MS,
        "excludeCredentials": [{"type": "public-key", "id": credential} for credential in known],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }


def wanted_to_sign_in(site: Site, *, challenge: str) -> dict[str, Any]:
    """What a browser needs to let somebody choose among the keys they have here."""
    return {"rpId": site.name, "challenge": challenge, "timeout": TIMEOUT_MS, "userVerification": "required"}


def read_new(site: Site, *, challenge: str, said: str) -> NewKey:
    """The key that a device has made when asked with ``challenge``; raises PasskeyUnclear for anything else."""
    try:
        read = RegistrationResponse.from_dict(_open(said))
        made = _server(site).register_complete(_state(challenge), read).credential_data
        if made is None or made.credential_id != read.raw_id or read.response.client_data.cross_origin:
            raise PasskeyUnclear
        if made.public_key.ALGORITHM not in ALGORITHMS or len(made.credential_id) > LONGEST_CREDENTIAL:
            raise PasskeyUnclear
        return NewKey(
            credential=websafe_encode(made.credential_id),
            public_key=websafe_encode(cbor.encode(dict(made.public_key))),
            sign_count=read.response.attestation_object.auth_data.counter,
        )
    except Exception:  # noqa: BLE001 - whatever a stranger's bytes break in a reader, they are no passkey
        raise PasskeyUnclear from None


def read_answer(said: str) -> Answer:
    """By which key somebody wants to come in; raises PasskeyUnclear for what is no answer of a browser."""
    try:
        opened = _open(said)
        read = AuthenticationResponse.from_dict(opened)
        handle = read.response.user_handle or b""
        return Answer(credential=websafe_encode(read.raw_id), handle=websafe_encode(handle), said=opened)
    except Exception:  # noqa: BLE001 - as above
        raise PasskeyUnclear from None


def check(site: Site, *, challenge: str, answer: Answer, public_key: str) -> int:
    """How often the key says it was used, if ``answer`` is its true answer to ``challenge``; raises PasskeyUnclear."""
    try:
        read = AuthenticationResponse.from_dict(answer.said)
        key = CoseKey.parse(cast(Mapping[int, Any], cbor.decode(websafe_decode(public_key))))
        ours = AttestedCredentialData.create(Aaguid.NONE, websafe_decode(answer.credential), key)
        _server(site).authenticate_complete(_state(challenge), [ours], read)
        if read.response.client_data.cross_origin:
            raise PasskeyUnclear
        return read.response.authenticator_data.counter
    except Exception:  # noqa: BLE001 - as above
        raise PasskeyUnclear from None


def _open(said: str) -> dict[str, Any]:
    """What a browser sent, as JSON."""
    opened = json.loads(said)
    if not isinstance(opened, dict):
        raise PasskeyUnclear
    return opened


def _server(site: Site) -> Fido2Server:
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=site.name, name=site.name),
        verify_origin=lambda origin: origin == site.origin,
    )


def _state(challenge: str) -> dict[str, str]:
    return {"challenge": challenge, "user_verification": "required"}
