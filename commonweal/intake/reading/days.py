"""Which day is meant, by the network's calendar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from commonweal.intake.reading.folding import Folded

DAY = timedelta(days=1)
FARTHEST = timedelta(days=366)
WEEKDAYS = (
    "monday|mon|lunes|lundi|lendi|الاثنين|الاتنين",
    "tuesday|tues|tue|martes|mardi|madi|الثلاثاء|التلات",
    "wednesday|weds|wed|miercoles|mercredi|mekredi|الاربعاء|الاربع",
    "thursday|thurs|thur|thu|jueves|jeudi|jedi|الخميس",
    "friday|fri|viernes|vendredi|vandredi|الجمعه",
    "saturday|sabado|samedi|samdi|السبت",
    "sunday|domingo|dimanche|dimanch|الاحد",
)
MONTHS = (
    "january|jan|enero|janvier|janvye|يناير|كانون الثاني",
    "february|feb|febrero|fevrier|fevriye|فبراير|شباط",
    "march|mar|marzo|mars|مارس|اذار",
    "april|apr|abril|avril|ابريل|نيسان",
    "may|mayo|mai|me|مايو|ايار",
    "june|jun|junio|juin|jen|يونيو|حزيران",
    "july|jul|julio|juillet|jiye|يوليو|تموز",
    "august|aug|agosto|aout|dawout|اغسطس|اب",
    "september|sept|sep|septiembre|septembre|septanm|سبتمبر|ايلول",
    "october|oct|octubre|octobre|oktob|اكتوبر|تشرين الاول",
    "november|nov|noviembre|novembre|novanm|نوفمبر|تشرين الثاني",
    "december|dec|diciembre|decembre|desanm|ديسمبر|كانون الاول",
)
_AFTER_NEXT = r"\b(?:day after tomorrow|pasado manana|apres[ -]demain|apre demen|بعد غدا?|بعد بكره)\b"
_TOMORROW = r"\b(?:tomorrow|tmrw|tomorow|tommorow|demain|demen|غدا|غد|بكره|بكرا)\b"
# "mañana" is the morning after "por la", and tomorrow otherwise.
_MANANA = r"(?<!la )(?<!las )(?<!esta )\bmanana\b"
_TODAY = (
    r"\b(?:today|tonight|this (?:morning|afternoon|evening)|hoy|esta (?:manana|tarde|noche)"
    r"|aujourd'?hui|ce soir|ce matin|cet apres-midi|jodi ?a|aswe a|اليوم|الليله|النهارده)\b"
)
_RELATIVE = tuple(
    (re.compile(pattern), days)
    for pattern, days in ((_AFTER_NEXT, 2), (_TOMORROW, 1), (_MANANA, 1), (_TODAY, 0))
)
_WEEKDAY = re.compile(
    r"\b(?P<next>next |proximo |el proximo )?(?:el |le |on |يوم |ل)?(?:"
    + "|".join(f"(?P<d{at}>{names})" for at, names in enumerate(WEEKDAYS))
    + r")s?\b(?P<after> (?:que viene|proximo|prochain|pwochen|القادم|القادمه|الجاي))?"
)
_WEEKEND = re.compile(
    r"\b(?:this |the |next )?weekends?\b|\b(?:este |el )?fin(?:es)? de semana\b|\b(?:ce |le )?week-?end\b"
    r"|(?:نهايه الاسبوع|عطله نهايه الاسبوع)"
)
_NEXT_WEEK = re.compile(
    r"\b(?:next week|(?:la )?(?:proxima semana|semana que viene)|la semaine prochaine|semen pwochen)\b"
    r"|(?:الاسبوع (?:القادم|الجاي|المقبل))"
)
_THIS_WEEK = re.compile(r"\b(?:this week|esta semana|cette semaine|semen sa a)\b|(?:هذا الاسبوع)")
_ISO = re.compile(r"\b(?P<y>20\d\d)-(?P<m>\d\d?)-(?P<d>\d\d?)\b")
_SLASHED = re.compile(
    r"(?<![\d/.])(?P<a>\d{1,2})[/.](?P<b>\d{1,2})(?:[/.](?P<y>(?:20)?\d\d))?(?![\d/.]|:|\s?(?:pm|am|h\b))"
)
_NAMED = "|".join(f"(?P<m{at}>{names})" for at, names in enumerate(MONTHS, 1))
_MONTH_FIRST = re.compile(rf"\b(?:{_NAMED})\.? (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b")
_DAY_FIRST = re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|er)?(?: of| de| d'| ?)? ?(?:{_NAMED})\b")
# Countries that write the month before the day.
MONTH_FIRST = frozenset({"US", "PH", "PW", "FM", "MH"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A day, or some in a row; ``start`` and ``end`` are places in the folded text."""

    first: date
    last: date
    start: int
    end: int
    sure: float


def find_days(folded: Folded, today: date, country: str) -> Days | None:
    """The day that is meant; what has gone by is none. A date goes before a weekday, and that before "today"."""
    for found in (
        *_dates(folded.plain, today, country),
        *_weekdays(folded.plain, today),
        *_relative(folded.plain, today),
    ):
        if today <= found.first <= today + FARTHEST:
            return found
    return None


def _relative(plain: str, today: date) -> Iterator[Days]:
    for pattern, days in _RELATIVE:
        for match in pattern.finditer(plain):
            yield _one(today + days * DAY, match, 0.9)
    monday = today - today.weekday() * DAY
    if found := _WEEKEND.search(plain):
        saturday = monday + (12 if found.group().startswith("next") and today.weekday() < 5 else 5) * DAY
        yield Days(
            first=max(today, saturday), last=saturday + DAY, start=found.start(), end=found.end(), sure=0.8
        )
    if found := _NEXT_WEEK.search(plain):
        yield Days(
            first=monday + 7 * DAY, last=monday + 13 * DAY, start=found.start(), end=found.end(), sure=0.75
        )
    if found := _THIS_WEEK.search(plain):
        yield Days(first=today, last=monday + 6 * DAY, start=found.start(), end=found.end(), sure=0.75)


def _weekdays(plain: str, today: date) -> Iterator[Days]:
    for match in _WEEKDAY.finditer(plain):
        wanted = next(at for at in range(7) if match[f"d{at}"])
        ahead = (wanted - today.weekday()) % 7
        # "next Friday" is that of next week where this week's is still to come.
        if match["next"] and match["next"].startswith("next") and today.weekday() + ahead < 7:
            ahead += 7
        yield _one(today + ahead * DAY, match, 0.65 if match["next"] else 0.88)


def _dates(plain: str, today: date, country: str) -> Iterator[Days]:
    for match in _ISO.finditer(plain):
        if day := _date(int(match["y"]), int(match["m"]), int(match["d"])):
            yield _one(day, match, 0.95)
    for pattern in (_MONTH_FIRST, _DAY_FIRST):
        for match in pattern.finditer(plain):
            month = next(at for at in range(1, 13) if match[f"m{at}"])
            if day := _next_date(month, int(match["d"]), today):
                yield _one(day, match, 0.9)
    for match in _SLASHED.finditer(plain):
        a, b = int(match["a"]), int(match["b"])
        month, number = (a, b) if country in MONTH_FIRST else (b, a)
        sure = 0.8 if max(a, b) > 12 or country in MONTH_FIRST else 0.7
        if month > 12:
            month, number = number, month
        year = int(match["y"] or 0)
        day = _date(year % 100 + 2000, month, number) if year else _next_date(month, number, today)
        if day:
            yield _one(day, match, sure if year or match.group().count("/") else 0.45)


def _next_date(month: int, number: int, today: date) -> date | None:
    this = _date(today.year, month, number)
    return this if this and this >= today else _date(today.year + 1, month, number)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _one(day: date, match: re.Match[str], sure: float) -> Days:
    return Days(first=day, last=day, start=match.start(), end=match.end(), sure=sure)
