"""What needs a person, its part that renews itself, the asks by state, and looking one up."""

import re

import pytest
from django.core.cache import cache

from commonweal.base.eventlog import By
from commonweal.base.ids import CODE_LETTERS
from commonweal.base.paging import Cursor
from commonweal.exchange import actions
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import HOUR, MONDAY, WEEK, fresh
from commonweal.web.desk.rows import STATES, next_words
from commonweal.web.desk.tests.conftest import dispatcher, url, words


@pytest.fixture(autouse=True)
def counted_anew():
    cache.clear()
    yield
    cache.clear()


def on_desk(town, **changes):
    return actions.send_to_desk(ask=town.ask(**changes), said_by=By.ASKER)


def titles(answer):
    return re.findall(r"</time><div><b><bdi>([^<]+)</bdi></b>", words(answer))


def current(answer):
    """What stands marked in the list, and the title beside it."""
    page = words(answer)
    return (
        re.findall(r'<li aria-current="true">.*?<b><bdi>([^<]+)</bdi></b>', page),
        re.findall(r'class="title" id="title"><bdi>([^<]+)<', page),
    )


class TestQueue:
    def test_the_oldest_promise_first(self, town, jo, hand):
        for summary in ("First", "Second", "Third"):
            on_desk(town, summary=summary)
            hand.advance(HOUR / 4)
        hand.advance(HOUR / 2)
        answer = jo.get("now")
        assert titles(answer) == ["First", "Second", "Third"]
        assert current(answer) == (["First"], ["First"])
        assert "15 min late" in words(answer)
        assert "in 15 min" in words(answer)

    def test_looking_at_the_list_holds_nothing(self, town, jo):
        ask = on_desk(town)
        jo.get("now")
        assert fresh(ask).held_by is None

    def test_says_who_is_on_what_and_shows_the_first_that_is_free(self, town, jo, sam):
        first, _second = on_desk(town, summary="First"), on_desk(town, summary="Second")
        jo.open(first)
        answer = sam.get("now")
        assert "Jo is on it" in words(answer)
        assert current(answer) == (["Second"], ["Second"])
        assert current(jo.get("now")) == (["First"], ["First"])
        assert "is on it" not in words(jo.get("now"))

    def test_goes_on_to_the_next_that_is_free(self, town, jo, sam):
        first, second, third = (on_desk(town) for _ in range(3))
        jo.open(first)
        sam.open(second)
        assert f'class="button primary" href="{url("ask", third.code)}"' in words(sam.open(first))
        actions.withdraw_ask(ask=third)
        assert f'class="button primary" href="{url("now")}"' in words(sam.open(first))

    def test_all_quiet(self, town, jo):
        page = words(jo.get("now"))
        assert "Nothing needs a person right now." in page
        assert "All quiet" in page
        assert page.count("<h1") == 1

    @pytest.mark.parametrize("many", [0, 1])
    def test_one_heading_and_one_filled_button(self, town, jo, many):
        for _ in range(many):
            on_desk(town)
        page = words(jo.get("now"))
        assert page.count("<h1") == 1
        assert page.count('class="button primary"') == many

    def test_takes_an_ask_by_phone(self, town, jo):
        assert f'href="{url("need")}"' in words(jo.get("now"))

    def test_says_who_is_on_shift_and_who_comes_next(self, town, jo, sam):
        assert "Jo on shift until 18:00 · Sam on shift until 18:00" in words(jo.get("now"))


class TestItsCost:
    """However many asks there are: constant, and few for the part that every open page asks for each minute."""

    LIST, WITH_ONE = 15, 28

    @pytest.mark.parametrize("many", [1, 30])
    def test_of_the_list_with_one_ask_beside_it(self, town, jo, django_assert_max_num_queries, many):
        for person in (town.rosa, town.lee, town.sam):
            town.offer(person)
        for _ in range(many):
            town.invited(on_desk(town), town.rosa)
        with django_assert_max_num_queries(self.WITH_ONE):
            jo.get("now")

    @pytest.mark.parametrize("many", [1, 30])
    def test_of_the_list(self, town, jo, django_assert_max_num_queries, many):
        for _ in range(many):
            on_desk(town)
        with django_assert_max_num_queries(self.LIST):
            jo.get("queue")

    @pytest.mark.parametrize("many", [1, 30])
    def test_of_the_asks_by_state(self, town, jo, django_assert_max_num_queries, many):
        for _ in range(many):
            town.ask()
        with django_assert_max_num_queries(self.LIST):
            assert words(jo.get("board")).count('scope="row"') == many


class TestThePartThatRenewsItself:
    def test_is_asked_for_by_the_page(self, town, jo):
        ask = on_desk(town)
        page = words(jo.open(ask))
        assert f'hx-get="{url("queue")}?at={ask.code}" hx-trigger="every 60s"' in page

    def test_is_the_list_and_the_figures_alone(self, town, jo):
        ask = on_desk(town, summary="First")
        page = words(jo.get("queue", data={"at": ask.code}))
        assert "<html" not in page
        assert "<form" not in page
        assert re.search(r'<li aria-current="true">.*?First', page)
        assert '<span class="num" id="count-now" hx-swap-oob="true">1</span>' in page

    @pytest.mark.parametrize("code", ["", "nothing", "\x00", "<b>", "A" * 5000])
    def test_a_made_up_ask_is_beside_nothing(self, town, jo, code):
        on_desk(town)
        answer = jo.get("queue", data={"at": code})
        assert answer.status_code == 200
        assert "<b>?" not in words(answer)
        assert "aria-current" not in words(answer)


class TestBoard:
    def test_shows_one_state_with_what_happens_next(self, town, jo):
        ask = town.ask(summary="Nearby", area=None, cell=None, place={})
        on_desk(town, summary="Deskbound")
        page = words(jo.get("board"))
        assert "Nearby" in page
        assert "Deskbound" not in page
        assert ask.shown_code in page
        assert "area not said" in page
        assert "the search goes on" in page
        assert "Deskbound" in words(jo.get("board", data={"state": "desk"}))

    def test_counts_the_open_ones_of_each_state(self, town, jo):
        town.ask()
        on_desk(town)
        page = words(jo.get("board", data={"state": "desk"}))
        assert re.search(r'aria-current="page">With a person on shift <span class="quiet num">1</span>', page)
        assert re.search(r">Done</a>", page)

    @pytest.mark.parametrize("state", ["", "nowhere", "\x00", "NEAR", "done' OR 1=1"])
    def test_a_made_up_state_is_the_first(self, town, jo, state):
        page = words(jo.get("board", data={"state": state}))
        assert re.search(r'aria-current="page">Asking near by', page)

    def test_none_in_this_state(self, town, jo):
        assert "None in this state" in words(jo.get("board", data={"state": "done"}))

    def test_pages_go_on_and_back(self, town, jo):
        for number in range(53):
            town.ask(summary=f"Number {number:02}")
        first = words(jo.get("board"))
        assert "Number 52" in first
        assert "Number 02" not in first
        older = re.search(r'href="([^"]+)" rel="next"', first).group(1).replace("&amp;", "&")
        second = words(jo.browser.get(older))
        assert [number for number in range(53) if f"Number {number:02}" in second] == [0, 1, 2]
        newer = re.search(r'href="([^"]+)" rel="prev"', second).group(1).replace("&amp;", "&")
        assert "Number 52" in words(jo.browser.get(newer))

    @pytest.mark.parametrize("after", ["", "x", "\x00", "A" * 34, "0" * 10_000, "' OR 1=1"])
    def test_a_made_up_cursor_is_the_first_page(self, town, jo, after):
        town.ask(summary="Here")
        assert "Here" in words(jo.get("board", data={"after": after}))

    def test_a_cursor_from_before_everything_is_an_empty_page(self, town, jo):
        ask = town.ask()
        after = Cursor(at=MONDAY - WEEK, id=ask.pk).encode()
        assert jo.get("board", data={"after": after}).status_code == 200

    def test_every_state_and_step_has_words(self, town):
        assert {state.value for state in STATES} == {state.value for state in State}
        ask = town.ask()
        for step in ("search", "call", "ask_how", "chase", "ask_back", "check_pause"):
            ask.next_step = step
            assert next_words(ask)
        assert next_words(actions.withdraw_ask(ask=ask)) == ""


class TestFind:
    @pytest.mark.parametrize("shape", ["{}", " {} ", "{}."])
    def test_goes_to_the_ask(self, town, jo, shape):
        ask = town.ask()
        answer = jo.get("find", data={"code": shape.format(ask.shown_code.lower())})
        assert answer["Location"] == url("ask", ask.code)

    @pytest.mark.parametrize("code", ["ZZZ-ZZZ", "", "\x00", "nothing", "é" * 6, "9" * 5000, "<script>"])
    def test_says_that_there_is_none(self, town, jo, code):
        answer = jo.get("find", data={"code": code}, follow=True)
        assert answer.redirect_chain == [(url("now"), 302)]
        assert "There is no ask with the code" in words(answer)
        assert "<script>" not in words(answer).replace("<script src", "")

    def test_an_ask_of_another_network_is_none(self, town, bo):
        ask = town.ask()
        assert bo.get("find", data={"code": ask.code})["Location"] == url("now")


def test_the_desk_of_a_large_network_shows_its_hundred_oldest_promises(town, jo):
    dispatcher(town.jo)
    on_desk(town)
    Ask.objects.bulk_create(
        Ask(
            network=town.network,
            code="".join(CODE_LETTERS[int(digit)] for digit in f"{number:06}"),
            category=town.groceries,
            nature=town.groceries.nature,
            starts_at=MONDAY,
            ends_at=MONDAY + WEEK,
            state=State.DESK,
            next_step="call",
            next_step_at=MONDAY,
            desk_at=MONDAY,
        )
        for number in range(130)
    )
    page = words(jo.get("now"))
    assert page.count('id="ask-') == 100
    assert 'id="count-now">131<' in page
