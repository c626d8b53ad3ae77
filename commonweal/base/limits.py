"""A small limiter: so many times in so long, counted in the database so that every process counts together."""

from datetime import datetime, timedelta

from django.db import connection

from commonweal.base import clock, crypto
from commonweal.base.errors import TooMany
from commonweal.base.models import Tally

_UPSERT = """
INSERT INTO base_tally (key, count, ends_at) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET count = base_tally.count + 1 RETURNING count
"""


def count_once(what: str, whose: str, *, most: int, within: timedelta) -> None:
    """Count one try of ``what`` by ``whose``; raises TooMany after ``most`` of them in the present window.

    Windows are fixed stretches of ``within``; one atomic statement counts, so parallel tries cannot slip through.
    ``whose`` (an address, a contact) is stored only as a keyed fingerprint.
    """
    key, ends_at = _window(what, whose, within)
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [key, connection.ops.adapt_datetimefield_value(ends_at)])
        (count,) = cursor.fetchone()
    if count > most:
        raise _too_many(ends_at)


def refuse_spent(what: str, whose: str, *, most: int, within: timedelta) -> None:
    """Raise TooMany where ``most`` were counted in the present window, and count nothing.

    For what only failures use up: looked at before, counted by ``count_once`` after one.
    """
    key, ends_at = _window(what, whose, within)
    if Tally.objects.filter(key=key, count__gte=most).exists():
        raise _too_many(ends_at)


def counted(what: str, whose: str, *, within: timedelta) -> int:
    """How many were counted in the present window; counts nothing."""
    key, _ends_at = _window(what, whose, within)
    return Tally.objects.filter(key=key).values_list("count", flat=True).first() or 0


def _window(what: str, whose: str, within: timedelta) -> tuple[str, datetime]:
    """The key of the present window's counter, and when the window ends."""
    seconds, now = int(within.total_seconds()), clock.now()
    window, past = divmod(int(now.timestamp()), seconds)
    return crypto.blind_index(f"{what}\x00{whose}\x00{window}", "limit"), now + timedelta(
        seconds=seconds - past
    )


def _too_many(ends_at: datetime) -> TooMany:
    return TooMany(wait=max(1, int((ends_at - clock.now()).total_seconds())))


def forget_old() -> int:
    """Drop counters whose window has ended; returns how many."""
    return Tally.objects.filter(ends_at__lt=clock.now()).delete()[0]
