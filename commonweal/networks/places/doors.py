"""House numbers: which of the words typed is one, and where a number that is not on the map would be."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from commonweal.networks.places.geometry import metres
from commonweal.networks.places.index import PER_DEGREE
from commonweal.networks.places.words import words

NUMBER = re.compile(r"(\d{1,6})([a-z]?)\Z")
# "701 S Broadway": a letter that may be half of a town is no part of the number.
HALVES = frozenset("nesw")
FARTHEST_APART_M = 800
NEAREST_NUMBERS = 30
# (number, last number of a range, label, postcode, area, lat, lon), the last two in whole numbers.
Door = tuple[int, int, str, int | None, int, int, int]
At = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class House:
    """A house number as typed: its figure and, with a letter or fraction behind, how it would be labelled."""

    number: int
    label: str
    REACH: ClassVar[int] = 100


def house_in(
    left: Sequence[tuple[int, str]], is_postcode: Callable[[str], int | None]
) -> tuple[House | None, list[str]]:
    """Find the house number among the words that no name has used, each with its place in what was typed.

    Returns it with the words that remain. Of two numbers the one that is a postcode is not the house; a
    single letter or up to two numbers right behind it (12 A, 1200-1202, 5 1/2) belong to it.
    """
    numbers = [(at, found) for at, (_, word) in enumerate(left) if (found := NUMBER.match(word))]
    if len(numbers) > 1:
        numbers = [(at, found) for at, found in numbers if not is_postcode(found[0])]
    if not numbers:
        return None, [word for _, word in left]
    first, found = numbers[0]
    end = first + 1
    while end < min(len(left), first + 3) and left[end][0] == left[end - 1][0] + 1:
        if not _belongs(left[end][1], is_postcode):
            break
        end += 1
    behind = left[first + 1][1] if end > first + 1 and left[first + 1][1].isalpha() else ""
    number = int(found[1])
    house = House(number, f"{number}{(found[2] or behind).upper()}")
    return house, [word for _, word in (*left[:first], *left[end:])]


def _belongs(word: str, is_postcode: Callable[[str], int | None]) -> bool:
    if NUMBER.match(word):
        return not is_postcode(word)
    return len(word) == 1 and word.isalpha() and word not in HALVES


def estimate(house: House, doors: Sequence[Door]) -> tuple[list[At], list[At]]:
    """Return the doors with this number and, if there are none, one estimated place for each area.

    A number alone is also that of 12A and 12 1/2, after 12 itself; 12A is only itself, or in a range of
    doors. Between two numbers of the same side (odd or even), else of any, that are at most 800 m apart, a
    place is taken in proportion; beyond the last known number the nearest door stands in for up to 30
    numbers.
    """
    asked = house.label[-1].isalpha()
    named = [door for door in doors if door[0] == house.number and _plain(door[2]) == house.label]
    others = [
        door for door in doors if door[0] <= house.number <= door[1] and (door[0] != door[1] or not asked)
    ]
    if exact := [(door[2], *door[4:]) for door in dict.fromkeys([*named, *others])]:
        return exact, []
    guesses = []
    for area in dict.fromkeys(door[4] for door in doors):
        here = [door for door in doors if door[4] == area]
        same_side = [door for door in here if (door[0] - house.number) % 2 == 0]
        guess = _between(house, same_side) or _between(house, here) or _beside(house, here)
        if guess:
            guesses.append((house.label, area, *guess))
    return [], guesses


def _plain(label: str) -> str:
    """Return a label as a `House` has it: 12-A and 12 a are 12A."""
    return "".join(words(label)).upper()


def _between(house: House, doors: Sequence[Door]) -> tuple[int, int] | None:
    below = max((door for door in doors if door[0] < house.number), default=None, key=lambda door: door[0])
    above = min((door for door in doors if door[0] > house.number), default=None, key=lambda door: door[0])
    if below is None or above is None or _apart(below, above) > FARTHEST_APART_M:
        return None
    share = (house.number - below[0]) / (above[0] - below[0])
    return round(below[5] + (above[5] - below[5]) * share), round(below[6] + (above[6] - below[6]) * share)


def _beside(house: House, doors: Iterable[Door]) -> tuple[int, int] | None:
    gap, nearest = min(((abs(door[0] - house.number), door) for door in doors), key=lambda one: one[0])
    return (nearest[5], nearest[6]) if gap <= NEAREST_NUMBERS else None


def _apart(a: Door, b: Door) -> float:
    return metres((a[6] / PER_DEGREE, a[5] / PER_DEGREE), (b[6] / PER_DEGREE, b[5] / PER_DEGREE))
