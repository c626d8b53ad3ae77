"""Titles and times in words: by the network's clock, in the reader's language, never from anybody's words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from commonweal.base import clock
from commonweal.exchange.slots import slots_in_words
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK
from commonweal.exchange.titles import ask_kind, ask_title, offer_kind, offer_title
from commonweal.exchange.whens import moment, week_of, when_asked, when_met

EVENINGS = sum(0b110000 << 6 * day for day in range(7))


class TestTitles:
    @pytest.mark.parametrize(
        ("said", "title"),
        [
            ({}, "Groceries"),
            ({"people": 4}, "Groceries for 4 people"),
            ({"quantity": 40, "unit": "packs"}, "Groceries: 40 packs"),
            ({"summary": "Shopping for a family"}, "Shopping for a family"),
        ],
    )
    def test_of_asks(self, town, said, title):
        assert ask_title(town.ask(words="I am ill.", **said)) == title

    @pytest.mark.parametrize(
        ("said", "kind"),
        [
            ({}, "Wanted"),
            ({"hands": 8}, "Work party, 0 of 8 hands"),
            ({"repeat_days": 2}, "Wanted every week"),
            ({"repeat_days": 127}, "Wanted every day"),
            ({"category": "borrow"}, "To borrow"),
        ],
    )
    def test_the_line_above(self, town, said, kind):
        named = {"category": town.borrow.pk} if "category" in said else said
        assert ask_kind(town.ask(**named)) == kind

    def test_how_much_is_promised(self, town):
        ask = town.ask(category=town.things.pk, quantity=40)
        ask.quantity_taken = 15
        assert ask_kind(ask) == "Wanted, 15 of 40 promised"

    def test_of_offers(self, town):
        assert offer_title(town.offer(town.rosa), ["Groceries", "A ride"]) == "Groceries, A ride"
        counted = town.offer(town.rosa, summary="Nappies", quantity=4, unit="packs")
        assert offer_title(counted, []) == "Nappies: 4 packs"
        assert (offer_kind(counted), offer_kind(town.offer(town.rosa))) == ("To give", "On offer")

    def test_in_the_reader_s_language(self, town):
        with translation.override("es"):
            assert ask_title(town.ask()) == "Compras"


class TestWhen:
    @pytest.mark.parametrize(
        ("starts", "length", "words"),
        [
            (2 * HOUR, HOUR, "today 12:00"),
            (2 * HOUR, 3 * HOUR, "today 12:00–15:00"),
            (DAY - 30 * timedelta(minutes=1), HOUR, "tomorrow 9:30"),
            (2 * DAY + 4 * HOUR, 4 * HOUR, "Wednesday 14:00–18:00"),
            (2 * DAY - 4 * HOUR, 16 * HOUR, "Wednesday"),
            (8 * DAY, HOUR, "December 1 10:00"),
            (60 * DAY, HOUR, "Jan. 22, 2027 10:00"),
            (2 * DAY, 3 * DAY, "Wednesday to Saturday"),
            (0 * DAY, 6 * DAY, "this week"),
            (0 * DAY, 7 * DAY, "by November 30"),
            (-2 * DAY, 3 * DAY, "by tomorrow"),
            (-DAY, HOUR, "yesterday 10:00"),
            (-5 * DAY, HOUR, "November 18 10:00"),
        ],
    )
    def test_in_words(self, town, starts, length, words):
        ask = town.ask()
        ask.starts_at, ask.ends_at = MONDAY + starts, MONDAY + starts + length
        assert when_asked(ask, town.network) == words
        assert when_met(ask.starts_at, ask.ends_at, town.network) == words

    @pytest.mark.parametrize(
        ("days", "words"),
        [
            (0b0000010, "Tuesdays 14:00–18:00"),
            (0b0001010, "Tuesdays and Thursdays 14:00–18:00"),
            (0b0010101, "Mondays, Wednesdays and Fridays 14:00–18:00"),
            (0b1111111, "every day 14:00–18:00"),
        ],
    )
    def test_of_a_series(self, town, days, words):
        assert when_asked(town.ask(repeat_days=days), town.network) == words

    def test_until_midnight_is_still_the_same_day(self, town):
        evening = MONDAY + 9 * HOUR
        assert when_met(evening, evening + 5 * HOUR, town.network) == "today 19:00–0:00"

    def test_a_moment(self, town):
        assert moment(MONDAY + 4 * HOUR, town.network) == "today 14:00"

    def test_by_the_network_s_clock_and_not_by_utc(self, town):
        late = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
        assert moment(late, town.network) == "today 23:30"

    def test_a_week_runs_from_monday_to_monday_even_when_the_clocks_change(self, town):
        with clock.frozen(datetime(2026, 11, 1, 12, 0, tzinfo=UTC)):
            first, last = week_of(clock.now(), town.network.zone)
        assert first.astimezone(UTC) == datetime(2026, 10, 26, 4, 0, tzinfo=UTC)
        assert last.astimezone(UTC) - first.astimezone(UTC) == WEEK + HOUR


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        ((1 << 42) - 1, "any time"),
        (0, ""),
        (EVENINGS, "most evenings"),
        (0b010000, "Mondays, evenings"),
        (1 << 6, "Tuesdays"),
        (63 << 30 | 63 << 36, "weekends"),
        (1 << 30, "Saturdays"),
        ((1 << 30) - 1, "on weekdays"),
        (sum(1 << 6 * day for day in range(7)), "most days"),
        (1 << 6 | 1 << 36, "Tuesdays and Sundays"),
    ],
)
def test_the_parts_of_a_week_in_words(slots, words):
    assert slots_in_words(slots) == words
