"""What is said on the phone of somebody who said yes: how it went, that they can't come, that a thing is back."""

import re
import uuid

import pytest

from commonweal.base.eventlog import By, story_of
from commonweal.exchange import actions
from commonweal.exchange.going import needs_buddy
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Handover, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, fresh, letters
from commonweal.networks.actions import change_policy
from commonweal.web.desk.tests.conftest import Desk, dispatcher, url, words

S = Match.State
NOBODY = uuid.UUID(int=7)
WEDNESDAY = {"meets_at": MONDAY + 2 * DAY + 4 * HOUR, "meets_until": MONDAY + 2 * DAY + 5 * HOUR}


@pytest.fixture
def match(town):
    """Rosa has agreed to come on Wednesday at two."""
    return town.agreed(town.ask(), town.rosa, **WEDNESDAY)


@pytest.fixture
def wednesday(match, hand):
    """It is Wednesday, three o'clock."""
    hand.move_to(WEDNESDAY["meets_until"])


def at_desk(town):
    return Desk(dispatcher(town.jo))


def said(desk, match, verb, /, **sent):
    return desk.post(verb, match.ask.code, match.pk, **sent)


def buttons(answer):
    """What may be said of those who said yes."""
    part = re.search(r'<ul class="people">(.*?)</ul>', words(answer)).group(1)
    return re.findall(r'class="button ?">([^<]+)</', part) + re.findall(
        r'class="button" href="[^"]+">([^<]+)', part
    )


class TestShowing:
    def test_who_comes_and_when(self, town, jo, match):
        page = words(jo.open(match.ask))
        assert "<bdi>Rosa</bdi>" in page
        assert "Agreed · Wednesday 14:00" in page
        assert "rosa@example.org" not in page

    def test_before_the_time_only_what_can_be_said_then(self, town, jo, match):
        assert set(buttons(jo.open(match.ask))) == {
            "Partly, or another time", "They can't come", "The asker wants somebody else",
        }  # fmt: skip

    def test_from_the_time_on_how_it_went(self, town, wednesday, match):
        assert {"It's done", "It didn't happen", "They can't come"} <= set(
            buttons(at_desk(town).open(match.ask))
        )

    def test_nothing_while_another_holds_it(self, town, jo, sam, match):
        jo.open(match.ask)
        page = words(sam.open(match.ask))
        assert "<bdi>Rosa</bdi>" in page
        assert "What did they say?" not in page

    def test_what_is_over_has_no_buttons(self, town, wednesday, match):
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        page = words(at_desk(town).open(match.ask))
        assert "<bdi>Rosa</bdi>" in page
        assert "What did they say?" not in page


class TestHowItWent:
    def test_it_is_done(self, town, wednesday, match):
        jo = at_desk(town)
        assert said(jo, match, "went", outcome="done").status_code == 302
        assert (fresh(match).state, fresh(match.ask).state) == (S.DONE, State.DONE)
        handover = Handover.objects.get()
        assert (handover.said_by, handover.member) == (By.DISPATCHER, town.jo)
        assert "Noted how it went with Rosa." in words(jo.open(match.ask))

    def test_it_did_not_happen_and_goes_back_into_the_search(self, town, wednesday, match):
        said(at_desk(town), match, "went", outcome="missed")
        assert (fresh(match).state, fresh(match.ask).state) == (S.MISSED, State.NEAR)

    def test_of_two_sides_that_disagree_the_desk_settles_it(self, town, wednesday, match):
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        actions.report_handover(match=fresh(match), outcome="missed", said_by=By.ASKER)
        jo = at_desk(town)
        answer = jo.open(match.ask)
        assert {"It's done", "It didn't happen"} <= set(buttons(answer))
        assert "not clear how it went" in words(answer)
        assert "The helper: It's done · The asker: It didn't happen" in words(answer)
        assert 'class="button primary">Write to the asker<' in words(answer)
        assert "<details open>" in words(answer)
        said(jo, match, "went", outcome="missed")
        assert (fresh(match).state, fresh(match.ask).state) == (S.MISSED, State.NEAR)

    def test_of_what_nobody_said_anything_the_desk_says_it(self, town, wednesday, match, hand):
        for _step in ("the time has come", "asked again", "asked in vain"):
            hand.advance(DAY)
            actions.advance_ask(ask_id=match.ask_id, network_id=town.network.pk)
        assert (fresh(match).state, fresh(match.ask).state) == (S.SILENT, State.DESK)
        town.offer(town.lee)
        jo = at_desk(town)
        answer = jo.open(match.ask)
        assert "It's done" in buttons(answer)
        assert 'class="button primary">Write to the asker<' in words(answer)  # before somebody else is asked
        said(jo, match, "went", outcome="done")
        assert fresh(match).state == S.DONE

    def test_partly_with_a_number_and_a_remark(self, town, hand):
        ask = town.ask(category=town.things.pk, quantity=60, unit="nappies")
        match = town.agreed(ask, town.rosa, quantity=60, **WEDNESDAY)
        hand.move_to(WEDNESDAY["meets_until"])
        jo = at_desk(town)
        page = words(jo.get("how", ask.code, match.pk))
        assert "How did it go with Rosa?" in page
        assert "How many were given?" in page
        said(jo, match, "went", outcome="partly", quantity="40", note="The shop had no more.")
        assert (fresh(match).state, fresh(ask).quantity_taken) == (S.PARTLY, 40)
        assert Handover.objects.get().note == "The shop had no more."

    def test_another_time(self, town, wednesday, match):
        said(at_desk(town), match, "went", outcome="rescheduled", day="2026-11-27", part="evening")
        assert fresh(match).meets_at == MONDAY + 4 * DAY + 8 * HOUR
        assert fresh(match.ask).state == State.AGREED

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"outcome": "splendid"},
            {"outcome": "rescheduled"},
            {"outcome": "rescheduled", "day": "2026-02-31"},
            {"outcome": "rescheduled", "day": "9999-12-31", "part": "evening"},
            {"outcome": "partly", "quantity": "-3"},
            {"outcome": "partly", "quantity": "9" * 40},
            {"outcome": "done", "note": "x" * 700},
            {"outcome": "\x00"},
        ],
    )
    def test_bad_answers_are_told_at_their_field(self, town, wednesday, match, sent):
        answer = said(at_desk(town), match, "went", **sent)
        assert answer.status_code == 422
        assert "How did it go with Rosa?" in words(answer)
        assert not Handover.objects.exists()

    def test_pressed_twice_is_said_once(self, town, wednesday, match):
        jo = at_desk(town)
        said(jo, match, "went", outcome="done")
        again = said(jo, match, "went", outcome="done")
        assert again.status_code == 302
        assert Handover.objects.count() == 1


class TestDroppingOut:
    def test_the_helper_called(self, town, jo, match):
        said(jo, match, "drop", who="helper")
        assert (fresh(match).state, fresh(match.ask).state) == (S.DROPPED, State.NEAR)
        event = story_of(match.ask).get(verb="helper_dropped")
        assert (event.by, event.actor) == (By.HELPER, town.jo.pk)
        assert letters("dropped_asker").count() == 1
        assert "Rosa is free again" in words(jo.open(match.ask))

    def test_the_asker_wants_somebody_else(self, town, jo, match):
        said(jo, match, "drop", who="asker")
        event = story_of(match.ask).get(verb="helper_dropped")
        assert (event.by, event.actor) == (By.ASKER, town.jo.pk)
        assert letters("invitation_taken_back").count() == 1

    def test_pressed_twice_drops_once(self, town, jo, match):
        said(jo, match, "drop", who="helper")
        assert said(jo, match, "drop", who="helper").status_code == 302
        assert story_of(match.ask).filter(verb="helper_dropped").count() == 1

    def test_after_it_was_done_nobody_drops_out(self, town, wednesday, match):
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        assert said(at_desk(town), match, "drop", who="helper").status_code == 409
        assert fresh(match).state == S.DONE


class TestLending:
    @pytest.fixture
    def lent(self, town, hand):
        ask = town.ask(category=town.borrow.pk, returns_at=MONDAY + WEEK)
        match = town.agreed(ask, town.rosa, **WEDNESDAY)
        hand.move_to(WEDNESDAY["meets_until"])
        return actions.report_handover(match=match, outcome="done", said_by=By.HELPER)

    def test_it_is_back(self, town, lent):
        jo = at_desk(town)
        answer = jo.open(lent.ask)
        assert set(buttons(answer)) == {"It is back", "It stays a week longer"}
        assert "Lent · to be back Monday 10:00" in words(answer)
        assert "<details open>" not in words(answer)
        said(jo, lent, "back")
        assert (fresh(lent).state, fresh(lent.ask).state) == (S.DONE, State.DONE)
        assert said(jo, lent, "back").status_code == 302

    def test_it_stays_a_week_longer(self, town, lent, hand):
        jo = at_desk(town)
        said(jo, lent, "longer")
        assert fresh(lent.ask).returns_at == MONDAY + 2 * WEEK
        assert "It may stay a week longer." in words(jo.open(lent.ask))

    def test_what_is_late_is_asked_first(self, town, lent, hand):
        hand.advance(2 * WEEK)
        actions.advance_ask(ask_id=lent.ask_id, network_id=town.network.pk)
        page = words(at_desk(town).open(lent.ask))
        assert "<details open>" in page
        assert 'class="button primary">Write to the asker<' in page

    def test_longer_than_what_was_due_long_ago_counts_from_now(self, town, lent, hand):
        hand.advance(3 * WEEK)
        said(at_desk(town), lent, "longer")
        assert fresh(lent.ask).returns_at == WEDNESDAY["meets_until"] + 4 * WEEK

    @pytest.mark.parametrize("verb", ["back", "longer"])
    def test_what_is_not_lent_does_not_come_back(self, town, jo, match, verb):
        assert said(jo, match, verb).status_code == 409
        assert fresh(match).state == S.ACCEPTED


class TestGoingInTwos:
    @pytest.fixture(autouse=True)
    def in_pairs(self, town):
        change_policy(network=town.network, changes={"home_pairs": 1}, reason="Assembly")

    def test_who_goes_along_is_said_on_the_phone(self, town, jo, match):
        page = words(jo.open(match.ask))
        assert "nobody goes along yet" in page
        assert url("twos", match.ask.code, match.pk) in page
        assert "Who goes along with Rosa?" in words(jo.get("twos", match.ask.code, match.pk))
        assert needs_buddy(match)

        answer = said(jo, match, "along", version=match.ask.version, name="Kim")
        assert answer.status_code == 302
        page = words(jo.open(match.ask))
        assert "Kim goes along with Rosa, who sees the address now." in page
        assert "nobody goes along yet" not in page
        assert not needs_buddy(match)
        told = story_of(match).last()
        assert (told.verb, told.by, told.actor) == ("buddy_named", By.DISPATCHER, town.jo.pk)
        assert letters("buddy_comes").count() == 1

    def test_without_a_name_it_is_asked_again(self, jo, match):
        answer = said(jo, match, "along", version=match.ask.version, name=" ")
        assert answer.status_code == 422
        assert "Type a first name." in words(answer)
        assert needs_buddy(match)

    def test_nobody_is_asked_for_where_the_members_want_none(self, town, jo, match):
        change_policy(network=town.network, changes={"home_pairs": 0}, reason="Assembly")
        page = words(jo.open(match.ask))
        assert "nobody goes along yet" not in page
        assert url("twos", match.ask.code, match.pk) not in page


class TestRefusing:
    VERBS = {"went": {"outcome": "missed"}, "drop": {"who": "helper"}, "back": {}, "longer": {}}

    @pytest.mark.parametrize("verb", VERBS)
    def test_who_does_not_hold_it(self, town, jo, sam, match, verb):
        jo.open(match.ask)
        answer = said(sam, match, verb, **self.VERBS[verb])
        assert answer.status_code == 409
        assert "Jo is working on this." in words(answer)
        assert fresh(match).state == S.ACCEPTED

    @pytest.mark.parametrize("verb", VERBS)
    def test_a_page_from_before_the_asker_changed_it(self, town, jo, match, verb):
        version = match.ask.version
        actions.change_ask(ask=match.ask, version=version, draft=town.draft(people=3))
        answer = said(jo, match, verb, version=version, **self.VERBS[verb])
        assert answer.status_code == 409
        assert "Somebody changed this in the meantime" in words(answer)
        assert fresh(match).state == S.ACCEPTED

    @pytest.mark.parametrize("verb", [*VERBS, "how", "twos", "along"])
    def test_a_commitment_of_another_ask(self, town, jo, match, verb):
        other = town.ask()
        ways = {"how": jo.get, "twos": jo.get}
        assert ways.get(verb, jo.post)(verb, other.code, match.pk).status_code == 404
        assert ways.get(verb, jo.post)(verb, match.ask.code, NOBODY).status_code == 404
        assert jo.browser.post(f"/desk/ask/{other.code}/nobody/{verb}/").status_code == 404

    def test_the_form_goes_back_to_the_ask(self, town, jo, match):
        assert f'href="{url("ask", match.ask.code)}"' in words(jo.get("how", match.ask.code, match.pk))
