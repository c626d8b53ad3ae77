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

_UPSERT_BOTH = _UPSERT.replace("(%s, 1, %s)", "(%s, 1, %s), (%s, 1, %s)").replace(
    "RETURNING", "RETURNING key,"
)
#: What is counted, and whose it is.
Counted = tuple[str, str]


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


def count_both(one: Counted, other: Counted, *, most: int, within: timedelta) -> None:
    """Count two at once, in one statement; raises TooMany after ``most`` of the first. The second is only counted."""
    windows = [_window(*each, within) for each in (one, other)]
    values = [(key, connection.ops.adapt_datetimefield_value(ends_at)) for key, ends_at in windows]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT_BOTH, [value for pair in values for value in pair])
        counts = dict(cursor.fetchall())
    if counts[windows[0][0]] > most:
        raise _too_many(windows[0][1])


def counted(*what: Counted, within: timedelta) -> list[int]:
    """How many of each were counted in the present window, in one query; counts nothing."""
    keys = [_window(*each, within)[0] for each in what]
    known = dict(Tally.objects.filter(key__in=keys).values_list("key", "count"))
    return [known.get(key, 0) for key in keys]


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
