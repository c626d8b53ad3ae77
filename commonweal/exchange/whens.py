"""When something may happen, in words, by the clock and calendar of the network."""

import zoneinfo
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commonweal.base import clock
from commonweal.base.lists import in_a_row
from commonweal.exchange.models import Ask, Match
from commonweal.networks.models import Network

DAY = timedelta(days=1)
LONG = timedelta(hours=12)  # a stretch that says more of a day than of an hour
SHORT = timedelta(hours=1)
EVERY_DAY = 0b1111111
PLURAL = (
    gettext_lazy("Mondays"),
    gettext_lazy("Tuesdays"),
    gettext_lazy("Wednesdays"),
    gettext_lazy("Thursdays"),
    gettext_lazy("Fridays"),
    gettext_lazy("Saturdays"),
    gettext_lazy("Sundays"),
)


def when_asked(ask: Ask, network: Network) -> str:
    """When the ask may happen: "Tuesdays, 16:00–18:00", "tomorrow 9:30", "this week"."""
    zone = network.zone
    starts, ends = ask.starts_at.astimezone(zone), ask.ends_at.astimezone(zone)
    if ask.repeat_days:
        return _joined(weekdays_in_words(ask.repeat_days), _hours(starts, ends))
    return _stretch(starts, ends, clock.now().astimezone(zone))


def when_met(starts_at: datetime, ends_at: datetime, network: Network) -> str:
    """When two have agreed to meet: "Tuesday 16:00–18:00"."""
    zone = network.zone
    return _stretch(starts_at.astimezone(zone), ends_at.astimezone(zone), clock.now().astimezone(zone))


def meeting(match: Match) -> tuple[datetime, datetime]:
    """The time two have agreed on; the ask's own where none was said."""
    return match.meets_at or match.ask.starts_at, match.meets_until or match.ask.ends_at


def moment(at: datetime, network: Network) -> str:
    """One moment: "today 14:02", "tomorrow 9:30"."""
    here = at.astimezone(network.zone)
    return _joined(_day(here.date(), clock.now().astimezone(network.zone).date()), _time(here))


def week_of(at: datetime, zone: zoneinfo.ZoneInfo) -> tuple[datetime, datetime]:
    """The week, Monday to Monday by the network's calendar, in which ``at`` lies."""
    here = at.astimezone(zone)
    monday = datetime.combine(here.date() - here.weekday() * DAY, datetime.min.time(), zone)
    following = datetime.combine(monday.date() + 7 * DAY, datetime.min.time(), zone)
    return monday, following


def weekdays_in_words(bits: int) -> str:
    """Weekdays given by bits (Monday is bit 0): "Tuesdays", "Mondays, Wednesdays and Fridays", "every day"."""
    if bits == EVERY_DAY:
        return _("every day")
    names = [str(name) for number, name in enumerate(PLURAL) if bits >> number & 1]
    if len(names) == 1:
        return names[0]
    return _("%(some)s and %(last)s") % {"some": in_a_row(names[:-1]), "last": names[-1]}


def _stretch(starts: datetime, ends: datetime, now: datetime) -> str:
    first, last = max(starts, now) if now < ends else starts, ends
    # An evening that ends at midnight belongs to its own day.
    last_day = (last - timedelta(microseconds=1)).date()
    if first.date() == last_day:
        return _joined(_day(first.date(), now.date()), _hours(starts, ends))
    same_week = last_day.isocalendar()[:2] == now.isocalendar()[:2]
    if starts <= now and same_week and last_day > now.date() + DAY:
        return _("this week")
    if starts <= now:
        return _("by %(day)s") % {"day": _day(last_day, now.date())}
    return _("%(first)s to %(last)s") % {
        "first": _day(first.date(), now.date()),
        "last": _day(last_day, now.date()),
    }


def _hours(starts: datetime, ends: datetime) -> str:
    if ends - starts >= LONG:
        return ""
    if ends - starts <= SHORT:
        return _time(starts)
    return f"{_time(starts)}–{_time(ends)}"


def _time(at: datetime) -> str:
    return f"{at.hour}:{at.minute:02}"


def _day(day: date, today: date) -> str:
    if day == today:
        return _("today")
    if day == today + DAY:
        return _("tomorrow")
    if day == today - DAY:
        return _("yesterday")
    if today < day < today + 7 * DAY:
        return str(WEEKDAYS[day.weekday()])
    return _written(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT", get_language())


@lru_cache(maxsize=2000)
def _written(day: date, style: str, _language: str | None) -> str:
    """A date as it is written in the reader's language; a list names the same few days again and again."""
    return formats.date_format(day, style)


def _joined(day: str, time: str) -> str:
    return f"{day} {time}" if time else day
