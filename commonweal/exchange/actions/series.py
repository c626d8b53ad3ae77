"""Asks that repeat: when one occurrence is over, the next opens by itself."""

import uuid
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from commonweal.base import bus, clock
from commonweal.base.eventlog import By, record
from commonweal.base.ids import new_code
from commonweal.exchange.events import SearchWanted
from commonweal.exchange.lifecycle import Step, Trigger
from commonweal.exchange.models import HELPED, Ask, Match

# What an occurrence takes over from the one before.
SAME = (
    "network", "by", "category", "nature", "summary", "words", "people", "hands", "quantity", "unit", "area", "cell_y",
    "cell_x", "place", "destination", "urgency", "repeat_days", "series", "languages", "language", "needs", "wish",
    "reached", "called", "contact_kind", "contact", "token_hash", "token_box", "source",
)  # fmt: skip


def next_date(ask: Ask, after: datetime) -> tuple[datetime, datetime]:
    """The planned time of the first occurrence that begins later than ``after`` and later than the ask's own.

    It keeps its hour on the wall, whatever the clocks do between.
    """
    zone = ask.network.zone
    planned, until = ask.occurs_at or ask.starts_at, ask.occurs_until or ask.ends_at
    start = planned.astimezone(zone)
    earliest = max(after, planned)
    day = max(start.date(), earliest.astimezone(zone).date())
    while True:
        begins = datetime.combine(day, start.timetz().replace(tzinfo=None), zone).astimezone(UTC)
        if begins > earliest and ask.repeat_days >> day.weekday() & 1:
            return begins, begins + (until - planned)
        day += timedelta(days=1)


def open_next(ask: Ask) -> Ask | None:
    """Open the next occurrence, unless the series goes on already; called under the lock of the one before."""
    if not ask.repeat_days or ask.series is None or goes_on(ask):
        return None
    planned = ask.occurs_at or ask.starts_at
    starts_at, ends_at = next_date(ask, clock.now())
    following = Ask(
        **{name: getattr(ask, name) for name in SAME},
        code=free_code(ask.network_id),
        starts_at=starts_at,
        ends_at=ends_at,
        occurs_at=starts_at,
        occurs_until=ends_at,
        returns_at=ask.returns_at and starts_at + (ask.returns_at - planned),
        preferred_id=_helped_last(ask),
        next_step=Step.SEARCH.value,
        next_step_at=clock.now(),
    )
    following.save(force_insert=True)
    record(following, Trigger.PUBLISHED.value, by=By.PROGRAM, to=following.state, after=str(ask.pk))
    bus.publish(SearchWanted(network=ask.network_id, ask=following.pk, ahead=following.ahead))
    return following


def goes_on(ask: Ask) -> bool:
    """Whether a later occurrence of the series was opened already."""
    return _series(ask).filter(occurs_at__gt=ask.occurs_at or ask.starts_at).exists()


def has_occurrence(ask: Ask, at: datetime) -> bool:
    """Whether another occurrence of the series was planned for this very moment."""
    return _series(ask).exclude(pk=ask.pk).filter(occurs_at=at).exists()


def lock_series(ask: Ask) -> None:
    """Lock every occurrence, in the order of their ids, before one of them is locked alone."""
    list(_series(ask).select_for_update().order_by("id").values_list("id", flat=True))


def _series(ask: Ask) -> QuerySet[Ask]:
    return Ask.objects.filter(network_id=ask.network_id, series=ask.series, series__isnull=False)


def forget_preferred(match: Match) -> None:
    """Who did not come is no longer preferred for the occurrences to come."""
    ask = match.ask
    # Only later ones: they are locked after this one, never before it.
    later = _series(ask).filter(occurs_at__gt=ask.occurs_at or ask.starts_at)
    later.filter(preferred_id=match.member_id).update(preferred=None)


def free_code(network_id: uuid.UUID) -> str:
    """A short code that no ask of the network has."""
    while True:
        code = new_code()
        if not Ask.objects.filter(network_id=network_id, code=code).exists():
            return code


def _helped_last(ask: Ask) -> uuid.UUID | None:
    helped = Match.objects.filter(network_id=ask.network_id, ask=ask, state__in=HELPED)
    return (
        helped.order_by("-answered_at", "-id").values_list("member_id", flat=True).first() or ask.preferred_id
    )
