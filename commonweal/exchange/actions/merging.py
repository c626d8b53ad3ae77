"""Making two asks that are the same into one, and two of them again. Both keep their history."""

from collections.abc import Collection

from django.db import transaction

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.exchange import notices
from commonweal.exchange.actions import moving
from commonweal.exchange.errors import HeldByAnother, ItRepeats, NotPossibleNow, SameAsk, SomebodyAgreed
from commonweal.exchange.lifecycle import CLOSED, SEARCHING, State, Trigger
from commonweal.exchange.models import COMMITTED, Ask, Match
from commonweal.members.models import Member

MERGED = "merged"
MERGEABLE = (*SEARCHING, State.PAUSED)
# Why two asks are taken for one; nothing else may stand in an event.
SIGNS = ("phone", "household", "member", "place", "category", "words", "said")


@transaction.atomic
def merge_asks(*, ask: Ask, into: Ask, by: Member, why: Collection[str] = ("said",)) -> Ask:
    """Let ``ask`` go on in ``into``, which is the same one; whoever was being asked for it is told it is not needed.

    ``ask`` closes as withdrawn and keeps its words, its link and its story; its link shows where it went. ``into``
    stays as it is. Merging twice changes nothing. Both are locked, in the order of their ids. ``why`` are of SIGNS.

    Raises SameAsk, SomebodyAgreed (a commitment never changes its ask), ItRepeats, HeldByAnother, and NotPossibleNow
    for an ask that is over or another network's.
    """
    ask, into = _both_locked(ask, into)
    if ask.merged_into_id == into.pk:
        return ask
    _check(ask, into, by)
    moving.move(
        ask,
        Trigger.MERGED,
        by=By.DISPATCHER,
        actor=by.pk,
        into=str(into.pk),
        why=[sign for sign in SIGNS if sign in why],
    )
    ask.closed_why, ask.merged_into = MERGED, into
    ask.save(update_fields=["closed_why", "merged_into"])
    moving.end_matches(ask, Match.State.PROPOSED, Match.State.INVITED)
    notices.merged(ask)
    record(into, "merged_in", by=By.DISPATCHER, actor=by.pk, other=str(ask.pk))
    return ask


@transaction.atomic
def unmerge_asks(*, ask: Ask, by: Member) -> Ask:
    """Take ``ask`` out of the one it was merged into: they were two after all. It is searched for again, from near by.

    Where it is by itself already nothing changes. Raises NotPossibleNow once its words are erased.
    """
    into_id = (
        Ask.objects.filter(network_id=ask.network_id, pk=ask.pk).values_list("merged_into", flat=True).first()
    )
    if into_id is None:
        return moving.locked(ask)
    ask, into = _both_locked(ask, Ask(network_id=ask.network_id, pk=into_id))
    if ask.merged_into_id != into.pk:
        return ask
    if not ask.token_hash:
        raise NotPossibleNow
    ask.merged_into = None
    ask.save(update_fields=["merged_into"])
    moving.fresh_window(ask)
    moving.recount(ask)
    moving.move(ask, Trigger.UNMERGED, by=By.DISPATCHER, actor=by.pk, out_of=str(into.pk))
    notices.unmerged(ask)
    record(into, "unmerged_from", by=By.DISPATCHER, actor=by.pk, other=str(ask.pk))
    return ask


def _both_locked(ask: Ask, into: Ask) -> tuple[Ask, Ask]:
    """Both as they are now, locked in the order of their ids, so that two who merge crosswise don't wait for ever."""
    if ask.pk == into.pk:
        raise SameAsk
    if ask.network_id != into.network_id:
        raise NotPossibleNow
    held = {key: moving.locked_ask(ask.network_id, key) for key in sorted((ask.pk, into.pk))}
    return held[ask.pk], held[into.pk]


def _check(ask: Ask, into: Ask, by: Member) -> None:
    now = clock.now()
    for one in (ask, into):
        if one.held_by and one.held_by_id != by.pk and one.held_until and one.held_until > now:
            raise HeldByAnother(one.held_by.name)
    if moving.matches_in(ask, *COMMITTED):
        raise SomebodyAgreed
    if ask.state not in MERGEABLE or into.state in CLOSED:
        raise NotPossibleNow
    if ask.repeat_days:
        raise ItRepeats
