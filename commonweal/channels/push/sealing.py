"""Sealing a notice so that only one browser opens it: RFC 8291, which is RFC 8188's aes128gcm with keys agreed by ECDH.

The push service on the way sees how often and when, and always the same length; neither words nor links. Sixty lines
over `cryptography`, which is here anyway, instead of a package that would bring an HTTP client along; the tests hold it
to the vector of RFC 8291, appendix A.
"""

import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
# All is one record; what comes back is below the 4,096 bytes that every push service takes.
RECORD = 4096
# After the last byte of the last record; then only noughts.
END = b"\x02"
SALT = 16


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes: 4, then both coordinates."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def key_of(point: bytes) -> ec.EllipticCurvePublicKey:
    """The public key at a point; raises ValueError where it does not lie on the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)


def seal(
    said: bytes,
    *,
    p256dh: bytes,
    auth: bytes,
    length: int = 0,
    salt: bytes | None = None,
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """``said``, filled up to ``length`` bytes, as the body that a push service takes.

    ``p256dh`` (65 bytes, a point of P-256) and ``auth`` (16 bytes) are what the browser has given out. ``salt`` (16
    bytes) and ``own`` are made anew for each body, as they must be; tests give those of a published example. Raises
    ValueError for what does not fit into one record.
    """
    if len(said) + len(END) + 16 > RECORD:
        raise ValueError("more than one record")
    salt = salt or os.urandom(SALT)
    own = own or ec.generate_private_key(CURVE)
    ours = point_of(own.public_key())
    agreed = own.exchange(ec.ECDH(), key_of(p256dh))
    secret = _stretched(agreed, auth, b"WebPush: info\x00" + p256dh + ours, 32)
    key = _stretched(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _stretched(secret, salt, b"Content-Encoding: nonce\x00", 12)
    filled = (said + END).ljust(length + len(END), b"\x00")
    head = salt + RECORD.to_bytes(4, "big") + len(ours).to_bytes(1, "big") + ours
    return head + AESGCM(key).encrypt(nonce, filled, None)


def _stretched(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
