"""Who we are to a push service: a key pair of this installation, and a word signed with it (VAPID, RFC 8292).

The pair is made at first need. Browsers tie what they give out to its public half, so that it stays the same.
"""

import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.conf import settings

from commonweal.channels.models import PushKey
from commonweal.channels.push.base64url import read, written
from commonweal.channels.push.sealing import CURVE, point_of

# Services take a day at most, and their clocks may differ from ours.
HOLDS = timedelta(hours=12)
SIZE = 32


def own_key() -> ec.EllipticCurvePrivateKey:
    """The private half of the pair, which is made where there is none; raises crypto.Unreadable."""
    kept = PushKey.objects.filter(pk=PushKey.ONLY).first()
    if kept is None:
        secret = ec.generate_private_key(CURVE).private_numbers().private_value
        made = PushKey(pk=PushKey.ONLY, private=written(secret.to_bytes(SIZE, "big")))
        # Of two who make one in the same moment, the first is heard.
        PushKey.objects.bulk_create([made], ignore_conflicts=True)
        kept = PushKey.objects.get(pk=PushKey.ONLY)
    return ec.derive_private_key(int.from_bytes(read(kept.private), "big"), CURVE)


def public_key() -> str:
    """The public half, as browsers want it."""
    return written(point_of(own_key().public_key()))


def authorization(endpoint: str, *, key: ec.EllipticCurvePrivateKey, at: datetime) -> str:
    """What proves to the service of ``endpoint`` that it is us who call, for half a day from ``at``."""
    service = urlsplit(endpoint)
    claims: dict[str, str | int] = {
        "aud": f"{service.scheme}://{service.netloc}",
        "exp": int((at + HOLDS).timestamp()),
    }
    if contact := _contact():
        claims["sub"] = contact
    signed = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
    one, other = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = written(one.to_bytes(SIZE, "big") + other.to_bytes(SIZE, "big"))
    return f"vapid t={signed}.{signature}, k={written(point_of(key.public_key()))}"


def _contact() -> str:
    """Where a service finds whoever runs this: their address, else the pages where others can read them."""
    if settings.COMMONWEAL_PUSH_CONTACT:
        return f"mailto:{settings.COMMONWEAL_PUSH_CONTACT}"
    return settings.COMMONWEAL_BASE_URL if settings.COMMONWEAL_HTTPS else ""


def _part(said: dict[str, str] | dict[str, str | int]) -> str:
    return written(json.dumps(said, separators=(",", ":")).encode())
