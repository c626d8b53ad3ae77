"""When something is wanted, from a day and the hours of it, in UTC."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

from commonweal.intake.reading.days import DAY, Days, find_days
from commonweal.intake.reading.folding import Folded
from commonweal.intake.reading.hours import Hours, find_hours
from commonweal.intake.reading.model import Found

Span = tuple[datetime, datetime]
FIRST, LAST = time(6), time(22)
LEAST = timedelta(minutes=15)
HOUR = timedelta(hours=1)


def find_span(folded: Folded, *, at: datetime, zone: zoneinfo.ZoneInfo, country: str) -> Found[Span] | None:
    """From when to when, or None. ``at`` is when it was written; what had gone by then is not meant.

    The days of a change of clocks are as long as they are: times are put together by the network's clock.
    """
    here = at.astimezone(zone)
    days = find_days(folded, here.date(), country)
    hours = find_hours(folded, (days.start, days.end) if days else None)
    if days is None and hours is None:
        return None
    if days is None:
        # Hours alone are today's, or tomorrow's where those have gone by; a part of a day alone says too little.
        sure = (hours.sure if hours else 0.0) - 0.3
        days = Days(first=here.date(), last=here.date(), start=-1, end=-1, sure=max(sure, 0.3))
        span = _joined(days, hours, at, zone) or _joined(_later(days, 1), hours, at, zone)
    else:
        span = _joined(days, hours, at, zone)
        if span is None and days.first == here.date() and days.sure == 0.88:
            span = _joined(_later(days, 7), hours, at, zone)  # a weekday that is today, at an hour gone by
    if span is None:
        return None
    sure = min(days.sure, hours.sure) if hours else days.sure
    return Found(value=span, confidence=sure, words=_words(folded, days, hours))


def _joined(days: Days, hours: Hours | None, at: datetime, zone: zoneinfo.ZoneInfo) -> Span | None:
    since = hours.since if hours and hours.since else FIRST
    until = hours.until if hours and hours.until else max(LAST, since.replace(hour=min(since.hour + 1, 23)))
    starts, ends = _moment(days.first, since, zone), _moment(days.last, until, zone)
    if hours is None and ends <= at + LEAST and days.first == at.astimezone(zone).date():
        ends = _moment(days.last + DAY, time(0), zone)  # "today", said at night
    if ends <= starts:
        ends = starts + HOUR  # hours that the clocks leave out are still some time of that day
    starts = max(starts, at)
    if ends - starts < LEAST:
        return (starts, starts + HOUR) if starts < ends else None
    return starts, ends


def _moment(day: date, clock_time: time, zone: zoneinfo.ZoneInfo) -> datetime:
    return datetime.combine(day, clock_time, zone).astimezone(UTC)


def _later(days: Days, count: int) -> Days:
    return Days(
        first=days.first + count * DAY,
        last=days.last + count * DAY,
        start=days.start,
        end=days.end,
        sure=days.sure,
    )


def _words(folded: Folded, days: Days, hours: Hours | None) -> str:
    """The words from the first to the last where they stand together, else those of the day and of the hours."""
    spans = sorted((part.start, part.end) for part in (days, hours) if part is not None and part.start >= 0)
    if len(spans) == 2 and spans[1][0] - spans[0][1] <= 12:
        return folded.said(spans[0][0], max(spans[0][1], spans[1][1]))
    return " … ".join(folded.said(start, end) for start, end in spans)
