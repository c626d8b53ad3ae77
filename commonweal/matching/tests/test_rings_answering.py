"""All of it or nothing: every yes, one no, silence, and whatever happens meanwhile."""

import pytest

from commonweal.base.eventlog import story_of
from commonweal.exchange import actions as exchange
from commonweal.exchange.errors import InvitationOver, NotPossibleNow, PageWasStale, WeekIsFull
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import DAY, HOUR, fresh, letters
from commonweal.matching import tasks
from commonweal.matching.models import Ring, RingPlace
from commonweal.matching.rings import actions
from commonweal.matching.rings.errors import RingOver
from commonweal.matching.rings.invariants import rings_are_whole
from commonweal.matching.rings.queries import rings_to_look_at
from commonweal.matching.rings.tasks import forget_rings, void_rings
from commonweal.matching.tests.ring_cast import found_circle
from commonweal.members.actions import block, leave, pause
from commonweal.messaging.models import Message

NAMES = ("Rosa", "Lee", "Sam")


@pytest.fixture
def circle(town):
    """The three who could make a ring."""
    return found_circle(town)


@pytest.fixture
def ring(circle):
    """The ring, offered."""
    return circle.offer()


def yes(circle, ring, *names):
    for name in names:
        ring = actions.say_yes(place=circle.place(ring, name))
    return ring


def told():
    """The names in which it was written that the ring came to nothing."""
    return {message.to.partition("@")[0].capitalize() for message in letters("ring_void")}


def nothing_came_of(circle, ring, why):
    ring = fresh(ring)
    assert (ring.state, ring.why) == (Ring.State.VOID, why)
    assert not RingPlace.objects.filter(is_waiting=True).exists()
    assert not Match.objects.filter(state=Match.State.ACCEPTED, member__in=_members(circle)).exists()
    assert list(rings_are_whole()) == []


def _members(circle):
    return [circle.town.rosa, circle.town.lee, circle.town.sam]


class TestAllSayYes:
    def test_the_last_yes_makes_every_commitment(self, circle, ring):
        yes(circle, ring, "Rosa", "Sam")
        assert fresh(ring).state == Ring.State.WAITING
        assert not Match.objects.exists()

        ring = yes(circle, ring, "Lee")

        assert ring.state == Ring.State.AGREED
        assert {fresh(ask).state for ask in circle.asks.values()} == {State.AGREED}
        matches = {match.member.name: match for match in Match.objects.select_related("member", "ask")}
        assert {name: match.ask_id for name, match in matches.items()} == {
            "Rosa": circle.asks["Sam"].pk,
            "Lee": circle.asks["Rosa"].pk,
            "Sam": circle.asks["Lee"].pk,
        }
        place = circle.place(ring, "Rosa")
        assert place.match_id == matches["Rosa"].pk
        assert (place.meets_at, place.meets_until) == (matches["Rosa"].meets_at, matches["Rosa"].meets_until)
        assert matches["Rosa"].meets_at >= ring.answer_by
        assert list(rings_are_whole()) == []

    def test_names_come_then_and_from_the_exchange(self, circle, ring):
        yes(circle, ring, "Rosa", "Sam")
        assert not letters("agreed_helper").exists()
        yes(circle, ring, "Lee")
        assert letters("agreed_helper").count() == letters("agreed_asker").count() == 3
        assert not letters("ring").filter(state=Message.State.QUEUED).exists()
        assert not letters("ring_void").exists()

    def test_pressed_twice_it_is_one_yes(self, circle, ring):
        yes(circle, ring, "Rosa", "Rosa", "Sam", "Lee", "Lee", "Rosa")
        assert Match.objects.count() == 3
        assert [event.verb for event in story_of(ring)] == [
            "offered",
            "said_yes",
            "said_yes",
            "said_yes",
            "held",
        ]

    def test_an_invitation_to_the_same_becomes_the_commitment(self, circle, ring, town):
        """The ordinary search asked Rosa for what the ring has her do; and Jo too, who is told that it is met."""
        match, other = (town.invited(circle.asks["Sam"], member) for member in (town.rosa, town.jo))
        yes(circle, ring, *NAMES)
        assert fresh(match).state == Match.State.ACCEPTED
        assert fresh(other).state == Match.State.TAKEN_BACK
        assert Match.objects.filter(ask=circle.asks["Sam"]).count() == 2

    def test_who_drops_out_afterwards_leaves_the_others_as_they_are(self, circle, ring):
        yes(circle, ring, *NAMES)
        place = circle.place(ring, "Lee")
        exchange.drop_out(match=Match.objects.get(pk=place.match_id))
        assert fresh(circle.asks["Rosa"]).state == State.NEAR
        assert fresh(circle.asks["Sam"]).state == State.AGREED

    def test_a_no_is_too_late_then(self, circle, ring):
        yes(circle, ring, *NAMES)
        with pytest.raises(RingOver):
            actions.say_no(place=circle.place(ring, "Rosa"))
        assert fresh(ring).state == Ring.State.AGREED


class TestSomebodySaysNo:
    def test_who_said_yes_is_told_and_not_by_whom(self, circle, ring):
        yes(circle, ring, "Rosa", "Sam")
        actions.say_no(place=circle.place(ring, "Lee"))

        nothing_came_of(circle, ring, Ring.Why.SAID_NO)
        assert told() == {"Rosa", "Sam"}
        assert not any("Lee" in str(message.context) for message in letters("ring_void"))
        assert {fresh(ask).state for ask in circle.asks.values()} == {State.NEAR}
        with pytest.raises(RingOver):
            yes(circle, ring, "Rosa")

    def test_a_yes_can_be_taken_back(self, circle, ring):
        yes(circle, ring, "Rosa")
        actions.say_no(place=circle.place(ring, "Rosa"))
        nothing_came_of(circle, ring, Ring.Why.SAID_NO)
        assert told() == set()

    def test_twice_no_is_one(self, circle, ring):
        for _press in range(2):
            actions.say_no(place=circle.place(ring, "Rosa"))
        assert [event.verb for event in story_of(ring)] == ["offered", "said_no", "voided"]

    def test_nothing_is_held_against_anybody(self, circle, ring, town):
        """Who said no to the ring can be asked for anything else at once, for the very same ask too."""
        actions.say_no(place=circle.place(ring, "Rosa"))
        assert town.invited(circle.asks["Sam"], town.rosa).state == Match.State.INVITED


class TestTimeRunsOut:
    def test_silence_makes_it_void(self, circle, ring, hand):
        yes(circle, ring, "Rosa")
        assert void_rings() == 0
        hand.advance(DAY)
        assert void_rings() == 1
        nothing_came_of(circle, ring, Ring.Why.NO_ANSWER)
        assert told() == {"Rosa"}
        assert void_rings() == 0

    def test_a_yes_comes_too_late(self, circle, ring, hand):
        yes(circle, ring, "Rosa", "Sam")
        hand.advance(DAY)
        assert yes(circle, ring, "Lee").state == Ring.State.VOID
        nothing_came_of(circle, ring, Ring.Why.NO_ANSWER)
        assert told() == {"Rosa", "Sam"}

    def test_it_is_forgotten_when_closed_asks_are(self, circle, ring, town, hand):
        actions.say_no(place=circle.place(ring, "Rosa"))
        hand.advance(town.network.policy.span("erase_days") - HOUR)
        assert forget_rings() == 0
        hand.advance(HOUR)
        assert forget_rings() == 1
        assert not RingPlace.objects.exists()


MEANWHILE = {
    "met": (lambda circle: circle.town.agreed(circle.asks["Sam"], circle.town.jo), Ring.Why.ASK_GONE),
    "withdrawn": (lambda circle: exchange.withdraw_ask(ask=circle.asks["Sam"]), Ring.Why.ASK_GONE),
    "ask paused": (lambda circle: exchange.pause_ask(ask=circle.asks["Sam"]), Ring.Why.ASK_GONE),
    "a break": (lambda circle: pause(member=circle.town.sam), Ring.Why.MEMBER_GONE),
    "left": (lambda circle: leave(member=circle.town.sam), Ring.Why.MEMBER_GONE),
}


class TestMeanwhile:
    @pytest.mark.parametrize("what", MEANWHILE)
    def test_news_of_it_makes_it_void(self, circle, ring, what, run_commits):
        happens, why = MEANWHILE[what]
        yes(circle, ring, "Rosa")
        with run_commits():
            happens(circle)
        if what == "ask paused":  # of which there is no news: the task finds it
            assert void_rings() == 1
        nothing_came_of(circle, ring, fresh(ring).why)
        assert fresh(ring).why in (why, Ring.Why.ASK_GONE)
        assert told() == {"Rosa"}

    @pytest.mark.parametrize("what", MEANWHILE)
    def test_without_any_news_the_last_yes_finds_out(self, circle, ring, what):
        happens, why = MEANWHILE[what]
        happens(circle)
        places = {name: circle.place(ring, name) for name in NAMES if name != "Sam" or what != "left"}
        if what == "left":  # who has left has no name any more
            places["Sam"] = RingPlace.objects.get(member=circle.town.sam)
        for place in places.values():
            ring = actions.say_yes(place=place)
        assert (ring.state, ring.why) == (Ring.State.VOID, why)
        nothing_came_of(circle, ring, why)

    @pytest.mark.parametrize("what", MEANWHILE)
    def test_the_task_finds_out_too(self, circle, ring, what):
        MEANWHILE[what][0](circle)
        assert [found.pk for found in rings_to_look_at(limit=5)] == [ring.pk]
        assert void_rings() == 1
        nothing_came_of(circle, ring, fresh(ring).why)

    def test_an_ask_that_was_changed_is_not_what_was_said_yes_to(self, circle, ring):
        Ask.objects.filter(pk=circle.asks["Sam"].pk).update(version=2)
        assert yes(circle, ring, *NAMES).why == Ring.Why.ASK_GONE

    def test_a_week_that_filled_up(self, circle, ring, town):
        for number in range(3):
            town.agreed(town.ask(people=number + 1), town.rosa)
        assert yes(circle, ring, *NAMES).why == Ring.Why.MEMBER_GONE
        assert Match.objects.filter(ask__in=circle.asks.values()).count() == 0

    @pytest.mark.parametrize("turned", [False, True])
    def test_two_who_do_not_want_to_meet_any_more(self, circle, ring, town, turned):
        one, other = (town.lee, town.rosa) if turned else (town.rosa, town.lee)
        block(member=one, blocked=other)
        assert yes(circle, ring, *NAMES).state == Ring.State.VOID
        nothing_came_of(circle, ring, Ring.Why.MEMBER_GONE)
        assert not letters("agreed_helper").exists()

    def test_what_can_still_be_is_left_alone(self, circle, ring):
        assert actions.void_if_it_cannot_be(ring=ring).state == Ring.State.WAITING
        ring = yes(circle, ring, *NAMES)
        assert actions.void_if_it_cannot_be(ring=ring).state == Ring.State.AGREED
        assert tasks.rings.void_rings() == 0


class TestTogether:
    """`agree_together` of the exchange: all or none."""

    @pytest.fixture
    def pairs(self, circle, ring):
        return [
            (Ask.objects.get(pk=place.ask_id), actions._candidate(place)) for place in _places(circle, ring)
        ]

    def test_all_are_agreed(self, pairs):
        matches = exchange.agree_together(pairs=pairs)
        assert {match.state for match in matches} == {Match.State.ACCEPTED}

    @pytest.mark.parametrize(
        ("happens", "refusal"),
        [
            (lambda circle: exchange.withdraw_ask(ask=circle.asks["Sam"]), InvitationOver),
            (lambda circle: pause(member=circle.town.sam), NotPossibleNow),
        ],
    )
    def test_or_none_is(self, circle, pairs, happens, refusal):
        happens(circle)
        with pytest.raises(refusal):
            exchange.agree_together(pairs=pairs)
        assert not Match.objects.filter(state=Match.State.ACCEPTED).exists()

    def test_a_stale_ask_is_refused(self, pairs):
        pairs[1][0].version += 1
        with pytest.raises(PageWasStale):
            exchange.agree_together(pairs=pairs)

    def test_a_full_week_undoes_the_others(self, circle, pairs, town):
        for number in range(3):
            town.agreed(town.ask(people=number + 1), town.sam)
        before = Match.objects.count()
        with pytest.raises(WeekIsFull):
            exchange.agree_together(pairs=pairs)
        assert Match.objects.count() == before


def _places(circle, ring):
    return [circle.place(ring, name) for name in NAMES]


class TestInvariant:
    def test_a_ring_that_is_half_agreed_is_found(self, circle, ring):
        Ring.objects.update(state=Ring.State.AGREED, ended_at=ring.created_at)
        assert len(list(rings_are_whole())) == 1

    def test_and_one_that_waits_for_ever(self, circle, ring, hand):
        hand.advance(DAY + HOUR)
        assert list(rings_are_whole()) == []
        hand.advance(3 * HOUR)
        (finding,) = rings_are_whole()
        assert "worker" in finding.do
