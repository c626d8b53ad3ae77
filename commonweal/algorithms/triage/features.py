"""A text as weighted features: hashed words, pairs of words, and runs of two to five letters within a word.

Runs of letters make misspellings and endings of one word look alike, which matters most in languages that are written
by ear. Nothing is looked up by its spelling: a feature is a 32-bit number, so a model holds no words.
"""

import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy import sparse

Numbers = npt.NDArray[Any]

# What stands beyond this many characters of a text is not read: the time a text takes stays bounded.
LONGEST = 2000
LENGTHS = (2, 3, 4, 5)
# Runs of letters have the highest bit set, words and pairs have not.
RUN = np.uint32(1 << 31)
# Odd multipliers (from the fractional parts of square roots) for a multiply-and-add hash over letters.
_BY_PLACE = np.array(
    [0x6A09E667F3BCC909, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1, 0x510E527FADE682D1],
    dtype=np.uint64,
)
_PAIR = (0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B)
_TOKEN = re.compile(r"\w+|[?!]")
_MARKS = re.compile(r"[\u0300-\u036f\u0640\u064b-\u0655\u0670]")


def plain(text: str) -> str:
    """The text in small letters without accents, at most ``LONGEST`` characters of it: dlo, Dlo and dlò are one."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text[:LONGEST].casefold()))


def tokens(text: str) -> list[str]:
    """The words of a text as ``plain`` writes them, with ? and ! as words of their own."""
    return _TOKEN.findall(plain(text))


def hashed(text: str) -> tuple[Numbers, Numbers]:
    """The features of a text, ascending, and how often each occurs. Both are empty for a text without a word."""
    words = tokens(text)
    if not words:
        return np.empty(0, np.uint32), np.empty(0, np.int64)
    return np.unique(np.concatenate([_words(words), _runs(words)]), return_counts=True)


def _words(words: list[str]) -> Numbers:
    ones = np.array([zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words], dtype=np.uint64)
    twos = _mixed(ones[:-1] * np.uint64(_PAIR[0]) + ones[1:] * np.uint64(_PAIR[1]))
    return np.concatenate([_mixed(ones), twos]) & ~RUN


def _runs(words: list[str]) -> Numbers:
    line = " " + " ".join(words) + " "
    letters = np.array([ord(char) for char in line], dtype=np.uint64)
    gap = letters == ord(" ")
    found = []
    for length in LENGTHS:
        starts = len(letters) - length + 1
        if starts < 1:
            break
        total = np.full(starts, length, dtype=np.uint64)
        torn = np.zeros(starts, dtype=bool)
        for place in range(length):
            total += letters[place : place + starts] * _BY_PLACE[place]
            if 0 < place < length - 1:
                torn |= gap[place : place + starts]
        if length == 2:
            torn = gap[:starts] & gap[1 : starts + 1]
        found.append(_mixed(total[~torn]) | RUN)
    return np.concatenate(found)


def _mixed(numbers: Numbers) -> Numbers:
    """64 bits stirred (the finaliser of SplitMix64), the upper 32 of them."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Numbers = ((numbers ^ (numbers >> np.uint64(31))) >> np.uint64(32)).astype(np.uint32)
    return mixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The features that count, ascending, and how much each is worth: the rarer, the more.

    ``worth`` is 1 + ln((1 + n) / (1 + df)) for n texts, of which df have the feature.
    """

    features: Numbers
    worth: Numbers

    def row(self, text: str) -> tuple[Numbers, Numbers]:
        """The places of a text's features in the vocabulary, and their weights.

        A weight is (1 + ln count) · worth; those of words and those of runs of letters are each scaled to length 1.
        """
        found, counts = hashed(text)
        places = np.searchsorted(self.features, found)
        places[places == len(self.features)] = 0
        here = self.features[places] == found if len(self.features) else np.zeros(len(found), bool)
        places, counts = places[here], counts[here]
        weights = ((1 + np.log(counts)) * self.worth[places]).astype(np.float32)
        middle = int(np.searchsorted(self.features[places], RUN))
        for part in (weights[:middle], weights[middle:]):
            length = float(np.sqrt(part @ part))
            if length > 0:
                part /= np.float32(length)
        return places, weights

    def matrix(self, texts: Sequence[str]) -> "sparse.csr_matrix":
        """One row a text, as ``row`` gives it."""
        from scipy import sparse  # costs a fifth of a second, and only training needs it

        rows = [self.row(text) for text in texts]
        starts = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(places) for places, _ in rows], out=starts[1:])
        places = np.concatenate([places for places, _ in rows]) if rows else np.empty(0, np.int64)
        weights = np.concatenate([weights for _, weights in rows]) if rows else np.empty(0, np.float32)
        return sparse.csr_matrix(
            (weights, places.astype(np.int32), starts), shape=(len(rows), len(self.features))
        )


def vocabulary_of(texts: Sequence[str], *, least_words: int = 2, least_runs: int = 3) -> Vocabulary:
    """The features of at least so many of the texts."""
    found = [hashed(text)[0] for text in texts]
    features, df = np.unique(np.concatenate(found) if found else np.empty(0, np.uint32), return_counts=True)
    kept = df >= np.where(features & RUN, least_runs, least_words)
    worth = 1 + np.log((1 + len(found)) / (1 + df[kept]))
    return Vocabulary(features=features[kept], worth=worth.astype(np.float16).astype(np.float32))
