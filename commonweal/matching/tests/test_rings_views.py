"""What a member's link to a ring shows and does, and the line on their own page."""

import pytest
from django.urls import reverse

from commonweal.exchange import actions as exchange
from commonweal.exchange.models import Match
from commonweal.exchange.tests.cast import DAY, fresh
from commonweal.matching.models import Ring
from commonweal.matching.rings import actions
from commonweal.matching.tests.ring_cast import found_circle
from commonweal.members.tests.cast import sign_in

NAMES = ("Rosa", "Lee", "Sam")


@pytest.fixture
def circle(town):
    """The three who could make a ring."""
    return found_circle(town)


@pytest.fixture
def ring(circle):
    """The ring, offered."""
    return circle.offer()


@pytest.fixture
def rosa(circle, ring):
    """Rosa's place."""
    return circle.place(ring, "Rosa")


def url(place, name="ring"):
    return reverse(f"matching:{name}", args=[place.token_box])


def text_of(client, place, name="ring"):
    return client.get(url(place, name)).content.decode()


class TestQuestion:
    def test_it_says_two_things_and_nobody_s_name(self, client, rosa):
        page = client.get(url(rosa))
        text = page.content.decode()
        assert page.status_code == 200
        assert text.count("<h1") == 1
        for shown in (
            "If all three of you say yes",
            "You would do",
            "Groceries",
            "Abell",
            "tomorrow",
            "Somebody else would do for you",
            "A ride",
            "a ring is an extra",
        ):
            assert shown in text
        for hidden in ("Lee", "Sam<", "example.org", "Guilford", "Third floor"):
            assert hidden not in text

    def test_it_costs_few_queries(self, client, rosa, django_assert_max_num_queries):
        with django_assert_max_num_queries(5):
            client.get(url(rosa))

    @pytest.mark.parametrize("name", ["ring", "ring_yes", "ring_no"])
    def test_looking_is_no_answer(self, client, rosa, name):
        for look in (client.get, client.head):
            assert look(url(rosa, name)).status_code == 200
        assert fresh(rosa).answer == ""
        assert 'class="button primary"' in text_of(client, rosa, name)

    @pytest.mark.parametrize("token", ["x", "x" * 200, "%00", "é"])
    def test_a_forged_link_leads_nowhere(self, client, ring, token):
        for name in ("", "yes/", "no/"):
            assert client.post(f"/ring/{token}/{name}").status_code in (404, 405)
            assert client.get(f"/ring/{token}/{name}").status_code == 404

    def test_another_network_s_ring_is_not_here(self, client, rosa, bo):
        bo.network.domain = "hampden.example"
        bo.network.save()
        for name in ("ring", "ring_yes", "ring_no"):
            assert client.get(url(rosa, name)).status_code == 200
            assert client.get(url(rosa, name), headers={"host": "hampden.example"}).status_code in (400, 404)
        assert fresh(rosa).answer == ""

    def test_what_matters_to_the_asker_is_said(self, client, circle, ring, rosa):
        rosa.ask.needs = ["step_free"]
        rosa.ask.save(update_fields=["needs"])
        assert "What matters to them" in text_of(client, rosa)


class TestAnswer:
    def test_yes_waits_for_the_others(self, client, rosa):
        assert client.post(url(rosa, "ring_yes")).url == url(rosa)
        text = text_of(client, rosa)
        assert "We wait for the others until tomorrow" in text
        assert "I can't after all" in text
        assert "Yes, if the others do too" not in text

    def test_no_is_the_end_of_it(self, client, circle, ring, rosa):
        actions.say_yes(place=circle.place(ring, "Lee"))
        assert client.post(url(rosa, "ring_no")).url == url(rosa)
        for name in NAMES:
            text = text_of(client, circle.place(ring, name))
            assert "It didn't come together" in text
            assert "Somebody can" not in text

    def test_all_yes_leads_to_who_and_where(self, client, circle, ring, rosa):
        for name in NAMES:
            client.post(url(circle.place(ring, name), "ring_yes"))
        text = text_of(client, rosa)
        match = Match.objects.get(member=circle.town.rosa)
        assert "All three of you said yes" in text
        assert reverse("exchange:invitation", args=[match.token_box]) in text
        assert reverse("exchange:status", args=[circle.asks["Rosa"].token_box]) in text
        assert "Lee" not in text
        assert "Sam" in client.get(reverse("exchange:invitation", args=[match.token_box])).content.decode()

    def test_when_it_is_over_the_links_are_gone(self, client, circle, ring, rosa):
        for name in NAMES:
            actions.say_yes(place=circle.place(ring, name))
        exchange.drop_out(match=Match.objects.get(member=circle.town.rosa))
        assert "Who it is for" not in text_of(client, rosa)

    def test_too_late_is_said_on_the_page(self, client, circle, ring, rosa):
        actions.say_no(place=circle.place(ring, "Lee"))
        page = client.post(url(rosa, "ring_yes"))
        assert page.status_code == 409
        assert "can&#x27;t be answered any more" in page.content.decode()

    def test_a_no_to_what_all_agreed_to_is_refused(self, client, circle, ring, rosa):
        for name in NAMES:
            actions.say_yes(place=circle.place(ring, name))
        assert client.post(url(rosa, "ring_no")).status_code == 409
        assert fresh(ring).state == Ring.State.AGREED

    def test_after_its_time_it_is_over_before_anybody_says_so(self, client, rosa, hand):
        hand.advance(DAY)
        assert "It didn't come together" in text_of(client, rosa)


class TestOwnPage:
    @pytest.fixture
    def page(self, client, town, ring):
        sign_in(client, town.rosa)

        def read():
            return client.get("/me/").content.decode()

        return read

    def test_a_ring_that_waits_for_an_answer_is_there(self, page, rosa):
        text = page()
        for shown in (
            "If all three of you say yes: Groceries",
            "Somebody else does for you: A ride",
            "Please answer by tomorrow",
        ):
            assert shown in text
        assert url(rosa) in text

    def test_and_not_after_the_answer(self, page, rosa):
        actions.say_yes(place=rosa)
        assert "If all three" not in page()

    def test_nor_after_its_time(self, page, hand):
        hand.advance(DAY)
        assert "If all three" not in page()

    def test_it_costs_two_queries(self, client, page, django_assert_max_num_queries):
        with django_assert_max_num_queries(14):
            client.get("/me/")
