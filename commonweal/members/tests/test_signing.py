"""Coming in by a code, and going out, in a browser."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from commonweal.base.models import Event
from commonweal.members import codes as rules
from commonweal.members import queries, sessions
from commonweal.members.actions import leave, pause, sign_out_everywhere, start_confirmation
from commonweal.members.models import Confirmation, Member
from commonweal.members.tests import cast
from commonweal.members.tests.cast import ALMA, BEN, HERE
from commonweal.networks.tests.cast import HILLS_HOST

pytestmark = pytest.mark.django_db

SIGN_IN = "/sign-in/"
COOKIE = "sessionid"


def ask_for_code(client, contact=ALMA.value, **more):
    response = client.post(SIGN_IN, {"contact": contact, **more})
    assert response.status_code == 302, response.content.decode()
    return response.url


def type_code(client, page, code):
    return client.post(page, {"code": code})


def test_member_comes_in_by_a_code_and_goes_on_where_they_were(client, alma, harbor, codes):
    page = ask_for_code(client, next="/asks/?kind=offers")
    assert COOKIE not in client.cookies
    assert ALMA.value in client.get(page).content.decode()

    response = type_code(client, page, codes[-1][1])

    assert (response.status_code, response.url) == (302, "/asks/?kind=offers")
    assert client.get("/me/profile/").status_code == 200
    assert Event.objects.filter(verb="signed_in", thing_id=alma.pk).count() == 1


def test_somebody_new_says_a_name_and_is_a_member(client, harbor, codes):
    page = ask_for_code(client, "(410) 555-0123")
    name_page = type_code(client, page, codes[-1][1]).url
    assert name_page == f"{page}name/"
    assert client.get(name_page).status_code == 200
    assert client.get("/me/profile/").status_code == 302

    response = client.post(name_page, {"name": "Ben", "languages": ["en"], "other_language": "ar"})

    assert (response.status_code, response.url) == (302, "/me/")
    ben = queries.member_for_contact(harbor, BEN)
    assert ben is not None
    assert (ben.name, ben.languages, ben.language) == ("Ben", ["en", "ar"], "en")
    assert client.get("/me/profile/").context["member"] == ben
    assert client.post(name_page, {"name": "Ben again"}).status_code == 302
    assert Member.objects.count() == 1


def test_the_page_says_which_ways_are_safer(client, harbor):
    assert "an e-mail address or a passkey is safer" in client.get(SIGN_IN).content.decode()


def test_a_planted_session_is_of_no_use(client, alma, codes):
    session = client.session
    session["planted"] = True
    session.save()
    planted = client.cookies[COOKIE].value
    page = ask_for_code(client)

    type_code(client, page, codes[-1][1])

    assert client.cookies[COOKIE].value != planted
    attacker = Client()
    attacker.cookies[COOKIE] = planted
    assert attacker.get("/me/profile/").status_code == 302


@pytest.mark.parametrize("key", ['"abcdefgh\\000"', "a" * 31, "A" * 32, "a" * 5000, '""'])
def test_a_made_up_session_is_none_and_costs_nothing(client, harbor, key, django_assert_num_queries):
    with django_assert_num_queries(1):  # the network
        assert client.get("/me/profile/", headers={"cookie": f"{COOKIE}={key}"}).status_code == 302


def test_session_of_another_member_is_emptied_first(client, alma, ben, codes):
    cast.sign_in(client, ben)
    session = client.session
    session["of ben"] = True
    session.save()

    request = client.get("/me/profile/").wsgi_request
    sessions.sign_in(request, alma)

    assert "of ben" not in request.session
    assert request.session[sessions.MEMBER] == alma.pk.hex


def test_visitors_get_no_session_and_cost_no_query_for_one(client, harbor, django_assert_num_queries):
    with django_assert_num_queries(2):  # the network, and whether a lot comes from this address
        response = client.get(SIGN_IN)

    assert response.status_code == 200
    assert COOKIE not in response.cookies


def test_signed_in_costs_the_session_and_the_member(as_alma, django_assert_num_queries):
    with django_assert_num_queries(3):  # the network, the session, the member
        response = as_alma.get("/sign-in/?next=/policy/")

    assert response.url == "/policy/"


def test_answer_is_the_same_for_a_member_and_a_stranger(client, alma, codes):
    pages = [client.get(ask_for_code(client, contact)) for contact in (ALMA.value, "nobody@example.org")]

    bodies = [
        page.content.decode().replace(page.request["PATH_INFO"], "").replace(shown, "")
        for page, shown in zip(pages, (ALMA.value, "nobody@example.org"), strict=True)
    ]
    assert _without_tokens(bodies[0]) == _without_tokens(bodies[1])
    assert [page.status_code for page in pages] == [200, 200]


def _without_tokens(body):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body)


@pytest.mark.parametrize(
    "typed", ["", "alma", "alma@", "123", "a" * 300 + "@example.org", "\x00\x01", "\ufffd", "' OR 1=1 --"]
)
def test_unclear_contact_is_said_at_the_field_and_stays_there(client, harbor, codes, typed):
    response = client.post(SIGN_IN, {"contact": typed})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["contact"]
    assert response.context["form"]["contact"].value() == typed
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"contact=%ff%fe",
        b"contact=%00",
        b"contact=%ED%A0%80",
        b"contact[]=1",
        b"%",
        b"contact=" + b"a" * 5000,
    ],
)
def test_bytes_that_are_no_text_are_said_at_the_field(client, harbor, codes, body):
    response = client.post(SIGN_IN, body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 422
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/" + "a" * 600,
        "me",
        "/%00\x00\n",
    ],
)
def test_nobody_is_led_elsewhere(client, alma, codes, elsewhere):
    page = ask_for_code(client, next=elsewhere)

    response = type_code(client, page, codes[-1][1])

    assert response.status_code == 302
    assert response.url == "/me/"


def test_too_many_codes_are_said_at_the_field(client, harbor, codes):
    for _ in range(rules.MOST_CODES_TO_ONE):
        ask_for_code(client)

    response = client.post(SIGN_IN, {"contact": ALMA.value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["contact"]
    assert response.context["form"]["contact"].value() == ALMA.value


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567890" * 5, "\x00", "12345\ufffd", "½" * 6])
def test_what_is_no_code_is_not_counted_as_a_try(client, harbor, codes, typed):
    page = ask_for_code(client)

    response = type_code(client, page, typed)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["code"]
    assert Confirmation.objects.get().tries == 0


def test_wrong_code_is_said_at_the_field(client, alma, codes):
    page = ask_for_code(client)
    wrong = f"{(int(codes[-1][1]) + 1) % 10**6:06}"

    response = type_code(client, page, wrong)

    assert response.status_code == 422
    assert "You can try 4 more times" in response.content.decode()
    assert COOKIE not in client.cookies


def test_old_code_is_said_at_the_field_and_a_new_one_comes_by_a_press(client, alma, codes, hand):
    page = ask_for_code(client, next="/policy/")
    hand.advance(rules.LASTS)
    assert "too old" in type_code(client, page, codes[-1][1]).content.decode()

    again = client.post(f"{page}again/")

    assert again.status_code == 302
    assert again.url != page
    assert type_code(client, again.url, codes[-1][1]).url == "/policy/"


def test_code_counts_once(client, alma, codes):
    page = ask_for_code(client)
    type_code(client, page, codes[-1][1])
    assert type_code(client, page, codes[-1][1]).url == "/me/"  # the same browser just goes on

    other = Client()
    response = type_code(other, page, codes[-1][1])

    assert response.status_code == 422
    assert "used already" in response.content.decode()
    assert other.get("/me/profile/").status_code == 302
    assert other.post(f"{page}again/").status_code == 409


@pytest.mark.parametrize("token", ["nobody-has-this", "a" * 3000])
@pytest.mark.parametrize("ending", ["", "again/", "name/"])
def test_made_up_links_are_not_found(client, harbor, token, ending):
    assert client.post(f"/sign-in/{token}/{ending}", {"code": "123456", "name": "M"}).status_code == 404


def test_links_of_another_network_are_not_found(client, harbor, hills, codes):
    page = ask_for_code(client)

    for ending in ("", "again/", "name/"):
        response = client.post(f"{page}{ending}", {"code": codes[-1][1]}, headers={"host": HILLS_HOST})
        assert response.status_code == 404


def test_link_made_for_something_else_is_not_for_signing_in(client, harbor, codes):
    started = start_confirmation(network=harbor, contact=ALMA, purpose="offer", language="en", remote=HERE)

    for ending in ("", "again/", "name/"):
        response = client.post(f"/sign-in/{started.token}/{ending}", {"code": codes[-1][1]})
        assert response.status_code == 404


def test_name_is_asked_only_where_the_code_was_typed(client, harbor, codes):
    page = ask_for_code(client)
    type_code(client, page, codes[-1][1])

    stranger = Client()
    response = stranger.post(f"{page}name/", {"name": "Mallory"})

    assert (response.status_code, response.headers["Location"]) == (302, page)
    assert not Member.objects.exists()


def test_name_is_asked_for_half_an_hour(client, harbor, codes, hand):
    page = ask_for_code(client)
    name_page = type_code(client, page, codes[-1][1]).url
    hand.advance(sessions.GOES_ON)

    response = client.post(name_page, {"name": "Late"})

    assert (response.status_code, response.url) == (302, page)
    assert not Member.objects.exists()


def test_reloading_the_code_page_goes_on_to_the_name(client, harbor, codes):
    page = ask_for_code(client)
    name_page = type_code(client, page, codes[-1][1]).url

    assert client.get(page).url == name_page


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "\x00"},
        {"name": "a" * 61},
        {"name": "A", "languages": ["xx"]},
        {"name": "A", "other_language": "\ufffd"},
        {"name": "A", "languages": ["en"] * 3 + ["klingon"]},
    ],
)
def test_unclear_name_is_said_at_the_field(client, harbor, codes, wrong):
    page = ask_for_code(client)
    name_page = type_code(client, page, codes[-1][1]).url

    response = client.post(name_page, wrong)

    assert response.status_code == 422
    assert not Member.objects.exists()


def test_who_was_faster_in_another_window_is_simply_let_in(client, harbor, codes, monkeypatch):
    page = ask_for_code(client)
    name_page = type_code(client, page, codes[-1][1]).url
    alma = cast.alma(harbor)

    response = client.post(name_page, {"name": "Alma"})

    assert (response.status_code, response.url) == (302, "/me/")
    assert client.session[sessions.MEMBER] == alma.pk.hex


def test_signing_out_forgets_everything(as_alma):
    assert as_alma.get("/sign-out/").status_code == 405

    assert as_alma.post("/sign-out/").status_code == 302

    assert as_alma.get("/me/profile/").status_code == 302
    assert not as_alma.session.keys()


def test_session_of_another_network_is_nobodys(client, alma, hills):
    cast.sign_in(client, alma)

    response = client.get("/me/profile/", headers={"host": HILLS_HOST})

    assert response.status_code == 302
    assert response.url.startswith(SIGN_IN)


@pytest.mark.parametrize("ends", [sign_out_everywhere, leave])
def test_session_ends_with_its_epoch_and_with_its_member(as_alma, alma, ends):
    assert as_alma.get("/me/profile/").status_code == 200

    ends(member=alma)

    assert as_alma.get("/me/profile/").status_code == 302


def test_session_of_nobody_is_nobodys(client, alma):
    cast.sign_in(client, alma)
    session = client.session
    session[sessions.MEMBER] = "0" * 32
    session.save()

    assert client.get("/me/profile/").status_code == 302


def test_paused_member_comes_in_all_the_same(as_alma, alma):
    pause(member=alma)

    assert as_alma.get("/me/profile/").status_code == 200


def test_demonstration_shows_the_code_to_who_asked_for_it(client, harbor, codes):
    harbor.is_demo = True
    harbor.save()
    page = ask_for_code(client)

    shown = client.get(page)

    assert shown.context["demo_code"] == codes[-1][1]
    assert "This is a demonstration" in shown.content.decode()
    assert Client().get(page).context["demo_code"] == ""
    again = client.post(f"{page}again/").url
    assert client.get(again).context["demo_code"] == codes[-1][1]
    assert client.get(page).context["demo_code"] == ""


def test_code_is_shown_nowhere_else(client, harbor, codes):
    page = ask_for_code(client)

    assert codes[-1][1] not in client.get(page).content.decode()


def test_phone_and_email_get_their_own_advice(client, harbor, codes):
    by_mail, by_phone = ask_for_code(client), ask_for_code(client, BEN.value)

    assert "unwanted mail" in client.get(by_mail).content.decode()
    assert "unwanted mail" not in client.get(by_phone).content.decode()
    assert "+1 410-555-0123" in client.get(by_phone).content.decode()


def test_page_of_a_used_code_leads_to_the_door(client, alma, codes):
    page = ask_for_code(client)
    type_code(client, page, codes[-1][1])

    body = Client().get(page).content.decode()

    assert 'name="code"' not in body
    assert reverse("members:sign_in") in body
    assert client.get(page).url == "/me/"


def test_forged_form_is_refused(harbor, codes):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(SIGN_IN, {"contact": ALMA.value}).status_code == 403
    assert not Confirmation.objects.exists()


def test_old_codes_do_not_outlive_their_day(client, alma, codes, hand):
    page = ask_for_code(client)
    hand.advance(timedelta(days=3))

    assert type_code(client, page, codes[-1][1]).status_code == 422
