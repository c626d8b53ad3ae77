"""When an ask may happen: four ways of saying it, one stretch of time as the answer."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.exchange.forms.choices import CHOOSE, WantedWith
from commonweal.exchange.models import Ask
from commonweal.networks.models import Network

Hours = tuple[time, time]
Span = tuple[datetime, datetime]

FARTHEST = timedelta(days=366)
LEAST = timedelta(hours=1)
WHOLE_DAY = (time(6), time(22))
PARTS = {"morning": (time(6), time(12)), "afternoon": (time(12), time(18)), "evening": (time(18), time(22))}
WAYS = [
    ("soon", _("As soon as possible")),
    ("today", _("Today")),
    ("day", _("On a day")),
    ("weekly", _("Every week")),
]
KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """When it may happen, in UTC; ``repeat_days`` has a bit for each weekday it repeats on (Monday is bit 0)."""

    starts_at: datetime
    ends_at: datetime
    urgency: int
    repeat_days: int = 0


def weekdays_of(bits: int) -> list[int]:
    """The weekdays (Monday is 0) whose bits are set."""
    return [day for day in range(7) if bits >> day & 1]


def day_field(label: Any) -> forms.DateField:
    """A day, as a calendar picks it or as it is typed."""
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "invalid": _("There is no such day. Write it as year-month-day, for example 2027-03-09.")
        },
    )


def _time_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "short"}, format="%H:%M"),
        error_messages={"invalid": _("There is no such time. Write it as hours:minutes, for example 14:30.")},
    )


class DayFields(WantedWith):
    """A day and a part of it, by the calendar and clock of ``network``."""

    day = day_field(_("Which day?"))
    part = forms.ChoiceField(
        label=_("At what time?"),
        required=False,
        choices=[
            ("", _("Any time")),
            ("morning", _("In the morning, 6–12")),
            ("afternoon", _("In the afternoon, 12–18")),
            ("evening", _("In the evening, 18–22")),
            ("hours", _("From … until …")),
        ],
        error_messages=CHOOSE,
    )
    from_time = _time_field(_("From"))
    until_time = _time_field(_("Until"))

    network: Network
    wanted_with: tuple[str, ...] = ("day", "part", "from_time", "until_time")

    def here(self) -> datetime:
        """Now, by the network's clock."""
        return clock.now().astimezone(self.network.zone)

    def day_span(self) -> Span | None:
        """The hours of the day that were said, from now on; None after saying at its field what is wrong."""
        day, hours = self.cleaned_data.get("day"), self.hours()
        if day is None:
            if "day" not in self.errors:
                self.add_error("day", _("Which day is it?"))
            return None
        if hours is None or not self._is_possible(day):
            return None
        starts, ends = self.span(day, hours)
        if ends - clock.now() < LEAST / 2:
            self.add_error("day", _("That time has gone by. Choose a later time or another day."))
            return None
        return max(starts, clock.now()), ends

    def _is_possible(self, day: date) -> bool:
        today = self.here().date()
        if day < today:
            self.add_error("day", _("This day has gone by. Which day is it?"))
        elif day > today + FARTHEST:
            self.add_error("day", _("That is more than a year away. Choose a day within the next year."))
        return "day" not in self.errors

    def span(self, day: date, hours: Hours) -> Span:
        """These hours of that day in UTC.

        Where the clocks go forward an hour of the wall doesn't exist, and two hours may be one moment: it never
        becomes shorter than half an hour for that.
        """
        starts, ends = (datetime.combine(day, hour, self.network.zone).astimezone(UTC) for hour in hours)
        return starts, ends if ends > starts else starts + LEAST / 2

    def hours(self) -> Hours | None:
        """The part of a day; None after saying at its field what is missing."""
        part = self.cleaned_data.get("part", "")
        if part != "hours":
            return PARTS.get(part, WHOLE_DAY)
        starts, ends = self.cleaned_data.get("from_time"), self.cleaned_data.get("until_time")
        if "from_time" in self.errors or "until_time" in self.errors:
            return None
        if starts is None and ends is None:
            self.add_error("from_time", _("From when, or until when?"))
            return None
        starts, ends = starts or WHOLE_DAY[0], ends or time(23, 59)
        if ends <= starts:
            self.add_error("until_time", _("This is before the time at which it begins."))
            return None
        return starts, ends


class WhenFields(DayFields):
    """The fields that say when. ``stretch`` holds the answer of a valid form; None keeps what was said before."""

    when = forms.ChoiceField(
        label=_("When?"), choices=WAYS, initial="soon", widget=forms.RadioSelect, error_messages=CHOOSE
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days?"),
        required=False,
        coerce=int,
        choices=[(str(number), name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
        help_text=_("Whoever came and was glad to is asked first the next time."),
    )

    stretch: Stretch | None = None
    wanted_with = (*DayFields.wanted_with, "weekdays")

    def clean(self) -> dict[str, Any] | None:
        """Work out the stretch of time from the way that was chosen; what belongs to another way is ignored."""
        cleaned = super().clean()
        ways = {"soon": self._soon, "today": self._today, "day": self._on_a_day, "weekly": self._weekly}
        way = ways.get(self.cleaned_data.get("when", ""))
        self.stretch = way() if way else None
        return cleaned

    def _soon(self) -> Stretch:
        now = clock.now()
        ends = now + self.network.policy.span("flexible_days")
        return Stretch(starts_at=now, ends_at=ends, urgency=Ask.Urgency.SOON)

    def _today(self) -> Stretch:
        here = self.here()
        midnight = datetime.combine(here.date() + timedelta(days=1), time(0), self.network.zone).astimezone(
            UTC
        )
        return Stretch(
            starts_at=clock.now(), ends_at=max(midnight, clock.now() + 2 * LEAST), urgency=Ask.Urgency.TODAY
        )

    def _on_a_day(self) -> Stretch | None:
        span = self.day_span()
        if span is None:
            return None
        away = (self.cleaned_data["day"] - self.here().date()).days
        urgency = Ask.Urgency.TODAY if away == 0 else Ask.Urgency.SOON if away <= 2 else Ask.Urgency.CALM
        return Stretch(starts_at=span[0], ends_at=span[1], urgency=urgency)

    def _weekly(self) -> Stretch | None:
        """The first occurrence that still lasts an hour. One that has begun keeps its beginning, as the next will."""
        days, hours = self.cleaned_data.get("weekdays"), self.hours()
        if not days and "weekdays" not in self.errors:
            self.add_error("weekdays", _("Choose at least one day of the week."))
        if not days or hours is None:
            return None
        today = self.here().date()
        coming = (today + timedelta(days=ahead) for ahead in range(8))
        spans = (self.span(day, hours) for day in coming if day.weekday() in days)
        starts, ends = next(span for span in spans if span[1] - clock.now() >= LEAST)
        bits = sum(1 << day for day in set(days))
        return Stretch(starts_at=starts, ends_at=ends, urgency=Ask.Urgency.CALM, repeat_days=bits)
