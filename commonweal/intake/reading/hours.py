"""Which part of a day is meant: hours, or the morning."""

import re
from dataclasses import dataclass
from datetime import time

from commonweal.intake.reading.folding import Folded
from commonweal.intake.reading.numbers import VALUES, value_of

MIDNIGHT = time(23, 59)
PARTS = (
    (re.compile(r"\b(?:noon|midday|mediodia|midi)\b|(?:الظهر|ظهرا)"), time(12), time(14)),
    (
        re.compile(
            r"\b(?:early )?mornings?\b|\b(?:por|en|de|a) la manana\b|\besta manana\b|\b(?:le|ce|du"
            r"|au) matin\b|\bmaten(?: an)?\b|(?:صباحا|الصباح|الصبح)"
        ),
        time(6),
        time(12),
    ),
    (
        re.compile(
            r"\bafternoons?\b|\b(?:por|en|de|a) la tarde\b|\besta tarde\b|\bapres-midi\b"
            r"|\bapremidi(?: a)?\b|(?:بعد الظهر|العصر|عصرا)"
        ),
        time(12),
        time(18),
    ),
    (
        re.compile(
            r"\b(?:evenings?|tonight|night)\b|\b(?:por|en|de|a) la noche\b|\besta noche\b|\b(?:le|ce"
            r"|du) soir\b|\baswe(?: a)?\b|(?:مساء|المساء|الليله|ليلا|بالليل)"
        ),
        time(18),
        time(22),
    ),
)
_CLOCK_WORDS = "|".join(
    sorted(
        (re.escape(word) for word in VALUES if word not in ("a", "un", "una", "one", "couple", "dozen")),
        key=len,
        reverse=True,
    )
)
_HOUR = rf"(?:\d{{1,2}}(?:[:.h]\d\d)?|una|one|{_CLOCK_WORDS})"
_HALF = (
    r"\s?(?:a\.?m\b\.?|p\.?m\b\.?|h\b|hrs\b|heures?\b|o'?clock\b|de la (?:manana|tarde|noche)\b"
    r"|du (?:matin|soir)\b|صباحا|مساء|ظهرا|عصرا|ليلا|ص\b|م\b)"
)
_BETWEEN = re.compile(
    rf"\b(?P<cue>between |from |entre (?:las? )?|de (?:las? )?|desde (?:las? )?|depi |من (?:الساعه )?"
    rf"|بين (?:الساعه )?)?(?P<a>{_HOUR})(?P<ah>{_HALF})?\s?"
    rf"(?:-|to|until|till|and|a las?|a|y las?|y|hasta las?|et|jiska|الي|حتي"
    rf"|و)\s?(?:الساعه )?(?P<b>{_HOUR})(?P<bh>{_HALF})?(?![\d/])"
)
_AFTER = re.compile(
    rf"\b(?:after|from|past|despues de las?|a partir de las?|desde las?|apres|a partir de|apre|بعد الساعه"
    rf"|بعد|من الساعه) (?P<a>{_HOUR})(?P<ah>{_HALF})?(?![\d/])(?! \w*(?:day|dia|jour|يوم|week|year|month))"
)
_BEFORE = re.compile(
    rf"\b(?:before|by|until|till|antes de las?|hasta las?|avant|jusqu'a|anvan|قبل الساعه|قبل"
    rf"|حتي الساعه) (?P<a>{_HOUR})(?P<ah>{_HALF})?(?![\d/])(?! \w*(?:day|dia|jour|يوم|week|year|month))"
)
_AT = re.compile(
    rf"\b(?:at|around|about|@|a las?|sobre las?|como a las?|vers|a|الساعه"
    rf"|علي الساعه) ?(?P<a>{_HOUR})(?P<ah>{_HALF})?(?![\d/])"
)
_BARE = re.compile(rf"\b(?P<a>\d{{1,2}}(?:[:.]\d\d)?)(?P<ah>{_HALF})")
_COLON = re.compile(r"\b(?P<a>[01]?\d:\d\d|2[0-3]:\d\d)\b(?P<ah>)")
_AM = re.compile(r"a\.?m|manana|matin|صباحا|^\s?ص")
_PM = re.compile(r"p\.?m|tarde|noche|soir|مساء|ظهرا|عصرا|ليلا|^\s?م")
# An hour without more is one of the day: 1–7 is the afternoon, 8–12 as it stands.
LATEST_GUESSED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From when to when of a day; ``start`` and ``end`` are places in the folded text. None: from or until any time."""

    since: time | None
    until: time | None
    start: int
    end: int
    sure: float


def find_hours(folded: Folded, taken: tuple[int, int] | None = None) -> Hours | None:
    """The hours that are meant. What lies in ``taken`` names the day and is no hour."""
    plain = folded.plain
    if taken:
        plain = plain[: taken[0]] + "\x00" * (taken[1] - taken[0]) + plain[taken[1] :]
    part = _part(folded.plain)
    return _between(plain, part) or _one_sided(plain, part) or _at(plain, part) or part


def _part(plain: str) -> Hours | None:
    for pattern, since, until in PARTS:
        if match := pattern.search(plain):
            return Hours(since=since, until=until, start=match.start(), end=match.end(), sure=0.88)
    return None


def _between(plain: str, part: Hours | None) -> Hours | None:
    for match in _BETWEEN.finditer(plain):
        if not (match["cue"] or match["ah"] or match["bh"] or ":" in match.group()):
            continue
        if (
            match["cue"] in ("de ", "من ")
            and not match["ah"]
            and not match["bh"]
            and not (match["a"].isdecimal() or ":" in match["a"])
        ):
            continue
        half = match["bh"] or ""
        last = _time(match["b"], half, part)
        first = _time(match["a"], match["ah"] or half, part)
        if first is None or last is None:
            continue
        if first >= last and not match["ah"]:  # "11-2pm" begins in the morning
            first = _time(match["a"], "am", None) or first
        if first < last:
            return Hours(since=first, until=last, start=match.start(), end=match.end(), sure=0.9)
    return None


def _one_sided(plain: str, part: Hours | None) -> Hours | None:
    for pattern, is_after in ((_AFTER, True), (_BEFORE, False)):
        for match in pattern.finditer(plain):
            at = _time(match["a"], match["ah"] or "", part)
            if at is not None:
                since, until = (at, None) if is_after else (None, at)
                return Hours(since=since, until=until, start=match.start(), end=match.end(), sure=0.85)
    return None


def _at(plain: str, part: Hours | None) -> Hours | None:
    for pattern, sure in ((_BARE, 0.9), (_COLON, 0.88), (_AT, 0.75)):
        for match in pattern.finditer(plain):
            if (
                pattern is _AT
                and not match["ah"]
                and match.group().startswith("a ")
                and not match["a"][:1].isdecimal()
            ):
                continue
            at = _time(match["a"], match["ah"] or "", part)
            if at is not None:
                until = at.replace(hour=at.hour + 1) if at.hour < 23 else MIDNIGHT
                return Hours(since=at, until=until, start=match.start(), end=match.end(), sure=sure)
    return None


def _time(text: str, half: str, part: Hours | None) -> time | None:
    """The time of a day, or None for what is none (25, 3:75)."""
    hour_words, _, minute_words = (
        text.replace(".", ":").replace("h", ":" if text[:1].isdecimal() else "h").partition(":")
    )
    hour, minute = value_of(hour_words), int(minute_words or 0)
    if hour > 23 or minute > 59 or (hour == 0 and not hour_words.startswith("0")):
        return None
    if hour <= 12 and not (minute_words and hour_words.startswith("0")):
        hour = _by_half(hour, half, part, is_certain=bool(minute_words))
    return time(hour, minute)


def _by_half(hour: int, half: str, part: Hours | None, *, is_certain: bool) -> int:
    if _AM.search(half):
        return hour % 12
    if _PM.search(half):
        return hour % 12 + 12
    if "h" in half and hour:
        return hour
    if part and part.since:
        return hour % 12 + 12 if part.since >= time(12) and hour < 12 else hour
    return hour + 12 if 0 < hour <= LATEST_GUESSED and not (is_certain and hour == LATEST_GUESSED) else hour
