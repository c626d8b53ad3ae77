"""How names of places are written, and how people write them: folding, spellings, matching, small slips.

Nothing here guesses what a word *means* ("St" may be Saint or Street); it only knows which spellings stand
for the same word, and lets the names that exist decide.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

LONGEST_TEXT = 120
MOST_WORDS = 12
SLIP_LETTERS = 8
# Letters that Unicode does not take apart into a base letter and a mark.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
APOSTROPHES = re.compile(r"[\u2018\u2019\u02bc\u0060\u00b4']")
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
# Groups of spellings of one word. A word may be in several groups: "st" is a street or a saint.
HALVES = (
    *("north n", "south s", "east e", "west w"),
    *("northeast ne", "northwest nw", "southeast se", "southwest sw"),
)
SORTS = (
    *("street st str", "avenue ave av", "boulevard blvd boul bd", "road rd", "drive dr drv", "lane ln"),
    *("court ct", "place pl", "square sq", "terrace ter terr", "circle cir", "parkway pkwy pky"),
    *("alley aly al", "highway hwy", "expressway expy", "freeway fwy", "crescent cres", "trail trl"),
    *("plaza plz pza", "way", "row", "path", "walk", "the", "of", "de", "la", "le", "du", "des", "del"),
    *("strasse str", "weg", "platz pl", "gasse", "rue", "chemin ch", "route rte rt", "calle c"),
    *("avenida avda av", "via", "rua r"),
)
OTHERS = (
    *("saint st", "sainte ste", "sankt st", "santa sta", "santo sto", "mount mt", "mountain mtn", "fort ft"),
    *("doctor dr", "junior jr", "senior sr", "and und et y", "extension ext", "park pk", "point pt"),
    *("bridge br", "center centre ctr", "cove cv", "grove grv", "gardens gdns", "heights hts"),
    *("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th", "seventh 7th"),
    *("eighth 8th", "ninth 9th", "tenth 10th", "eleventh 11th", "twelfth 12th"),
)
# Words that say what sort of place it is, or which half of it: too common to look a name up by.
GENERIC = frozenset(word for group in (*HALVES, *SORTS) for word in group.split())
ORDINAL = re.compile(r"(\d+)(st|nd|rd|th)\Z")
UNIT = re.compile(
    r"(?:\b(?:apt|apartment|unit|suite|ste|flat|floor|fl|room|rm|door|bldg)\b\.?\s*#?\s*|#\s*)"
    r"(?:\d+\w?|[a-z])\b"
)


def _spelling_groups() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for group in (*HALVES, *SORTS, *OTHERS):
        for word in group.split():
            groups.setdefault(word, set()).update(group.split())
    return {word: frozenset(same) for word, same in groups.items()}


SPELLINGS = _spelling_groups()


def fold(text: str) -> str:
    """Return text in small letters without accents, apostrophes or look-alike forms; other signs stay."""
    plain = APOSTROPHES.sub("", unicodedata.normalize("NFKD", text).casefold().translate(PLAIN))
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    # A mark can bring an apostrophe to light (U+0149 is ʼn), and casefolding one letter can make it two.
    return APOSTROPHES.sub("", plain.casefold())


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded: "5, O'Donnell St." is the words 5, odonnell and st."""
    return tuple("".join(sign if sign.isalnum() else " " for sign in fold(text)).split())


def asked_words(text: str) -> tuple[str, ...]:
    """Return the words of what a person typed, without flat numbers; empty for what can't be a place.

    That is: nothing, more than `LONGEST_TEXT` signs or `MOST_WORDS` words, control signs, halves of letters.
    """
    if len(text) > LONGEST_TEXT or any(unicodedata.category(sign) in ("Cc", "Cs", "Cn") for sign in text):
        return ()
    folded = fold(text)
    found = words(UNIT.sub(" ", folded)) or words(folded)
    return found if len(found) <= MOST_WORDS else ()


@lru_cache(maxsize=4096)
def spellings(word: str) -> frozenset[str]:
    """Return every way to write a folded word, itself included: 27th is also 27, avenue also ave and av."""
    found = SPELLINGS.get(word, frozenset())
    if ordinal := ORDINAL.match(word):
        found |= {ordinal[1]}
    elif word.isdecimal():
        found |= {f"{word}{_ordinal_ending(word)}"}
    return found | {word}


def _ordinal_ending(number: str) -> str:
    if number[-2:] in ("11", "12", "13"):
        return "th"
    return {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word of a name: as it stands there, folded, and every way to write it."""

    plain: str
    same: frozenset[str]


@lru_cache(maxsize=8192)
def name_words(name: str) -> tuple[NameWord, ...]:
    """Return the words of a name with their spellings; ä, ö, ü also as ae, oe, ue."""
    longhand = name.casefold()
    for umlaut, letters in UMLAUTS.items():
        longhand = longhand.replace(umlaut, letters)
    plain, spelt = words(name), words(longhand)
    if len(plain) != len(spelt):
        spelt = plain
    return tuple(NameWord(word, spellings(word) | {other}) for word, other in zip(plain, spelt))


def key(name: str) -> tuple[str, ...]:
    """Return one key for all spellings of a name: each word by the first of its spellings in the alphabet."""
    return tuple(min(_closure(word)) for word in words(name))


@lru_cache(maxsize=4096)
def _closure(word: str) -> frozenset[str]:
    """Return all words linked by spellings; through "st" also street and saint, which only joins names."""
    seen = {word}
    waiting = [word]
    while waiting:
        for other in spellings(waiting.pop()) - seen:
            seen.add(other)
            waiting.append(other)
    return frozenset(seen)


def is_generic(word: str) -> bool:
    """Say whether a folded word is too common to look a name up by (street, north, the …)."""
    return word in GENERIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How asked words fit a name: which it covers, which of its own it uses (both by index), how well."""

    covered: frozenset[int]
    used: frozenset[int]
    quality: float


def fit(asked: Sequence[str], name: Sequence[NameWord]) -> Fit:
    """Lay asked words onto the words of a name, each onto one.

    First those that stand in the name as they are, then other spellings, then starts of a word. The order
    matters in "45 45th Street", where 45 is a spelling of 45th and yet is the house. The first two count 1, a
    start by the share of the word that was typed, at most .9. A single letter is a start only as the last
    word, which may still be being typed; digits never are: 12 is not 125th.
    """
    covered: set[int] = set()
    used: set[int] = set()
    quality = 0.0
    for how in (_as_it_stands, _spelt_otherwise, _start):
        for at, word in enumerate(asked):
            if at in covered:
                continue
            last = at == len(asked) - 1
            free = [index for index in range(len(name)) if index not in used]
            best, place = max(((how(word, name[index], last), -index) for index in free), default=(0.0, 0))
            if best > 0:
                covered.add(at)
                used.add(-place)
                quality += best
    return Fit(covered=frozenset(covered), used=frozenset(used), quality=quality)


def _as_it_stands(word: str, part: NameWord, last: bool) -> float:
    return 1.0 if word == part.plain else 0.0


def _spelt_otherwise(word: str, part: NameWord, last: bool) -> float:
    return 1.0 if word in part.same else 0.0


def _start(word: str, part: NameWord, last: bool) -> float:
    if word.isdecimal() or not word or (len(word) < 2 and not last):
        return 0.0
    return max((0.9 * len(word) / len(whole) for whole in part.same if whole.startswith(word)), default=0.0)


def slips(word: str, most: int) -> frozenset[str]:
    """Return the start of a word with up to ``most`` letters left out. Words that many slips apart share one.

    The index of W. Garbe's symmetric delete spelling correction (2012). Only the first letters count, lest a
    long compound fills it alone; what follows them is compared afterwards.
    """
    found = {word[:SLIP_LETTERS]}
    edge = set(found)
    for _ in range(most):
        edge = {short[:at] + short[at + 1 :] for short in edge for at in range(len(short))} - {""}
        found |= edge
    return frozenset(found)


def reach(word: str) -> int:
    """Return how many slips are forgiven in a word: 1 from 4 letters, 2 from 7; none in what has digits."""
    if len(word) < 4 or any(sign.isdigit() for sign in word):
        return 0
    return 1 if len(word) < 7 else 2


def slip_distance(a: str, b: str, most: int) -> int | None:
    """Return how many letters are wrong, missing, too many or swapped with the next; None if over ``most``.

    Optimal string alignment (the restricted Damerau-Levenshtein distance), by three rows of the table.
    """
    if abs(len(a) - len(b)) > most:
        return None
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        older, before, row = before, row, [i, *([0] * len(b))]
        for j, right in enumerate(b, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                row[j] = min(row[j], older[j - 2] + 1)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


def slug(name: str, taken: Iterable[str] = ()) -> str:
    """Return a short name for URLs, of small letters, digits and hyphens, different from those taken."""
    ascii_words = (re.sub(r"[^a-z0-9]", "", word) for word in words(name))
    base = "-".join(word for word in ascii_words if word)[:50].strip("-") or "area"
    known = set(taken)
    return next(one for one in _numbered(base) if one not in known)


def _numbered(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1
