"""Bringing an ask and a member together: suggest, invite, accept, decline, pick, drop out."""

import uuid
from collections.abc import Sequence

from django.db import transaction

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.base.ids import new_token, token_hash
from commonweal.exchange import notices, quiet
from commonweal.exchange.actions import moving
from commonweal.exchange.actions.together import check_together
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.errors import (
    AlreadyMet,
    InvitationOver,
    NotPossibleNow,
    OwnAsk,
    PageWasStale,
    WeekIsFull,
)
from commonweal.exchange.lifecycle import SEARCHING, State, Step, Trigger, span
from commonweal.exchange.models import HELPED, LIVE, Ask, Match, Offer
from commonweal.exchange.queries.apart import apart_from
from commonweal.exchange.queries.visits import joins_a_visit
from commonweal.exchange.whens import week_of
from commonweal.members.actions import lock_member
from commonweal.members.errors import HeldBack
from commonweal.members.models import Member

S = Match.State
Origin = Match.Origin
# What a "yes" is still good for: a late one is welcome as long as there is a place.
ANSWERABLE = (S.INVITED, S.PROPOSED, S.LAPSED)


@transaction.atomic
def propose(*, ask: Ask, candidates: Sequence[Candidate]) -> list[Match]:
    """Suggest people to the desk, which is to look at it in the time promised; who is there already stays as they are.

    Nothing is suggested for an ask that is not searched for.
    """
    ask = moving.locked(ask)
    if ask.state not in SEARCHING or ask.is_filled:
        return []
    present = {match.member_id for match in moving.matches_in(ask, *LIVE)} | apart_from(ask)
    new = [_matched(ask, candidate, S.PROPOSED, Origin.PROGRAM) for candidate in candidates
           if candidate.member_id not in present]  # fmt: skip
    Match.objects.bulk_create(new)
    if new:
        promise = clock.now() + span(ask.network.policy, "desk_minutes", pressing=moving.pressing(ask))
        ask.desk_at = min(filter(None, (ask.desk_at, promise)))
        ask.save(update_fields=["desk_at"])
        record(ask, "proposed", by=By.PROGRAM, members=[str(match.member_id) for match in new])
    return new


@transaction.atomic
def invite(
    *, ask: Ask, candidate: Candidate, origin: str = Origin.PROGRAM, by: Member | None = None
) -> Match | None:
    """Ask one member whether they can, and give them a time to answer.

    None where there is nothing to invite to any more, the member was invited or has agreed already, or the program
    would ask more people at once than the policy allows. ``by`` is the dispatcher, if it was one, who may. What is
    decided in the night is told in the morning, where the ask can wait.
    """
    ask = moving.locked(ask)
    if ask.state not in SEARCHING or ask.is_filled or moving.is_over(ask) or ask.by_id == candidate.member_id:
        return None
    if candidate.member_id in apart_from(ask):
        return None
    live = moving.matches_in(ask, *LIVE)
    present = [match for match in live if match.member_id == candidate.member_id]
    asked = sum(match.state == S.INVITED for match in live)
    if (present and present[0].state != S.PROPOSED) or (by is None and asked >= moving.most_asked(ask)):
        return None
    now = clock.now()
    match = present[0] if present else moving.on(ask, _matched(ask, candidate, S.INVITED, origin))
    if candidate.meets_at:  # a suggestion may have grown old
        _renew(match, candidate)
    match.state, match.origin, match.invited_at = S.INVITED, origin, now
    match.answer_by = quiet.answer_by(ask, now, pressing=moving.pressing(ask))
    _give_link(match)
    match.save()
    Member.objects.filter(network_id=ask.network_id, pk=match.member_id).update(last_asked_at=now)
    said_by = By.DISPATCHER if by else By.PROGRAM
    moving.move(ask, Trigger.SEARCHED, by=said_by, actor=by.pk if by else None, invited=str(match.member_id))
    if ask.next_step == Step.SEARCH:
        moving.wait_until(ask, moving.next_answer(ask))
    sent_at = quiet.invites_from(ask, now)
    notices.invited(match, send_after=sent_at if sent_at > now else None)
    return match


@transaction.atomic
def accept_invitation(*, match: Match, version: int | None = None, by_text: bool = False) -> Match:
    """Say yes. The two may now see how to reach one another. Pressed twice it stays one yes.

    ``version`` is that of the ask on the page the helper read; ``by_text``: they read no page, but a text message.
    Raises AlreadyMet, WeekIsFull, InvitationOver, OwnAsk, HasLeft, PageWasStale.
    """
    match = moving.locked_match(match)
    if match.state in HELPED:
        return match
    if version is not None and match.ask.version != version:
        raise PageWasStale
    if match.state not in ANSWERABLE or match.ask.state not in (*SEARCHING, State.AGREED):
        raise InvitationOver
    match.by_text = by_text
    return _accept(match, Origin(match.origin))


@transaction.atomic
def pick_from_board(*, ask: Ask, member: Member, offer: Offer | None = None, quantity: int = 0) -> Match:
    """A member takes an ask from the board, a yes at once; ``quantity`` of a counted thing (0: all that is left).

    Raises AlreadyMet, WeekIsFull, OwnAsk, InvitationOver (it is not on the board any more). Pressed twice it stays one.
    """
    ask = moving.locked(ask)
    mine = [match for match in moving.matches_in(ask, *LIVE) if match.member_id == member.pk]
    if mine and mine[0].state in HELPED:
        return mine[0]
    if ask.state == State.AGREED:
        raise AlreadyMet
    if ask.state not in SEARCHING:
        raise InvitationOver
    if offer is not None and (offer.network_id, offer.member_id) != (ask.network_id, member.pk):
        raise NotPossibleNow
    candidate = Candidate(member_id=member.pk, offer_id=offer.pk if offer else None, quantity=quantity)
    match = mine[0] if mine else moving.on(ask, _matched(ask, candidate, S.PROPOSED, Origin.BOARD))
    match.member, match.quantity = member, quantity or match.quantity
    return _accept(match, Origin.BOARD)


@transaction.atomic
def agree_together(*, pairs: Sequence[tuple[Ask, Candidate]]) -> list[Match]:
    """Make several commitments that stand or fall together: all of them or, where one can't be, none.

    Whoever is named has said yes to exactly this: ``version`` of each ask given is that which they read. Everything
    is locked first: the asks, the members, their offers, each in the order of their ids. Raises AlreadyMet,
    InvitationOver, PageWasStale, WeekIsFull, OwnAsk, HasLeft, and NotPossibleNow for somebody who takes a break.
    """
    asks = {ask.pk: moving.locked(ask) for ask, _candidate in sorted(pairs, key=lambda pair: pair[0].pk)}
    if any(asks[ask.pk].version != ask.version for ask, _candidate in pairs):
        raise PageWasStale
    network_id = pairs[0][0].network_id
    members = Member.objects.select_for_update().filter(
        network_id=network_id, pk__in=[candidate.member_id for _ask, candidate in pairs]
    )
    if any(member.state == Member.State.PAUSED for member in members.order_by("id")):
        raise NotPossibleNow
    offers = [candidate.offer_id for _ask, candidate in pairs if candidate.offer_id]
    list(Offer.objects.select_for_update().filter(network_id=network_id, pk__in=offers).order_by("id"))
    return [_agreed(asks[ask.pk], candidate) for ask, candidate in pairs]


@transaction.atomic
def decline_invitation(*, match: Match, rest: str = Match.Rest.THIS) -> Match:
    """Say no, without a reason; the next is asked at once. ``rest`` says what they want to be left alone with.

    Declining twice changes nothing but what they want rest from. Raises InvitationOver when nobody is waiting.
    """
    match = moving.locked_match(match)
    if match.state not in (*ANSWERABLE, S.DECLINED):
        raise InvitationOver
    again = match.state == S.DECLINED
    match.state, match.rest = S.DECLINED, Match.Rest(rest)
    match.answered_at = match.ended_at = match.answered_at or clock.now()
    match.save(update_fields=["state", "rest", "answered_at", "ended_at"])
    if not again:
        record(match.ask, "declined", by=By.HELPER, actor=match.member_id, rest=rest)
        if match.ask.state in SEARCHING and not match.ask.is_filled:
            moving.search_now(match.ask)
    return match


@transaction.atomic
def drop_out(*, match: Match, said_by: By = By.HELPER, actor: uuid.UUID | None = None) -> Match:
    """A commitment can't be kept: the place is free again, and somebody else is looked for, ahead of others.

    ``said_by`` the asker means that they would rather have somebody else. Whoever did not say it is told. Dropping out
    twice changes nothing. Raises NotPossibleNow for what is not agreed or is over.
    """
    match = moving.locked_match(match)
    ask = match.ask
    if match.state == S.DROPPED:
        return match
    if match.state != S.ACCEPTED or ask.state not in (*SEARCHING, State.AGREED, State.AFTER):
        raise NotPossibleNow
    match.state, match.ended_at = S.DROPPED, clock.now()
    match.save(update_fields=["state", "ended_at"])
    moving.recount_offer(match.offer_id, match.network_id)
    moving.recount(ask)
    moving.fresh_window(ask)
    moving.move(
        ask, Trigger.HELPER_DROPPED, by=said_by, actor=actor or (match.member_id if said_by == By.HELPER else None),
        helper=str(match.member_id),
    )  # fmt: skip
    notices.dropped(match, said_by)
    return match


def lapse_invitations(ask: Ask) -> int:
    """Let invitations run out whose time to answer is over; returns how many. Called under the ask's lock."""
    late = [
        match
        for match in moving.matches_in(ask, S.INVITED)
        if match.answer_by and match.answer_by <= clock.now()
    ]
    for match in late:
        match.state, match.ended_at = S.LAPSED, clock.now()
        match.save(update_fields=["state", "ended_at"])
        record(ask, "lapsed", by=By.PROGRAM, helper=str(match.member_id))
    return len(late)


def _accept(match: Match, origin: Match.Origin) -> Match:
    """Count, and say yes; the ask is locked."""
    ask = match.ask
    if ask.is_filled:
        raise AlreadyMet
    member = lock_member(match.member)
    if member.pk == ask.by_id:
        raise OwnAsk
    if member.is_held:
        raise HeldBack
    match.origin = origin
    check_together(match, member)
    now = clock.now()
    moving.fresh_window(ask)
    match.meets_at = max(match.meets_at or ask.starts_at, now)
    match.meets_until = max(match.meets_until or ask.ends_at, match.meets_at)
    _check_week(match, member)
    match.quantity = _promised(match)
    match.state, match.origin, match.answered_at, match.ended_at = S.ACCEPTED, origin, now, None
    _give_link(match)
    match.save()
    moving.recount_offer(match.offer_id, match.network_id)
    moving.recount(ask)
    record(ask, "accepted", by=By.HELPER, actor=member.pk, quantity=match.quantity, origin=origin.value)
    _go_on(ask)
    notices.agreed(match)
    return match


def _agreed(ask: Ask, candidate: Candidate) -> Match:
    """A yes to what was settled beforehand; the ask is locked."""
    if ask.state == State.AGREED:
        raise AlreadyMet
    if ask.state not in SEARCHING:
        raise InvitationOver
    mine = [match for match in moving.matches_in(ask, *LIVE) if match.member_id == candidate.member_id]
    match = mine[0] if mine else moving.on(ask, _matched(ask, candidate, S.PROPOSED, Origin.PROGRAM))
    _renew(match, candidate)
    return _accept(match, Origin.PROGRAM)


def _go_on(ask: Ask) -> None:
    """Enough, or look for the rest."""
    if not ask.is_filled:
        ask.save(update_fields=moving.MOVED)
        if ask.state != State.DESK:
            moving.search_now(ask)
        return
    moving.move(ask, Trigger.FILLED)
    moving.end_matches(ask, S.PROPOSED, S.INVITED)


def _check_week(match: Match, member: Member) -> None:
    """Raises WeekIsFull when the member agreed to as many as they wanted in the week in which the two would meet.

    What is met in one visit with something next door is one time out of the week.
    """
    first, last = week_of(match.meets_at or clock.now(), match.network.zone)
    agreed = Match.objects.filter(
        network_id=match.network_id, member=member, state__in=HELPED, meets_at__gte=first, meets_at__lt=last
    )
    if agreed.count() >= member.per_week and not joins_a_visit(match, at=clock.now()):
        raise WeekIsFull


def _promised(match: Match) -> int:
    """How many of a counted thing are promised: what was said, or all that is wanted, as far as there are any."""
    ask = match.ask
    offer = moving.recount_offer(match.offer_id, match.network_id)
    there: int | None = offer.quantity_left if offer and offer.quantity else None
    if there == 0:
        raise InvitationOver
    if not ask.quantity:
        return min(match.quantity or 1, there) if there is not None else 0
    wanted: int = min(match.quantity or ask.places_left, ask.places_left)
    return wanted if there is None else min(wanted, there)


def _matched(ask: Ask, candidate: Candidate, state: Match.State, origin: str) -> Match:
    return Match(
        network_id=ask.network_id,
        ask=ask,
        member_id=candidate.member_id,
        offer_id=candidate.offer_id,
        state=state,
        origin=origin,
        reasons=list(candidate.reasons),
        score=candidate.score,
        quantity=candidate.quantity,
        meets_at=candidate.meets_at,
        meets_until=candidate.meets_until,
        policy_number=ask.network.policy_number,
    )


def _renew(match: Match, candidate: Candidate) -> None:
    match.offer_id, match.quantity, match.score = candidate.offer_id, candidate.quantity, candidate.score
    match.reasons = list(candidate.reasons)
    match.meets_at, match.meets_until = candidate.meets_at, candidate.meets_until


def _give_link(match: Match) -> None:
    if not match.token_hash:
        match.token_box = new_token()
        match.token_hash = token_hash(match.token_box)
