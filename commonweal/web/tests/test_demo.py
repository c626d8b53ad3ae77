"""The demonstration: three weeks of made-up life, filled in once, and what a visitor finds in it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from commonweal.assembly.models import Mandate, Standing
from commonweal.base import clock
from commonweal.base.invariants import examine, invariants
from commonweal.channels.models import SimulatedText
from commonweal.channels.simulator.numbers import is_fictional
from commonweal.channels.simulator.queries import numbers_in_talk, phone_of
from commonweal.exchange import queries
from commonweal.exchange.lifecycle import CLOSED, State
from commonweal.exchange.models import Ask, Match, Offer
from commonweal.exchange.queries import BoardFilters
from commonweal.matching.queries import who_could
from commonweal.messaging.models import Message
from commonweal.messaging.queries import dead_letters
from commonweal.networks.models import Network
from commonweal.web.demo import scenes
from commonweal.web.demo.filling import fill_demonstration
from commonweal.web.demo.people import HELPERS, NEWCOMERS, PAST_ASKS
from commonweal.web.demo.town import pick

# A Wednesday, ten past three at night by the network's clock: when the fewest people are free.
NOW = datetime(2026, 11, 18, 8, 10, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
S = Match.State
STATES = {
    "walk": State.AGREED,
    "drill": State.OUT,
    "ladder": State.OUT,
    "call": State.DESK,
    "interview": State.AFTER,
    "kettle": State.AGREED,
    "court": State.AGREED,
    "medicine": State.AGREED,
    "tap": State.PAUSED,
    "school": State.BEYOND,
    "halal": State.DESK,
    "clinic": State.DESK,
    "video": State.DESK,
}
WAITING = ("piano", "nappies", "bread", "dinner", "slip", "letter")


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """The demonstration, filled once for all tests of this module and taken away after them."""
    progress = []
    with django_db_blocker.unblock(), clock.frozen(NOW), transaction.atomic():
        town = fill_demonstration(progress=lambda done, total: progress.append((done, total)))
        yield town, progress
        transaction.set_rollback(True)


@pytest.fixture
def town(filled, db):
    cache.clear()
    return filled[0]


@pytest.fixture
def asks(town):
    return scenes.told(town)


@pytest.fixture
def network(town):
    return Network.objects.get(slug="demo")


def states(ask):
    return [*ask.matches.order_by("created_at", "id").values_list("state", flat=True)]


def late(ask):
    """By how many minutes a person's look is late; less than nought: so long until it is due."""
    return round((NOW - ask.desk_at) / MINUTE)


class TestFilling:
    def test_tells_how_far_it_is(self, filled):
        _town, progress = filled
        assert progress[0][0] == 0
        assert progress[-1][0] == progress[-1][1] == len(progress) - 1
        assert progress == sorted(progress)

    def test_many_people_and_three_weeks_of_asks(self, town):
        assert Offer.objects.count() == len(HELPERS) + len(NEWCOMERS)
        assert Ask.objects.filter(summary="").count() == PAST_ASKS
        assert Ask.objects.filter(state=State.DONE).count() > 25
        assert {*Match.objects.values_list("state", flat=True)} >= {
            S.DONE, S.MISSED, S.DECLINED, S.LAPSED, S.INVITED, S.ACCEPTED, S.LENT, S.SILENT,
        }  # fmt: skip

    def test_everything_a_doctor_asks_is_true_but_for_the_one_dead_letter(self, town):
        unsound = {entry.id: entry.findings for entry in examine(invariants()) if entry.is_grave}
        assert set(unsound) <= {"messaging.dead", "base.migrations", "base.keys", "base.disk", "base.clock"}
        assert len(unsound["messaging.dead"]) == 1

    def test_every_open_ask_has_a_step_to_come(self, town):
        open_asks = Ask.objects.exclude(state__in=CLOSED)
        assert not open_asks.filter(
            Q(next_step="") | Q(next_step_at__lte=NOW) | Q(next_step_at=None)
        ).exists()

    def test_no_letter_waits_that_should_have_gone_out(self, town):
        assert not Message.objects.filter(due_at__lte=NOW).exists()
        assert Message.objects.filter(due_at__gt=NOW).exists()
        assert Message.objects.filter(state=Message.State.SENT).count() > 100

    def test_nothing_lies_in_the_future_that_has_happened(self, town):
        assert not Ask.objects.filter(created_at__gt=NOW).exists()
        assert not Match.objects.filter(Q(created_at__gt=NOW) | Q(answered_at__gt=NOW)).exists()

    def test_nobody_takes_what_somebody_is_coming_for(self, town, asks):
        pick(town, "court", ["Rosa"])
        assert states(asks["court"]) == states(town.fresh("court"))

    def test_one_letter_did_not_go_out_in_time(self, town, asks, network):
        letter = dead_letters(network).get()
        assert (letter.template, letter.last_error) == ("invitation", Message.Trouble.TOO_LATE)
        assert letter.about_id in {match.pk for match in asks["kettle"].matches.all()}

    def test_talks_stand_on_phones_that_belong_to_nobody(self, town, network):
        phones = [phone_of(network, number) for number in numbers_in_talk(network)]
        texts = [line.text for phone in phones for line in phone.lines if line.from_network]
        assert len(phones) == len(texts) == 4
        assert all(line.at <= NOW for phone in phones for line in phone.lines)
        assert any("tenemos tu pedido" in text for text in texts)
        assert all(is_fictional(row.number) for row in SimulatedText.objects.all())


class TestWhatThereIsToSee:
    @pytest.mark.parametrize("name", STATES)
    def test_each_scene_stands_where_it_should(self, asks, name):
        assert asks[name].state == STATES[name]

    @pytest.mark.parametrize("name", WAITING)
    def test_some_wait_for_an_answer(self, asks, name):
        assert asks[name].state in (State.NEAR, State.WIDE)
        invited = asks[name].matches.filter(state=S.INVITED)
        assert invited.count() >= 1
        assert not invited.filter(answer_by__lte=NOW).exists()

    def test_a_work_party_with_some_hands_taken(self, asks):
        assert (asks["piano"].hands, asks["piano"].hands_taken) == (8, 3)

    def test_a_counted_thing_promised_in_part(self, asks):
        assert (asks["nappies"].quantity, asks["nappies"].quantity_taken) == (60, 24)

    def test_a_weekly_ask_with_the_same_helper(self, asks, town):
        first = Ask.objects.filter(series=asks["walk"].series).order_by("created_at").first()
        helped = [ask.matches.get(state__in=[S.DONE, S.ACCEPTED]).member for ask in (first, asks["walk"])]
        assert first.state == State.DONE
        assert helped[0] == helped[1] == town.people["Old Pete"]

    def test_one_thing_lent_and_one_overdue(self, asks):
        assert asks["ladder"].desk_at is None
        assert asks["ladder"].returns_at > NOW
        assert late(asks["drill"]) == 5

    def test_the_desk_by_promises(self, network, asks):
        rows = queries.desk_queue(network, NOW)
        assert [row.code for row in rows] == [
            asks[name].code for name in ("halal", "drill", "clinic", "call", "video", "school")
        ]
        assert [late(asks[name]) for name in ("halal", "clinic", "call", "video")] == [12, -20, -35, -55]

    def test_the_first_at_the_desk_has_somebody_who_could(self, asks):
        assert states(asks["halal"]) == [S.DECLINED, S.DECLINED]
        assert who_could(asks["halal"]).candidates[0].name == "Rosa"
        assert who_could(asks["clinic"]).candidates[0].name == "Farah"
        assert who_could(asks["video"]).candidates

    def test_the_figures_of_the_home_page(self, network):
        figures = queries.figures(network)
        assert figures.met_this_week > 5
        assert figures.usual_minutes > 0
        assert figures.open_count > 5

    def test_the_noticeboard(self, network):
        page = queries.board(network, filters=BoardFilters(kind="all"))
        assert {row.is_offer for row in page.rows} == {True, False}

    def test_every_role_is_held_and_one_more_would_take_one(self, network):
        held = Mandate.objects.filter(network=network)
        assert sorted(held.values_list("role", flat=True)) == [
            "care_giver", "care_giver", "dispatcher", "dispatcher", "founder", "steward", "treasurer"
        ]  # fmt: skip
        assert Standing.objects.get(network=network).role == "dispatcher"


class TestLookingAround:
    def enter(self, role):
        browser = Client()
        return browser, browser.post(reverse("demo_enter"), {"as": role})

    def page(self):
        return Client().get(reverse("demo")).content.decode()

    def test_offers_an_asker_a_helper_and_a_dispatcher(self, town, asks):
        page = self.page()
        assert reverse("exchange:status", args=[asks["letter"].token_box]) in page
        assert 'value="helper"' in page
        assert 'value="dispatcher"' in page

    def test_shows_the_letters_that_would_have_gone_out(self, town):
        page = self.page()
        assert "Can you help? A letter from the housing office" in page
        assert "Tenemos tu pedido" in page  # who reads Spanish is written to in Spanish

    def test_costs_the_same_however_many_letters_there_are(self, town, django_assert_max_num_queries):
        with django_assert_max_num_queries(6):
            self.page()

    def test_the_askers_page_opens(self, town, asks):
        answer = Client().get(reverse("exchange:status", args=[asks["letter"].token_box]))
        assert answer.status_code == 200

    def test_a_helper_has_just_been_asked(self, town):
        browser, answer = self.enter("helper")
        assert answer["Location"] == reverse("exchange:me")
        assert "A letter from the housing office" in browser.get(answer["Location"]).content.decode()

    def test_a_dispatcher_sits_at_the_desk(self, town):
        browser, answer = self.enter("dispatcher")
        assert answer["Location"] == reverse("desk:now")
        page = browser.get(answer["Location"]).content.decode()
        assert "Ask Rosa" in page
        assert "Jo on shift until" in page
        assert "then Sam" in page

    def test_days_later_there_still_are_all_three(self, town, asks):
        with clock.frozen(NOW + 30 * HOUR):
            Match.objects.filter(state=S.INVITED).update(state=S.LAPSED)
            assert "An asker" in self.page()
            browser, answer = self.enter("dispatcher")
            assert browser.get(answer["Location"]).status_code == 200
            browser, answer = self.enter("helper")
            assert browser.get(answer["Location"]).status_code == 200
            Match.objects.exclude(state=S.LAPSED).update(state=S.DONE)
            Ask.objects.exclude(state__in=CLOSED).update(
                state=State.DONE, closed_at=NOW, next_step="", next_step_at=None
            )
            assert "An asker" in self.page()
            browser, answer = self.enter("helper")
            assert browser.get(answer["Location"]).status_code == 200

    def test_in_the_nav_and_on_the_home_page(self, town):
        page = Client().get("/").content.decode()
        assert f'href="{reverse("demo")}"' in page
