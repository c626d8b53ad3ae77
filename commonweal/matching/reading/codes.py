"""Words as numbers and bits. The same words give the same numbers, in whatever order they come."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from commonweal.exchange.models import Ask, Offer

MOST_BITS = 64
VEHICLES = {
    Offer.Vehicle.FOOT.value: 0,
    Offer.Vehicle.BICYCLE.value: 1,
    Offer.Vehicle.CARGO.value: 2,
    Offer.Vehicle.CAR.value: 3,
    Offer.Vehicle.VAN.value: 4,
}
GENDERS = {"": 0, Ask.Wish.WOMAN.value: 1, Ask.Wish.MAN.value: 2}


@dataclass(frozen=True, slots=True)
class Bits:
    """A bit for each of up to 64 words, the commonest; a rarer one has none, and is read as if it were not said.

    A plan may therefore suggest a pair that is refused when it is judged by itself, before anybody is asked.
    """

    number: dict[Any, int]

    @classmethod
    def of(cls, words: Iterable[Any]) -> "Bits":
        """Number the commonest of these words, in their own order."""
        counted = sorted(Counter(words).items(), key=lambda item: (-item[1], item[0]))
        return cls(
            {word: place for place, word in enumerate(sorted(word for word, _n in counted[:MOST_BITS]))}
        )

    def __call__(self, words: Collection[Any]) -> int:
        """The bits of these words."""
        bits = 0
        for word in words:
            if word in self.number:
                bits |= 1 << self.number[word]
        return bits

    @property
    def words(self) -> list[Any]:
        """The words by their numbers."""
        return list(self.number)
