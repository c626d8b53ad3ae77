"""Showing anew who one is before what hurts, and how long a sign-in lasts."""

from datetime import timedelta

import pytest
from django.test import Client

from commonweal.base.models import Event
from commonweal.members import queries, seeds, sessions
from commonweal.members.actions import keep_sign_in, prove, shorten_sign_ins
from commonweal.members.entrances import FRESH, TO_FINISH, SignIn
from commonweal.members.errors import SignInNotFound
from commonweal.members.models import ContactPoint, PushDevice
from commonweal.members.tasks import forget_sessions
from commonweal.members.tests import cast
from commonweal.members.tests.authenticator import Device
from commonweal.members.tests.test_passkeys import add
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db

PROFILE, REACH, AGAIN = "/me/profile/", "/me/profile/reach/", "/me/again/"
ASKED = f"{AGAIN}?next=%2Fme%2Fprofile%2Freach%2F"
GUARDED = [REACH, "/me/profile/passkeys/", "/me/profile/leave/"]


@pytest.fixture
def as_trusted(client, alma, monkeypatch):
    """Alma's browser, while she holds a mandate."""
    monkeypatch.setattr(seeds, "_finders", [lambda network: {alma.pk}])
    cast.sign_in(client, alma)
    return client


def ask_once_more(browser, member, onward=REACH):
    """Have a code sent to the member's own contact; returns the page on which it is typed."""
    point = cast.reach(member)
    return browser.post(AGAIN, {"contact": str(point.pk), "next": onward}).url


def stale(hand):
    hand.advance(FRESH)


@pytest.mark.parametrize("path", GUARDED)
def test_who_came_in_just_now_goes_on_and_who_came_long_ago_is_asked(as_alma, hand, path):
    hand.advance(FRESH - timedelta(seconds=1))
    assert as_alma.get(path).status_code == 200
    hand.advance(timedelta(seconds=1))

    assert as_alma.get(path).url == f"{AGAIN}?next={path.replace('/', '%2F')}"
    assert as_alma.get(PROFILE).status_code == 200, "looking needs nothing"


def test_what_was_begun_in_time_may_be_finished(as_alma, hand, codes):
    hand.advance(TO_FINISH - timedelta(seconds=1))
    assert as_alma.post(REACH, {"contact": "new@example.org"}).url.startswith(REACH)
    assert len(codes) == 1
    hand.advance(timedelta(seconds=1))

    assert as_alma.post(REACH, {"contact": "new@example.org"}).url == ASKED
    assert len(codes) == 1


def test_a_press_without_a_page_of_its_own_leads_back_to_where_it_stands(as_alma, alma, hand):
    point = cast.reach(alma).pk
    stale(hand)

    for press in ("first", "remove"):
        assert as_alma.post(f"{REACH}{point}/{press}/").url == ASKED
    assert ContactPoint.objects.count() == 1


def test_a_code_to_ones_own_contact_opens_it(as_alma, alma, hand, codes):
    stale(hand)
    body = as_alma.get(ASKED).content.decode()
    assert cast.ALMA.value in body
    assert "Show a passkey" not in body
    page = ask_once_more(as_alma, alma)
    assert codes[-1][0] == cast.ALMA.value
    key = as_alma.session.session_key

    assert as_alma.post(page, {"code": codes[-1][1]}).url == REACH

    assert as_alma.get(REACH).status_code == 200
    assert as_alma.session.session_key != key
    assert "You showed anew that it is you" in as_alma.get(PROFILE).content.decode()
    assert Event.objects.filter(verb="proved", actor=alma.pk).count() == 1
    assert SignIn.objects.count() == 1


def test_one_code_counts_once_for_this(as_alma, alma, hand, codes):
    stale(hand)
    page = ask_once_more(as_alma, alma)
    as_alma.post(page, {"code": codes[-1][1]})
    stale(hand)

    as_alma.get(page)
    answer = as_alma.post(page, {"code": codes[-1][1]})

    assert answer.status_code == 422
    assert as_alma.get(REACH).url == ASKED


def test_wrong_code_opens_nothing_and_a_new_one_can_be_asked_for(as_alma, alma, hand, codes):
    stale(hand)
    page = ask_once_more(as_alma, alma)

    answer = as_alma.post(page, {"code": "000000" if codes[-1][1] != "000000" else "111111"})

    assert answer.status_code == 422
    assert as_alma.get(REACH).url == ASKED
    again = as_alma.post(f"{page}again/").url
    assert as_alma.post(again, {"code": codes[-1][1]}).url == REACH


def test_it_leads_home_where_nothing_waits_and_never_elsewhere(as_alma, alma, codes):
    for onward in ("", "https://evil.example/", "//evil.example"):
        page = ask_once_more(as_alma, alma, onward)
        assert as_alma.post(page, {"code": codes[-1][1]}).url == "/me/"


@pytest.mark.parametrize("contact", ["", "new@example.org", "00000000-0000-0000-0000-000000000000"])
def test_no_code_for_this_goes_where_the_member_is_not_reached(as_alma, codes, contact):
    answer = as_alma.post(AGAIN, {"contact": contact})

    assert answer.status_code == 422
    assert not codes


def test_the_codes_of_others_and_for_other_things_do_not_fit(as_alma, alma, ben, hand, codes):
    stale(hand)
    other = Client()
    cast.sign_in(other, ben)
    theirs = ask_once_more(other, ben)
    for_contact = other.post(REACH, {"contact": "new@example.org"}).url.removeprefix(REACH)

    for page in (theirs, f"{AGAIN}{for_contact}"):
        assert as_alma.get(page).status_code == 404
        assert as_alma.post(page, {"code": codes[-1][1]}).status_code == 404
        assert as_alma.post(f"{page}again/").status_code == 404


def test_a_contact_that_was_taken_away_meanwhile_proves_nothing(as_alma, alma, codes):
    page = ask_once_more(as_alma, alma)
    ContactPoint.objects.all().delete()

    assert as_alma.post(page, {"code": codes[-1][1]}).status_code == 404


def test_a_passkey_opens_it_too_and_a_wrong_one_says_so_there(as_alma, alma, hand, codes, settings):
    settings.COMMONWEAL_BASE_URL = "https://testserver"
    device = Device()
    add(as_alma, device)
    stale(hand)
    assert "Show a passkey" in as_alma.get(ASKED).content.decode()
    wanted = as_alma.post("/sign-in/passkey/begin/").json()
    refused = as_alma.post("/sign-in/passkey/", {"answer": "{}", "next": REACH})
    assert refused.status_code == 422
    assert "Is it you?" in refused.content.decode()
    assert "That did not work with this passkey" in refused.content.decode()
    wanted = as_alma.post("/sign-in/passkey/begin/").json()

    assert as_alma.post("/sign-in/passkey/", {"answer": device.sign(wanted), "next": REACH}).url == REACH
    assert as_alma.get(REACH).status_code == 200
    assert SignIn.objects.count() == 1


def test_staying_in_while_all_others_go_out_is_no_proof(as_alma, hand):
    stale(hand)

    as_alma.post(f"{PROFILE}sign-out-everywhere/")

    assert as_alma.get(PROFILE).status_code == 200
    assert as_alma.get(REACH).url == ASKED


def test_staying_in_where_the_entry_is_gone_is_no_proof_either(alma):
    made = keep_sign_in(member=alma, place=None, user_agent="", is_proved=False)

    assert made.proved_at == NOON - FRESH


def test_nothing_is_proved_where_nobody_is_signed_in_any_more(as_alma, alma, ben):
    request = as_alma.get(PROFILE).wsgi_request
    place = sessions.place_of(request)
    for whose, where in ((ben, place), (alma, cast.reach(alma).pk)):
        with pytest.raises(SignInNotFound):
            prove(member=whose, place=where)
    del request.session[sessions.PLACE]
    with pytest.raises(SignInNotFound):
        sessions.prove(request, alma)


def test_a_sign_in_ends_after_a_fortnight_without_a_look(as_alma, alma, hand):
    hand.advance(timedelta(days=13))
    assert as_alma.get(PROFILE).status_code == 200
    hand.advance(timedelta(days=14))

    assert as_alma.get(PROFILE).status_code == 302
    assert queries.sign_ins_of(alma) == []
    forget_sessions()
    assert not SignIn.objects.exists()


def test_a_sign_in_that_is_used_ends_ninety_days_after_the_last_proof(as_alma, alma, hand, codes):
    for _week in range(12):
        hand.advance(timedelta(days=7))
        assert as_alma.get(PROFILE).status_code == 200
    as_alma.post(ask_once_more(as_alma, alma), {"code": codes[-1][1]})
    for _week in range(12):
        hand.advance(timedelta(days=7))
        assert as_alma.get(PROFILE).status_code == 200
    hand.advance(timedelta(days=6))

    assert as_alma.get(PROFILE).status_code == 302


def test_who_holds_a_mandate_is_signed_out_after_twelve_hours_without_a_look(as_trusted, hand):
    for _look in range(3):
        hand.advance(timedelta(hours=11))
        assert as_trusted.get(PROFILE).status_code == 200
    hand.advance(timedelta(hours=12))

    assert as_trusted.get(PROFILE).status_code == 302


def test_who_holds_a_mandate_shows_anew_after_a_week(as_trusted, hand):
    for _look in range(15):
        hand.advance(timedelta(hours=11))
        assert as_trusted.get(PROFILE).status_code == 200
    hand.advance(timedelta(hours=3))

    assert as_trusted.get(PROFILE).status_code == 302


def test_the_hour_of_use_is_written_once_an_hour(as_trusted, hand, django_assert_num_queries):
    hand.advance(timedelta(minutes=59))
    with django_assert_num_queries(3):
        as_trusted.get("/sign-in/?next=/policy/")
    hand.advance(timedelta(minutes=1))
    with django_assert_num_queries(4):
        as_trusted.get("/sign-in/?next=/policy/")

    assert SignIn.objects.get().used_at == NOON + timedelta(hours=1)


def test_a_new_mandate_shortens_what_was_there_and_no_one_elses(as_alma, alma, ben, cleo, monkeypatch):
    for member in (ben, cleo):
        keep_sign_in(member=member, place=None, user_agent="")
    monkeypatch.setattr(seeds, "_finders", [lambda network: {alma.pk, cleo.pk}])

    assert shorten_sign_ins(network=alma.network) == 1
    assert shorten_sign_ins(network=alma.network) == 0

    assert [row.member for row in SignIn.objects.filter(is_short=True)] == [alma]
    forget_sessions()
    assert {row.member for row in SignIn.objects.filter(is_short=True)} == {alma, cleo}


def test_the_ends_are_what_is_set(as_alma, hand, settings):
    settings.COMMONWEAL_IDLE_DAYS, settings.COMMONWEAL_SIGN_IN_DAYS = 400, 2
    hand.advance(timedelta(days=2))

    assert as_alma.get(PROFILE).status_code == 302


def test_notices_of_a_browser_stay_when_its_member_comes_in_again(as_alma, alma, ben):
    old = SignIn.objects.get().pk
    for member in (alma, ben):
        PushDevice.objects.create(network=alma.network, member=member, place=old, value=f"of {member.pk}")
    SignIn.objects.all().delete()

    made = keep_sign_in(member=alma, place=old, user_agent="")

    assert PushDevice.objects.get(member=alma).place == made.pk
    assert PushDevice.objects.get(member=ben).place == old
