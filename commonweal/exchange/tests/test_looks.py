"""Who saw how to reach somebody, in words, for whom it concerns; and how it is forgotten."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from commonweal.base.eventlog import By, story_of
from commonweal.exchange import actions
from commonweal.exchange.models import Look
from commonweal.exchange.queries import looks_at_ask, looks_at_member
from commonweal.exchange.queries.looks import PER_PAGE, on_the_day
from commonweal.exchange.tasks import erase_contact
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh
from commonweal.members.actions import leave
from commonweal.members.models import Member
from commonweal.members.tests.cast import sign_in


@pytest.fixture
def match(town):
    return town.agreed(town.ask(), town.rosa)


def look(match, by, actor=None, what=("phone",), **more):
    actions.record_look(ask=match.ask, match=match, by=by, actor=actor, what=what, **more)


def sentences(member):
    return [row.words for row in looks_at_member(member).rows]


class TestWords:
    def test_a_helper_reads_who_saw_theirs(self, town, match, hand):
        look(match, By.ASKER)
        hand.advance(DAY)
        assert sentences(town.rosa) == [
            "Amina saw your phone number yesterday, because you said yes to “Groceries”."
        ]

    def test_a_member_who_asks_reads_it_on_both_pages(self, town):
        ask = actions.publish_ask(network=town.network, draft=town.draft(), by=town.lee).ask
        look(town.agreed(ask, town.rosa), By.HELPER, town.rosa.pk, ("email", "words"))
        said = ["Rosa saw your e-mail address and your own words today, to help with “Groceries”."]
        assert sentences(town.lee) == [row.words for row in looks_at_ask(ask)] == said

    def test_who_has_left_is_not_named(self, town, match):
        look(match, By.HELPER, town.rosa.pk)
        Member.objects.filter(pk=town.rosa.pk).update(state="left", left_at=MONDAY)
        assert looks_at_ask(match.ask)[0].words.startswith("Somebody who has left saw your phone number")

    def test_a_code_that_nobody_knows_is_still_a_sentence(self, town, match):
        look(match, By.HELPER, town.rosa.pk, ("shoe size",))
        assert looks_at_ask(match.ask)[0].words.startswith("Rosa saw how to reach you today")

    @pytest.mark.parametrize(
        ("days", "said"),
        [
            (0, "today"),
            (1, "yesterday"),
            (2, "on Saturday"),
            (7, "on November 16"),
            (400, "on Oct. 19, 2025"),
        ],
    )
    def test_days(self, town, days, said):
        assert on_the_day(MONDAY - days * DAY, town.network) == said


class TestRecord:
    def test_nothing_seen_is_nothing_recorded(self, town, match):
        look(match, By.HELPER, town.rosa.pk, ())
        assert not Look.objects.exists()

    def test_the_log_keeps_codes_and_no_words(self, town, match):
        look(match, By.DISPATCHER, town.jo.pk, ("phone", "place"), why="other", words="Her door was open")
        event = story_of(match.ask).get(verb="looked")
        assert event.data == {"match": str(match.pk), "what": ["phone", "place"], "why": "other"}

    def test_again_within_the_hour_it_moves_on_and_more_is_more(self, town, match, hand):
        look(match, By.DISPATCHER, town.jo.pk, why="worry")
        hand.advance(HOUR / 2)
        look(match, By.DISPATCHER, town.jo.pk, why="worry", words="Still no answer")
        row = Look.objects.get()
        assert (row.words, row.last_at - row.at) == ("Still no answer", HOUR / 2)
        look(match, By.DISPATCHER, town.jo.pk, ("phone", "place"), why="worry")
        look(match, By.DISPATCHER, town.jo.pk, why="call_back")
        assert Look.objects.count() == 3


class TestForgetting:
    def test_after_the_policy_s_days(self, town, match, hand):
        look(match, By.ASKER)
        hand.advance(town.network.policy.span("look_days") - timedelta(seconds=1))
        assert erase_contact() == 0
        hand.advance(timedelta(seconds=1))
        assert erase_contact() == 1

    def test_of_an_erased_ask_a_member_keeps_who_saw_theirs_and_nothing_of_the_ask(self, town, match, hand):
        look(match, By.ASKER)
        look(match, By.HELPER, town.rosa.pk)
        actions.pass_on(match=match, by=By.HELPER, words="I am here", via="page", key="1")
        actions.withdraw_ask(ask=match.ask)
        hand.advance(40 * DAY)
        actions.erase_closed()
        assert sentences(town.rosa) == [
            "A neighbour saw your phone number on Nov. 23, 2026, to help with it."
        ]
        assert [(row.ask_id, row.match_id) for row in Look.objects.all()] == [(None, None)]
        assert not match.passed_on.exists()

    def test_of_who_has_left(self, town, match):
        look(match, By.ASKER)
        leave(member=town.rosa)
        erase_contact()
        assert not Look.objects.exists()


class TestPage:
    def url(self):
        return reverse("exchange:looks")

    def test_is_for_members(self, client, town):
        assert client.get(self.url()).status_code == 302

    def test_says_when_nobody_has_looked(self, client, town):
        sign_in(client, town.rosa)
        page = client.get(self.url()).content.decode()
        assert "Nobody has looked at how to reach you." in page
        assert 'href="/me/looks/"' in client.get("/me/profile/").content.decode()

    def test_goes_on_page_by_page_at_the_same_cost(
        self, client, town, match, hand, django_assert_max_num_queries
    ):
        for _number in range(PER_PAGE + 2):
            look(match, By.ASKER)
            hand.advance(HOUR)
        sign_in(client, town.rosa)
        with django_assert_max_num_queries(14):
            first = client.get(self.url()).content.decode()
        assert first.count("Amina saw your phone number") == PER_PAGE
        older = looks_at_member(town.rosa).next
        second = client.get(self.url() + f"?after={older}").content.decode()
        assert second.count("Amina saw your phone number") == 2
        back = re.search(r'href="(\?after=[\w-]+)"[^>]*rel="prev"', second)
        newer = client.get(self.url() + back[1]).content.decode()
        assert newer.count("Amina saw your phone number") == PER_PAGE

    def test_how_to_be_reached_is_chosen_there(self, client, town):
        sign_in(client, town.rosa)
        for wanted in ("relayed", "relayed", ""):
            assert client.post(self.url(), {"reached": wanted}).status_code == 302
            assert fresh(town.rosa).reached == wanted
        assert client.post(self.url(), {"reached": "by pigeon"}).status_code == 422
