"""Sealing, signing and reading, held to what others have published."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connection

from commonweal.channels.models import PushKey
from commonweal.channels.push import vapid
from commonweal.channels.push.base64url import read, written
from commonweal.channels.push.sealing import CURVE, RECORD, key_of, point_of, seal

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
# RFC 8291, appendix A.
PLAIN = "V2hlbiBJIGdyb3cgdXAsIEkgd2FudCB0byBiZSBhIHdhdGVybWVsb24"
OWN_SECRET = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
THEIR_POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
THEIR_SECRET = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
# RFC 8292, 2.4.
TOKEN = (
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1"
    "haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD"
    "1oA"
)
TOKEN_POINT = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"


def key_from(secret):
    return ec.derive_private_key(int.from_bytes(read(secret), "big"), CURVE)


def opened(body, secret, auth):
    """What the browser finds in a body: the way back, written from RFC 8188 and RFC 8291."""
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    theirs, sealed = body[21 : 21 + length], body[21 + length :]
    assert len(sealed) <= size
    ours = point_of(secret.public_key())

    def stretched(key, salt, info, length):
        return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(key)

    agreed = secret.exchange(ec.ECDH(), key_of(theirs))
    ikm = stretched(agreed, auth, b"WebPush: info\0" + ours + theirs, 32)
    key = stretched(ikm, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = stretched(ikm, salt, b"Content-Encoding: nonce\0", 12)
    said, end, filling = AESGCM(key).decrypt(nonce, sealed, None).rpartition(b"\x02")
    assert end
    assert not filling.strip(b"\0")
    return said


def test_published_example_comes_out_to_the_letter():
    body = seal(
        read(PLAIN),
        p256dh=read(THEIR_POINT),
        auth=read(AUTH),
        salt=read(SALT),
        own=key_from(OWN_SECRET),
    )

    assert written(body) == BODY
    assert opened(body, key_from(THEIR_SECRET), read(AUTH)) == b"When I grow up, I want to be a watermelon"


@pytest.mark.parametrize("said", [b"", b"yes", "ٱلسَّلَامُ عَلَيْكُمْ".encode(), b"x" * 3000])
def test_length_says_nothing_and_no_two_are_alike(said):
    keys = {"p256dh": read(THEIR_POINT), "auth": read(AUTH)}
    one, other = seal(said, length=3000, **keys), seal(said, length=3000, **keys)

    assert len(one) == len(other) == 21 + 65 + 3001 + 16 <= RECORD
    assert one[:16] != other[:16]
    assert one[21:86] != other[21:86]
    assert opened(one, key_from(THEIR_SECRET), read(AUTH)) == said


def test_more_than_a_record_is_refused():
    most = RECORD - 17
    seal(b"x" * most, p256dh=read(THEIR_POINT), auth=read(AUTH))
    with pytest.raises(ValueError, match="one record"):
        seal(b"x" * (most + 1), p256dh=read(THEIR_POINT), auth=read(AUTH))


@pytest.mark.parametrize("text", ["a+b", "a/b", "ü", "a b", "a"])
def test_what_is_no_base_64_is_refused(text):
    with pytest.raises(ValueError, match=r"base ?64|padding|data"):
        read(text)


def checked(token, point):
    """The claims of a token, as a push service reads them."""
    signed, _dot, signature = token.rpartition(".")
    raw = read(signature)
    assert len(raw) == 64
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key_of(read(point)).verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    head, claims = (json.loads(read(part)) for part in signed.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    return claims


def test_published_token_is_read():
    """So that the check below is one."""
    assert checked(TOKEN, TOKEN_POINT)["sub"] == "mailto:push@example.com"
    with pytest.raises(InvalidSignature):
        checked(TOKEN, THEIR_POINT)


@pytest.mark.parametrize(
    ("contact", "base", "said"),
    [
        ("keeper@example.org", "https://alder.example", "mailto:keeper@example.org"),
        ("", "https://alder.example", "https://alder.example"),
        ("", "http://127.0.0.1:8000", None),
    ],
)
def test_we_say_who_we_are_to_this_service_alone(settings, contact, base, said):
    settings.COMMONWEAL_PUSH_CONTACT, settings.COMMONWEAL_BASE_URL = contact, base
    settings.COMMONWEAL_HTTPS = base.startswith("https")
    key = key_from(OWN_SECRET)
    kind, token, point = vapid.authorization("https://push.example:8443/to/x?y=1", key=key, at=NOON).split()

    claims = checked(token.removeprefix("t=").rstrip(","), point.removeprefix("k="))
    assert kind == "vapid"
    assert read(point.removeprefix("k=")) == point_of(key.public_key())
    assert claims.pop("sub", None) == said
    assert claims == {
        "aud": "https://push.example:8443",
        "exp": int((NOON + timedelta(hours=12)).timestamp()),
    }


@pytest.mark.django_db
def test_the_pair_is_made_once_and_kept_locked():
    first = vapid.public_key()

    assert vapid.public_key() == first
    assert len(read(first)) == 65
    kept = PushKey.objects.get()
    with_secret = vapid.own_key().private_numbers().private_value.to_bytes(32, "big")
    assert read(kept.private) == with_secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT private FROM channels_pushkey")
        (stored,) = cursor.fetchone()
    assert kept.private not in stored


@pytest.mark.django_db
def test_of_two_who_make_a_pair_at_once_the_first_is_heard(monkeypatch):
    make = ec.generate_private_key

    def make_and_be_late(curve):
        monkeypatch.setattr(ec, "generate_private_key", make)
        vapid.own_key()
        return make(curve)

    monkeypatch.setattr(ec, "generate_private_key", make_and_be_late)
    late = vapid.public_key()

    assert late == vapid.public_key()
    assert PushKey.objects.count() == 1
