"""Offering a ring, answering it, and letting it hold or come to nothing as a whole.

The order of locks is fixed: the ring, then everything that the exchange locks: asks, members, offers, each in the
order of their ids (docs/explanation/locking.md). A new ring has no row to lock yet, so it begins with the asks.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.base.eventlog import By, record
from commonweal.base.ids import new_token, token_hash
from commonweal.exchange.actions import agree_together, moving
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.errors import AlreadyMet, InvitationOver, PageWasStale
from commonweal.exchange.homes import AT_HOME
from commonweal.matching.models import Ring, RingPlace
from commonweal.matching.rings import notices
from commonweal.matching.rings.errors import RingOver
from commonweal.matching.rings.finding import ChosenRing
from commonweal.matching.rings.queries import is_to_be_had, places_of
from commonweal.members.apart import blocked_ids
from commonweal.members.models import Member
from commonweal.networks.models import Network

Answer, State, Why = RingPlace.Answer, Ring.State, Ring.Why
ASK_GONE = (AlreadyMet, InvitationOver, PageWasStale)


@transaction.atomic
def offer_ring(*, network: Network, chosen: ChosenRing, answer_by: datetime) -> Ring | None:
    """Put a ring to its members, one message each. None where it is not possible any more.

    Looked at once more under the locks: every ask is still searched for as it was, everybody takes part, and neither
    waits in another ring. Nothing else changes: the search for each ask goes on, and being offered a ring does not
    count as being asked.
    """
    if not _is_possible(network, chosen):
        return None
    ring = Ring.objects.create(network=network, answer_by=answer_by, policy_number=network.policy_number)
    RingPlace.objects.bulk_create(_places(ring, chosen))
    record(ring, "offered", by=By.PROGRAM, people=len(chosen))
    places = places_of(ring)
    for place in places:
        notices.offered(place, places)
    return ring


@transaction.atomic
def say_yes(*, place: RingPlace) -> Ring:
    """Say yes. With the last yes all of it is agreed; where that can't be any more, the ring comes to nothing.

    Pressed twice it stays one yes. Raises RingOver for one that came to nothing before.
    """
    ring, mine = _locked(place)
    if ring.state == State.AGREED or (ring.state == State.WAITING and mine.answer == Answer.YES):
        return ring
    if ring.state != State.WAITING:
        raise RingOver
    if clock.now() >= ring.answer_by:
        return _void(ring, Why.NO_ANSWER)
    _answer(ring, mine, Answer.YES)
    if all(other.answer == Answer.YES for other in places_of(ring)):
        return _hold(ring)
    return ring


@transaction.atomic
def say_no(*, place: RingPlace) -> Ring:
    """Say no, or take back a yes while others are awaited: the ring comes to nothing, and nobody hears whose no it was.

    Saying no to what came to nothing changes nothing. Raises RingOver for one that all have agreed to.
    """
    ring, mine = _locked(place)
    if ring.state == State.AGREED:
        raise RingOver
    if ring.state == State.WAITING:
        _answer(ring, mine, Answer.NO)
        _void(ring, Why.SAID_NO)
    return ring


@transaction.atomic
def void_if_it_cannot_be(*, ring: Ring) -> Ring:
    """Let a ring come to nothing whose time is over, or of which an ask or a member is not to be had any more."""
    ring = _locked_ring(ring.network_id, ring.pk)
    if ring.state != State.WAITING:
        return ring
    why = _why_not(ring)
    return _void(ring, why) if why else ring


def forget_rings(*, network: Network) -> int:
    """Forget rings that ended longer ago than the network keeps closed asks; returns how many."""
    old = Ring.objects.filter(network=network, ended_at__lte=clock.now() - network.policy.span("erase_days"))
    count = old.count()
    old.delete()
    return count


def _is_possible(network: Network, chosen: ChosenRing) -> bool:
    """Lock the asks and the members, and look whether all of it still is as it was chosen."""
    keys = sorted(gift.ask.pk for _giver, gift in chosen)
    asks = {key: moving.locked_ask(network.pk, key) for key in keys}
    active = Member.objects.select_for_update().filter(network=network, state=Member.State.ACTIVE)
    members = list(active.filter(pk__in=[giver for giver, _gift in chosen]).order_by("id"))
    waiting = RingPlace.objects.filter(network=network, is_waiting=True)
    return (
        len(members) == len(chosen)
        and all(is_to_be_had(asks[gift.ask.pk], gift.ask.version) for _giver, gift in chosen)
        and not waiting.filter(Q(ask__in=keys) | Q(member__in=members)).exists()
    )


def _places(ring: Ring, chosen: ChosenRing) -> list[RingPlace]:
    places = []
    for position, (giver, gift) in enumerate(chosen):
        token, candidate = new_token(), gift.candidate
        places.append(
            RingPlace(
                network_id=ring.network_id,
                ring=ring,
                position=position,
                member_id=giver,
                ask=gift.ask,
                version=gift.ask.version,
                offer_id=candidate.offer_id,
                token_box=token,
                token_hash=token_hash(token),
                reasons=list(candidate.reasons),
                score=candidate.score,
                quantity=candidate.quantity,
                meets_at=candidate.meets_at or gift.ask.starts_at,
                meets_until=candidate.meets_until or gift.ask.ends_at,
            )
        )
    return places


def _locked_ring(network_id: uuid.UUID, key: uuid.UUID) -> Ring:
    rings = Ring.objects.select_for_update(of=("self",)).select_related("network")
    return rings.get(network_id=network_id, pk=key)


def _locked(place: RingPlace) -> tuple[Ring, RingPlace]:
    """The ring, locked, and the place as it is now. The ring's lock covers its places: nobody writes one without it."""
    ring = _locked_ring(place.network_id, place.ring_id)
    mine = RingPlace.objects.get(network_id=place.network_id, pk=place.pk)
    return ring, mine


def _answer(ring: Ring, place: RingPlace, answer: RingPlace.Answer) -> None:
    place.answer, place.answered_at = answer, clock.now()
    place.save(update_fields=["answer", "answered_at"])
    record(ring, f"said_{answer.value}", by=By.HELPER, actor=place.member_id)


def _hold(ring: Ring) -> Ring:
    """All have said yes: every place becomes a commitment, or none does."""
    places = places_of(ring)
    try:
        with transaction.atomic():
            _agree(places)
    except Refused as refusal:
        return _void(ring, Why.ASK_GONE if isinstance(refusal, ASK_GONE) else Why.MEMBER_GONE)
    _end(ring, State.AGREED)
    for place in places:
        notices.held(place)
    record(ring, "held", by=By.PROGRAM, matches=[str(place.match_id) for place in places])
    return ring


def _agree(places: list[RingPlace]) -> None:
    """Raises what the exchange refuses, RingOver where two of them must not be brought together any more."""
    for place in places:
        place.ask.version = place.version  # what was said yes to, not what it is now
    for place, following in zip(places, [*places[1:], places[0]], strict=True):
        if following.member_id in blocked_ids(place.network, place.member_id):
            raise RingOver
    matches = agree_together(pairs=[(place.ask, _candidate(place)) for place in places])
    for place, match in zip(places, matches, strict=True):
        place.match = match
        place.save(update_fields=["match"])


def _candidate(place: RingPlace) -> Candidate:
    return Candidate(
        member_id=place.member_id,
        offer_id=place.offer_id,
        reasons=tuple(place.reasons),
        score=place.score,
        meets_at=place.meets_at,
        meets_until=place.meets_until,
        quantity=place.quantity,
    )


def _why_not(ring: Ring) -> str:
    """Why it can't be any more; empty while it can."""
    if clock.now() >= ring.answer_by:
        return Why.NO_ANSWER
    for place in places_of(ring):
        if place.member.state != Member.State.ACTIVE:
            return Why.MEMBER_GONE
        if place.ask.nature in AT_HOME and place.member.is_held_from_homes:
            return Why.MEMBER_GONE
        if not is_to_be_had(place.ask, place.version):
            return Why.ASK_GONE
    return ""


def _void(ring: Ring, why: str) -> Ring:
    """Come to nothing; whoever had said yes is told, and nobody else is troubled."""
    ring.why = why
    _end(ring, State.VOID)
    record(ring, "voided", by=By.PROGRAM, why=str(why))
    places = places_of(ring)
    for place in places:
        notices.void(place, places)
    return ring


def _end(ring: Ring, state: Ring.State) -> None:
    ring.state, ring.ended_at = state, clock.now()
    ring.save(update_fields=["state", "why", "ended_at"])
    RingPlace.objects.filter(network_id=ring.network_id, ring=ring).update(is_waiting=False)
