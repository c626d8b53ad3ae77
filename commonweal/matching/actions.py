"""The search for one ask, and what a person on shift does with its candidates."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from commonweal.algorithms.matching import Fit, Refusal
from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.exchange.actions import (
    explain_choice,
    invite,
    moving,
    propose,
    put_off_search,
    report_search,
    send_to_desk,
)
from commonweal.exchange.actions.advancing import LEASE
from commonweal.exchange.actions.together import WAIVED
from commonweal.exchange.errors import NotPossibleNow
from commonweal.exchange.lifecycle import SEARCHING, State
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.queries.visits import visits_next_door
from commonweal.exchange.quiet import invites_from
from commonweal.matching.errors import CantBeAsked, WhyIsMissing
from commonweal.matching.need import ring_of
from commonweal.matching.overruling import overrules
from commonweal.matching.pacing.choosing import choose, rested_at
from commonweal.matching.pacing.limits import NEVER, asked_lately, invitations_left
from commonweal.matching.search import candidate_of, look
from commonweal.members.models import Member

SUGGESTED = 5
# So many more than are wanted are held ready, should another search have asked one of them in this very moment.
SPARE = 10

S = Match.State
# Who is being asked, and until when they may answer.
Invited = dict[uuid.UUID, datetime]


def search_for(*, network_id: uuid.UUID, ask_id: uuid.UUID, at: datetime) -> None:
    """Look for people for one ask and act as its network has decided: invite, suggest to the desk, or wait.

    The preferred helper of a series is asked first and alone, whatever was decided. Safe to call for any ask, at any
    time, twice and by two workers at once: nobody is asked again, nobody beyond their limit, and no more people than
    the policy allows. At most twenty queries to find out whom to ask, however many offer.
    """
    asks = Ask.objects.select_related("network", "category", "area", "by")
    ask = asks.filter(network_id=network_id, pk=ask_id, state__in=SEARCHING, ends_at__gt=at).first()
    if ask is not None and not ask.is_filled:
        invited = _invited(ask)
        MODES[ask.network.policy.mode](ask, invited, at)


def confirm_match(*, match: Match, dispatcher: Member) -> Match:
    """A person on shift confirms a suggestion: the member is invited. Raises CantBeAsked, NotPossibleNow."""
    return invite_candidate(ask=match.ask, member_id=match.member_id, dispatcher=dispatcher)


def invite_candidate(
    *, ask: Ask, member_id: uuid.UUID, dispatcher: Member, why: str = "", note: str = ""
) -> Match:
    """A person on shift has a member asked. What members said of themselves binds people on shift too.

    Who asks somebody else than the program suggests says ``why`` (one of ``Match.Instead``), and more in a ``note``.
    Whom nothing holds back but that nobody vouches for them, as this kind of thing wants, may be asked with a ``why``.
    Nothing is learnt from whom people on shift choose. Raises CantBeAsked with what holds the member back,
    WhyIsMissing, and NotPossibleNow where the ask wants nobody any more.
    """
    is_other = overrules(ask, member_id, at=clock.now())
    with transaction.atomic():
        moving.locked(ask)
        list(_members(ask, [member_id]))
        ranking = look(ask, at=clock.now(), ready=False, only=member_id)
        is_waived = _codes(ranking.refusals) == ["not_vouched"]
        if is_waived:
            ranking, is_other = look(ask, at=clock.now(), ready=False, only=member_id, waived=True), True
        if not ranking.fits:
            raise CantBeAsked(_codes(ranking.refusals))
        if is_other and not why:
            raise WhyIsMissing
        candidate = candidate_of(ranking.fits[0])
        if is_waived:
            candidate = replace(candidate, reasons=(*candidate.reasons, {"code": WAIVED}))
        match = invite(ask=ask, candidate=candidate, origin=Match.Origin.DISPATCHER, by=dispatcher)
        if match is None:
            raise NotPossibleNow
        if is_other:
            explain_choice(match=match, dispatcher=dispatcher, why=why, note=note)
    return match


def _codes(refusals: Iterable[Refusal]) -> Sequence[str]:
    return [code for refusal in refusals for code in refusal.codes]


def _by_inviting(ask: Ask, invited: Invited, at: datetime) -> None:
    """Invite as few as make a yes sure enough, the likeliest first; where nobody is left, go on to the next ring.

    On the desk a person has taken over: whoever is new is asked all the same, unless somebody holds the ask. In the
    night nobody is asked, unless the ask can't wait for the morning.
    """
    if ask.state == State.DESK and ask.held_until and ask.held_until > at:
        return
    wanted = _most_asked(ask, invited) - len(invited)
    if wanted > 0 and _waits_for_morning(ask, invited, at):
        return
    fits = {fit.helper.id: fit for fit in look(ask, at=at, ring_m=ring_of(ask)).fits} if wanted > 0 else {}
    choice = choose(ask, list(fits.values()), most=wanted, at=at)
    if not _invite(ask, [fits[key] for key in choice.order], choice.pings, at):
        _go_on(ask, invited, at)


def _waits_for_morning(ask: Ask, invited: Invited, at: datetime) -> bool:
    """Whether nobody is invited at this hour; then the search goes on when the night is over, or an answer is due."""
    morning = invites_from(ask, at)
    if morning > at and _is_called_for(ask, at):
        put_off_search(ask=ask, until=min([morning, *invited.values()]))
    return morning > at


def _go_on(ask: Ask, invited: Invited, at: datetime) -> None:
    """Nobody new is asked. Before a person is called in it is waited for who could come and only rests, if time
    allows."""
    if ask.state == State.WIDE and not invited and not moving.pressing(ask) and _is_called_for(ask, at):
        rested, ends = rested_at(ask, look(ask, at=at, ready=False), at), moving.ring_ends_at(ask)
        if rested and ends and rested < ends:
            put_off_search(ask=ask, until=rested)
            return
    _report(ask, invited, at)


def _by_suggesting(ask: Ask, invited: Invited, at: datetime) -> None:
    """Suggest the best of the whole network to the desk, and have a person look at it at once."""
    if invited and ask.state in moving.RINGS:
        _report(ask, invited, at)
        return
    fits = look(ask, at=at).fits
    if ask.state in moving.RINGS and _is_preferred(ask, fits) and _invite(ask, fits[:1], 1, at):
        return
    new = propose(ask=ask, candidates=[candidate_of(fit) for fit in fits[:SUGGESTED]])
    if ask.state in moving.RINGS or (ask.state == State.BEYOND and new):
        send_to_desk(ask=ask, said_by=By.PROGRAM)
    else:
        _report(ask, invited, at)


def _by_waiting(ask: Ask, invited: Invited, at: datetime) -> None:
    """Nobody is asked: it stands on the board for whoever picks it, ring by ring, until a person looks."""
    if ask.state not in moving.RINGS or invited:
        _report(ask, invited, at)
        return
    fits = look(ask, at=at, only=ask.preferred_id).fits if ask.preferred_id else ()
    if not _invite(ask, fits, 1, at) and _is_called_for(ask, at):
        report_search(ask=ask, found=True)


MODES = {"invite": _by_inviting, "dispatcher": _by_suggesting, "board": _by_waiting}


def _invited(ask: Ask) -> Invited:
    invited = Match.objects.filter(network_id=ask.network_id, ask=ask, state=S.INVITED)
    return {member: until for member, until in invited.values_list("member_id", "answer_by") if until}


def _most_asked(ask: Ask, invited: Invited) -> int:
    """How many may be asked at one time; no more than it wants while the preferred helper of a series thinks."""
    if ask.preferred_id in invited:
        return 1 if ask.quantity else ask.places_left
    return moving.most_asked(ask)


def _is_preferred(ask: Ask, fits: Sequence[Fit]) -> bool:
    return bool(fits) and fits[0].helper.id == str(ask.preferred_id)


def _invite(ask: Ask, fits: Sequence[Fit], wanted: int, at: datetime) -> int:
    """Invite the first of ``fits`` who can still be asked; returns how many were.

    Judging takes time. So it is looked once more, under the locks (the ask, then the members by their ids), who has
    been asked for something else meanwhile.
    """
    if _is_preferred(ask, fits):
        wanted = min(wanted, 1 if ask.quantity else ask.places_left)
    asked = 0
    if not fits or wanted <= 0:
        return asked
    with transaction.atomic():
        moving.locked(ask)
        free = _still_free(ask, fits[: wanted + SPARE], at)
        for fit in fits[: wanted + SPARE]:
            if asked < wanted and fit.helper.id in free:
                asked += invite(ask=ask, candidate=candidate_of(fit)) is not None
    return asked


def _still_free(ask: Ask, fits: Sequence[Fit], at: datetime) -> set[str]:
    """The keys of those who still take part and may still be asked: since they were judged, others may have; locked."""
    visits = visits_next_door(ask, at=at)
    policy, members = ask.network.policy, _members(ask, [uuid.UUID(fit.helper.id) for fit in fits])
    rested = {
        member.pk
        for member in members.filter(state=Member.State.ACTIVE)
        if member.last_asked_at is None
        or at - member.last_asked_at >= policy.span("rest_hours")
        or member.pk == ask.preferred_id
        or member.pk in visits
    }
    lately = asked_lately(ask, rested, at=at)
    return {
        fit.helper.id
        for fit in fits
        if (member := uuid.UUID(fit.helper.id)) in rested
        and invitations_left(policy, fit.helper, lately.get(member, NEVER)) > 0
    }


def _members(ask: Ask, keys: Sequence[uuid.UUID]) -> QuerySet[Member]:
    """These members, locked in the order of their ids."""
    members = Member.objects.select_for_update().filter(network_id=ask.network_id, pk__in=keys)
    return members.order_by("id")


def _report(ask: Ask, invited: Invited, at: datetime) -> None:
    """Say that nobody new is being asked: answers are awaited, or nobody is left. On the desk a person knows."""
    if ask.state == State.DESK or not _is_called_for(ask, at):
        return
    if invited:
        report_search(ask=ask, found=True, waits=max(min(invited.values()) - at, timedelta(0)))
    else:
        report_search(ask=ask, found=False)


def _is_called_for(ask: Ask, at: datetime) -> bool:
    """Whether somebody waits to hear of a search; a step that is farther away says that one has been made."""
    return ask.next_step_at is not None and ask.next_step_at <= at + LEASE
