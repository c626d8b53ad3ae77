"""Two who are kept apart are never brought together, whoever wanted it and by whatever path."""

import pytest

from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.errors import CantBeTogether, InvitationOver, NewHere, NotVouchedFor
from commonweal.exchange.models import HELPED, Ask, Match
from commonweal.exchange.subscribers import ask_who_is_vouched_for
from commonweal.exchange.tests.cast import DAY, MONDAY, fresh, member_of
from commonweal.matching.actions import invite_candidate
from commonweal.matching.errors import CantBeAsked, WhyIsMissing
from commonweal.matching.planning.known import KnownPlan
from commonweal.matching.planning.making import make_plan
from commonweal.matching.planning.numbering import numbers_of
from commonweal.matching.queries import who_could
from commonweal.matching.reading.changes import Moment, read_changes
from commonweal.matching.reading.network import read_network, read_past
from commonweal.matching.tests.paths import PATHS, pick, search
from commonweal.members.actions import block, block_contact, reckon_levels
from commonweal.members.contacts import Contact
from commonweal.members.models import Block, Member
from commonweal.members.trusting import ContactBlock
from commonweal.networks.actions import change_policy, want_vouched
from commonweal.networks.events import VouchesWanted

NEAR = (15731, -24515)
AMINA = Contact(kind="email", value="amina@example.org")
WEEK = {"starts_at": MONDAY + DAY, "ends_at": MONDAY + 6 * DAY}
S = Match.State


def as_member(town):
    """Jo asks, signed in."""
    ask = town.ask(**WEEK)
    Ask.objects.filter(pk=ask.pk).update(by=town.jo)
    return fresh(ask), lambda by_asker: block(
        member=town.jo if by_asker else town.rosa, blocked=town.rosa if by_asker else town.jo
    )


def as_stranger(town):
    """Amina asks, without an account."""
    ask = town.ask(**WEEK)
    return ask, lambda by_asker: block_contact(member=town.rosa, contact=AMINA, by_member=not by_asker)


def as_who_joined_later(town):
    """Amina asks as a member; what was wanted was wanted before she joined."""

    def keep_apart(by_asker):
        block_contact(member=town.rosa, contact=AMINA, by_member=not by_asker)
        Ask.objects.filter(pk=ask.pk).update(by=member_of(town.network, "Amina"))

    ask = town.ask(**{**WEEK, "contact": "other@example.org"})
    return ask, keep_apart


def as_asked_by_the_other(town):
    """Jo asks, who was kept apart from Rosa's contact before she joined: the other way round it holds as well."""
    ask = town.ask(**{**WEEK, "contact": "", "contact_kind": ""})
    Ask.objects.filter(pk=ask.pk).update(by=town.jo)
    rosa = Contact(kind="email", value="rosa@example.org")
    return fresh(ask), lambda by_asker: block_contact(member=town.jo, contact=rosa, by_member=by_asker)


def as_merged(town):
    """Amina's ask goes on in somebody else's."""
    first, ask = town.ask(**WEEK), town.ask(**{**WEEK, "contact": "other@example.org", "called": "Kim"})
    actions.merge_asks(ask=first, into=ask, by=town.jo)
    return fresh(ask), lambda by_asker: block_contact(member=town.rosa, contact=AMINA, by_member=not by_asker)


@pytest.mark.parametrize("by_asker", [True, False])
@pytest.mark.parametrize(
    "known", [as_member, as_stranger, as_who_joined_later, as_asked_by_the_other, as_merged]
)
@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_to_a_match(town, known, path, by_asker):
    town.offer(town.rosa, cell=NEAR)
    ask, keep_apart = known(town)
    keep_apart(by_asker)
    try:
        path(town, fresh(ask))
    except (CantBeTogether, CantBeAsked) as refusal:
        said = str(refusal)
        assert "block" not in said
        assert "Amina" not in said
    assert not Match.objects.filter(ask=ask, member=town.rosa).exists()


@pytest.mark.parametrize(
    "known", [as_member, as_stranger, as_who_joined_later, as_asked_by_the_other, as_merged]
)
def test_without_the_block_every_path_would(town, known):
    town.offer(town.rosa, cell=NEAR)
    ask, _keep_apart = known(town)
    search(town, ask)
    assert Match.objects.get(ask=ask).member == town.rosa


@pytest.mark.parametrize("known", [as_member, as_stranger, as_who_joined_later, as_asked_by_the_other])
@pytest.mark.parametrize("by_asker", [True, False])
def test_neither_the_plan_nor_the_past_played_again_has_them(town, known, by_asker):
    town.offer(town.rosa, cell=NEAR)
    ask, keep_apart = known(town)
    keep_apart(by_asker)
    plan = read_network(town.network, at=MONDAY)
    past, _rows = read_past(town.network, since=MONDAY - DAY, until=MONDAY + DAY, policy=town.network.policy)
    for reading in (plan, past):
        assert reading.instance.blocked.tolist() == [[reading.asks.index(ask.pk), 0]]


@pytest.mark.parametrize("by_asker", [True, False])
def test_what_was_asked_before_is_taken_back_and_can_t_be_said_yes_to(town, by_asker, run_commits):
    town.offer(town.rosa, cell=NEAR)
    ask, keep_apart = as_member(town)
    match = town.invited(ask, town.rosa)
    with run_commits():
        keep_apart(by_asker)
    assert fresh(match).state == S.TAKEN_BACK
    with pytest.raises(InvitationOver):
        actions.accept_invitation(match=match)


def test_a_late_yes_is_refused_as_any_other_that_is_over(town):
    town.offer(town.rosa, cell=NEAR)
    ask, keep_apart = as_stranger(town)
    match = town.invited(ask, town.rosa)
    keep_apart(True)
    with pytest.raises(CantBeTogether):
        actions.accept_invitation(match=match)
    assert fresh(match).state == S.INVITED


def test_the_desk_reads_no_reason(town):
    town.offer(town.rosa, cell=NEAR)
    ask, keep_apart = as_stranger(town)
    keep_apart(True)
    (row,) = who_could(ask).refusals
    assert (row.words, row.names, row.may_ask) == ("can't be asked for this one", ["Rosa"], [])


def test_who_picks_hears_the_same_where_the_asker_would_rather_have_a_woman_come(town):
    ask = town.ask(**WEEK, wish="woman")
    with pytest.raises(CantBeTogether):
        pick(town, ask)
    Member.objects.filter(pk=town.rosa.pk).update(goes_as="woman")
    pick_again = actions.pick_from_board(ask=ask, member=fresh(town.rosa))
    assert pick_again.state == S.ACCEPTED


class TestNeverAgain:
    def test_by_the_helper_of_a_member(self, town):
        ask, _keep = as_member(town)
        match = town.agreed(ask, town.rosa)
        for _twice in range(2):
            actions.never_again(match=fresh(match), by=By.HELPER)
        assert (Block.objects.get().member, Block.objects.get().blocked) == (town.rosa, town.jo)
        assert fresh(match).state == S.DROPPED

    def test_by_the_asker_without_an_account(self, town):
        match = town.agreed(town.ask(**WEEK), town.rosa)
        other = town.invited(town.ask(**WEEK), town.rosa)
        actions.never_again(match=match, by=By.ASKER)
        kept = ContactBlock.objects.get()
        assert (kept.member, kept.by_member) == (town.rosa, False)
        assert [fresh(one).state for one in (match, other)] == [S.DROPPED, S.TAKEN_BACK]

    def test_of_an_invitation_is_a_no(self, town):
        match = town.invited(town.ask(**WEEK), town.rosa)
        actions.never_again(match=match, by=By.HELPER)
        assert fresh(match).state == S.DECLINED

    def test_where_there_is_nothing_to_know_them_by_it_holds_for_this_ask(self, town):
        match = town.agreed(town.ask(**WEEK, contact="", contact_kind=""), town.rosa)
        actions.never_again(match=match, by=By.HELPER)
        assert fresh(match).state == S.DROPPED
        assert not ContactBlock.objects.exists()


class TestVouchedFor:
    @pytest.fixture
    def ask(self, town):
        want_vouched(network=town.network, levels={"groceries": 2}, by=None)
        town.offer(town.sam, cell=NEAR)
        reckon_levels(network=town.network)  # Rosa and Lee joined first, and are known
        return town.ask(**WEEK)

    def test_is_wanted_by_the_search_the_board_and_the_plan(self, town, ask):
        search(town, ask)
        assert not Match.objects.exists()
        with pytest.raises(NotVouchedFor):
            actions.pick_from_board(ask=ask, member=fresh(town.sam))
        instance = read_network(town.network, at=MONDAY).instance
        assert (instance.asks.vouched.tolist(), instance.helpers.vouched.tolist()) == ([2], [0])

    def test_is_no_hindrance_to_who_is(self, town, ask):
        town.offer(town.rosa, cell=NEAR)
        search(town, ask)
        assert Match.objects.get().member == town.rosa
        assert actions.accept_invitation(match=Match.objects.get()).state in HELPED

    def test_the_desk_may_ask_all_the_same_and_says_why(self, town, ask):
        (row,) = who_could(ask).refusals
        assert row.may_ask == [(town.sam.pk, "Sam")]
        with pytest.raises(WhyIsMissing):
            invite_candidate(ask=ask, member_id=town.sam.pk, dispatcher=town.jo)
        match = invite_candidate(ask=ask, member_id=town.sam.pk, dispatcher=town.jo, why="knows")
        assert actions.accept_invitation(match=match).state == S.ACCEPTED

    def test_once_it_is_wanted_who_is_not_is_asked_no_more(self, town, django_capture_on_commit_callbacks):
        reckon_levels(network=town.network)
        town.offer(town.sam, cell=NEAR)
        theirs, others = town.invited(town.ask(**WEEK), town.sam), town.invited(town.ask(**WEEK), town.rosa)
        agreed = town.agreed(town.ask(**WEEK), town.sam)
        with django_capture_on_commit_callbacks(execute=True):
            want_vouched(network=town.network, levels={"groceries": 2}, by=None)
        assert [fresh(match).state for match in (theirs, others, agreed)] == [
            S.TAKEN_BACK,
            S.INVITED,
            S.ACCEPTED,
        ]

    def test_whom_the_desk_asked_all_the_same_stays_asked(
        self, town, ask, django_capture_on_commit_callbacks
    ):
        match = invite_candidate(ask=ask, member_id=town.sam.pk, dispatcher=town.jo, why="knows")
        with django_capture_on_commit_callbacks(execute=True):
            want_vouched(network=town.network, levels={"groceries": 1}, by=None)
        assert fresh(match).state == S.INVITED

    def test_news_of_a_category_that_is_gone_changes_nothing(self, town):
        ask_who_is_vouched_for(VouchesWanted(network=town.network.pk, category=town.sam.pk))


def test_somebody_new_agrees_to_so_many_at_a_time(town):
    change_policy(network=town.network, changes={"new_at_once": 1, "new_handovers": 1}, reason="many new")
    town.network.refresh_from_db()
    town.offer(town.sam, cell=NEAR)
    first = town.agreed(town.ask(**WEEK), town.sam)
    second = town.ask(**WEEK)
    with pytest.raises(NewHere):
        actions.pick_from_board(ask=second, member=fresh(town.sam))
    with pytest.raises(CantBeAsked) as refused:
        desk_of_sam(town, second)
    assert refused.value.codes == ("new_full",)
    Match.objects.filter(pk=first.pk).update(state=S.DONE)
    assert actions.pick_from_board(ask=second, member=fresh(town.sam)).state == S.ACCEPTED


class TestThePlanKnowsWhoIsNew:
    """What the plan has somebody do they may also agree to: `check_together` would refuse the rest."""

    @pytest.fixture(autouse=True)
    def few_at_once(self, town):
        change_policy(
            network=town.network,
            changes={"new_at_once": 2, "new_handovers": 1, "week_cap": 7},
            reason="many new",
        )
        town.network.refresh_from_db()
        Member.objects.filter(network=town.network).update(per_week=7)
        for member in (town.sam, town.rosa):
            town.offer(fresh(member), cell=NEAR)
        reckon_levels(network=town.network)  # Rosa joined first, and is known

    def test_it_plans_for_them_as_often_as_they_may_say_yes(self, town):
        town.agreed(town.ask(**WEEK), town.sam)
        assert self.room(town) == {"Sam": 1, "Rosa": 7}

    def test_and_for_nothing_where_they_have_agreed_to_all_of_it(self, town):
        for _once in range(2):
            match = town.agreed(town.ask(**WEEK), town.sam)
        assert self.room(town) == {"Sam": 0, "Rosa": 7}
        Match.objects.filter(pk=match.pk).update(state=S.DONE)
        assert self.room(town) == {"Sam": 5, "Rosa": 7}

    def test_what_has_changed_since_is_read_the_same(self, town):
        town.agreed(town.ask(**WEEK), town.sam)
        numbers = numbers_of(make_plan(network=town.network, at=MONDAY), [])
        moment = Moment(network=town.network, made_at=MONDAY, at=MONDAY)
        changed = read_changes(moment, asks=(), members=[town.sam.pk], numbers=numbers)
        assert changed["helpers.capacity"].tolist() == [1]

    def test_whatever_the_plan_has_them_do_is_agreed_to(self, town):
        asks = [town.ask(**WEEK) for _each in range(6)]
        plan = make_plan(network=town.network, at=MONDAY)
        known = KnownPlan(plan)
        planned = [ask for ask in asks if town.sam.pk in known.for_ask(ask.pk)]
        assert len(planned) <= 2
        for ask in planned:
            assert actions.pick_from_board(ask=ask, member=fresh(town.sam)).state == S.ACCEPTED

    def room(self, town):
        reading = read_network(town.network, at=MONDAY)
        helpers = reading.instance.helpers
        names = dict(Member.objects.filter(network=town.network).values_list("pk", "name"))
        return {
            names[reading.members[person]]: room
            for person, room in zip(helpers.person.tolist(), helpers.capacity.tolist(), strict=True)
        }


def desk_of_sam(town, ask):
    Member.objects.filter(pk=town.sam.pk).update(last_asked_at=None)
    invite_candidate(ask=ask, member_id=town.sam.pk, dispatcher=town.jo)
