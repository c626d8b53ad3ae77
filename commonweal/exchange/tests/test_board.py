"""The noticeboard: newest first, page by page, without personal content, in few queries."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonweal.base.eventlog import By
from commonweal.base.paging import Cursor, rows_after
from commonweal.exchange import actions
from commonweal.exchange.actions import ordering
from commonweal.exchange.models import Ask, Offer
from commonweal.exchange.queries import BoardFilters, board, count_searching, figures
from commonweal.exchange.tests.cast import HOUR, MONDAY, WEEK, found_town
from commonweal.networks.actions import change_policy
from commonweal.networks.models import Category

ALL = BoardFilters()


@pytest.fixture(autouse=True)
def _forget_counts():
    cache.clear()


@pytest.fixture
def street(town, hand):
    """Seven asks and three offers, one a minute, the offers in between; newest first."""
    things = []
    for number in range(10):
        hand.advance(timedelta(minutes=1))
        if number % 3 == 1:
            things.append(
                town.offer(town.rosa, categories=(town.groceries.pk, town.ride.pk), summary=f"Offer {number}")
            )
        else:
            things.append(town.ask(summary=f"Ask {number}", people=number + 1))
    return things[::-1]


def walk(town, filters=ALL, limit=3):
    """Every page from the first to the last."""
    page = board(town.network, filters=filters, limit=limit)
    pages = [page]
    while page.next:
        page = board(town.network, filters=filters, cursor=Cursor.decode(page.next), limit=limit)
        pages.append(page)
    return pages


class TestPages:
    def test_hold_everything_once_newest_first(self, town, street):
        pages = walk(town)
        assert [row.id for page in pages for row in page.rows] == [thing.pk for thing in street]
        assert [len(page.rows) for page in pages] == [3, 3, 3, 1]

    def test_lead_back_by_the_same_way(self, town, street):
        pages = walk(town)
        page = pages[-1]
        for earlier in pages[-2::-1]:
            page = board(town.network, filters=ALL, cursor=Cursor.decode(page.previous), limit=3)
            assert page.rows == earlier.rows
        assert page.previous == ""
        assert page.next == pages[0].next

    def test_what_comes_in_meanwhile_shifts_nothing(self, town, street, hand):
        first = board(town.network, filters=ALL, limit=3)
        hand.advance(HOUR)
        town.ask()
        second = board(town.network, filters=ALL, cursor=Cursor.decode(first.next), limit=3)
        assert [row.id for row in second.rows] == [thing.pk for thing in street[3:6]]

    def test_things_of_one_moment_are_all_there(self, town):
        asks = {town.ask().pk for _number in range(7)}
        assert {row.id for page in walk(town, limit=2) for row in page.rows} == asks

    @pytest.mark.parametrize("limit", [1, 2, 3, 4, 50])
    def test_where_help_helps_most_comes_first_and_offers_last(self, town, street, limit):
        asks = [thing for thing in street if isinstance(thing, Ask)]
        points = {ask.pk: 30 - 10 * (number % 3) for number, ask in enumerate(asks)}
        actions.rank_asks(network=town.network, ranks=points)
        asks.sort(key=lambda ask: (points[ask.pk], ask.pk), reverse=True)
        offers = [thing for thing in street if isinstance(thing, Offer)]

        pages = walk(town, BoardFilters(order="helps"), limit)
        assert [row.id for page in pages for row in page.rows] == [thing.pk for thing in (*asks, *offers)]
        page = pages[-1]
        for earlier in pages[-2::-1]:
            cursor = Cursor.decode(page.previous)
            page = board(town.network, filters=BoardFilters(order="helps"), cursor=cursor, limit=limit)
            assert page.rows == earlier.rows
        assert page.previous == ""

    def test_many_are_put_in_order_chunk_by_chunk(self, town, street, monkeypatch):
        monkeypatch.setattr(ordering, "CHUNK", 2)
        asks = [thing for thing in street if isinstance(thing, Ask)]

        assert actions.rank_asks(network=town.network, ranks={ask.pk: 900 for ask in asks}) == len(asks) > 2
        assert {*Ask.objects.values_list("helps_most", flat=True)} == {900}

    def test_where_members_pick_what_helps_most_is_the_usual_order(self, town, street):
        last = street[-1]
        assert isinstance(last, Ask)
        assert actions.rank_asks(network=town.network, ranks={last.pk: 900}) == 1
        assert actions.rank_asks(network=town.network, ranks={last.pk: 900}) == 0
        assert board(town.network, filters=ALL).rows[0].id == street[0].pk
        change_policy(network=town.network, changes={"mode": "board"}, reason="We know one another.")
        assert board(town.network, filters=ALL).rows[0].id == last.pk
        assert board(town.network, filters=BoardFilters(order="newest")).rows[0].id == street[0].pk

    def test_what_is_off_the_board_or_another_network_s_is_not_ranked(self, town, bo, street):
        ask = street[0]
        actions.withdraw_ask(ask=ask)
        assert actions.rank_asks(network=town.network, ranks={ask.pk: 900}) == 0
        assert actions.rank_asks(network=bo.network, ranks={street[-1].pk: 900}) == 0

    def test_an_empty_board(self, town):
        assert board(town.network, filters=ALL).rows == []


class TestFilters:
    @pytest.mark.parametrize(("kind", "model"), [("asks", Ask), ("offers", Offer)])
    def test_by_kind(self, town, street, kind, model):
        wanted = [thing.pk for thing in street if isinstance(thing, model)]
        assert [row.id for page in walk(town, BoardFilters(kind=kind)) for row in page.rows] == wanted

    def test_by_category_and_area(self, town, street):
        ride = town.ask(category=town.ride.pk, area=town.waverly.pk)
        rides = BoardFilters(category="ride")
        offers = [thing.pk for thing in street if isinstance(thing, Offer)]
        assert [row.id for page in walk(town, rides) for row in page.rows] == [ride.pk, *offers]
        waverly = BoardFilters(area="waverly")
        assert [row.id for page in walk(town, waverly) for row in page.rows] == [ride.pk]
        both = BoardFilters(category="ride", area="abell")
        assert [row.id for page in walk(town, both) for row in page.rows] == offers

    @pytest.mark.parametrize("unknown", [{"category": "nothing"}, {"area": "nowhere"}, {"area": "\x00"}])
    def test_unknown_ones_show_nothing(self, town, street, unknown):
        assert board(town.network, filters=BoardFilters(**unknown)).rows == []

    def test_of_another_network_nothing(self, town, street):
        assert board(found_town("hampden").network, filters=ALL).rows == []


class TestRows:
    def test_say_what_where_and_when(self, town):
        ask = town.ask(people=4)
        (row,) = board(town.network, filters=ALL).rows
        assert (row.code, row.title, row.kind_label) == (ask.shown_code, "Groceries for 4 people", "Wanted")
        assert (row.where, row.when, row.is_offer) == ("Abell", "Wednesday 14:00–18:00", False)
        assert row.url == f"/board/{ask.shown_code}/"

    def test_say_it_of_offers(self, town):
        town.offer(town.rosa, categories=(town.ride.pk, town.groceries.pk), slots=1 << 12)
        (row,) = board(town.network, filters=ALL).rows
        assert (row.title, row.kind_label, row.when) == ("Groceries, A ride", "On offer", "Wednesdays")
        assert row.url == "/need/?category=groceries&area=abell"

    def test_hold_nothing_personal(self, town):
        town.ask()
        town.offer(town.rosa)
        shown = repr(board(town.network, filters=ALL).rows)
        for secret in ("Amina", "amina@", "Guilford", "Third floor", "Rosa"):
            assert secret not in shown

    @pytest.mark.parametrize("close", [actions.withdraw_ask, actions.pause_ask])
    def test_go_with_the_ask(self, town, close):
        close(ask=town.ask())
        assert board(town.network, filters=ALL).rows == []

    def test_go_with_the_offer(self, town):
        actions.pause_offer(offer=town.offer(town.rosa))
        town.offer(town.rosa, is_public=False)
        for filters in (ALL, BoardFilters(category="groceries")):
            assert board(town.network, filters=filters).rows == []


class TestCost:
    @pytest.mark.parametrize(
        "filters",
        [
            ALL,
            BoardFilters(order="helps"),
            BoardFilters(category="groceries"),
            BoardFilters(category="groceries", area="abell", order="helps"),
        ],
    )
    def test_at_most_six_queries_however_many_rows(self, town, street, filters):
        with CaptureQueriesContext(
            connection,
        ) as few:
            board(town.network, filters=filters, limit=2)
        with CaptureQueriesContext(connection) as many:
            board(town.network, filters=filters, limit=25)
        assert len(many) == len(few) <= 6

    def test_nothing_encrypted_is_read(self, town, street):
        with CaptureQueriesContext(connection) as queries:
            board(town.network, filters=ALL)
        read = " ".join(query["sql"] for query in queries)
        assert not any(f'"{name}"' in read for name in ("words", "contact", "called", "place", "token_box"))

    @pytest.mark.parametrize(
        ("within", "index"),
        [
            ((), "ask_{}"),
            (("category",), "ask_{}_category"),
            (("area",), "ask_{}_area"),
            (("area", "category"), "ask_{}_area_category"),
        ],
    )
    @pytest.mark.parametrize(("moment", "order"), [("created_at", "board"), ("helps_most", "helps")])
    @pytest.mark.skipif(
        connection.vendor != "sqlite", reason="PostgreSQL reads so small a table from end to end"
    )
    def test_a_page_begins_at_its_place_in_an_index(self, town, street, within, index, moment, order):
        cursor = Cursor.decode(board(town.network, filters=ALL, limit=3).next)
        value = {"created_at": cursor.at, "helps_most": 500}[moment]
        named = {"category": town.groceries, "area": town.abell}
        asks = Ask.objects.filter(
            network=town.network, on_board=True, **{name: named[name] for name in within}
        )
        for turned in (cursor, Cursor(at=cursor.at, id=cursor.id, back=True)):
            with CaptureQueriesContext(connection) as queries:
                rows_after(asks, turned, 25, moment=moment, value=lambda cursor: value)
            with connection.cursor() as raw:
                raw.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
                plan = " ".join(str(row) for row in raw.fetchall())
            assert f"USING INDEX {index.format(order)} " in plan
            assert f"{moment}<?" in plan or f"{moment}>?" in plan
            assert "TEMP B-TREE" not in plan


class TestFigures:
    def test_count_what_was_met_and_how_fast(self, town, hand):
        quick, slow = town.ask(), town.ask()
        match = town.agreed(quick, town.rosa)
        hand.advance(HOUR)
        town.agreed(slow, town.lee)
        town.ask()
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        shown = figures(town.network)
        assert (shown.met_this_week, shown.usual_minutes, shown.open_count) == (1, 30, 1)

    def test_are_remembered_for_a_minute(self, town):
        figures(town.network)
        town.ask()
        assert figures(town.network).open_count == 0
        cache.clear()
        assert figures(town.network).open_count == 1

    def test_forget_what_was_met_long_ago(self, town, hand):
        actions.report_handover(match=town.agreed(town.ask(), town.rosa), outcome="done", said_by=By.HELPER)
        hand.advance(WEEK)
        assert figures(town.network).met_this_week == 0

    def test_before_anything_was_met_there_is_no_usual_time(self, town):
        assert figures(town.network).usual_minutes is None
        assert count_searching(town.network) == 0


def test_a_category_that_is_closed_still_has_its_name(town):
    town.ask()
    Category.objects.filter(pk=town.groceries.pk).update(is_open=False)
    assert board(town.network, filters=ALL).rows[0].title == "Groceries"


def test_the_clock_of_the_cast_is_the_network_s(town):
    assert MONDAY.astimezone(town.network.zone).hour == 10
