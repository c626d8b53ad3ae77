"""What a short text means by itself: the keywords of every language, and a code or a number in it."""

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from commonweal.base.ids import read_code

FOLDER = Path(__file__).parent / "words"
LANGUAGES = ("en", "es", "ar")
# Longer texts say more than a keyword does.
LONGEST_KEYWORD = 60
# Somebody who writes a whole story does not opt out in the middle of it; a short text does.
LONGEST_STOP = 160
# The two opt-out words with which a longer text may begin that means something else. A person reads it.
TWO_FACED = {"cancel", "stop"}

_CODE = re.compile(r"(?<![0-9A-Za-z])#?([0-9A-Za-z]{3})[-‐–—]([0-9A-Za-z]{3})(?![0-9A-Za-z])")
_RUN = re.compile(r"(?<![0-9A-Za-z])#?([0-9A-Za-z]{6}|[0-9A-Za-z]{3} [0-9A-Za-z]{3})(?![0-9A-Za-z])")
_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None, "ؤ": "و", "ئ": "ي"}
)
_QUOTES = re.compile(r"['’‘`´]")
_GAPS = re.compile(r"[\W_]+")


class Meaning(StrEnum):
    """What somebody wants to say. TEXT is everything that says something in words of its own."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    WRONG = "wrong"
    PERSON = "person"
    DANGER = "danger"
    ENGLISH = "english"
    SPANISH = "spanish"
    ARABIC = "arabic"
    ASK = "ask"
    OFFER = "offer"
    STATUS = "status"
    CHANGE = "change"
    NOT_NEEDED = "not_needed"
    STILL = "still"
    YES = "yes"
    NO = "no"
    DONE = "done"
    PARTLY = "partly"
    MISSED = "missed"
    CANT = "cant"
    PAUSE = "pause"
    BACK = "back"
    ON_WAY = "on_way"
    HOME = "home"
    ANY_TIME = "any_time"
    SKIP = "skip"
    THANKS = "thanks"
    NUMBER = "number"
    CODE = "code"
    NOTHING = "nothing"
    ASIDE = "aside"
    RELAY = "relay"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A text as far as keywords go. ``language`` is of the keyword, empty where there is none or every one has it;
    ``code`` is the short code of an ask as it is stored; ``text`` is what was written, in one line."""

    meaning: Meaning
    text: str
    language: str = ""
    number: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The keywords of one language."""

    whole: Mapping[str, Meaning]
    anywhere: tuple[str, ...]
    besides: tuple[str, ...]
    alone: frozenset[str]


def plain(text: str) -> str:
    """The text with nothing that doesn't matter: case, accents, punctuation, ways of writing digits and letters."""
    spread = unicodedata.normalize("NFKD", _QUOTES.sub("", text)).casefold().translate(_ARABIC)
    kept = (char for char in spread if not unicodedata.combining(char))
    digits = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in kept)
    return " ".join(_GAPS.sub(" ", digits).split())


@functools.cache
def words_of(language: str) -> Words:
    """The keywords of one language, from its file."""
    whole: dict[str, Meaning] = {}
    anywhere: list[str] = []
    besides: list[str] = []
    alone: set[str] = set()
    for kind, phrases in _lines((FOLDER / f"{language}.txt").read_text("utf-8")):
        for phrase in phrases:
            if kind == "besides":
                besides.append(plain(phrase))
            elif kind == "stop anywhere":
                anywhere.append(plain(phrase))
            elif kind == "alone":
                alone.add(plain(phrase))
            else:
                whole.setdefault(plain(phrase) or phrase, Meaning(kind))
    longest_first = tuple(sorted(besides, key=len, reverse=True))
    return Words(whole=whole, anywhere=tuple(anywhere), besides=longest_first, alone=frozenset(alone))


def _lines(text: str) -> Iterator[tuple[str, list[str]]]:
    for line in text.splitlines():
        kind, colon, phrases = line.partition(":")
        if colon and not line.startswith("#"):
            yield kind.strip(), [phrase.strip() for phrase in phrases.split(",") if phrase.strip()]


def heard_in(text: str, language: str) -> Heard:
    """What a text means by its keywords; those of the conversation's own ``language`` are tried first.

    A code may stand beside a keyword. What has no keyword is TEXT; what has no words is NOTHING.
    """
    line = " ".join(text.split())
    short = plain(line)
    if _opts_out(short):
        return Heard(meaning=Meaning.STOP, text=line)
    if not short:
        return _without_words(line, language)
    found = _keyword(short, line, language)
    if found:
        return found
    code, rest = _code_in(line)
    if code:
        kept = plain(rest)
        beside = _keyword(kept, line, language) if kept else Heard(meaning=Meaning.CODE, text=line)
        return Heard(
            meaning=beside.meaning if beside else Meaning.TEXT,
            text=line,
            language=beside.language if beside else "",
            number=beside.number if beside else 0,
            code=code,
        )
    if short.split()[0] in TWO_FACED:
        return Heard(meaning=Meaning.ASIDE, text=line)
    return Heard(meaning=Meaning.TEXT, text=line)


def _opts_out(short: str) -> bool:
    """Any reasonable wording counts, in any language, whatever the conversation is in."""
    if len(short) > LONGEST_STOP:
        return False
    if len(set(short.split())) == 1:  # "stop stop stop"
        short = short.split(maxsplit=1)[0]
    for language in LANGUAGES:
        words = words_of(language)
        if words.whole.get(_bare(short, words)) == Meaning.STOP or words.whole.get(short) == Meaning.STOP:
            return True
        if any(f" {phrase} " in f" {short} " for phrase in words.anywhere):
            return True
    return False


def _without_words(line: str, language: str) -> Heard:
    """A sign instead of a word: a thumb, a heart."""
    sign = "".join(char for char in line if not 0x1F3FB <= ord(char) <= 0x1F3FF).strip("️ ")
    known = words_of(language).whole.get(sign[:1]) if sign and len(set(sign)) == 1 else None
    return Heard(meaning=known or Meaning.NOTHING, text=line)


def _keyword(short: str, line: str, language: str) -> Heard | None:
    if len(short) > LONGEST_KEYWORD:
        return None
    for tried in sorted(LANGUAGES, key=lambda one: one != language):
        words = words_of(tried)
        bare = _bare(short, words)
        if bare.isdigit() and len(bare) <= 2:
            return Heard(meaning=Meaning.NUMBER, text=line, number=int(bare))
        meaning = words.whole.get(short) or words.whole.get(bare)
        if meaning:
            return Heard(meaning=meaning, text=line, language=tried)
    return None


def _bare(short: str, words: Words) -> str:
    """Without the polite words before and after."""
    bare = f" {short} "
    again = True
    while again:
        again = False
        for phrase in words.besides:
            around = f" {phrase} "
            if bare.startswith(around) and bare != around:
                bare, again = bare[len(phrase) + 1 :], True
            if bare.endswith(around) and bare != around:
                bare, again = bare[: -len(phrase) - 1], True
    return bare.strip()


def _code_in(line: str) -> tuple[str, str]:
    """A code that stands in the text, in stored form, and the text without it.

    Six letters in a row may be a word: without a dash there has to be a digit, or nothing beside.
    """
    for pattern in (_CODE, _RUN):
        for match in pattern.finditer(line):
            code = read_code("".join(match.groups()))
            rest = f"{line[: match.start()]} {line[match.end() :]}".strip()
            if code and (pattern is _CODE or any(char.isdigit() for char in code)):
                return code, rest
    return "", line
