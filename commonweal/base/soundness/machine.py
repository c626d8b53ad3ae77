"""Whether the machine can be relied on: its clock and its disk."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Max

from commonweal.base import clock
from commonweal.base.invariants import Finding, invariant
from commonweal.base.models import Event

MOST_SKEW = timedelta(seconds=5)
LEAST_FREE = 500_000_000
MEGABYTE = 1_000_000


@invariant("base.clock", "The clock is right")
def clock_is_right() -> Iterator[Finding]:
    """The clock is not behind the program's own files or the newest event, and agrees with the database's."""
    now, do = clock.now(), "Set the clock, and let the machine keep it by itself (NTP)."
    built = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    if now < built - timedelta(days=1):
        yield Finding(what=f"The clock says {now:%Y-%m-%d}, before this program was installed.", do=do)
    newest = Event.objects.aggregate(newest=Max("at"))["newest"]
    if newest and newest > now + MOST_SKEW:
        yield Finding(
            what=f"The newest event is of {newest:%Y-%m-%d %H:%M} UTC: the clock ran backwards since.", do=do
        )
    if connection.vendor == "postgresql":
        skew = _database_time() - datetime.now(UTC)  # noqa: TID251 - compared with the real clock, not a test's
        if abs(skew) > MOST_SKEW:
            yield Finding(
                what=f"The database's clock differs from ours by {skew.total_seconds():.0f} seconds.", do=do
            )


def _database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


@invariant("base.disk", "There is room on the disk")
def disk_has_room() -> Iterator[Finding]:
    """Half a gigabyte is free, and twice the embedded database's size, which a backup needs."""
    data = Path(settings.COMMONWEAL_DATA)
    free = shutil.disk_usage(data).free
    database = data / "commonweal.sqlite3"
    needed = max(LEAST_FREE, 2 * database.stat().st_size if database.exists() else 0)
    if free < needed:
        yield Finding(
            what=f"{free // MEGABYTE} MB are free where the data is ({data}); {needed // MEGABYTE} MB should be.",
            do="Make room, or move the data to a larger disk (COMMONWEAL_DATA).",
        )
