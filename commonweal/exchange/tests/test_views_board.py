"""The noticeboard: what it shows to whom, how it is filtered and turned, and taking an ask from it."""

import html
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from commonweal.exchange import actions
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Match, Offer
from commonweal.exchange.tests.cast import fresh
from commonweal.members.tests.cast import sign_in
from commonweal.networks.models import Category

BOARD = "/board/"


def page_of(ask):
    return reverse("exchange:pick", args=[ask.shown_code])


def turned(text, way):
    """Where the button for newer or older rows leads."""
    (address,) = re.findall(rf'href="([^"]*)" rel="{way}"', text)
    return html.unescape(address)


class TestBoard:
    def test_it_shows_asks_and_offers_and_nobody_s_words(self, client, town):
        town.ask(people=4)
        town.offer(town.rosa, summary="Haircuts at home", words="Call me at the blue door")

        page = client.get(BOARD)
        text = page.content.decode()
        assert page.status_code == 200
        assert text.count("<h1") == 1
        assert "Groceries for 4 people" in text
        assert "Haircuts at home" in text
        for hidden in ("Amina", "Third floor", "Guilford", "Rosa", "blue door", "example.org"):
            assert hidden not in text

    @pytest.mark.django_db(
        transaction=True
    )  # what a process remembers for a moment, it does not within a transaction
    def test_it_costs_six_queries_however_much_there_is(self, client, town, django_assert_max_num_queries):
        for _ in range(12):
            town.ask()
            town.offer(town.rosa)

        with django_assert_max_num_queries(6):
            client.get(BOARD)
        with django_assert_max_num_queries(4):
            client.get(BOARD, {"kind": "all"})

    def test_an_ask_leads_to_its_page_and_an_offer_to_asking(self, client, town):
        ask = town.ask()
        town.offer(town.rosa)

        text = client.get(BOARD).content.decode()
        assert f'href="{page_of(ask)}"' in text
        assert 'href="/need/?category=groceries' in text

    def test_empty_it_says_what_to_do(self, client, town):
        assert b"Nobody needs anything right now" in client.get(BOARD).content

    def test_filtered_to_nothing_it_leads_back(self, client, town):
        town.ask()

        text = client.get(BOARD, {"category": "ride"}).content.decode()
        assert "Nothing of this kind right now" in text
        assert 'href="/board/"' in text

    @pytest.mark.parametrize(
        ("asked", "shown"),
        [
            ({}, {"Groceries for 2 people", "Bread"}),
            ({"kind": "asks"}, {"Groceries for 2 people"}),
            ({"kind": "offers"}, {"Bread"}),
            ({"area": "waverly"}, set()),
            ({"area": "abell", "category": "groceries", "kind": "asks"}, {"Groceries for 2 people"}),
        ],
    )
    def test_filters(self, client, town, asked, shown):
        town.ask(people=2)
        town.offer(town.rosa, summary="Bread")

        text = client.get(BOARD, asked).content.decode()
        assert {title for title in ("Groceries for 2 people", "Bread") if title in text} == shown

    @pytest.mark.parametrize(
        "asked",
        [
            {"kind": "nonsense"},
            {"category": "nonsense", "area": "\x00"},
            {"from": "nonsense"},
            {"from": "A" * 34},
            {"from": "A" * 5000},
            {"from": "%00"},
            {"page_size": "100000"},
        ],
    )
    def test_what_makes_no_sense_shows_the_first_page(self, client, town, asked):
        town.ask()

        page = client.get(BOARD, asked)
        assert page.status_code == 200
        assert b"Groceries" in page.content

    def test_pages_are_turned_and_keep_the_filter(self, client, town, hand):
        for number in range(60):
            town.ask(people=number + 1)
            hand.advance(timedelta(seconds=1))

        first = client.get(BOARD, {"kind": "asks"}).content.decode()
        older = turned(first, "next")
        second = client.get(BOARD + older).content.decode()

        assert "kind=asks" in older
        assert "Groceries for 60 people" in first
        assert "Groceries for 60 people" not in second
        assert "Groceries for 35 people" in second
        newer = turned(second, "prev")
        assert "Groceries for 60 people" in client.get(BOARD + newer).content.decode()

    def test_another_network_s_offers_are_not_here(self, client, town, bo):
        bo.network.domain = "hampden.example"
        bo.network.save()
        theirs = Category.objects.filter(network=bo.network)[0]
        draft = town.offer_draft(categories=(theirs.pk,), area=None, summary="From elsewhere")
        actions.publish_offer(network=bo.network, member=bo, draft=draft)

        assert b"From elsewhere" not in client.get(BOARD).content


class TestOneAsk:
    @pytest.fixture
    def ask(self, town):
        return town.ask(needs=("stairs",), languages=("es",))

    def test_a_visitor_sees_what_and_roughly_where(self, client, ask):
        text = client.get(page_of(ask)).content.decode()

        for shown in ("Groceries", "Abell", "There are stairs up to my door", "Spanish"):
            assert shown in text
        for hidden in ("Amina", "Third floor", "Guilford", "example.org"):
            assert hidden not in text
        assert urlencode({"next": page_of(ask)}) in text

    @pytest.mark.parametrize(("mode", "sees"), [("invite", False), ("dispatcher", False), ("board", True)])
    def test_a_member_reads_the_words_where_members_choose(self, client, town, ask, mode, sees):
        town.network.policy_values = {"mode": mode}
        town.network.save()
        sign_in(client, town.rosa)

        text = client.get(page_of(ask)).content.decode()
        assert ("Third floor" in text) is sees
        assert "Guilford" not in text

    @pytest.mark.parametrize("code", ["222-222", "nonsense", "x" * 300, "%00"])
    def test_a_made_up_code_leads_nowhere(self, client, town, code):
        assert client.get(f"/board/{code}/").status_code == 404

    def test_another_network_s_ask_is_not_here(self, client, ask, bo):
        bo.network.domain = "testserver"
        bo.network.save()

        assert client.get(page_of(ask)).status_code == 404

    def test_what_is_met_is_not_on_the_board_any_more(self, client, ask, town):
        town.agreed(ask, town.rosa)

        assert client.get(page_of(ask)).status_code == 404


class TestPicking:
    @pytest.fixture
    def ask(self, town):
        return town.ask()

    def test_a_stranger_signs_in_first_and_comes_back(self, client, ask):
        answer = client.post(page_of(ask))

        assert answer.url == f"/sign-in/?{urlencode({'next': page_of(ask)})}"
        assert fresh(ask).state == State.NEAR

    def test_a_member_who_picks_sees_how_to_reach_the_asker(self, client, ask, town):
        sign_in(client, town.rosa)

        answer = client.post(page_of(ask))

        match = Match.objects.get()
        assert answer.url == reverse("exchange:invitation", args=[match.token_box])
        assert (match.member, match.state) == (town.rosa, Match.State.ACCEPTED)
        assert b"amina@example.org" in client.get(answer.url).content

    def test_pressed_twice_it_is_one_yes(self, client, ask, town):
        sign_in(client, town.rosa)

        first, second = client.post(page_of(ask)), client.post(page_of(ask))
        assert first.url == second.url

    def test_who_is_a_moment_late_hears_so(self, client, ask, town):
        town.agreed(ask, town.lee)
        sign_in(client, town.rosa)

        page = client.post(page_of(ask))
        assert page.status_code == 409
        assert b"a moment faster" in page.content
        assert b"Groceries" not in page.content

    def test_one_s_own_ask_is_not_picked(self, client, town):
        own = actions.publish_ask(network=town.network, draft=town.draft(), by=town.rosa).ask
        sign_in(client, town.rosa)

        page = client.post(page_of(own))
        assert page.status_code == 400
        assert b"This is your own ask" in page.content

    def test_a_full_week_is_said_on_the_page(self, client, ask, town):
        for _ in range(town.rosa.per_week):
            town.agreed(town.ask(), town.rosa)
        sign_in(client, town.rosa)

        page = client.post(page_of(ask))
        assert page.status_code == 409
        assert b"as many this week as you wanted" in page.content

    def test_part_of_a_counted_thing(self, client, town):
        ask = town.ask(category=town.things.pk, quantity=40, unit="packs")
        offer = town.offer(town.rosa, categories=(town.things.pk,), quantity=12, unit="packs")
        sign_in(client, town.rosa)

        assert b"How many can you give?" in client.get(page_of(ask)).content
        client.post(page_of(ask), {"quantity": "5"})

        assert Match.objects.get().quantity == 5
        assert fresh(offer).quantity_left == 7
        assert fresh(ask).quantity_taken == 5

    def test_an_offer_that_is_paused_or_another_s_gives_nothing(self, client, town):
        ask = town.ask(category=town.things.pk, quantity=40, unit="packs")
        others = town.offer(town.lee, categories=(town.things.pk,), quantity=12)
        paused = actions.pause_offer(offer=town.offer(town.rosa, categories=(town.things.pk,), quantity=12))
        sign_in(client, town.rosa)

        client.post(page_of(ask), {"quantity": "5"})

        assert {fresh(others).quantity_left, fresh(paused).quantity_left} == {12}
        assert Offer.objects.count() == 2

    @pytest.mark.parametrize("quantity", ["-1", "0", "x", "9" * 5000, "1000001"])
    def test_a_made_up_number_picks_nothing(self, client, town, quantity):
        ask = town.ask(category=town.things.pk, quantity=40)
        sign_in(client, town.rosa)

        assert client.post(page_of(ask), {"quantity": quantity}).status_code == 422
        assert not Match.objects.exists()

    def test_a_made_up_code_picks_nothing(self, client, town):
        sign_in(client, town.rosa)

        assert client.post("/board/222-222/").status_code == 404
