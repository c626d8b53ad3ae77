"""A member's own page, and what they do with their offers."""

import re

import pytest
from django.urls import reverse

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.models import Offer
from commonweal.exchange.tests.cast import DAY, WEEK, fresh
from commonweal.members.tests.cast import sign_in
from commonweal.networks.actions import add_areas

ME = "/me/"


def url(offer, name="my_offer"):
    return reverse(f"exchange:{name}", args=[offer.pk])


@pytest.fixture
def offer(town):
    return town.offer(town.rosa)


@pytest.fixture
def rosa(client, town):
    sign_in(client, town.rosa)
    return client


def said(offer, **anew):
    return {
        "categories": ["groceries"], "radius_m": "2000", "free": "always", "carries": "1", "vehicle": "foot",
        "area": "abell", "is_public": "on", "version": str(offer.version), **anew,
    }  # fmt: skip


class TestPage:
    def test_a_stranger_signs_in_first(self, client, town):
        assert client.get(ME).url == "/sign-in/?next=%2Fme%2F"

    def test_empty_it_leads_on(self, rosa):
        text = rosa.get(ME).content.decode()

        assert text.count("<h1") == 1
        assert "Hello, Rosa" in text
        assert "Nothing at present" in text
        assert "at most 3 times a week, and have agreed to 0" in text

    def test_it_shows_what_one_agreed_to_is_asked_offers_and_asked_for(self, rosa, town, offer):
        agreed, asked = (
            town.agreed(town.ask(people=2), town.rosa),
            town.invited(town.ask(people=3), town.rosa),
        )
        own = actions.publish_ask(network=town.network, draft=town.draft(people=4), by=town.rosa).ask

        text = rosa.get(ME).content.decode()
        for shown in ("Groceries for 2 people", "with Amina", "Groceries for 3 people", "Please answer by"):
            assert shown in text
        for link in (agreed, asked):
            assert reverse("exchange:invitation", args=[link.token_box]) in text
        assert url(offer) in text
        assert reverse("exchange:status", args=[own.token_box]) in text
        assert "have agreed to 1 this week" in text

    def test_it_costs_few_queries_however_much_there_is(self, rosa, town, django_assert_max_num_queries):
        for _ in range(3):
            town.offer(town.rosa)
            town.invited(town.ask(), town.rosa)
            actions.publish_ask(network=town.network, draft=town.draft(), by=town.rosa)

        with django_assert_max_num_queries(12):
            rosa.get(ME)

    def test_what_is_due_and_what_is_lent_is_said(self, rosa, town, hand):
        town.agreed(town.ask(), town.rosa)
        loan = town.agreed(town.ask(category=town.borrow.pk, returns_at=clock.now() + WEEK), town.rosa)
        hand.advance(3 * DAY)
        actions.report_handover(match=loan, outcome="done", said_by=By.HELPER)

        text = rosa.get(ME).content.decode()
        assert "How did it go?" in text
        assert "Lent, to come back" in text

    def test_others_things_are_not_here(self, rosa, town):
        town.offer(town.lee, summary="Lee's van")
        town.agreed(town.ask(people=9), town.lee)

        text = rosa.get(ME).content.decode()
        assert "Lee" not in text
        assert "for 9 people" not in text


class TestOffer:
    def test_the_form_holds_what_was_said(self, rosa, town):
        offer = town.offer(town.rosa, words="Mornings are best", radius_m=2700, slots=0b111, able=("stairs",))

        text = rosa.get(url(offer)).content.decode()
        assert "Mornings are best" in text
        assert "As before: 2.7 km" in text
        assert text.count('name="slots"') == 42

    def test_a_usual_distance_is_one_of_the_usual_choices(self, rosa, town):
        text = rosa.get(url(town.offer(town.rosa, radius_m=4000))).content.decode()

        assert "As before" not in text
        assert re.search(r'name="radius_m" value="4000"[^>]* checked', text)

    def test_it_is_changed_and_keeps_its_square(self, rosa, town):
        offer = town.offer(town.rosa, cell=(15732, -24514))

        answer = rosa.post(url(offer), said(offer, summary="Soup on Sundays", able=["stairs"]))

        now = fresh(offer)
        assert answer.url == ME
        assert (now.summary, now.able, now.cell_y, now.cell_x) == (
            "Soup on Sundays",
            ["stairs"],
            15732,
            -24514,
        )

    def test_another_area_is_another_square(self, rosa, offer, town):
        rosa.post(url(offer), said(offer, area="waverly"))

        assert fresh(offer).cell_y == town.waverly.cell_y

    def test_an_offer_without_a_place_gets_one(self, rosa, town):
        offer = town.offer(town.rosa, area=None, cell=None)

        rosa.post(url(offer), said(offer))
        assert fresh(offer).cell_y == town.abell.cell_y

    def test_a_stale_page_keeps_what_was_typed(self, rosa, offer):
        rosa.post(url(offer), said(offer, words="New"))

        page = rosa.post(url(offer), said(offer, words="Old"))
        assert page.status_code == 409
        assert b"Old" in page.content
        assert fresh(offer).words == "New"
        assert rosa.post(url(offer), said(fresh(offer), words="Old")).status_code == 302

    def test_bad_input_is_said_at_its_field(self, rosa, offer):
        page = rosa.post(url(offer), said(offer, radius_m="-5"))

        assert page.status_code == 422
        assert list(page.context["form"].errors) == ["radius_m"]

    def test_find_it_keeps_everything(self, rosa, offer):
        page = rosa.post(url(offer), said(offer, words="Kept", find="street", street="guilford"))

        assert page.status_code == 200
        assert b"Kept" in page.content

    def test_pause_and_put_up_again(self, rosa, offer):
        for _ in range(2):
            assert rosa.post(url(offer, "pause_offer")).url == ME
        assert fresh(offer).state == Offer.State.PAUSED
        assert b"Paused" in rosa.get(ME).content

        for _ in range(2):
            assert rosa.post(url(offer, "resume_offer")).url == ME
        assert fresh(offer).state == Offer.State.OPEN

    def test_taking_it_back_asks_once_more(self, rosa, offer):
        assert rosa.get(url(offer, "withdraw_offer")).status_code == 200
        assert fresh(offer).state == Offer.State.OPEN

        for _ in range(2):
            assert rosa.post(url(offer, "withdraw_offer")).url == ME
        assert fresh(offer).state == Offer.State.WITHDRAWN

    def test_it_still_stands(self, rosa, offer, hand, town):
        hand.advance(town.network.policy.span("offer_days") - 7 * DAY)
        sign_in(rosa, town.rosa)
        assert b"It still stands" in rosa.get(ME).content

        rosa.post(url(offer, "confirm_offer"))
        assert fresh(offer).confirmed_at == clock.now()
        assert b"It still stands" not in rosa.get(ME).content

    @pytest.mark.parametrize("name", ["pause_offer", "resume_offer", "confirm_offer"])
    def test_looking_presses_nothing(self, rosa, offer, name):
        assert rosa.get(url(offer, name)).status_code == 405

    @pytest.mark.parametrize(
        "name", ["my_offer", "withdraw_offer", "pause_offer", "resume_offer", "confirm_offer"]
    )
    def test_another_s_offer_is_none(self, client, town, offer, name):
        sign_in(client, town.lee)

        assert client.post(url(offer, name), said(offer, words="Mine now")).status_code == 404
        assert fresh(offer) == offer
        assert fresh(offer).state == Offer.State.OPEN

    @pytest.mark.parametrize(
        "name", ["my_offer", "withdraw_offer", "pause_offer", "resume_offer", "confirm_offer"]
    )
    def test_a_stranger_signs_in_first(self, client, offer, name):
        assert client.post(url(offer, name)).url.startswith("/sign-in/")

    def test_an_area_that_nobody_has_is_said(self, rosa, offer, bo):
        bo.network.domain = "hampden.example"
        bo.network.save()
        add_areas(network=bo.network, areas=[{"slug": "far", "name": "Far", "cell_y": 0, "cell_x": 0}])

        assert rosa.post(url(offer), said(offer, area="far")).status_code == 422
