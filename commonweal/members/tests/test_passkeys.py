"""Passkeys: adding one, coming in by one, taking one away, and whatever else may be sent instead."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from fido2 import cbor
from fido2.utils import websafe_encode

from commonweal.base.models import Event
from commonweal.members import codes, courier, passkeys, sessions
from commonweal.members.actions import leave, shut_out
from commonweal.members.actions import passkeys as actions
from commonweal.members.entrances import Passkey, SignIn
from commonweal.members.errors import PasskeyNotFound
from commonweal.members.models import Member
from commonweal.members.tests import cast
from commonweal.members.tests.authenticator import PRESENT, VERIFIED, Device
from commonweal.networks.tests.cast import HILLS_HOST, NOON

pytestmark = pytest.mark.django_db

PROFILE, PASSKEYS, SIGN_IN = "/me/profile/", "/me/profile/passkeys/", "/sign-in/"
COME_IN = "/sign-in/passkey/"


@pytest.fixture(autouse=True)
def by_https(settings):
    """The place has a name, and is reached by https."""
    settings.COMMONWEAL_BASE_URL = "https://testserver"


@pytest.fixture(autouse=True)
def told(monkeypatch):
    """What was told of ways in, as (news, to how many contacts)."""
    heard = []

    def take(*, member, news, occasion, points):
        heard.append((news, [point.value for point in points]))

    monkeypatch.setattr(courier, "_heralds", [take])
    return heard


def add(browser, device, name="My phone", **wrong):
    wanted = browser.post(f"{PASSKEYS}begin/").json()
    return browser.post(PASSKEYS, {"name": name, "answer": device.make(wanted, **wrong)})


def come_in(browser, device, **wrong):
    wanted = browser.post(f"{COME_IN}begin/").json()
    return browser.post(COME_IN, {"answer": device.sign(wanted, **wrong), "next": "/policy/"})


@pytest.fixture
def device(alma):
    """A device that holds a passkey of Alma's, who is signed in nowhere."""
    device, browser = Device(), Client()
    cast.sign_in(browser, alma)
    assert add(browser, device).status_code == 302
    browser.post("/sign-out/")
    return device


def test_passkey_is_added_named_told_of_and_lets_in(as_alma, alma, told):
    device = Device()

    response = add(as_alma, device, name="The blue key")

    assert (response.status_code, response.url) == (302, PROFILE)
    page = as_alma.get(PASSKEYS).content.decode()
    assert "The blue key" in page
    assert "added on" in page
    assert told == [("passkey_added", [cast.ALMA.value])]
    browser = Client()
    response = come_in(browser, device)
    assert (response.status_code, response.url) == (302, "/policy/")
    body = browser.get(PROFILE).content.decode()
    assert "Somebody signed in as you, with a passkey." in body
    assert Passkey.objects.get().used_at == NOON
    assert "last used on" in browser.get(PASSKEYS).content.decode()


def test_what_a_browser_is_asked_for_names_nobody_to_strangers(client, as_alma, alma, device):
    wanted = Client().post(f"{COME_IN}begin/").json()
    assert wanted.keys() == {"rpId", "challenge", "timeout", "userVerification"}

    wanted = as_alma.post(f"{PASSKEYS}begin/").json()
    assert (wanted["rp"]["id"], wanted["user"]["name"]) == ("testserver", "Alma")
    assert cast.ALMA.value not in json.dumps(wanted)
    assert alma.pk.hex not in json.dumps(wanted)
    assert wanted["user"]["id"] == Passkey.objects.get().handle
    assert [key["id"] for key in wanted["excludeCredentials"]] == [websafe_encode(device.credential)]
    assert wanted["authenticatorSelection"]["userVerification"] == "required"


def test_a_visitor_who_begins_leaves_little_behind_and_keeps_the_usual_session_once_in(client, device):
    client.post(f"{COME_IN}begin/")
    assert client.session.get_expiry_age() == sessions.GOES_ON.total_seconds()

    come_in(client, device)

    assert client.session.get_expiry_age() == 60 * 60 * 24 * 90
    assert sessions.CHALLENGE not in client.session


WRONG_NEW = {
    "origin": {"origin": "https://evil.example"},
    "origin of a part": {"origin": "https://sub.testserver"},
    "origin without tls": {"origin": "http://testserver"},
    "site": {"site": "evil.example"},
    "type": {"type": "webauthn.get"},
    "challenge": {"challenge": websafe_encode(b"x" * 32)},
    "nobody there": {"flags": 0x40},
    "nobody known": {"flags": 0x41},
    "no key": {"flags": PRESENT | VERIFIED},
    "in a frame": {"cross": True},
    "other id": {"credential": b"other"},
    "algorithm": {"public": cbor.encode({1: 2, 3: -35, -1: 2, -2: b"x" * 48, -3: b"y" * 48})},
    "no algorithm": {"public": cbor.encode({1: 2})},
    "cut short": {"attestation": b"\xa3cfmtdnone"},
    "no map": {"attestation": cbor.encode([1, 2])},
    "deep": {"attestation": b"\x81" * 3000},
    "empty": {"attestation": b""},
}


@pytest.mark.parametrize("wrong", WRONG_NEW.values(), ids=WRONG_NEW)
def test_what_is_no_new_passkey_is_refused_and_changes_nothing(as_alma, wrong, told):
    response = add(as_alma, Device(), **wrong)

    assert response.status_code == 422
    assert "That did not work with this passkey" in response.content.decode()
    assert not Passkey.objects.exists()
    assert not told


SENT = {
    "nothing": "",
    "no json": "{",
    "a list": "[]",
    "a number": "1",
    "null": "null",
    "empty": "{}",
    "numbers": '{"id": 1, "rawId": 2, "type": 3, "response": 4}',
    "no base64": '{"id": "ü", "rawId": "ü", "type": "public-key", "response": {"clientDataJSON": "ü"}}',
    "deep": "[" * 4000,
    "nul": "\x00",
    "half a character": "\ud800",
}


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT)
def test_whatever_is_sent_instead_is_no_fault(as_alma, device, sent):
    sent = sent.encode("utf-8", "replace").decode()
    as_alma.post(f"{PASSKEYS}begin/")
    assert as_alma.post(PASSKEYS, {"name": "x", "answer": sent}).status_code == 422
    browser = Client()
    browser.post(f"{COME_IN}begin/")
    assert browser.post(COME_IN, {"answer": sent}).status_code == 422


def test_an_answer_of_another_shape_is_no_fault(as_alma, device):
    """Every true answer, with a byte changed or its end cut off."""
    browser = Client()
    for cut in range(0, 600, 23):
        wanted = browser.post(f"{COME_IN}begin/").json()
        said = device.sign(wanted)
        assert browser.post(COME_IN, {"answer": said[:cut] + "A" + said[cut + 2 :]}).status_code in (
            302,
            422,
            429,
        )
        wanted = as_alma.post(f"{PASSKEYS}begin/").json()
        made = Device().make(wanted)
        assert as_alma.post(PASSKEYS, {"name": "x", "answer": made[:cut]}).status_code == 422


@pytest.mark.parametrize("path", [PASSKEYS, COME_IN, f"{COME_IN}begin/", f"{PASSKEYS}begin/"])
def test_a_huge_body_is_refused_as_a_whole(as_alma, path):
    answer = as_alma.post(path, {"name": "x", "answer": "x" * 20_000})

    assert answer.status_code in (200, 400)
    assert not Passkey.objects.exists()


def test_too_long_an_answer_is_refused(as_alma):
    as_alma.post(f"{PASSKEYS}begin/")

    assert as_alma.post(PASSKEYS, {"name": "x", "answer": "x" * 8001}).status_code == 422


WRONG_ANSWERS = {
    "origin": {"origin": "https://evil.example"},
    "site": {"site": "evil.example"},
    "type": {"type": "webauthn.create"},
    "challenge": {"challenge": websafe_encode(b"x" * 32)},
    "nobody there": {"flags": 0},
    "nobody known": {"flags": PRESENT},
    "in a frame": {"cross": True},
    "signature": {"signature": b"\x30\x06\x02\x01\x01\x02\x01\x01"},
    "no signature": {"signature": b""},
    "data": {"data": b"x"},
    "handle": {"handle": b"somebody else"},
    "no handle": {"handle": b""},
    "unknown": {"credential": b"nobody's"},
}


@pytest.mark.parametrize("wrong", WRONG_ANSWERS.values(), ids=WRONG_ANSWERS)
def test_what_is_no_true_answer_lets_nobody_in(client, device, wrong):
    response = come_in(client, device, **wrong)

    assert response.status_code == 422
    assert "That did not work with this passkey" in response.content.decode()
    assert client.get(PROFILE).status_code == 302
    assert come_in(client, device).status_code == 302, "the same without the wrong lets in"


def test_a_challenge_counts_once_for_one_thing_and_five_minutes(client, alma, device, hand):
    wanted = client.post(f"{COME_IN}begin/").json()
    said = device.sign(wanted)
    assert client.post(COME_IN, {"answer": said}).status_code == 302
    client.post("/sign-out/")
    assert client.post(COME_IN, {"answer": said}).status_code == 422, "replayed"

    client.post(f"{COME_IN}begin/")
    assert client.post(COME_IN, {"answer": said}).status_code == 422, "replayed to another challenge"

    wanted = client.post(f"{COME_IN}begin/").json()
    hand.advance(sessions.CHALLENGE_LASTS + timedelta(seconds=1))
    assert client.post(COME_IN, {"answer": device.sign(wanted)}).status_code == 422, "too late"

    cast.sign_in(client, alma)
    wanted = client.post(f"{COME_IN}begin/").json()
    other = Device().make({**wanted, "user": {"id": "eHg"}})
    assert client.post(PASSKEYS, {"name": "x", "answer": other}).status_code == 422, "for another thing"


def test_passkey_of_another_network_lets_nobody_in(client, hills, device, settings):
    for name in ("https://testserver", f"https://{HILLS_HOST}"):
        wanted = client.post(f"{COME_IN}begin/", headers={"host": HILLS_HOST}).json()
        assert wanted["rpId"] == HILLS_HOST
        said = device.sign(wanted, origin=name, site=HILLS_HOST)
        assert client.post(COME_IN, {"answer": said}, headers={"host": HILLS_HOST}).status_code == 422


def test_who_left_or_is_shut_out_stays_out(client, alma, device, told):
    shut_out(member=alma, until=NOON + timedelta(days=2))
    assert come_in(client, device).status_code == 403
    assert client.get(PROFILE).status_code == 302

    leave(member=Member.objects.get(pk=alma.pk))

    assert come_in(client, device).status_code == 422
    assert not Passkey.objects.exists()
    assert not SignIn.objects.exists()


def test_a_key_that_counts_must_count_on(client, alma, harbor, told):
    device, browser = Device(count=5), Client()
    cast.sign_in(browser, alma)
    add(browser, device)
    assert come_in(client, device).status_code == 302
    assert Passkey.objects.get().sign_count == 6
    client.post("/sign-out/")

    response = come_in(client, device, count=6)

    assert response.status_code == 422
    assert "two of this passkey" in response.content.decode()
    assert client.get(PROFILE).status_code == 302
    assert Passkey.objects.get().copied_at == NOON
    assert told[-1] == ("passkey_copied", [cast.ALMA.value])
    device.count = 100
    assert come_in(client, device).status_code == 422, "from now on it lets nobody in"
    assert "lets nobody in" in browser.get(PASSKEYS).content.decode()
    assert Event.objects.filter(verb="passkey_copied").count() == 1


def test_passkey_is_taken_away_once_asked_and_signs_out_elsewhere(as_alma, alma, device, told):
    elsewhere = Client()
    come_in(elsewhere, device)
    page = f"{PASSKEYS}{Passkey.objects.get().pk}/remove/"
    assert "My phone" in as_alma.get(page).content.decode()
    assert Passkey.objects.exists()

    assert as_alma.post(page).url == PROFILE

    assert not Passkey.objects.exists()
    assert told[-1] == ("passkey_removed", [cast.ALMA.value])
    assert elsewhere.get(PROFILE).status_code == 302
    assert as_alma.get(PROFILE).status_code == 200
    assert come_in(elsewhere, device).status_code == 422
    assert as_alma.post(page).status_code == 404


def test_nobody_touches_the_passkeys_of_others(client, ben, cleo, device):
    page = f"{PASSKEYS}{Passkey.objects.get().pk}/remove/"
    cast.sign_in(client, ben)

    for method in (client.get, client.post):
        assert method(page).status_code == 404
    assert Client().post(page).status_code == 302
    for stranger in (ben, cleo):
        with pytest.raises(PasskeyNotFound):
            actions.remove_passkey(member=stranger, passkey=Passkey.objects.get().pk)
    assert Passkey.objects.exists()


def test_one_passkey_is_added_once_and_one_member_has_ten(as_alma, alma, device, hand, settings):
    device.handle = b""
    assert "This passkey is here already" in add(as_alma, device).content.decode()
    for _ in range(actions.MOST_PASSKEYS - 2):
        assert add(as_alma, Device()).status_code == 302
    assert "please wait" in add(as_alma, Device()).content.decode().lower(), "ten a day"
    hand.advance(timedelta(days=1))
    cast.sign_in(as_alma, alma)
    assert add(as_alma, Device()).status_code == 302
    assert "as many passkeys" in add(as_alma, Device()).content.decode()
    assert Passkey.objects.count() == actions.MOST_PASSKEYS


def test_guessing_from_one_address_is_limited(client, device, monkeypatch):
    monkeypatch.setattr(codes, "MOST_TRIES_FROM_ONE", 3)
    for _ in range(3):
        come_in(client, device, signature=b"")
    assert client.post(f"{COME_IN}begin/").status_code == 429

    session = client.session
    session[sessions.CHALLENGE] = {"what": "come_in", "challenge": "eHh4", "handle": "", "until": 9e9}
    session.save()
    said = device.sign({"challenge": "eHh4"})
    assert client.post(COME_IN, {"answer": said}).status_code == 429


@pytest.mark.parametrize(
    ("base", "host", "origin"),
    [
        ("https://testserver", "testserver", "https://testserver"),
        ("https://testserver:443", "testserver", "https://testserver"),
        ("https://testserver:8443", "testserver:8443", "https://testserver:8443"),
        ("http://testserver", "testserver", ""),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", ""),
        ("http://127.0.0.1:8000", "localhost:8000", "http://localhost:8000"),
        ("http://localhost:8000", "localhost:8000", "http://localhost:8000"),
        ("https://203.0.113.7", "203.0.113.7", ""),
        ("https://testserver", "localhost", ""),
        ("https://testserver", HILLS_HOST, f"https://{HILLS_HOST}"),
        ("http://[::1]:8000", "[::1]:8000", ""),
    ],
)
def test_what_a_passkey_is_bound_to(client, harbor, hills, settings, base, host, origin):
    settings.COMMONWEAL_BASE_URL, settings.ALLOWED_HOSTS = base, ["*"]

    request = client.get(SIGN_IN, headers={"host": host}).wsgi_request

    site = passkeys.site_of(request)
    assert (site.origin if site else "") == origin


@pytest.mark.parametrize(
    ("base", "elsewhere"),
    [
        ("http://127.0.0.1:8000", "http://localhost:8000/me/"),
        ("http://127.0.0.1", "http://localhost/me/"),
        ("http://localhost:8000", "http://localhost:8000/me/"),
        ("http://203.0.113.7:8000", ""),
        ("http://testserver", ""),
        ("https://testserver", "https://testserver/me/"),
    ],
)
def test_where_else_there_are_passkeys(settings, base, elsewhere):
    settings.COMMONWEAL_BASE_URL = base

    assert passkeys.other_address("/me/") == elsewhere


def test_an_address_without_passkeys_says_so(as_alma, settings):
    settings.COMMONWEAL_BASE_URL = "http://127.0.0.1:8000"
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]

    page = as_alma.get(PASSKEYS).content.decode()

    assert "Browsers keep no passkeys for this address" in page
    assert "http://localhost:8000/me/profile/passkeys/" in page
    assert "passkey.js" not in page
    assert as_alma.post(f"{PASSKEYS}begin/").status_code == 403
    assert Client().post(f"{COME_IN}begin/").status_code == 403
    assert "data-passkey" not in Client().get(SIGN_IN).content.decode()


def test_without_a_script_the_page_says_so_and_the_code_stays(client, harbor):
    page = client.get(SIGN_IN).content.decode()

    assert "data-without>Without a script" in page
    assert 'hidden data-passkey="get"' in page
    assert "Send me a code" in page


def test_name_is_kept_encrypted_and_nothing_of_it_is_in_the_log(as_alma):
    add(as_alma, Device(), name="Grandma's phone")

    row = Passkey.objects.extra(select={"raw": "name"}).get()
    assert "Grandma" not in row.raw
    assert "Grandma" not in str(list(Event.objects.values_list("data", flat=True)))


def test_an_unclear_name_is_said_at_the_field(as_alma):
    response = as_alma.post(PASSKEYS, {"name": "", "answer": "x"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["name"]
