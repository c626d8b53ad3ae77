"""Signatures: exactly as the other sides make them, and nothing else passes."""

import base64
import hashlib
import hmac
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.base import clock
from commonweal.channels.doors import Forged
from commonweal.channels.signing import SKEW, WrongTime, check_signature, check_time
from commonweal.channels.signing import sign as sign_hex
from commonweal.channels.sms_twilio.signature import is_genuine, sign

URL = "https://mycompany.example/in/sms?foo=1&bar=2"
FIELDS = [("To", "+18005551212"), ("From", "+14158675309"), ("Body", "Two bags, please"), ("Empty", "")]
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PAIRS = st.lists(st.tuples(st.text("abcXYZ", min_size=1, max_size=5), WORDS), max_size=6)


def test_published_example_is_signed_the_same():
    folder = os.environ.get("COMMONWEAL_BENCH_DATA")
    if not folder or not (Path(folder) / "sms/twilio_signature.json").exists():
        pytest.skip("COMMONWEAL_BENCH_DATA names no folder with sms/twilio_signature.json")
    published = json.loads((Path(folder) / "sms/twilio_signature.json").read_text())
    for vector in published["vectors"]:
        fields = list(vector["params"].items())
        assert sign(published["auth_token"], vector["url"], fields) == vector["signature"]
        assert is_genuine(published["auth_token"], [vector["url"]], vector["signature"], fields=fields)


def test_example_worked_by_hand():
    text = "https://a.example/x" + "A" + "1" + "B" + "2" + "B" + "3"
    by_hand = base64.b64encode(hmac.new(b"key", text.encode(), hashlib.sha1).digest()).decode()

    assert sign("key", "https://a.example/x", [("B", "3"), ("A", "1"), ("B", "2"), ("B", "3")]) == by_hand


@given(PAIRS, st.randoms())
def test_order_and_repetition_of_fields_do_not_matter(pairs, random):
    mixed = [*pairs, *pairs[:2]]
    random.shuffle(mixed)

    assert is_genuine("token", [URL], sign("token", URL, pairs), fields=mixed)


@given(PAIRS, PAIRS)
def test_other_fields_do_not_pass(pairs, others):
    def flat(fields):
        merged = {}
        for name, value in fields:
            merged.setdefault(name, set()).add(value)
        return "".join(name + value for name in sorted(merged) for value in sorted(merged[name]))

    assert is_genuine("token", [URL], sign("token", URL, pairs), fields=others) == (
        flat(pairs) == flat(others)
    )


@given(st.text(max_size=40))
def test_no_text_is_a_signature_by_chance(given):
    assert not is_genuine("token", [URL], given, fields=FIELDS)


@pytest.mark.parametrize(
    ("signed", "called"),
    [
        ("https://a.example/x?y=1", "https://a.example:443/x?y=1"),
        ("https://a.example:443/x", "https://a.example/x"),
        ("http://a.example/x", "http://a.example:80/x"),
        ("https://a.example:8443/x", "https://a.example:8443/x"),
        ("https://user:word@a.example/x", "https://user:word@a.example:443/x"),
        ("https://[::1]/x", "https://[::1]:443/x"),
    ],
)
def test_port_that_goes_without_saying_may_be_said(signed, called):
    assert is_genuine("token", [called], sign("token", signed, FIELDS), fields=FIELDS)


@pytest.mark.parametrize(
    ("signed", "called"),
    [
        ("https://a.example/x", "http://a.example/x"),
        ("https://a.example:8443/x", "https://a.example/x"),
        ("https://a.example/x", "https://b.example/x"),
        ("https://a.example/x", "https://a.example/x?y=1"),
        ("nonsense", "https://a.example/x"),
    ],
)
def test_other_address_does_not_pass(signed, called):
    assert not is_genuine("token", [called], sign("token", signed, FIELDS), fields=FIELDS)


def test_address_that_is_none_is_compared_as_it_stands():
    assert is_genuine("token", ["nonsense"], sign("token", "nonsense"))


def test_json_is_signed_by_its_hash_in_the_address():
    body = b'{"a": 1}'
    url = f"https://a.example/x?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = sign("token", url)

    assert is_genuine("token", [url], signature, body=body)
    assert not is_genuine("token", [url], signature, body=b'{"a": 2}')
    assert not is_genuine("token", ["https://a.example/x"], sign("token", "https://a.example/x"), body=body)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_hex_signature_holds_for_its_own_parts_only(one, other):
    check_signature("key", sign_hex("key", one).upper() + " ", one)
    if one != other:
        with pytest.raises(Forged):
            check_signature("key", sign_hex("key", one), other)


@pytest.mark.parametrize(
    ("key", "given"), [("", sign_hex("", b"x")), ("key", ""), ("key", "é"), ("key", "00")]
)
def test_without_a_key_or_a_signature_nothing_passes(key, given):
    with pytest.raises(Forged):
        check_signature(key, given, b"x")


def test_clocks_may_differ_a_little():
    with clock.frozen(datetime(2026, 3, 3, 12, 0, tzinfo=UTC)) as hand:
        now = int(clock.now().timestamp())
        for off in (0, int(SKEW.total_seconds()), -int(SKEW.total_seconds())):
            check_time(str(now + off))
        hand.advance(SKEW + timedelta(seconds=1))
        with pytest.raises(WrongTime):
            check_time(str(now))


@pytest.mark.parametrize("time", ["", "now", "-1", "1.5", "1e9", "9" * 13, "١٢٣"])
def test_what_is_no_time_is_forged(time):
    with pytest.raises(Forged):
        check_time(time)
