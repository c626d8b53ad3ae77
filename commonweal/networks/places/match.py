"""Whether a street or an area is meant by what was asked, and how well."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commonweal.networks.places.words import Fit, NameWord, fit, is_generic, name_words

FILLERS = frozenset({"no", "nr", "number", "house", "haus", "near", "in", "at", "by", "on"})


@dataclass(frozen=True, slots=True)
class Name:
    """A street or area of the index with every name it goes by; ``weight`` is a street's length in metres."""

    id: int
    is_street: bool
    name: str
    forms: tuple[str, ...]
    weight: int

    def match(self, asked: Sequence[str]) -> "Match":
        """Return how asked words fit the name or, if that is better, another of its names."""
        fits = (Match(self, parts, fit(asked, parts)) for parts in map(name_words, self.forms))
        return max(fits, key=lambda one: one.fit.quality)


@dataclass(frozen=True, slots=True)
class Match:
    """How asked words fit one of the names of a street or area."""

    name: Name
    parts: tuple[NameWord, ...]
    fit: Fit

    def means(self, asked: Sequence[str], *, whole: bool = False) -> bool:
        """Say whether this is enough: a telling word of the name, or with ``whole`` all of them.

        Where the name has none (North Way), or nothing telling was asked (north), all of the one or the
        other.
        """
        telling = {at for at, part in enumerate(self.parts) if not is_generic(part.plain)}
        if all(is_generic(word) for word in asked):
            return len(self.fit.covered) == len(asked)
        if not telling:
            return len(self.fit.used) == len(self.parts)
        if not whole:
            return bool(telling & self.fit.used)
        return telling <= self.fit.used and is_telling(asked[at] for at in self.fit.covered)

    def left(self, asked: Sequence[str]) -> list[tuple[int, str]]:
        """Return the asked words that the name has not used, with their places; fillers are no loss."""
        words = enumerate(asked)
        return [(at, word) for at, word in words if at not in self.fit.covered and word not in FILLERS]

    def rank(self, position: int, bonus: float = 0.0) -> tuple[float, int, str, int]:
        """Return a sort key: the better fit first, then areas, longer streets, and their longer parts."""
        unused = [part.plain for at, part in enumerate(self.parts) if at not in self.fit.used]
        missing = sum(0.05 if is_generic(word) else 0.4 for word in unused)
        score = self.fit.quality + bonus - missing + (0.0 if self.name.is_street else 0.2)
        return -round(score, 6), -self.name.weight, self.name.name, position


def is_telling(asked: Iterable[str]) -> bool:
    """Say whether there is more than numbers and words like street."""
    return any(not is_generic(word) and not word.isdecimal() for word in asked)
