"""Where a member is signed in: listed coarsely, ended one by one or all at once, and forgotten."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import translation

from commonweal.members import queries, sessions
from commonweal.members.actions import end_sign_in, forget_sign_ins, leave, sign_out_everywhere
from commonweal.members.devices import in_words, read_device
from commonweal.members.entrances import SignIn
from commonweal.members.errors import SignInNotFound
from commonweal.members.models import Member
from commonweal.members.tasks import forget_sessions
from commonweal.members.tests import cast
from commonweal.members.tests.test_signing import ask_for_code, type_code
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db

PROFILE = "/me/profile/"
ANDROID = "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"


def end(browser, place):
    return browser.post(f"{PROFILE}signed-in/{place}/end/")


@pytest.fixture
def elsewhere(alma):
    """Alma's other browser."""
    browser = Client()
    cast.sign_in(browser, alma)
    return browser


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (ANDROID, "Firefox on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0"
                " Safari/537.36 Edg/130.0.0.0"
            ),
            "Edge on Windows",
        ),
        (
            (
                "Mozilla/5.0 (Linux; Android 13; SM-S901B) AppleWebKit/537.36 (KHTML, like Gecko)"
                " SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36"
            ),
            "Samsung Internet on Android",
        ),
        (
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0"
                " Safari/537.36"
            ),
            "Chrome on ChromeOS",
        ),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                " Version/17.5 Mobile/15E148 Safari/604.1"
            ),
            "Safari on iPhone",
        ),
        (
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                " Version/17.5 Safari/605.1.15"
            ),
            "Safari on Mac",
        ),
        ("", "A browser"),
        ("curl/8.0", "A browser"),
        ("something on Android", "A browser on Android"),
        ("Firefox/1", "Firefox"),
        ("x" * 2000 + "Firefox/1", "A browser"),
    ],
)
def test_a_device_is_known_again_by_two_words(said, words):
    assert in_words(*read_device(said)) == words


def test_the_words_are_in_the_readers_language():
    with translation.override("es"):
        assert in_words("Firefox", "Android") == "Firefox en Android"


def test_signing_in_is_listed_with_nothing_but_two_words_and_a_day(client, alma, codes):
    page = ask_for_code(client)
    client.post(page, {"code": codes[-1][1]}, headers={"user-agent": ANDROID})

    row = SignIn.objects.values().get()
    assert (row["browser"], row["system"]) == ("Firefox", "Android")
    assert row.keys() == {
        "id", "network_id", "member_id", "epoch", "browser", "system", "made_at", "used_at", "proved_at", "is_short"
    }  # fmt: skip
    body = client.get(PROFILE).content.decode()
    assert "Firefox on Android" in body
    assert "this browser" in body
    assert "rv:132" not in body


def test_signing_in_again_in_the_same_browser_is_one_entry(client, alma, codes):
    for _ in range(2):
        page = ask_for_code(Client())
        session = client.session
        session.pop(sessions.CONFIRMED, None)
        type_code(client, page, codes[-1][1])
        client.get(PROFILE)

    assert SignIn.objects.count() == 1


def test_the_day_of_use_is_written_once_a_day(as_alma, alma, hand, django_assert_num_queries):
    with django_assert_num_queries(3):  # the network, the session, the member
        as_alma.get("/sign-in/?next=/policy/")
    hand.advance(timedelta(days=1))
    with django_assert_num_queries(4):  # and the day
        as_alma.get("/sign-in/?next=/policy/")
    with django_assert_num_queries(3):
        as_alma.get("/sign-in/?next=/policy/")

    assert SignIn.objects.get().used_at == (NOON + timedelta(days=1)).replace(hour=0, minute=0)


def test_another_browser_is_signed_out_from_here(as_alma, alma, elsewhere):
    other = SignIn.objects.exclude(pk=as_alma.session[sessions.PLACE]).get()
    assert as_alma.get(PROFILE).content.decode().count("Sign out there") == 1

    assert end(as_alma, other.pk).url == PROFILE

    assert elsewhere.get(PROFILE).status_code == 302
    body = as_alma.get(PROFILE).content.decode()
    assert "You are signed out there." in body
    assert "You signed out in another browser." in body
    assert "Sign out there" not in body
    assert end(as_alma, other.pk).status_code == 404


def test_ending_this_very_browser_is_signing_out(as_alma, elsewhere):
    assert end(as_alma, uuid.UUID(as_alma.session[sessions.PLACE])).url == "/"

    assert as_alma.get(PROFILE).status_code == 302
    assert elsewhere.get(PROFILE).status_code == 200
    assert SignIn.objects.count() == 1


def test_nobody_ends_the_sign_ins_of_others(client, alma, ben, cleo, elsewhere):
    place = SignIn.objects.get().pk
    cast.sign_in(client, ben)
    assert end(client, place).status_code == 404
    cast.sign_in(client, cleo)
    assert end(client, place).status_code == 302

    for stranger in (ben, cleo):
        with pytest.raises(SignInNotFound):
            end_sign_in(member=stranger, place=place)
    assert elsewhere.get(PROFILE).status_code == 200


def test_all_others_are_signed_out_and_this_one_keeps_its_entry(as_alma, alma, elsewhere):
    place = as_alma.session[sessions.PLACE]

    as_alma.post(f"{PROFILE}sign-out-everywhere/")

    assert as_alma.get(PROFILE).status_code == 200
    assert elsewhere.get(PROFILE).status_code == 302
    assert [row.pk.hex for row in queries.sign_ins_of(Member.objects.get())] == [place]


def test_signing_out_ends_the_entry_and_a_copy_of_the_session(as_alma):
    copy = dict(as_alma.session)
    as_alma.post("/sign-out/")
    assert not SignIn.objects.exists()

    session = as_alma.session
    session.update(copy)
    session.save()
    as_alma.cookies["sessionid"] = session.session_key

    assert as_alma.get(PROFILE).status_code == 302


def clears(answer):
    return answer.headers.get("Clear-Site-Data", "")


def test_the_browser_forgets_what_it_kept_once_a_sign_in_is_over(as_alma, alma, elsewhere):
    assert not clears(as_alma.get(PROFILE))
    assert not clears(Client().get(PROFILE)), "who was never signed in keeps their half-written ask"
    place = uuid.UUID(as_alma.session[sessions.PLACE])
    as_alma.post(f"{PROFILE}sign-out-everywhere/")

    assert clears(elsewhere.get(PROFILE)) == '"cache", "storage"'
    assert clears(end(as_alma, place)) == '"cache", "storage"'
    assert not clears(as_alma.get("/sign-in/"))


@pytest.mark.parametrize("path", ["/sign-out/", f"{PROFILE}leave/"])
def test_it_is_forgotten_by_whoever_signs_out_or_leaves(as_alma, alma, ben, path):
    request = as_alma.get(PROFILE).wsgi_request
    assert clears(as_alma.post(path)) == '"cache", "storage"'

    sessions.sign_in(request, ben)
    assert request.is_over, "who comes in as another member"


def test_who_signs_in_as_another_leaves_the_first_ones_list(client, alma, ben, codes):
    cast.sign_in(client, ben)
    page = ask_for_code(Client())

    type_code(client, page, codes[-1][1])

    assert [row.member for row in SignIn.objects.all()] == [alma]


def test_entries_are_forgotten_with_their_sessions(as_alma, alma, ben, hand, settings):
    old = as_alma.session[sessions.PLACE]
    hand.advance(timedelta(seconds=settings.SESSION_COOKIE_AGE))
    assert queries.sign_ins_of(alma) == []
    cast.sign_in(Client(), ben)
    Session.objects.update(expire_date=NOON - timedelta(days=1))

    forget_sessions()

    assert not Session.objects.exists()
    assert not SignIn.objects.filter(pk=old).exists()
    assert [row.member for row in SignIn.objects.all()] == [ben]


def test_entries_of_an_earlier_epoch_are_not_shown_and_soon_forgotten(alma, elsewhere):
    Member.objects.update(epoch=7)
    alma.refresh_from_db()

    assert queries.sign_ins_of(alma) == []
    assert elsewhere.get(PROFILE).status_code == 302
    assert forget_sign_ins(at=NOON) == 1


@pytest.mark.parametrize("ends", [sign_out_everywhere, leave])
def test_nothing_is_left_of_who_signs_out_everywhere_or_leaves(alma, elsewhere, ends):
    ends(member=alma)

    assert not SignIn.objects.exists()
    assert elsewhere.get(PROFILE).status_code == 302
