"""Two asks that are the same: made one by a dispatcher, and two again."""

import pytest

from commonweal.base import clock
from commonweal.base.eventlog import story_of
from commonweal.exchange import actions
from commonweal.exchange.actions import merging
from commonweal.exchange.errors import (
    HeldByAnother,
    ItRepeats,
    NotPossibleNow,
    SameAsk,
    SomebodyAgreed,
)
from commonweal.exchange.invariants import merged_asks_lead_on
from commonweal.exchange.merged import merged_with, where_it_went
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.queries import ask_status, timeline
from commonweal.exchange.tests.cast import DAY, found_town, fresh, letters, verbs


@pytest.fixture
def two(town):
    """Amina's ask, and the same one from her son."""
    return town.ask(), town.ask(called="Omar", contact="omar@example.org")


def merge(town, ask, into, **further):
    return actions.merge_asks(ask=ask, into=into, by=town.jo, **further)


def test_one_goes_on_in_the_other(town, two):
    first, second = two
    merge(town, second, first, why=["phone", "words", "my neighbour says so"])
    gone, kept = fresh(second), fresh(first)
    assert (gone.state, gone.closed_why, gone.merged_into_id) == ("withdrawn", "merged", first.pk)
    assert (gone.next_step_at, gone.words, bool(gone.token_hash)) == (None, "Third floor, no lift.", True)
    assert (kept.state, kept.version) == ("near", first.version)
    assert [one.pk for one in merged_with(kept)] == [second.pk]
    assert "merged" in verbs(gone)
    assert "merged_in" in verbs(kept)
    assert not list(merged_asks_lead_on())


def test_nothing_personal_stands_in_the_events(town, two):
    first, second = two
    merge(town, second, first, why=["phone", "my neighbour says so"])
    event = next(event for event in story_of(second) if event.verb == "merged")
    assert event.data["why"] == ["phone"]
    assert event.data["into"] == str(first.pk)


def test_merging_twice_changes_nothing(town, two):
    merge(town, two[1], two[0])
    merge(town, two[1], two[0])
    assert verbs(two[1]).count("merged") == 1


def test_whoever_was_being_asked_is_told(town, two):
    first, second = two
    invited = town.invited(second, town.rosa)
    merge(town, second, first)
    assert fresh(invited).state == Match.State.TAKEN_BACK
    assert letters("invitation_taken_back").count() + letters("invitation").count() <= 1


def test_a_commitment_never_changes_its_ask(town, two):
    first, second = two
    agreed = town.agreed(second, town.rosa)
    with pytest.raises(SomebodyAgreed):
        merge(town, second, first)
    assert (fresh(agreed).state, fresh(second).merged_into_id) == ("accepted", None)
    # The other way round it can be, and the commitment stays where it is.
    merge(town, first, second)
    assert (fresh(agreed).state, fresh(first).merged_into_id) == ("accepted", second.pk)


def test_where_somebody_agreed_to_each_nothing_is_merged(town, two):
    town.agreed(two[0], town.rosa)
    town.agreed(two[1], town.lee)
    for ask, into in (two, reversed(two)):
        with pytest.raises(SomebodyAgreed):
            merge(town, ask, into)


def test_what_can_not_be_merged(town, two):
    first, second = two
    with pytest.raises(SameAsk):
        merge(town, first, first)
    with pytest.raises(ItRepeats):
        merge(town, town.ask(repeat_days=1), first)
    actions.withdraw_ask(ask=first)
    with pytest.raises(NotPossibleNow):
        merge(town, second, first)
    with pytest.raises(NotPossibleNow):
        merge(town, first, second)
    with pytest.raises(NotPossibleNow):
        merge(town, second, found_town("hampden").ask())


@pytest.mark.parametrize("which", [0, 1])
def test_not_while_another_works_on_either(town, two, which):
    actions.take_hold(ask=two[which], dispatcher=town.sam)
    with pytest.raises(HeldByAnother):
        merge(town, two[1], two[0])
    actions.take_hold(ask=two[which], dispatcher=town.jo, over=True)
    assert merge(town, two[1], two[0]).merged_into_id == two[0].pk


def test_two_again(town, two):
    first, second = two
    merge(town, second, first)
    actions.unmerge_asks(ask=fresh(second), by=town.jo)
    again = fresh(second)
    assert (again.state, again.merged_into_id, again.closed_why, again.next_step) == (
        "near",
        None,
        "",
        "search",
    )
    assert "unmerged" in verbs(again)
    assert "unmerged_from" in verbs(first)
    assert actions.unmerge_asks(ask=again, by=town.jo).state == "near"
    assert verbs(again).count("unmerged") == 1


def test_what_is_erased_stays_where_it_is(town, two, hand):
    first, second = two
    merge(town, second, first)
    Ask.objects.filter(pk=second.pk).update(token_hash="", token_box="")
    with pytest.raises(NotPossibleNow):
        actions.unmerge_asks(ask=fresh(second), by=town.jo)


def test_its_link_shows_where_it_went(town, two):
    first, second = two
    merge(town, second, first)
    steps = ask_status(fresh(second)).steps
    assert first.shown_code in steps[1].title
    assert steps[2].title == "Asking near by"
    town.agreed(fresh(first), town.rosa)
    assert ask_status(fresh(second)).steps[2].title == "Somebody is coming"
    actions.report_handover(match=Match.objects.get(ask=first), outcome="done", said_by="asker")
    assert ask_status(fresh(second)).steps[2].title == "Done"


def test_one_that_went_on_twice_leads_to_the_last(town, two):
    third = town.ask()
    merge(town, two[1], two[0])
    merge(town, two[0], third)
    assert where_it_went(fresh(two[1])).pk == third.pk
    assert where_it_went(third) is third


def test_the_desk_reads_it_in_both_stories(town, two):
    merge(town, two[1], two[0])
    told = [[row.text for row in timeline(ask)][-1] for ask in two]
    assert told == [
        "Jo put another ask together with this one",
        "Jo put it together with another ask, in which it goes on",
    ]


def test_it_is_kept_as_long_as_the_other_is_open(town, two, hand):
    first, second = two
    merge(town, second, first)
    hand.advance(31 * DAY)
    actions.erase_closed()
    assert fresh(second).token_hash
    assert fresh(second).erase_at > clock.now()
    actions.withdraw_ask(ask=fresh(first))
    hand.advance(62 * DAY)
    actions.erase_closed()
    assert (fresh(second).token_hash, fresh(second).words) == ("", "")


def test_the_doctor_finds_one_that_leads_nowhere(town, two):
    merge(town, two[1], two[0])
    Ask.objects.filter(pk=two[1].pk).update(closed_why="other")
    assert two[1].code in next(iter(merged_asks_lead_on())).what


def test_two_who_take_an_ask_out_do_so_once(town, monkeypatch):
    first, second = town.ask(), town.ask()
    merging.merge_asks(ask=second, into=first, by=town.jo)
    locks = merging._both_locked

    def after_another(ask, into):
        monkeypatch.setattr(merging, "_both_locked", locks)
        merging.unmerge_asks(ask=ask, by=town.sam)
        return locks(ask, into)

    monkeypatch.setattr(merging, "_both_locked", after_another)
    assert merging.unmerge_asks(ask=fresh(second), by=town.jo).state == "near"


def test_the_asker_is_told_of_both(town, two):
    first, second = two
    merge(town, second, first)
    merge(town, second, first)
    told = letters("ask_merged").get()
    assert (told.to, told.context["code"]) == ("omar@example.org", second.shown_code)
    assert first.shown_code not in str(told.context)
    actions.unmerge_asks(ask=second, by=town.jo)
    assert letters("ask_unmerged").get().to == "omar@example.org"
    assert not letters("ask_merged").exists()
