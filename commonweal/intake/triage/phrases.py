"""Phrases found in a text, however they are written: accents, endings, Arabic particles and small misspellings aside.

A phrase is a few words that stand together. A word ending in * stands for all words that begin so; … between two words
lets up to three others stand between them.
"""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Generic, TypeVar

from rapidfuzz.distance import OSA

LONGEST = 2000
BETWEEN = 3
# From this length on a word may have one wrong letter, or two.
ONE_WRONG, TWO_WRONG = 6, 10
_MARKS = re.compile(r"[\u0300-\u036f\u0640\u064b-\u0655\u0670]")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_WORD = re.compile(r"[\w*]+|…|[^\w\s]")
_ALIKE = str.maketrans({"ى": "ي", "ة": "ه", "ڤ": "ف", "ک": "ك", "ی": "ي"})
_PARTICLES = ("وال", "فال", "بال", "كال", "لل", "ال", "و", "ف", "ب", "ل")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as it is compared, and where it stands in the text. ``bare`` is without an Arabic particle before it."""

    plain: str
    bare: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A phrase that was found: its first and last word by number, and how sure that is, from 0 to 1."""

    first: int
    last: int
    sureness: float


def plain(word: str) -> str:
    """A word in small letters without accents, apostrophes, and with one form of each Arabic letter."""
    small = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", word.casefold()))
    return _MARKS.sub("", small).translate(_ALIKE)


def words_of(text: str) -> list[Word]:
    """The words and marks of a text's first ``LONGEST`` characters, in order."""
    found = []
    for piece in re.finditer(r"[\w'’ʼ`´\u064b-\u0655\u0670]+|[^\w\s]", text[:LONGEST]):
        word = plain(piece.group()) or piece.group()
        found.append(Word(plain=word, bare=_bare(word), start=piece.start(), end=piece.end()))
    return found


def _bare(word: str) -> str:
    if "\u0600" <= word[:1] <= "\u06ff":
        for particle in _PARTICLES:
            if word.startswith(particle) and len(word) - len(particle) >= (2 if particle == "و" else 3):
                return word.removeprefix(particle)
    return word


Phrase = tuple[str | None, ...]
T = TypeVar("T")


@cache
def phrase_of(text: str) -> Phrase:
    """The words of ``"house … on fire"``, to be found one after the other; None is a gap."""
    pieces = _WORD.findall(_APOSTROPHES.sub("", text))
    return tuple(None if piece == "…" else _kept(piece) for piece in pieces)


class Lexicon(Generic[T]):
    """Phrases that each mean something, sorted by how they begin so that a text is gone through quickly."""

    def __init__(self, entries: Iterable[tuple[T, Phrase]]) -> None:
        self._by_word: dict[str, list[tuple[T, Phrase]]] = defaultdict(list)
        self._by_letter: dict[str, list[tuple[T, Phrase]]] = defaultdict(list)
        for meaning, phrase in entries:
            begin = phrase[0] or ""
            if begin.endswith("*") or len(begin) >= ONE_WRONG:
                self._by_letter[begin[:1]].append((meaning, phrase))
            else:
                self._by_word[begin].append((meaning, phrase))

    def found(self, words: list[Word]) -> Iterator[tuple[T, Hit]]:
        """Every place where one of the phrases stands, with its meaning."""
        for first, word in enumerate(words):
            for form in sorted({word.plain, word.bare}):
                yield from _hits(self._by_word.get(form, ()), words, first)
            for letter in sorted({word.plain[:1], word.bare[:1]}):
                yield from _hits(self._by_letter.get(letter, ()), words, first)


def _hits(entries: Iterable[tuple[T, Phrase]], words: list[Word], first: int) -> Iterator[tuple[T, Hit]]:
    for meaning, phrase in entries:
        hit = _at(phrase, words, first)
        if hit:
            yield meaning, hit


def _at(phrase: Phrase, words: list[Word], first: int) -> Hit | None:
    at, sureness, room = first, 1.0, 0
    for wanted in phrase:
        if wanted is None:
            room = BETWEEN
            continue
        for here in range(at, min(at + room + 1, len(words))):
            like = likeness(wanted, words[here])
            if like:
                break
        else:
            return None
        at, room, sureness = here + 1, 0, min(sureness, like)
    return Hit(first=first, last=at - 1, sureness=sureness)


def _kept(piece: str) -> str:
    end = "*" if piece.endswith("*") else ""
    word = plain(piece.rstrip("*"))
    return _bare(word) + end if not end else word + end


def likeness(wanted: str, word: Word) -> float:
    """1 where the word is the wanted one, .8 where it may be a misspelling of it, else 0."""
    if wanted.endswith("*"):
        stem = wanted[:-1]
        return float(word.plain.startswith(stem) or word.bare.startswith(stem))
    if wanted in {word.plain, word.bare}:
        return 1.0
    if len(wanted) < ONE_WRONG or wanted[0] != word.plain[0]:
        return 0.0
    most = 2 if len(wanted) >= TWO_WRONG else 1
    return 0.8 if _distance(wanted, word.plain, most) <= most else 0.0


@cache
def _known() -> frozenset[str]:
    """Words that look like others of the lists but are none: they are never taken for a misspelling."""
    return frozenset(plain(word) for word in data("alike.toml")["words"])


def _distance(wanted: str, word: str, most: int) -> int:
    if abs(len(wanted) - len(word)) > most or word in _known():
        return most + 1
    return OSA.distance(wanted, word, score_cutoff=most)


def data(name: str) -> Mapping[str, Any]:
    """One of the word lists beside this module."""
    return tomllib.loads((files(__package__) / "data" / name).read_text("utf-8"))


def said(text: str, words: list[Word], hit: Hit) -> str:
    """The words of a hit as they stand in the text."""
    return text[words[hit.first].start : words[hit.last].end]
