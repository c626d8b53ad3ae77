"""Going together, and being missed."""

from datetime import timedelta

import pytest

from commonweal.assembly.actions import give_mandate
from commonweal.base.tests.racing import CROWD, all_at_once
from commonweal.exchange import access, actions, going, queries, tasks
from commonweal.exchange.actions.going import Watch
from commonweal.exchange.errors import BuddyWanted, InvitationNotFound, NotPossibleNow
from commonweal.exchange.models import Buddy, CheckIn
from commonweal.exchange.tests.cast import HOUR, MONDAY, fresh, letters, verbs
from commonweal.gatherings.actions import start_shift
from commonweal.members import actions as members
from commonweal.members.contacts import Contact
from commonweal.members.errors import HasLeft, HeldBack
from commonweal.messaging.models import Message
from commonweal.networks.actions import change_policy

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LATE = timedelta(minutes=30)
SISTER = Contact(kind="email", value="sister@example.org")


@pytest.fixture
def visit(town):
    """Rosa goes to Amina."""
    return town.agreed(town.ask(), town.rosa)


def out(match, hours=2, **watch):
    return actions.set_out(match=match, back_by=MONDAY + hours * HOUR, watch=Watch(**watch))


class TestBuddies:
    def test_a_first_name_is_enough_and_the_asker_is_told(self, visit):
        actions.bring_buddy(match=visit, name="Kim")

        assert going.buddy_of(visit).name == "Kim"
        (letter,) = letters("buddy_comes")
        assert (letter.to, letter.context["name"]) == ("amina@example.org", "Kim")

    def test_another_name_takes_the_place_of_the_first(self, visit):
        first = actions.bring_buddy(match=visit, name="Kim")
        second = actions.bring_buddy(match=visit, name="Ash")

        assert Buddy.objects.get() == second
        with pytest.raises(InvitationNotFound):
            access.buddy_by_token(visit.network, first.token_box, visit.member)

    def test_a_member_joins_by_the_link(self, town, visit):
        buddy = actions.bring_buddy(match=visit, name="Kim")
        found = access.buddy_by_token(town.network, buddy.token_box, town.lee)
        actions.join_as_buddy(buddy=found, member=town.lee)
        actions.join_as_buddy(buddy=found, member=town.lee)

        assert (fresh(buddy).member, fresh(buddy).name) == (town.lee, "Lee")
        assert letters("buddy_comes").count() == 2
        assert verbs(visit) == ["buddy_named", "buddy_joined"]
        with pytest.raises(InvitationNotFound):
            access.buddy_by_token(town.network, buddy.token_box, town.sam)
        with pytest.raises(InvitationNotFound):
            actions.join_as_buddy(buddy=found, member=town.sam)

    def test_not_who_must_not_be_brought_together_with_one_of_the_two(self, town):
        visit = town.agreed(
            actions.publish_ask(network=town.network, draft=town.draft(), by=town.jo).ask, town.rosa
        )
        buddy = actions.bring_buddy(match=visit, name="Kim")
        members.block(member=town.jo, blocked=town.lee)
        members.block(member=town.sam, blocked=town.rosa)
        for other in (town.lee, town.sam, town.rosa, town.jo):
            with pytest.raises(InvitationNotFound):
                access.buddy_by_token(town.network, buddy.token_box, other)
            with pytest.raises(InvitationNotFound):
                actions.join_as_buddy(buddy=buddy, member=other)
        assert fresh(buddy).member is None

    def test_nor_who_is_kept_from_helping(self, town, visit):
        buddy = actions.bring_buddy(match=visit, name="Kim")
        members.hold_back(member=town.lee, until=MONDAY + DAY)
        with pytest.raises(InvitationNotFound):
            actions.join_as_buddy(buddy=buddy, member=town.lee)

    def test_the_link_is_of_one_network_and_of_what_is_agreed(self, town, visit, bo):
        token = actions.bring_buddy(match=visit, name="Kim").token_box
        for network, given in ((bo.network, token), (town.network, ""), (town.network, "x" * 65)):
            with pytest.raises(InvitationNotFound):
                access.buddy_by_token(network, given, town.lee)
        actions.drop_out(match=visit)
        with pytest.raises(InvitationNotFound):
            access.buddy_by_token(town.network, token, town.lee)
        with pytest.raises(NotPossibleNow):
            actions.bring_buddy(match=visit, name="Kim")

    def test_nobody_comes_after_all(self, town, visit):
        buddy = actions.bring_buddy(match=visit, name="Kim")
        actions.join_as_buddy(buddy=buddy, member=town.lee)
        check_in = out(visit, watcher="buddy")
        actions.go_alone(match=visit)
        actions.go_alone(match=visit)

        assert going.buddy_of(visit) is None
        assert fresh(check_in).watcher == "desk"
        assert verbs(visit)[-1] == "buddy_gone"
        with pytest.raises(InvitationNotFound):
            actions.join_as_buddy(buddy=buddy, member=town.lee)

    def test_going_alone_leaves_another_watcher(self, visit):
        actions.bring_buddy(match=visit, name="Kim")
        check_in = out(visit, watcher="other", contact=SISTER)
        actions.go_alone(match=visit)
        assert fresh(check_in).watcher == "other"


class TestTheFirstVisits:
    @pytest.fixture(autouse=True)
    def in_pairs(self, town):
        change_policy(network=town.network, changes={"home_pairs": 1}, reason="Assembly")

    def test_are_made_in_twos(self, visit):
        with pytest.raises(BuddyWanted):
            out(visit)
        actions.bring_buddy(match=visit, name="Kim")
        assert out(visit).over_at is None

    def test_and_the_later_ones_as_one_likes(self, town, visit):
        actions.report_handover(match=visit, outcome="done", said_by="helper")
        later = town.agreed(town.ask(), town.rosa)
        assert not going.needs_buddy(later)

    def test_what_is_not_in_a_home_takes_none(self, town):
        for draft in ({"place": {}}, {"category": town.ride.pk}):
            assert not going.needs_buddy(town.agreed(town.ask(**draft), town.sam))

    def test_nor_what_another_helper_comes_to_as_long_as_they_do(self, town):
        ask = town.ask(hands=2)
        first = town.agreed(ask, town.lee)
        assert going.needs_buddy(first)

        second = town.agreed(ask, town.rosa)
        assert not going.needs_buddy(first)
        assert not going.needs_buddy(second)

        actions.drop_out(match=second)
        assert going.needs_buddy(first)

    def test_the_place_is_seen_once_somebody_goes_along_and_no_longer(self, visit):
        assert visit.ask.place
        held = queries.invitation(visit).reach
        assert (held.place, held.is_place_held) == ("", True)
        assert "place" not in held.seen
        assert held.contact.value == "amina@example.org"  # to settle when, they need it

        actions.bring_buddy(match=visit, name="Kim")
        shown = queries.invitation(visit).reach
        assert (shown.place, shown.is_place_held) == (visit.ask.place["text"], False)

        actions.go_alone(match=visit)
        assert queries.invitation(visit).reach.place == ""


class TestSettingOut:
    def test_only_for_what_is_agreed_and_within_a_day(self, town, visit):
        for back_by in (MONDAY, MONDAY - HOUR, MONDAY + 25 * HOUR):
            with pytest.raises(NotPossibleNow):
                actions.set_out(match=visit, back_by=back_by, watch=Watch())
        with pytest.raises(NotPossibleNow):
            out(town.invited(town.ask(), town.lee))
        assert not CheckIn.objects.exists()

    def test_the_watcher_is_there(self, visit):
        actions.bring_buddy(match=visit, name="Kim")
        with pytest.raises(NotPossibleNow):
            out(visit, watcher="buddy")
        with pytest.raises(NotPossibleNow):
            out(visit, watcher="other")

    def test_it_takes_longer(self, visit, hand):
        out(visit)
        hand.advance(2 * HOUR + LATE)
        tasks.watch_late()
        later = actions.set_out(match=visit, back_by=MONDAY + 5 * HOUR, watch=Watch())

        assert CheckIn.objects.get() == later
        assert (later.asked_at, later.next_at) == (None, MONDAY + 5 * HOUR + LATE)

    def test_no_place_is_kept(self):
        kept = {field.name for field in CheckIn._meta.concrete_fields}
        assert not {name for name in kept if any(word in name for word in ("place", "cell", "lat", "lon"))}

    def test_who_has_left_sets_out_no_more(self, visit):
        members.leave(member=visit.member)
        with pytest.raises(HasLeft):
            out(visit)


class TestBeingMissed:
    def test_first_the_helper_is_asked_and_then_the_one_they_named_is_told(self, visit, hand):
        out(visit, watcher="other", contact=SISTER)
        hand.advance(2 * HOUR + LATE - MINUTE)
        assert tasks.watch_late() == 0
        hand.advance(MINUTE)
        assert tasks.watch_late() == 1
        assert [letter.to for letter in letters("late_reminder")] == ["rosa@example.org"]
        assert not letters("late_alarm").exists()

        hand.advance(LATE)
        assert tasks.watch_late() == 1
        (letter,) = letters("late_alarm")
        assert letter.to == "sister@example.org"
        assert letter.context["name"] == "Rosa"
        assert letter.context["phone"] == "rosa@example.org"
        assert not {"Amina", "2901 Guilford Avenue"} & set(letter.context.values())
        assert verbs(visit) == ["set_out", "asked_whether_back", "alarm"]
        hand.advance(HOUR)
        assert tasks.watch_late() == 0

    def test_the_one_who_goes_along_is_told(self, town, visit, hand):
        actions.join_as_buddy(buddy=actions.bring_buddy(match=visit, name="Kim"), member=town.lee)
        missed(visit, hand, watcher="buddy")
        assert [letter.to for letter in letters("late_alarm")] == ["lee@example.org"]

    def test_nobody_is_written_to_who_cannot_be(self, town, visit, hand):
        actions.join_as_buddy(buddy=actions.bring_buddy(match=visit, name="Kim"), member=town.lee)
        town.lee.contact_points.all().delete()
        missed(visit, hand, watcher="buddy")
        assert not letters("late_alarm").exists()
        assert going.missed(town.network)

    def test_whoever_is_on_shift_is_told_and_else_every_dispatcher(self, town, visit, hand):
        give_mandate(member=town.jo, role="dispatcher", until=MONDAY + 30 * DAY, reason="Assembly")
        give_mandate(member=town.sam, role="dispatcher", until=MONDAY + 30 * DAY, reason="Assembly")
        missed(visit, hand)
        assert {letter.to for letter in letters("desk_alert")} == {"jo@example.org", "sam@example.org"}

        letters("desk_alert").delete()
        start_shift(member=town.jo, until=MONDAY + 12 * HOUR)
        actions.set_out(match=visit, back_by=MONDAY + 4 * HOUR, watch=Watch())
        hand.advance(2 * HOUR)
        tasks.watch_late()
        hand.advance(LATE)
        tasks.watch_late()
        assert [letter.to for letter in letters("desk_alert")] == ["jo@example.org"]

    def test_who_says_they_are_back_is_not_missed(self, town, visit, hand):
        check_in = out(visit, watcher="other", contact=SISTER)
        hand.advance(2 * HOUR + LATE)
        tasks.watch_late()
        actions.come_home(match=visit)
        actions.come_home(match=visit)
        hand.advance(LATE)

        assert tasks.watch_late() == 0
        assert not letters("late_reminder").exists()
        assert (fresh(check_in).over_at, fresh(check_in).contact) == (MONDAY + 2 * HOUR + LATE, "")
        assert verbs(visit) == ["set_out", "asked_whether_back", "came_home"]

    def test_a_worker_that_comes_late_asks_nobody_twice(self, visit, hand):
        check_in = out(visit)
        hand.advance(2 * HOUR + LATE)
        tasks.watch_late()
        assert actions.going._watch(check_in) is False
        actions.come_home(match=visit)
        assert actions.going._watch(check_in) is False

    def test_a_person_on_shift_has_heard_from_them(self, town, visit, hand, bo):
        check_in = missed(visit, hand)
        assert [one.pk for one in going.missed(town.network)] == [check_in.pk]
        assert access.check_in_for_desk(town.network, check_in.pk) == check_in
        with pytest.raises(InvitationNotFound):
            access.check_in_for_desk(bo.network, check_in.pk)

        actions.settle_alarm(check_in=check_in, by=town.jo)
        actions.settle_alarm(check_in=check_in, by=town.sam)
        assert fresh(check_in).settled_by == town.jo
        assert not going.missed(town.network)
        assert verbs(visit)[-1] == "alarm_settled"

    def test_everything_is_forgotten_a_day_later(self, visit, hand):
        actions.bring_buddy(match=visit, name="Kim")
        missed(visit, hand)
        actions.come_home(match=visit)
        assert tasks.forget_ways() == 0
        hand.advance(DAY)
        assert tasks.forget_ways() == 1
        hand.advance(3 * DAY)
        actions.report_handover(match=visit, outcome="done", said_by="helper")
        assert tasks.forget_ways() == 1
        assert not Buddy.objects.exists()

    def test_and_so_is_an_alarm_that_nobody_settled(self, visit, hand):
        missed(visit, hand)
        hand.advance(7 * DAY)
        assert tasks.forget_ways() == 1

    def test_the_message_holds_the_place_roughly_or_the_networks_name(self, town, hand):
        visit = town.agreed(town.ask(area=None, cell=None), town.rosa)
        missed(visit, hand, watcher="other", contact=SISTER)
        assert letters("late_alarm").get().context["where"] == "Remington Neighbours"


def missed(match, hand, **watch):
    check_in = out(match, **watch)
    hand.advance(2 * HOUR + LATE)
    tasks.watch_late()
    hand.advance(LATE)
    tasks.watch_late()
    return fresh(check_in)


class TestWhoIsShutOut:
    def test_others_are_found_for_what_they_agreed_to(self, town, visit, run_commits):
        with run_commits():
            members.shut_out(member=town.rosa, until=MONDAY + DAY)
        assert fresh(visit).state == "dropped"
        assert letters("dropped_asker").count() == 1

    def test_and_a_person_looks_before_anybody_comes_to_them(self, town, run_commits):
        ask = actions.publish_ask(network=town.network, draft=town.draft(), by=town.rosa).ask
        match = town.agreed(ask, town.lee)
        waiting = actions.publish_ask(network=town.network, draft=town.draft(), by=town.rosa).ask
        with run_commits():
            members.shut_out(member=town.rosa, until=MONDAY + DAY)

        assert fresh(match).state == "dropped"
        assert (fresh(ask).state, fresh(waiting).state) == ("desk", "desk")
        assert Message.objects.filter(template="invitation_taken_back").count() == 1

    def test_who_is_held_back_agrees_to_nothing_new(self, town):
        invited = town.invited(town.ask(), town.rosa)
        members.hold_back(member=town.rosa, until=MONDAY + DAY)
        with pytest.raises(HeldBack):
            actions.accept_invitation(match=invited)
        with pytest.raises(HeldBack):
            actions.pick_from_board(ask=town.ask(), member=town.rosa)


@pytest.mark.usefixtures("shared_database")
def test_however_many_press_at_once_it_is_one_way_and_one_alarm(shared_database, visit, hand):
    watch = Watch()
    set_out = all_at_once(lambda: actions.set_out(match=visit, back_by=MONDAY + 2 * HOUR, watch=watch))
    assert set_out == {"done": CROWD}
    assert CheckIn.objects.count() == 1
    hand.advance(2 * HOUR + LATE)
    assert all_at_once(actions.watch_late) == {"done": CROWD}
    assert letters("late_reminder").count() == 1


class TestPressedTwice:
    def test_the_same_name_is_the_same_buddy(self, visit):
        first = actions.bring_buddy(match=visit, name="Kim")
        assert actions.bring_buddy(match=visit, name="Kim") == first
        assert letters("buddy_comes").count() == 1

    def test_the_same_way_is_not_put_off(self, visit, hand):
        first = out(visit, watcher="other", contact=SISTER)
        hand.advance(timedelta(seconds=5))
        again = out(visit, watcher="other", contact=SISTER)
        assert (again.pk, again.back_by) == (first.pk, first.back_by)
        assert out(visit).watcher == "desk"
