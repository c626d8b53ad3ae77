"""What cells say: numbers, dates, languages, contacts. Each reader gives a value or says what it could not read."""

import re
from datetime import UTC, datetime, tzinfo

from babel import Locale, UnknownLocaleError

LARGEST_COUNT = 10**15
DATE_FORMS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%B %d, %Y",
    "%d %B %Y",
    "%b %d, %Y",
)
MONTH_FIRST = ("%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%y")
DAY_FIRST = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %I:%M %p", "%d/%m/%y")
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class CellUnreadable(Exception):
    """A cell that does not say what its field needs. ``field`` names it, the text says why."""

    def __init__(self, field: str, why: str) -> None:
        self.field, self.why = field, why
        super().__init__(f"{field}: {why}")


def count(field: str, text: str, *, default: int, least: int, most: int = LARGEST_COUNT) -> int:
    """A whole number as people and programs write it ("5,000", "12.0"); raises CellUnreadable."""
    if not text:
        return default
    plain = re.sub(r"(?<=\d)[,' \u00a0\u202f](?=\d{3}\b)", "", text.strip())
    match = re.fullmatch(r"([+-]?\d{1,18})(?:\.0*)?", plain)
    if match is None:
        raise CellUnreadable(field, f"“{_short(text)}” is not a whole number")
    number = int(match[1])
    if not least <= number <= most:
        raise CellUnreadable(field, f"{number} is not between {least} and {most}")
    return number


def moment(field: str, text: str, *, zone: tzinfo, day_first: bool) -> datetime | None:
    """A date or a time as sheets write it, taken in the network's zone where it names none; raises CellUnreadable."""
    if not text:
        return None
    parsed = _iso(text) or _by_form(text, day_first=day_first)
    if parsed is None:
        raise CellUnreadable(field, f"“{_short(text)}” is not a date we can read")
    moment = (parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(UTC)
    if not EARLIEST <= moment <= LATEST:
        raise CellUnreadable(field, f"the year {parsed.year} can't be right")
    return moment


def _iso(text: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        return None
    near_the_edge = not 1 < parsed.year < 9999  # changing zone would leave the calendar
    return parsed.replace(tzinfo=UTC) if near_the_edge else parsed


def _by_form(text: str, *, day_first: bool) -> datetime | None:
    for form in (*DATE_FORMS, *(DAY_FIRST if day_first else MONTH_FIRST)):
        try:
            return datetime.strptime(text.strip(), form)  # noqa: DTZ007 - the caller adds the zone
        except ValueError:
            continue
    return None


def languages(text: str) -> list[str]:
    """Language codes from names or codes in English, Spanish or the language itself; what is not known is left out."""
    found: list[str] = []
    for part in re.split(r"[,;/&+]| and | y ", text):
        code = _language_codes().get(part.strip().casefold())
        if code and code not in found:
            found.append(code)
    return found


_LANGUAGE_CODES: dict[str, str] = {}


def _language_codes() -> dict[str, str]:
    """Names of languages as people write them, to codes; made once."""
    if not _LANGUAGE_CODES:
        for code in (
            "en",
            "es",
            "ar",
            "fr",
            "ht",
            "pt",
            "zh",
            "ru",
            "ko",
            "vi",
            "am",
            "ne",
            "hi",
            "ur",
            "uk",
            "tr",
            "fa",
            "so",
            "sw",
            "pl",
            "de",
            "it",
        ):
            _LANGUAGE_CODES[code] = code
            for locale in ("en", "es", code):
                try:
                    name = Locale(locale).languages.get(code)
                except UnknownLocaleError:
                    continue
                if name:
                    _LANGUAGE_CODES[name.casefold()] = code
    return _LANGUAGE_CODES


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
