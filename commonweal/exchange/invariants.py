"""What must always be true of asks, offers and matches; the doctor asks."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from commonweal.base import clock, pulse
from commonweal.base.invariants import Finding, invariant
from commonweal.exchange.actions.moving import TAKEN
from commonweal.exchange.lifecycle import CLOSED, SEARCHING, State
from commonweal.exchange.models import COMMITTED, HELPED, Ask, Match, Offer
from commonweal.members.models import Member

NAMED = 5
LATE = timedelta(minutes=15)
OVERDUE = timedelta(days=2)


def _these(asks: QuerySet[Ask], what: str, do: str) -> Iterator[Finding]:
    """One finding for all of them, which names the first few by their codes."""
    codes = list(asks.values_list("code", flat=True)[: NAMED + 1])
    if codes:
        named = ", ".join(codes[:NAMED]) + ("…" if len(codes) > NAMED else "")
        yield Finding(what=f"{what}: {named}.", do=do)


@invariant("exchange.next_step", "Every open ask has a next step with a time, and every closed one has none")
def open_asks_have_a_next_step() -> Iterable[Finding]:
    """The database refuses it too; this finds what came in past the database's rules."""
    stuck = Ask.objects.exclude(state__in=sorted(CLOSED)).filter(
        Q(next_step="") | Q(next_step_at__isnull=True)
    )
    restless = Ask.objects.filter(state__in=sorted(CLOSED)).exclude(next_step="", next_step_at__isnull=True)
    yield from _these(
        stuck, "Open asks without a next step", "Restore the latest backup, or put them back on the desk."
    )
    yield from _these(restless, "Closed asks with a next step", "Restore the latest backup.")


@invariant("exchange.on_time", "What is due with an ask is done when it is due")
def steps_are_taken() -> Iterable[Finding]:
    """While a worker runs, nothing waits for more than a quarter of an hour."""
    if pulse.living():
        late = Ask.objects.filter(next_step_at__lt=clock.now() - LATE).order_by("next_step_at")
        yield from _these(late, "Steps are overdue", "Look for “could not be advanced” in the program's log.")


@invariant("exchange.counters", "What an ask counts as promised is what its matches promise")
def counters_agree() -> Iterable[Finding]:
    """Hands, or pieces of a counted thing; counted anew from the matches of every ask that is not closed."""
    matches = Match.objects.filter(network_id=OuterRef("network_id"), ask=OuterRef("pk")).order_by()
    hands = _of(matches.filter(state__in=TAKEN), "ask", Count("id"))
    pieces = _of(matches.filter(state__in=HELPED), "ask", Sum("quantity"))
    asks = Ask.objects.exclude(state__in=sorted(CLOSED)).annotate(hands_now=hands, pieces_now=pieces)
    wrong = asks.filter(
        Q(quantity=0) & ~Q(hands_taken=F("hands_now"))
        | Q(quantity__gt=0) & ~Q(quantity_taken=F("pieces_now"))
    )
    yield from _these(
        wrong, "Counters disagree with matches", "Please report this: it is a fault of the program."
    )


@invariant("exchange.offers", "An offer can be found exactly as long as it stands")
def offers_are_filed() -> Iterable[Finding]:
    """The flags beside its categories follow the offer; an open one has a date at which its owner is asked."""
    wrong = Offer.objects.filter(
        Q(state=Offer.State.OPEN, categories__is_open=False)
        | ~Q(state=Offer.State.OPEN) & Q(categories__is_open=True)
    )
    if found := wrong.distinct().count():
        yield Finding(
            what=f"{found} offers are filed as if their state were another.",
            do="Please report this: it is a fault of the program. Pausing and resuming an offer files it anew.",
        )


@invariant("exchange.commitments", "Who sees how to reach somebody still needs to")
def commitments_are_alive() -> Iterable[Finding]:
    """No commitment stands on an ask that is closed, nor with a member who has left."""
    agreed = Match.objects.filter(state__in=COMMITTED)
    closed = agreed.filter(ask__state__in=sorted(CLOSED)).values("ask")
    left = agreed.filter(member__state=Member.State.LEFT, state=Match.State.ACCEPTED).values("ask")
    yield from _these(
        Ask.objects.filter(pk__in=closed),
        "Commitments stand on closed asks",
        "Please report this: it is a fault.",
    )
    yield from _these(
        Ask.objects.filter(pk__in=left),
        "Members who left are still expected",
        "Run `commonweal worker --once`.",
    )


@invariant("exchange.invited", "Invitations belong to asks that are searched for")
def invitations_are_wanted() -> Iterable[Finding]:
    """Nobody waits for an answer that is of no use any more."""
    idle = (
        Match.objects.filter(state=Match.State.INVITED)
        .exclude(ask__state__in=sorted(SEARCHING))
        .values("ask")
    )
    yield from _these(
        Ask.objects.filter(pk__in=idle),
        "Invitations to asks that are not searched for",
        "Please report this.",
    )


@invariant("exchange.erased", "What nobody needs any more is erased")
def closed_asks_are_erased() -> Iterable[Finding]:
    """Within two days of the day on which it was to be."""
    late = Ask.objects.filter(erase_at__lt=clock.now() - OVERDUE).order_by("erase_at")
    yield from _these(late, "Closed asks still hold names and places", "Run `commonweal worker --once`.")
    undated = Ask.objects.filter(state__in=[State.DONE, State.WITHDRAWN, State.RESTED], erase_at__isnull=True)
    yield from _these(
        undated.exclude(token_hash=""),
        "Closed asks without a date to be erased",
        "Please report this: it is a fault.",
    )


@invariant("exchange.merged", "An ask that was merged is over, and leads to the one in which it goes on")
def merged_asks_lead_on() -> Iterable[Finding]:
    """Whoever holds its link is shown that one. An ask never leads to itself."""
    astray = Ask.objects.filter(merged_into__isnull=False).filter(
        ~Q(state=State.WITHDRAWN) | ~Q(closed_why="merged") | Q(merged_into=F("pk"))
    )
    yield from _these(
        astray, "Merged asks that are not over", "Please report this: it is a fault of the program."
    )


def _of(matches: QuerySet[Match], key: str, total: Any) -> Any:
    """A total over the matches of each ask, nought where there are none."""
    return Coalesce(Subquery(matches.values(key).annotate(total=total).values("total")), Value(0))
