"""Noting how it is with a channel. The light changes with the first failure, and with the first success after it."""

from django.db.models import Case, F, QuerySet, Value, When

from commonweal.base import clock
from commonweal.channels.models import ChannelSetup


def note_success(setup: ChannelSetup) -> None:
    """The other side took a message, or answered as it should."""
    now = clock.now()
    _row(setup).update(
        light_since=Case(
            When(failures_in_row=0, succeeded_at__isnull=False, then=F("light_since")), default=Value(now)
        ),
        succeeded_at=now,
        failures_in_row=0,
        last_error="",
    )
    setup.failures_in_row = 0


def note_failure(setup: ChannelSetup, words: str) -> None:
    """The other side could not be reached, or did not do its part; ``words`` hold no personal data."""
    now = clock.now()
    _row(setup).update(
        light_since=Case(When(failures_in_row=0, then=Value(now)), default=F("light_since")),
        failed_at=now,
        failures_in_row=F("failures_in_row") + 1,
        last_error=words[:120],
    )
    setup.failures_in_row += 1


def note_heard(setup: ChannelSetup) -> None:
    """Something came in through it; noted once a minute at most."""
    now = clock.now()
    if setup.heard_at is None or (now - setup.heard_at).total_seconds() >= 60:
        _row(setup).update(heard_at=now)


def _row(setup: ChannelSetup) -> "QuerySet[ChannelSetup]":
    return ChannelSetup.objects.filter(network_id=setup.network_id, pk=setup.pk)
