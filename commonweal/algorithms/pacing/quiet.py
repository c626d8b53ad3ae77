"""The night: hours in which nobody is invited, by the clock on the wall where the network is.

Both ends are whole hours, 0 to 23, and the hours run from the first to the second, past midnight where that is
smaller. Where both are the same there is no night. Every moment that goes in or comes out is aware of its zone.
"""

from datetime import UTC, datetime, timedelta, tzinfo


def is_quiet(at: datetime, *, starts: int, ends: int, zone: tzinfo) -> bool:
    """Whether it is night at this moment."""
    _check(starts, ends)
    hour = at.astimezone(zone).hour
    return starts <= hour < ends if starts <= ends else hour >= starts or hour < ends


def quiet_until(at: datetime, *, starts: int, ends: int, zone: tzinfo) -> datetime:
    """The first moment from ``at`` on, ``at`` itself included, that is not in the night; in UTC.

    Where the clock is put forward over the end of the night, the night ends with the jump; where it is put back and
    the end comes twice, it ends the first time it comes after ``at``.
    """
    if not is_quiet(at, starts=starts, ends=ends, zone=zone):
        return at.astimezone(UTC)
    return _next_hour(at, ends, zone)


def awake_after(at: datetime, span: timedelta, *, starts: int, ends: int, zone: tzinfo) -> datetime:
    """The moment at which ``span`` of time outside the nights has passed since ``at``; in UTC. Never in the night.

    Never earlier than ``at + span``, and that itself where no night lies between. O(nights between).
    """
    if starts == ends:
        return at.astimezone(UTC) + span
    moment, left = quiet_until(at, starts=starts, ends=ends, zone=zone), span
    while left >= (today := _next_hour(moment, starts, zone) - moment):
        left -= today
        moment = quiet_until(moment + today, starts=starts, ends=ends, zone=zone)
    return moment + left


def _next_hour(at: datetime, hour: int, zone: tzinfo) -> datetime:
    """When the clock on the wall next comes to this hour, after ``at``; in UTC.

    An hour that the clock leaps over comes when it would have come without the leap, which for a leap of one hour is
    the leap itself. Of an hour that comes twice, each counts.
    """
    today = at.astimezone(zone)
    coming = (
        datetime(day.year, day.month, day.day, hour, tzinfo=zone, fold=fold).astimezone(UTC)
        for day in (today + timedelta(days=days) for days in range(3))
        for fold in (0, 1)
    )
    return min(moment for moment in coming if moment > at)


def _check(starts: int, ends: int) -> None:
    if not (0 <= starts <= 23 and 0 <= ends <= 23):
        raise ValueError("the night begins and ends at a whole hour, 0 to 23")
