"""Beginning, planning, ending and handing over a shift."""

import uuid

import pytest

from commonweal.assembly.actions import end_mandate
from commonweal.assembly.models import Mandate
from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh
from commonweal.gatherings.actions import plan_shift
from commonweal.gatherings.models import Shift
from commonweal.web.desk.tests.conftest import Desk, dispatcher, mandate, url, words

NOBODY = uuid.UUID(int=7)
TOMORROW = {"day": "2026-11-24", "from_time": "18:00", "hours": "2"}


@pytest.fixture
def off(town):
    """Jo holds the mandate and is not on shift."""
    mandate(town.jo)
    return Desk(town.jo)


def shift_of(member):
    return Shift.objects.get(member=member, ended_at=None)


class TestBeginning:
    def test_leads_to_the_desk(self, town, off):
        page = words(off.get("shift"))
        assert "Take a shift" in page
        assert page.count('class="button primary"') == 1
        assert off.post("shift_start", hours="2")["Location"] == url("now")
        assert shift_of(town.jo).ends_at == MONDAY + 2 * HOUR
        assert "Jo on shift until 12:00" in words(off.get("now"))

    def test_pressed_twice_begins_one(self, town, off):
        off.post("shift_start", hours="2")
        assert off.post("shift_start", hours="8").status_code == 302
        assert shift_of(town.jo).ends_at == MONDAY + 2 * HOUR

    @pytest.mark.parametrize("hours", ["", "0", "-1", "3", "9" * 400, "two", "\x00"])
    def test_a_made_up_length_is_told_at_the_field(self, town, off, hours):
        answer = off.post("shift_start", hours=hours)
        assert answer.status_code == 422
        assert 'class="field wrong"' in words(answer)
        assert not Shift.objects.exists()

    def test_into_one_that_is_planned_is_refused_in_words(self, town, off):
        plan_shift(member=town.jo, starts_at=MONDAY + HOUR, ends_at=MONDAY + 3 * HOUR)
        answer = off.post("shift_start", hours="2")
        assert answer.status_code == 422
        assert "They are on shift in a part of that time already." in words(answer)


class TestPlanning:
    def test_stands_in_the_plan_and_in_the_head(self, town, off, jo):
        off.post("shift_plan", **TOMORROW)
        planned = Shift.objects.get(starts_at__gt=MONDAY)
        assert (planned.starts_at, planned.ends_at) == (MONDAY + DAY + 8 * HOUR, MONDAY + DAY + 10 * HOUR)
        page = words(off.get("shift"))
        assert "It is in the plan." in page
        assert "tomorrow 18:00–20:00" in page
        assert "then Jo" in page

    @pytest.mark.parametrize(
        "sent",
        [
            {"day": ""},
            {"day": "2026-02-31"},
            {"day": "2026-11-22"},
            {"day": "9999-12-31"},
            {"day": "0001-01-01"},
            {"from_time": "25:00"},
            {"from_time": ""},
            {"hours": "100"},
            {"day": "2026-11-23", "from_time": "06:00"},
        ],
    )
    def test_what_cannot_be_planned_is_told(self, town, off, sent):
        answer = off.post("shift_plan", **{**TOMORROW, **sent})
        assert answer.status_code == 422
        assert "<details open>" in words(answer)
        assert not Shift.objects.exists()

    def test_is_taken_out_again(self, town, off):
        off.post("shift_plan", **TOMORROW)
        planned = shift_of(town.jo)
        assert f'action="{url("shift_end", planned.pk)}"' in words(off.get("shift"))
        off.post("shift_end", planned.pk)
        assert fresh(planned).ended_at == MONDAY


class TestEnding:
    def test_lets_go_of_what_was_held(self, town, jo):
        ask = actions.send_to_desk(ask=town.ask(), said_by=By.ASKER)
        jo.open(ask)
        answer = jo.post("shift_end", shift_of(town.jo).pk)
        assert answer["Location"] == url("shift")
        assert fresh(ask).held_by is None
        assert jo.get("now")["Location"] == url("shift")

    def test_pressed_twice_ends_once(self, town, jo):
        shift = shift_of(town.jo)
        jo.post("shift_end", shift.pk)
        assert jo.post("shift_end", shift.pk).status_code == 302

    def test_of_somebody_else_is_not_for_me(self, town, jo, sam):
        assert sam.post("shift_end", shift_of(town.jo).pk).status_code == 404
        assert sam.post("shift_end", NOBODY).status_code == 404
        assert fresh(shift_of(town.jo)).ended_at is None


class TestHandingOver:
    def test_to_another_dispatcher(self, town, jo):
        mandate(town.sam)
        ask = actions.send_to_desk(ask=town.ask(), said_by=By.ASKER)
        jo.open(ask)
        jo.post("shift_hand_over", to=town.sam.pk)
        assert shift_of(town.sam).ends_at == MONDAY + 8 * HOUR
        assert fresh(ask).held_by is None
        page = words(jo.get("shift"))
        assert "Sam is on shift now." in page
        assert "Take a shift" in page

    @pytest.mark.parametrize("to", ["", "nobody", str(NOBODY), "\x00"])
    def test_a_made_up_somebody_is_told_at_the_field(self, town, jo, to):
        mandate(town.sam)
        assert jo.post("shift_hand_over", to=to).status_code == 422
        assert shift_of(town.jo).ended_at is None

    def test_nobody_without_the_mandate_and_not_to_oneself(self, town, jo):
        assert "There is no other dispatcher yet." in words(jo.get("shift"))
        for member in (town.rosa, town.jo):
            assert jo.post("shift_hand_over", to=member.pk).status_code == 422

    def test_to_who_is_on_shift_already_is_refused_in_words(self, town, jo, sam):
        answer = jo.post("shift_hand_over", to=town.sam.pk)
        assert answer.status_code == 422
        assert "They are on shift in a part of that time already." in words(answer)

    def test_off_shift_there_is_nothing_to_hand_over(self, town, off):
        mandate(town.sam)
        assert off.post("shift_hand_over", to=town.sam.pk)["Location"] == url("shift")
        assert not Shift.objects.exists()

    def test_a_dispatcher_of_another_network_is_no_choice(self, town, jo, bo):
        stranger = bo.browser.session["member"]
        assert jo.post("shift_hand_over", to=str(uuid.UUID(stranger))).status_code == 422


def test_a_mandate_that_ends_before_the_shift_begins_is_told(town, off):
    end_mandate(mandate=Mandate.objects.get(member=town.jo))
    assert off.post("shift_plan", **TOMORROW).status_code == 403


def test_two_on_shift_are_both_named(town, jo):
    dispatcher(town.sam)
    page = words(jo.get("shift"))
    assert page.count("on shift now") == 2
    assert "Until 18:00. Thank you." in page
