"""A member is kept from helping, or out altogether, until a date; and then not any more."""

from datetime import timedelta

import pytest

from commonweal.base.eventlog import story_of
from commonweal.members import actions, sessions
from commonweal.members.contacts import EMAIL, Contact
from commonweal.members.errors import HeldBack, ShutOut
from commonweal.members.models import Confirmation, KeptOut, Member
from commonweal.members.tests import cast
from commonweal.networks.tests.cast import NOON

DAY = timedelta(days=1)
WEEK = NOON + 7 * DAY


def fresh(member):
    return Member.objects.get(pk=member.pk)


class TestHoldingBack:
    def test_nothing_is_asked_of_them_and_they_cannot_end_it(self, alma):
        actions.hold_back(member=alma, until=WEEK)

        held = fresh(alma)
        assert held.is_held
        assert not held.is_out
        assert (held.state, held.paused_until) == ("paused", WEEK)
        with pytest.raises(HeldBack):
            actions.come_back(member=alma)
        assert fresh(alma).state == "paused"

    def test_a_break_of_their_own_does_not_shorten_it(self, alma):
        actions.hold_back(member=alma, until=WEEK)

        assert actions.pause(member=alma, until=NOON + DAY).paused_until == WEEK
        assert actions.pause(member=alma, until=WEEK + DAY).paused_until == WEEK + DAY
        assert actions.pause(member=alma).paused_until is None

    def test_who_rests_anyhow_still_rests_after_it(self, alma, hand):
        actions.pause(member=alma)
        actions.hold_back(member=alma, until=WEEK)
        hand.move_to(WEEK)
        actions.end_pauses(at=WEEK)

        assert (fresh(alma).state, fresh(alma).is_held) == ("paused", False)
        assert actions.come_back(member=alma).state == "active"

    def test_it_lifts_by_itself(self, alma, hand):
        actions.hold_back(member=alma, until=WEEK)
        hand.move_to(WEEK)
        actions.end_pauses(at=WEEK)
        actions.end_shutting_out(at=WEEK)

        assert (fresh(alma).state, fresh(alma).held_until) == ("active", None)

    def test_the_later_of_two_ends_holds(self, alma):
        actions.hold_back(member=alma, until=WEEK)
        actions.hold_back(member=alma, until=NOON + DAY)

        assert fresh(alma).held_until == WEEK


class TestHoldingFromHomes:
    def test_all_else_is_as_before(self, alma):
        held = actions.hold_from_homes(member=alma, until=WEEK)
        assert (held.is_held_from_homes, held.is_held, held.state) == (True, False, "active")
        assert actions.hold_from_homes(member=alma, until=NOON + DAY).homes_held_until == WEEK

    def test_it_is_over_at_its_date(self, alma, hand):
        actions.hold_from_homes(member=alma, until=WEEK)
        hand.move_to(WEEK)
        assert not fresh(alma).is_held_from_homes
        actions.end_shutting_out(at=WEEK)
        assert fresh(alma).homes_held_until is None

    def test_it_can_be_ended_before_and_goes_with_who_leaves(self, alma, ben):
        for member in (alma, ben):
            actions.hold_from_homes(member=member, until=WEEK)
        assert actions.let_back_to_homes(member=alma).homes_held_until is None
        said = [event.verb for event in story_of(alma)]
        actions.let_back_to_homes(member=alma)
        assert [event.verb for event in story_of(alma)] == said
        actions.leave(member=ben)
        assert fresh(ben).homes_held_until is None


class TestShuttingOut:
    def test_no_device_is_signed_in_any_more(self, harbor, alma, client):
        cast.sign_in(client, alma)
        assert client.get("/me/").status_code == 200

        actions.shut_out(member=alma, until=WEEK)

        assert client.get("/me/").status_code == 302
        cast.sign_in(client, fresh(alma))  # an epoch that somebody got hold of is no way in either
        assert client.get("/me/").status_code == 302

    def test_nobody_signs_in_as_them_until_it_ends(self, alma, rf, hand):
        request = rf.get("/")
        request.session = {}
        actions.shut_out(member=alma, until=WEEK)

        with pytest.raises(ShutOut):
            sessions.sign_in(request, fresh(alma))
        hand.move_to(WEEK)
        assert not fresh(alma).is_out

    def test_their_contacts_cannot_join_anew_even_when_they_leave(self, harbor, hills, alma):
        actions.shut_out(member=alma, until=WEEK)
        actions.leave(member=alma)

        with pytest.raises(ShutOut):
            cast.alma(harbor)
        assert cast.alma(hills).state == "active"
        assert Member.objects.filter(network=harbor, state="active").count() == 0

    def test_at_its_end_they_may_join_again(self, harbor, alma, hand):
        actions.shut_out(member=alma, until=WEEK)
        actions.leave(member=alma)
        hand.move_to(WEEK)

        assert cast.alma(harbor).state == "active"
        assert actions.end_shutting_out(at=WEEK) == 1
        assert not KeptOut.objects.exists()

    def test_the_list_names_nobody(self, alma):
        actions.shut_out(member=alma, until=WEEK)

        (row,) = KeptOut.objects.values()
        assert "alma" not in str(row)
        assert len(row["contact_index"]) == 32

    def test_codes_on_their_way_are_void(self, harbor, alma):
        actions.start_confirmation(
            network=harbor, contact=cast.ALMA, purpose="sign_in", language="en", remote=cast.HERE
        )
        actions.shut_out(member=alma, until=WEEK)

        assert not Confirmation.objects.exists()

    def test_who_is_let_back_is_as_before(self, harbor, alma):
        actions.shut_out(member=alma, until=WEEK)
        actions.let_back(member=alma)

        assert (fresh(alma).state, fresh(alma).is_out, fresh(alma).is_held) == ("active", False, False)
        assert not KeptOut.objects.exists()

    def test_a_longer_break_of_their_own_stays_when_they_are_let_back(self, alma):
        actions.pause(member=alma, until=WEEK + DAY)
        actions.hold_back(member=alma, until=WEEK)
        actions.let_back(member=alma)

        assert (fresh(alma).state, fresh(alma).paused_until) == ("paused", WEEK + DAY)

    def test_letting_back_who_was_not_out_changes_nothing(self, alma):
        assert actions.let_back(member=alma).state == "active"

    def test_others_join_as_ever(self, harbor, alma):
        actions.shut_out(member=alma, until=WEEK)

        other = Contact(kind=EMAIL, value="other@example.org")
        assert actions.join(network=harbor, name="Other", contact=other, languages=["en"]).state == "active"
