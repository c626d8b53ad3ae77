"""What in a text says more about somebody than it has to, and where it stands."""

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonweal.networks.models import Network
from commonweal.networks.queries import find_places

FOLDER = Path(__file__).parent / "words"
LANGUAGES = ("en", "es", "ar")
KINDS: Mapping[str, str | Promise] = {
    "phone": _("a phone number"),
    "email": _("an e-mail address"),
    "street": _("an address"),
    "immigration": _("something about papers"),
    "health": _("something about an illness"),
}
# So many possible addresses of one text are looked up on the map.
MOST_LOOKED_UP = 4
_EMAIL = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+\.[^\W\d_]{2,}")
_BEFORE = re.compile(r"(?<![\w.,/-])\d{1,5}[a-z]?(?![\w:/-])(?:\s+[^\W\d_][\w.'’-]*){1,4}", re.IGNORECASE)
_AFTER = re.compile(r"(?:[^\W\d_][\w.'’-]*\s+){1,4}(?:#|n[.º°]*\s?)?\d{1,5}(?![\w:/-])", re.IGNORECASE)
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})
# What Arabic writes in front of a word, and what Spanish and English write behind it.
_FRONT, _BEHIND = "(?:(?:و|ف)?(?:ال|بال|لل|كال|ب|ل)?)", "(?:e?s)?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found: ``text[start:end]``, and which of ``KINDS`` it is."""

    start: int
    end: int
    kind: str


def scan(text: str, *, country: str = "", network: Network | None = None) -> list[Finding]:
    """What ``text`` says that it need not say, in its order and without overlaps.

    ``country`` (ISO 3166 alpha-2) is where a number without a prefix is dialled; an address is one of the ``network``'s
    own map, or a number beside a word that only streets have.
    """
    found = [*_emails(text), *_phones(text, country), *_streets(text, network), *_words(text)]
    kept: list[Finding] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def without(text: str, found: Sequence[Finding]) -> str:
    """The text with an ellipsis in place of what was found."""
    for one in reversed(found):
        text = f"{text[: one.start]}…{text[one.end :]}"
    return text


def pieces_of(text: str, found: Sequence[Finding]) -> list[tuple[str, str | Promise]]:
    """The text in pieces, each with the words for what it is; empty for what may stay."""
    pieces: list[tuple[str, str | Promise]] = []
    at = 0
    for one in found:
        pieces += [(text[at : one.start], ""), (text[one.start : one.end], KINDS[one.kind])]
        at = one.end
    return [piece for piece in (*pieces, (text[at:], "")) if piece[0]]


def _emails(text: str) -> Iterator[Finding]:
    for match in _EMAIL.finditer(text):
        yield Finding(start=match.start(), end=match.end(), kind="email")


def _phones(text: str, country: str) -> Iterator[Finding]:
    digits = _in_ascii(text)
    for match in phonenumbers.PhoneNumberMatcher(
        digits, country or None, leniency=phonenumbers.Leniency.POSSIBLE
    ):
        # A time, a price or a number of flats is no number to call.
        if sum(char.isdigit() for char in match.raw_string) >= 7:
            yield Finding(start=match.start, end=match.end, kind="phone")


def _streets(text: str, network: Network | None) -> Iterator[Finding]:
    plain, unknown = _plain(text), []
    for pattern, kinds in ((_BEFORE, words_of("after number")), (_AFTER, words_of("before number"))):
        for match in pattern.finditer(plain):
            said = list(re.finditer(r"\S+", match[0]))
            at = next((place for place, word in enumerate(said) if word[0].strip(".,") in kinds), None)
            if at is None or (pattern is _BEFORE and at < 2):
                unknown.append(match)
                continue
            first, last = (0, said[at].end()) if pattern is _BEFORE else (said[at].start(), len(match[0]))
            yield Finding(start=match.start() + first, end=match.start() + last, kind="street")
    if network is None:
        return
    for match in unknown[:MOST_LOOKED_UP]:
        if any(place.kind == "address" and place.exact for place in find_places(network, match[0], 3)):
            yield Finding(start=match.start(), end=match.end(), kind="street")


def _words(text: str) -> Iterator[Finding]:
    for kind in ("immigration", "health"):
        for match in _pattern(kind).finditer(_plain(text)):
            yield Finding(start=match.start(), end=match.end(), kind=kind)


@functools.cache
def _pattern(kind: str) -> re.Pattern[str]:
    words = sorted(words_of(kind), key=len, reverse=True)
    return re.compile(rf"(?<!\w){_FRONT}(?:{'|'.join(map(re.escape, words))}){_BEHIND}(?!\w)")


@functools.cache
def words_of(kind: str) -> frozenset[str]:
    """The words of one kind in every language, as they are compared: without capitals, accents and Arabic variants."""
    found: set[str] = set()
    for language in LANGUAGES:
        for line in (FOLDER / f"{language}.txt").read_text("utf-8").splitlines():
            named, colon, words = line.partition(":")
            if colon and named.strip() == kind and not line.startswith("#"):
                found |= {_plain(word.strip()) for word in words.split(",") if word.strip()}
    return frozenset(found)


def _plain(text: str) -> str:
    """The text letter for letter, so that places in it stay what they are; without capitals and accents."""
    return "".join(_letter(char) for char in text)


@functools.lru_cache(maxsize=4096)
def _letter(char: str) -> str:
    bare = unicodedata.normalize("NFKD", char.translate(_ARABIC))[:1].casefold() or char
    return bare[:1]


def _in_ascii(text: str) -> str:
    """Digits of every script as 0 to 9, letter for letter."""
    return "".join(
        str(unicodedata.digit(char)) if char.isdigit() and unicodedata.digit(char, None) is not None else char
        for char in text
    )
