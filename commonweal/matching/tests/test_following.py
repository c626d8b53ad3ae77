"""A plan that is kept up with what happens: each arrival, withdrawal or refusal is a small change of it."""

from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from commonweal.exchange import actions
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh, member_of
from commonweal.matching.errors import NoEngine
from commonweal.matching.models import Plan, PlanChange
from commonweal.matching.planning import following, keeping, making
from commonweal.matching.planning.due import due_networks, networks_with_news
from commonweal.matching.planning.following import Follower
from commonweal.matching.planning.keeping import IDLE, PATIENCE, PAUSE, Keeper
from commonweal.matching.planning.known import newest_plan
from commonweal.matching.planning.making import make_plan, replayed
from commonweal.matching.search import candidate_of, look
from commonweal.matching.solving.messages import packed, unpacked
from commonweal.matching.solving.work import answer
from commonweal.matching.tests.engine import AtHand
from commonweal.members.actions import block, come_back, pause, unblock
from commonweal.networks.actions import change_policy

NEAR = (15731, -24515)
WEEK = {"starts_at": MONDAY, "ends_at": MONDAY + 7 * DAY}


@pytest.fixture(autouse=True)
def at_hand(monkeypatch):
    """The engine in this very process; it takes no time."""
    monkeypatch.setattr(making, "run", answer)
    monkeypatch.setattr(making, "EngineProcess", AtHand)
    monkeypatch.setattr(making, "time", SimpleNamespace(monotonic=lambda: 0.0))


@pytest.fixture
def rosa_drives(town):
    """Rosa can help once this week, near by and with a car; Lee walks, from farther away."""
    town.rosa.per_week = 1
    town.rosa.save()
    town.offer(
        town.rosa, cell=NEAR, vehicle="car", categories=(town.groceries.pk, town.ride.pk), radius_m=9000
    )
    town.offer(town.lee, cell=(NEAR[0] + 3, NEAR[1]), radius_m=9000)
    return town


class Story:
    """A network whose plan is followed; each step is a minute later than the one before."""

    def __init__(self, town, hand):
        self.town, self._hand, self.engine = town, hand, AtHand()
        self.at = MONDAY
        self.plan = make_plan(network=town.network, at=MONDAY)
        self.follower = Follower.of(self.plan, self.engine)

    def then(self, happens=None):
        """Let this happen, a minute later, and have it answered a minute after that."""
        self._hand.advance(timedelta(minutes=1))
        came = happens() if happens else None
        self._hand.advance(timedelta(minutes=1))
        self.at += timedelta(minutes=2)
        self.change = self.follower.follow(at=self.at)
        return came

    def has(self, ask):
        """Who is to come to an ask, by name."""
        known = newest_plan(self.town.network, at=self.at)
        return [member.name for member in map(self._member, known.for_ask(ask.pk))]

    def _member(self, key):
        return type(self.town.rosa).objects.get(pk=key)

    def anew(self):
        """A plan made from nothing at this moment, as its value and how many are met."""
        plan = make_plan(network=self.town.network, at=self.at)
        plan.delete()
        return plan.met


@pytest.fixture
def story(rosa_drives, hand):
    """From a plan in which nobody asks yet."""
    return Story(rosa_drives, hand)


def test_an_arrival_is_answered_and_what_was_only_suggested_moves(story):
    town = story.town
    groceries = story.then(lambda: town.ask(**WEEK))
    assert story.has(groceries) == ["Rosa"]
    ride = story.then(lambda: town.ask(category=town.ride.pk, **WEEK))
    assert (story.has(groceries), story.has(ride)) == (["Lee"], ["Rosa"])
    assert (story.change.number, story.change.met, story.anew()) == (2, 2, 2)
    known = newest_plan(town.network, at=story.at)
    assert known.needed_elsewhere(town.rosa.pk, groceries.pk).scarce == "vehicle"
    assert known.needed_elsewhere(town.rosa.pk, ride.pk) is None
    assert known.worth(town.rosa.pk) > 0
    assert look(groceries, at=story.at).fits[0].helper.id == str(town.lee.pk)
    assert Plan.objects.count() == 1


def test_a_suggestion_moves_at_a_price(rosa_drives, hand):
    """For less than the price the desk is left in peace: Rosa comes back and is nearer, but Sam has it by then."""
    town = rosa_drives
    change_policy(network=town.network, changes={"switch": 200}, reason="Let it stand.")
    ask = town.ask(**WEEK)
    town.offer(town.sam, cell=(NEAR[0] + 2, NEAR[1]), radius_m=9000)
    actions.pause_offer(offer=town.rosa.offers.get())
    story = Story(town, hand)
    assert story.has(ask) == ["Sam"]
    story.then(lambda: actions.resume_offer(offer=fresh(town.rosa.offers.get())))
    assert story.has(ask) == ["Sam"]


def test_a_withdrawal_gives_the_hour_to_who_gains_most(story):
    town = story.town
    groceries = story.then(lambda: town.ask(**WEEK))
    ride = story.then(lambda: town.ask(category=town.ride.pk, **WEEK))
    other = story.then(lambda: town.ask(category=town.ride.pk, **WEEK))
    assert story.has(other) == []
    story.then(lambda: actions.withdraw_ask(ask=fresh(ride)))
    assert (story.has(ride), story.has(other), story.has(groceries)) == ([], ["Rosa"], ["Lee"])


def test_a_refusal_brings_the_next_best_and_the_two_are_not_brought_together_again(story):
    town = story.town
    ask = story.then(lambda: town.ask(**WEEK))
    invited = story.then(lambda: town.invited(ask, town.rosa))
    assert story.has(ask) == ["Lee"]
    story.then(lambda: actions.decline_invitation(match=invited))
    assert story.has(ask) == ["Lee"]
    story.then(lambda: actions.pause_offer(offer=town.lee.offers.get()))
    assert story.has(ask) == []


def test_what_was_accepted_never_moves(story):
    """Rosa has said yes to groceries: a ride that only she could give finds her week full."""
    town = story.town
    groceries = story.then(lambda: town.ask(**WEEK))
    agreed = story.then(
        lambda: town.agreed(groceries, town.rosa, meets_at=MONDAY + DAY, meets_until=MONDAY + DAY + HOUR)
    )
    ride = story.then(lambda: town.ask(category=town.ride.pk, **WEEK))
    assert (story.has(ride), story.has(groceries)) == ([], [])
    assert fresh(agreed).state == Match.State.ACCEPTED
    story.then(lambda: actions.drop_out(match=fresh(agreed)))
    assert story.has(groceries) == ["Lee"]


def test_new_offers_breaks_and_blocks_are_answered(story):
    town = story.town
    ride = story.then(lambda: town.ask(category=town.ride.pk, **WEEK))
    assert story.has(ride) == ["Rosa"]
    story.then(lambda: pause(member=town.rosa, until=None))
    assert story.has(ride) == []
    newcomer = member_of(town.network, "Noor", per_week=2)
    story.then(
        lambda: town.offer(newcomer, cell=NEAR, vehicle="car", categories=(town.ride.pk,), radius_m=9000)
    )
    assert story.has(ride) == ["Noor"]
    known = newest_plan(town.network, at=story.at)
    assert known.trip_of(ride.pk, town.network.pk) == ()
    assert known.worth(newcomer.pk) == 0
    assert known.needed_elsewhere(newcomer.pk, ride.pk) is None
    story.then(lambda: come_back(member=fresh(town.rosa)))
    assert story.has(ride) in (["Rosa"], ["Noor"])


@pytest.mark.parametrize("who", ["asker", "helper"])
def test_a_block_keeps_them_apart_from_either_side(story, who):
    town = story.town
    ask = actions.publish_ask(
        network=town.network, draft=town.draft(contact_kind="", contact="", **WEEK), by=town.sam
    ).ask
    story.then()
    assert story.has(ask) == ["Rosa"]
    one, other = (town.sam, town.rosa) if who == "asker" else (town.rosa, town.sam)
    story.then(lambda: block(member=one, blocked=other))
    assert story.has(ask) == ["Lee"]
    assert due_networks(story.at) == []
    story.then(lambda: unblock(member=one, blocked=other.pk))
    assert due_networks(story.at) == [town.network]


def test_the_preferred_helper_of_an_ask_is_looked_up_among_their_offers(story):
    town = story.town
    ask = story.then(lambda: town.ask(**WEEK))
    Ask.objects.filter(pk=ask.pk).update(preferred=town.lee)
    story.then(lambda: actions.pause_ask(ask=fresh(ask)))
    story.then(lambda: actions.resume_ask(ask=fresh(ask)))
    assert story.has(ask) == ["Lee"]


def test_who_helped_before_is_known_again(story):
    town = story.town
    first = story.then(lambda: town.ask(**WEEK))
    story.then(lambda: town.agreed(first, town.lee, meets_at=MONDAY + DAY, meets_until=MONDAY + DAY + HOUR))
    story.then(lambda: town.ask(**WEEK))
    request = unpacked(bytes(story.change.inputs))
    [(ask, helper)] = request["known"].tolist()
    assert ask == request["ask_at"][0]
    assert helper in request["helper_at"] or helper < 2


def test_where_nothing_has_happened_nothing_is_written(story):
    """Somebody who offers nothing takes a break: that is news, but nothing to write down, and it is not news twice."""
    story.then()
    kept = PlanChange.objects.count()
    story.then()
    assert (story.change, PlanChange.objects.count()) == (None, kept)
    story.then(lambda: pause(member=story.town.sam, until=None))
    assert (story.change, PlanChange.objects.count()) == (None, kept)
    assert networks_with_news(story.at) == []


def test_nothing_is_answered_twice_though_the_last_moments_are_read_again(story):
    town = story.town
    story.then(lambda: town.ask(**WEEK))
    assert story.follower.follow(at=story.at + timedelta(seconds=5)) is None
    assert PlanChange.objects.count() == 1


def test_parts_that_are_over_are_nobody_s_any_more(rosa_drives, hand):
    """The afternoon of the plan's own day passes; what was suggested for it moves to another day, or is lost."""
    town = rosa_drives
    today = town.ask(starts_at=MONDAY + 2 * HOUR, ends_at=MONDAY + 6 * HOUR, category=town.ride.pk)
    story = Story(town, hand)
    assert story.has(today) == ["Rosa"]
    hand.advance(timedelta(hours=7))
    story.at += timedelta(hours=7)
    story.then(lambda: town.ask(**WEEK))
    assert story.has(today) == []


def test_much_at_once_is_left_to_a_new_plan(story, monkeypatch):
    monkeypatch.setattr(following, "MOST_AT_ONCE", 0)
    story.then(lambda: story.town.ask(**WEEK))
    assert story.change is None
    assert networks_with_news(story.at) == [story.town.network]
    assert due_networks(story.at + 3 * timedelta(minutes=1)) == [story.town.network]


def test_it_takes_the_same_queries_however_much_has_happened(story, django_assert_max_num_queries):
    town = story.town
    story.then(lambda: town.ask(**WEEK))
    with django_assert_max_num_queries(23):
        story.then()
    asks = [town.ask(**WEEK) for _ in range(6)]
    for number in range(4):
        town.offer(member_of(town.network, f"Neighbour{number}"), cell=NEAR)
    story.at += timedelta(minutes=1)
    with django_assert_max_num_queries(26):
        story.follower.follow(at=story.at)
    assert all(story.has(ask) for ask in asks[:3])


@pytest.mark.parametrize("seed", range(6))
def test_after_whatever_has_happened_as_many_are_met_as_in_a_plan_made_anew(town, hand, seed):
    """Random days: asks come and go, people offer, pause, refuse and drop out. Also: it replays to the byte."""
    rng = np.random.default_rng(seed)
    change_policy(
        network=town.network, changes={"switch": 0, "areas": 0, "languages": 0, "access": 0}, reason="Bare."
    )
    people = [member_of(town.network, f"Neighbour{number}", per_week=2) for number in range(6)]
    kinds = (town.groceries.pk, town.ride.pk)

    def near():
        return NEAR[0] + int(rng.integers(4)), NEAR[1] + int(rng.integers(4))

    def asks():
        begins = MONDAY + int(rng.integers(1, 4)) * DAY
        town.ask(
            category=kinds[int(rng.integers(2))], cell=near(), starts_at=begins, ends_at=begins + 5 * HOUR
        )

    def offers():
        member = people[int(rng.integers(6))]
        slots = int(rng.integers(1, 1 << 42))
        vehicle = ("foot", "car")[int(rng.integers(2))]
        town.offer(member, cell=near(), categories=kinds, vehicle=vehicle, slots=slots, radius_m=2000)

    def closes():
        ask = Ask.objects.filter(on_board=True).order_by("id").first()
        if ask:
            actions.withdraw_ask(ask=ask)

    def invites():
        ask = (
            Ask.objects.filter(on_board=True, hands_taken=0)
            .select_related("network", "category", "by")
            .order_by("id")
            .last()
        )
        fits = look(ask, at=story.at).fits if ask else ()
        if fits and rng.integers(2):
            match = actions.invite(ask=ask, candidate=candidate_of(fits[0]))
            (actions.accept_invitation if rng.integers(2) else actions.decline_invitation)(match=match)

    for _ in range(4):
        offers()
        asks()
    story = Story(town, hand)
    for _ in range(14):
        story.then([asks, offers, closes, invites][int(rng.integers(4))])
        if story.change:
            assert story.change.met == story.anew()
    assert all(replayed(story.plan))


class TestAgain:
    @pytest.fixture
    def told(self, story):
        town = story.town
        story.then(lambda: town.ask(**WEEK))
        story.then(lambda: town.ask(category=town.ride.pk, **WEEK))
        return story

    def test_a_plan_and_its_changes_come_out_the_same_to_the_byte(self, told):
        assert list(replayed(told.plan)) == [True, True, True]
        out = StringIO()
        call_command("plan", "--replay", str(told.plan.pk), stdout=out)
        assert "the same once more with its 2 changes" in out.getvalue()

    def test_another_engine_is_noticed_by_a_change(self, told):
        PlanChange.objects.filter(number=2).update(outcome=packed({"ask": np.zeros(0)}))
        with pytest.raises(CommandError, match="its change 2 comes out differently"):
            call_command("plan", "--replay", str(told.plan.pk))

    def test_changes_go_with_their_plan(self, told):
        told.plan.delete()
        assert not PlanChange.objects.exists()

    def test_changes_hold_no_ids_among_their_numbers(self, told):
        ask = Ask.objects.first()
        for change in PlanChange.objects.all():
            kept = b"".join(array.tobytes() for array in unpacked(bytes(change.inputs)).values())
            assert ask.pk.bytes not in kept


class TestWhenItDies:
    def test_the_next_goes_on_from_what_is_kept(self, story):
        town = story.town
        groceries = story.then(lambda: town.ask(**WEEK))
        story.engine.dies = True
        with pytest.raises(NoEngine):
            story.then(lambda: town.ask(category=town.ride.pk, **WEEK))
        assert PlanChange.objects.count() == 1
        story.follower = Follower.of(Plan.objects.get(), AtHand())
        story.then()
        ride = Ask.objects.exclude(pk=groceries.pk).get()
        assert (story.has(groceries), story.has(ride)) == (["Lee"], ["Rosa"])
        assert all(replayed(story.plan))

    def test_of_two_that_follow_one_plan_one_gives_way(self, story):
        other = Follower.of(story.plan, AtHand())
        ask = story.then(lambda: story.town.ask(**WEEK))
        with pytest.raises(NoEngine):
            other.follow(at=story.at)
        assert PlanChange.objects.count() == 1
        assert story.has(ask) == ["Rosa"]


class TestKeeping:
    @pytest.fixture
    def engines(self):
        return []

    @pytest.fixture
    def keeper(self, engines):
        def start():
            engines.append(AtHand())
            return engines[-1]

        return Keeper(start)

    def test_it_makes_what_is_due_and_answers_what_happens_in_one_engine(
        self, rosa_drives, hand, keeper, engines
    ):
        town = rosa_drives
        town.ask(**WEEK)
        assert keeper.make_due() == 1
        assert (keeper.mend(), engines) == ([], [])
        for number in range(2):
            hand.advance(timedelta(minutes=1))
            town.ask(category=town.ride.pk, **WEEK)
            assert [change.number for change in keeper.mend()] == [number + 1]
        assert len(engines) == 1
        assert keeper.mend() == []

    def test_a_new_plan_takes_the_place_of_the_old(self, rosa_drives, hand, keeper, engines):
        rosa_drives.ask(**WEEK)
        keeper.make_due()
        hand.advance(timedelta(minutes=1))
        rosa_drives.ask(**WEEK)
        keeper.mend()
        hand.advance(timedelta(minutes=1))
        make_plan(network=rosa_drives.network, at=MONDAY + timedelta(minutes=2))
        hand.advance(timedelta(minutes=1))
        rosa_drives.ask(**WEEK)
        keeper.mend()
        assert [engine.closed for engine in engines] == [True, False]
        assert PlanChange.objects.filter(plan=Plan.objects.order_by("made_at").last()).count() == 1

    def test_few_are_held_at_once(self, rosa_drives, bo, hand, keeper, engines, monkeypatch):
        monkeypatch.setattr(keeping, "MOST_HELD", 1)
        rosa_drives.ask(**WEEK)
        make_plan(network=bo.network, at=MONDAY)
        keeper.make_due()
        hand.advance(timedelta(minutes=1))
        rosa_drives.ask(**WEEK)
        pause(member=bo, until=None)
        assert len(keeper.mend()) == 1
        assert keeper.mend() == []
        assert [engine.closed for engine in engines] == [True, False]
        keeper.close()
        assert all(engine.closed for engine in engines)

    def test_it_ends_when_it_has_been_quiet_and_rests_in_between(self, rosa_drives, hand, keeper):
        rosa_drives.ask(**WEEK)
        passed, rests = [0.0], []

        def rest(seconds):
            rests.append(seconds)
            passed[0] += 30
            if len(rests) == 1:
                hand.advance(timedelta(minutes=1))
                rosa_drives.ask(**WEEK)

        keeper.keep(goes_on=lambda: True, rest=rest, now=lambda: passed[0])
        assert len(rests) == 1 + IDLE // 30
        took = PlanChange.objects.get().seconds
        assert rests[:2] == [PAUSE, max(PAUSE, PATIENCE * took)]
        assert Plan.objects.count() == 1

    def test_the_command_keeps_until_its_parent_is_gone(self, rosa_drives, monkeypatch):
        goes_on = []
        monkeypatch.setattr(Keeper, "keep", lambda keeper, **how: goes_on.append(how["goes_on"]))
        call_command("plan", "--follow")
        assert goes_on[0]()
        monkeypatch.setattr("os.getppid", lambda: 1)
        assert not goes_on[0]()

    def test_it_ends_with_whoever_started_it(self, rosa_drives, keeper):
        rosa_drives.ask(**WEEK)
        keeper.keep(goes_on=lambda: False)
        assert not Plan.objects.exists()

    def test_engines_end_with_it_when_one_fails(self, rosa_drives, hand, keeper, engines):
        rosa_drives.ask(**WEEK)
        keeper.make_due()
        hand.advance(timedelta(minutes=1))
        rosa_drives.ask(**WEEK)
        keeper.mend()
        engines[0].dies = True
        hand.advance(timedelta(minutes=1))
        rosa_drives.ask(**WEEK)
        with pytest.raises(NoEngine):
            keeper.keep(goes_on=lambda: True)
        assert engines[0].closed
        keeper.mend()
        assert PlanChange.objects.count() == 2


class TestDue:
    def test_a_plan_that_was_mended_is_made_anew_after_a_while(self, story):
        story.then(lambda: story.town.ask(**WEEK))
        assert due_networks(MONDAY + timedelta(minutes=29)) == []
        assert due_networks(MONDAY + timedelta(minutes=30)) == [story.town.network]

    def test_or_when_it_has_changed_often(self, story, monkeypatch):
        monkeypatch.setattr("commonweal.matching.planning.due.MOST_CHANGES", 1)
        story.then(lambda: story.town.ask(**WEEK))
        assert due_networks(story.at) == [story.town.network]

    def test_or_when_the_rules_have_changed(self, story):
        change = {"changes": {"known": 50}, "reason": "Old friends."}
        story.then(lambda: change_policy(network=story.town.network, **change))
        assert due_networks(story.at) == [story.town.network]
