"""A device with passkeys, for tests: it answers as browsers do, or wrongly in one point."""

import hashlib
import json
import secrets
import struct

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


class Device:
    """One passkey. ``count`` is how often it says it was used; None for a device that does not count."""

    def __init__(self, origin="https://testserver", name="testserver", count=0):
        self.origin, self.name, self.count = origin, name, count
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential = secrets.token_bytes(32)
        self.handle = b""

    def make(self, wanted, **wrong):
        """Answers what was wanted for a new passkey."""
        self.handle = websafe_decode(wanted["user"]["id"])
        data = self._data(PRESENT | VERIFIED | HAS_KEY, wrong)
        public = wrong.get("public", cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key()))))
        data += bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + public
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", wanted, wrong)
        response = {"clientDataJSON": client, "attestationObject": wrong.get("attestation", made)}
        return self._said(response, wrong)

    def sign(self, wanted, **wrong):
        """Answers what was wanted for signing in."""
        if self.count:
            self.count += 1
        data = self._data(PRESENT | VERIFIED, wrong)
        client = self._client("webauthn.get", wanted, wrong)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": client,
            "authenticatorData": wrong.get("data", data),
            "signature": wrong.get("signature", signed),
            "userHandle": wrong.get("handle", self.handle),
        }
        return self._said(response, wrong)

    def _data(self, flags, wrong):
        name = hashlib.sha256(wrong.get("site", self.name).encode()).digest()
        return name + struct.pack(">BI", wrong.get("flags", flags), wrong.get("count", self.count))

    def _client(self, kind, wanted, wrong):
        said = {
            "type": wrong.get("type", kind),
            "challenge": wrong.get("challenge", wanted["challenge"]),
            "origin": wrong.get("origin", self.origin),
            "crossOrigin": wrong.get("cross", False),
        }
        return json.dumps(said).encode()

    def _said(self, response, wrong):
        name = websafe_encode(wrong.get("credential", self.credential))
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": {part: websafe_encode(value) for part, value in response.items()},
                "clientExtensionResults": {},
            }
        )
