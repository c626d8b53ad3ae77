"""The link beside a code: good in the browser that asked, for one press, ten minutes and one use."""

import pytest
from django.test import Client

from commonweal.base.ids import new_id
from commonweal.members import codes as rules
from commonweal.members import courier, queries, sessions
from commonweal.members.actions import confirm_by_link, start_confirmation
from commonweal.members.codes import link_of, read_link
from commonweal.members.errors import ConfirmationNotFound
from commonweal.members.models import Confirmation, Member
from commonweal.members.tests import cast
from commonweal.members.tests.cast import ALMA, BEN, HERE
from commonweal.members.tests.test_signing import ask_for_code, type_code
from commonweal.networks.tests.cast import HILLS_HOST

pytestmark = pytest.mark.django_db

PROFILE, REACH = "/me/profile/", "/me/profile/reach/"
NEW = "new@example.org"


@pytest.fixture
def links(monkeypatch):
    """The links that went out."""
    sent = []

    def take(*, confirmation, code, link):
        sent.append(link)

    monkeypatch.setattr(courier, "_couriers", [take])
    return sent


def test_one_press_in_the_same_browser_stands_for_the_code(client, alma, links):
    ask_for_code(client, next="/policy/")
    page = client.get(links[-1])
    assert "One press" in page.content.decode()
    assert "sessionid" not in client.cookies, "looking does nothing"
    assert not Confirmation.objects.filter(used_at__isnull=False).exists()

    response = client.post(links[-1], follow=True)

    assert response.redirect_chain[-1] == ("/policy/", 302)
    assert client.get(PROFILE).status_code == 200


def test_somebody_new_goes_on_to_their_name(client, harbor, links):
    ask_for_code(client)

    response = client.post(links[-1], follow=True)

    assert response.redirect_chain[-1][0].endswith("/name/")
    assert client.post(response.redirect_chain[-1][0], {"name": "Alma"}).url == "/me/"


def test_any_other_browser_is_told_kindly_and_nothing_happens(client, alma, links):
    ask_for_code(client)
    other, third = Client(), Client()
    other.cookies["asked"] = "x" * 32
    ask_for_code(third, BEN.value)
    before = Confirmation.objects.values()

    for browser in (other, third, Client()):
        for answer in (browser.get(links[0]), browser.post(links[0])):
            assert answer.status_code == 200
            assert "Not in this browser" in answer.content.decode()
            assert "<form" not in answer.content.decode().split("<main")[1].split("</main>")[0]
        assert browser.get(PROFILE).status_code == 302
    assert list(Confirmation.objects.values()) == list(before)


def test_it_counts_once_and_so_does_the_code(client, alma, links, monkeypatch):
    monkeypatch.setattr(rules, "new_code", lambda digits: "123456")
    page = ask_for_code(client)
    client.post(links[-1])
    client.post("/sign-out/")

    assert client.post(links[-1]).status_code == 409
    assert "This link is over" in client.get(links[-1]).content.decode()
    assert type_code(Client(), page, "123456").status_code == 422
    assert client.get(PROFILE).status_code == 302


def test_the_code_uses_up_the_link(client, alma, links, monkeypatch):
    monkeypatch.setattr(rules, "new_code", lambda digits: "123456")
    type_code(client, ask_for_code(client), "123456")
    client.post("/sign-out/")

    assert client.post(links[-1]).status_code == 409


def test_it_counts_for_ten_minutes(client, alma, links, hand):
    ask_for_code(client)
    hand.advance(rules.LASTS)

    assert "This link is over" in client.get(links[-1]).content.decode()
    assert client.post(links[-1]).status_code == 409


def test_the_cookie_lasts_as_long_and_no_script_reads_it(client, harbor, links, settings):
    ask_for_code(client)

    cookie = client.cookies["asked"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (600, True, "Lax")
    assert not cookie["secure"]
    settings.COMMONWEAL_HTTPS = True
    ask_for_code(client, BEN.value)
    assert client.cookies["__Host-asked"]["secure"]


def test_the_links_of_the_last_three_codes_work(client, alma, links):
    for _ in range(sessions.MOST_ASKED + 1):
        page = ask_for_code(client)
    again = client.post(f"{page}again/")
    assert again.status_code == 302

    shown = ["One press" in client.get(link).content.decode() for link in links]

    assert shown == [False, False, True, True, True]


def test_a_made_up_link_is_not_found(client, harbor, links):
    ask_for_code(client)
    true = links[-1].split("/")[-2]
    for link in (
        "x",
        "0" * 64,
        true[:-1] + ("0" if true[-1] != "0" else "1"),
        true[:32],
        f"{new_id().hex}{true[32:]}",
    ):
        for method in (client.get, client.post):
            assert method(f"/sign-in/link/{link}/").status_code == 404


def test_a_link_of_another_network_is_not_found(client, harbor, hills, links):
    ask_for_code(client)

    assert client.get(links[-1], headers={"host": HILLS_HOST}).status_code == 404
    assert client.post(links[-1], headers={"host": HILLS_HOST}).status_code == 404


def test_a_link_and_a_page_that_do_not_belong_together_confirm_nothing(harbor, links):
    first, second = (
        start_confirmation(network=harbor, contact=contact, purpose="sign_in", language="en", remote=HERE)
        for contact in (ALMA, BEN)
    )

    with pytest.raises(ConfirmationNotFound):
        confirm_by_link(network=harbor, token=second.token, link=links[0].split("/")[-2], remote=HERE)
    with pytest.raises(ConfirmationNotFound):
        confirm_by_link(network=harbor, token="nobody-has-this", link=links[0].split("/")[-2], remote=HERE)
    assert confirm_by_link(
        network=harbor, token=first.token, link=links[0].split("/")[-2], remote=HERE
    ).used_at


def test_what_a_link_holds_is_its_code_and_a_mark_nobody_can_make():
    key = new_id()

    assert read_link(link_of(key)) == key
    assert read_link(link_of(key)[:-1]) is None
    assert read_link("no id") is None


def test_wrong_tries_elsewhere_are_counted_for_the_link_too(client, alma, links):
    page = ask_for_code(client)
    for _ in range(rules.MOST_TRIES):
        type_code(Client(), page, "000000")

    assert client.post(links[-1]).status_code == 409


def test_a_contact_is_added_by_its_link(as_alma, alma, links):
    as_alma.post(REACH, {"contact": NEW})

    response = as_alma.post(links[-1], follow=True)

    assert response.redirect_chain[-1] == (PROFILE, 302)
    assert [point.value for point in queries.contact_points(alma)] == [ALMA.value, NEW]


def test_a_contact_of_another_member_is_refused_by_its_link_too(as_alma, alma, ben, links):
    as_alma.post(REACH, {"contact": BEN.value})

    assert as_alma.post(links[-1], follow=True).status_code == 409
    assert len(queries.contact_points(alma)) == 1


def test_who_asked_and_then_signed_out_adds_no_contact(as_alma, alma, links):
    as_alma.post(REACH, {"contact": NEW})
    as_alma.post("/sign-out/")

    as_alma.post(links[-1], follow=True)

    assert len(queries.contact_points(alma)) == 1


def test_a_session_of_another_member_is_not_led_on(client, alma, ben, links):
    cast.sign_in(client, ben)
    client.post(REACH, {"contact": NEW})
    cast.sign_in(client, alma)

    assert client.post(links[-1], follow=True).status_code == 404
    assert Member.objects.count() == 2
    assert len(queries.contact_points(alma)) == len(queries.contact_points(ben)) == 1
