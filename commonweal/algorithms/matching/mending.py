"""How a plan is mended: the seats of an ask, the hours of a person, and the paths that put them right.

`Plan` (in rolling.py) says which events there are; what they come to is here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from commonweal.algorithms.matching.accounts import raise_prices, strike_row, together
from commonweal.algorithms.matching.augmenting import augment
from commonweal.algorithms.matching.book import (
    CAP,
    FROZEN,
    GONE,
    HANDS,
    HELPER,
    KEPT,
    NONE,
    OF,
    OPEN,
    PAIR,
    PERSON,
    PRICE,
    SEAT,
    SLOT,
    STATE,
    USED,
    WORTH,
    empty,
)
from commonweal.algorithms.matching.instance import NOBODY, SLOTS

EVERY_SLOT = (1 << SLOTS) - 1
TRIES = 3


class NotInPlan(ValueError):
    """No such ask, helper or match in the plan; the words say which."""


@dataclass(frozen=True, slots=True)
class Move:
    """One hand of an ask before and after: helper and part of the week, NOBODY where there is none."""

    ask: int
    helper_before: int
    slot_before: int
    helper: int
    slot: int


class Mending:
    """The arrays of a plan and the ways to put a seat, take one away, and see to hours that became free."""

    def __init__(self, *, switch: int = 0, late: bool = False) -> None:
        if switch < 0:
            raise ValueError("moving a suggestion cannot be worth something by itself")
        self.switch, self.late = switch, late
        self.book = empty(pairs=0, hooks=0, rows=0, seats=0, helpers=0, persons=0)
        self.asks = self.seats = self.pairs = self.hooks = self.helpers = self.persons = 0
        self._at_least: dict[int, int] = {}
        self._windows: dict[int, int] = {}
        self._before: dict[int, tuple[int, int]] = {}

    def _first_seat(self, ask: int) -> int:
        return int(self.book.rows[ask, SEAT])

    def _seats_of(self, ask: int) -> range:
        if not 0 <= ask < self.asks:
            raise NotInPlan(f"there is no ask {ask}")
        first, hands = self.book.rows[ask, [SEAT, HANDS]].tolist()
        return range(first, first + hands)

    def _person_of(self, helper: int) -> int:
        if not 0 <= helper < self.helpers:
            raise NotInPlan(f"there is no helper {helper}")
        return int(self.book.helpers[helper, PERSON])

    def _helper(self, seat: int) -> int:
        pair = self.book.seats[seat, PAIR]
        return NOBODY if pair == NONE else int(self.book.pairs[pair, HELPER])

    def _is_placed(self, seat: int) -> bool:
        return bool(self.book.seats[seat, PAIR] != NONE)

    def _is_suggested(self, seat: int) -> bool:
        return self._is_placed(seat) and self.book.seats[seat, STATE] in (OPEN, KEPT)

    def _augment(self, start: int, *, forward: bool) -> bool:
        path = augment(self.book, start, self.switch, self.late, forward)
        for node, _, _, pair, slot in path.tolist():
            if node >= 0:
                helper = NOBODY if pair == NONE else int(self.book.pairs[pair, HELPER])
                self._before.setdefault(node, (helper, NOBODY if pair == NONE else slot))
        return len(path) > 0

    def _push(self, seat: int) -> None:
        self.book.seats[seat, STATE] = OPEN
        self._augment(seat, forward=True)

    def _vacate(self, seat: int) -> None:
        """A suggestion goes; who gains most by the hour gets it."""
        self.book.seats[seat, STATE] = GONE
        if self._is_placed(seat):
            self._augment(seat, forward=False)

    def _lift(self, ask: int) -> None:
        for seat in self._seats_of(ask):
            if self.book.seats[seat, STATE] != FROZEN:
                self._vacate(seat)

    def _spare(self, person: int) -> None:
        """Let a week that is not full be used, or be worth nothing."""
        persons = self.book.persons
        while persons[person, USED] < persons[person, CAP] and persons[person, WORTH] > 0:
            self._augment(~person, forward=False)

    def _release(self, seat: int, *, closed: bool) -> None:
        """Take a seat's helper away, promised or not; ``closed``: that part of their week is not to be had again."""
        book = self.book
        slot, frozen = int(book.seats[seat, SLOT]), book.seats[seat, STATE] == FROZEN
        person, bit = self._person_of(self._helper(seat)), np.uint64(1 << slot)
        self._before.setdefault(seat, (self._helper(seat), slot))
        book.seats[seat, STATE] = GONE
        if frozen:
            book.persons[person, CAP] += 1
        if closed:
            book.persons[person, USED] -= not frozen
            book.taken[person, 0] &= ~bit
            book.taken[person, 1] |= bit
            book.holder[person, slot] = book.seats[seat, PAIR] = NONE
            self._spare(person)
            return
        if frozen:
            book.persons[person, USED] += 1
            book.taken[person, 1] &= ~bit
            book.taken[person, 0] |= bit
            price = raise_prices(book, person, bit, self.switch)
            book.seats[seat, PRICE] = max(price, book.persons[person, WORTH])
        self._augment(seat, forward=False)

    def _lose(self, ask: int, helper: int, *, closed: bool) -> tuple[Move, ...]:
        seats = [seat for seat in self._seats_of(ask) if self._helper(seat) == helper]
        self._person_of(helper)
        strike_row(self.book, ask, helper)
        for seat in seats:
            self._release(seat, closed=closed)
        if seats:
            self._seat_again(ask)
        return self._moves()

    def _seat_again(self, ask: int) -> None:
        """Look for places for the seats of an ask that have none."""
        seats = self._seats_of(ask)
        for seat in seats:
            if not self._is_placed(seat):
                self._push(seat)
        promised = any(self.book.seats[seat, STATE] == FROZEN for seat in seats)
        if ask in self._windows and not self._keep(ask) and not promised:
            self._gather(ask)

    def _keep(self, ask: int) -> bool:
        """Whether the ask has as many hands as it needs at least; if so, they are not halved any more."""
        least, seats = self._at_least[ask], self.book.seats
        placed = [seat for seat in self._seats_of(ask) if self._is_placed(seat)]
        missing = least - sum(seats[seat, STATE] != OPEN for seat in placed)
        loose = [seat for seat in placed if seats[seat, STATE] == OPEN]
        if least > 1:
            seats[loose[: max(missing, 0)], STATE] = KEPT
        return len(placed) >= least

    def _gather(self, ask: int) -> None:
        """Find the part of the week in which the ask gets its hands; where there is none, none are taken."""
        self._lift(ask)
        self.book.masks[ask] = self._windows[ask]
        scores = together(self.book, ask, self._at_least[ask])
        for slot in np.argsort(-scores, kind="stable")[:TRIES].tolist():
            if scores[slot] <= 0:
                break
            self.book.masks[ask] = 1 << slot
            for seat in self._seats_of(ask):
                self._push(seat)
                enough = self._keep(ask)
            if enough:
                return
            self._lift(ask)
        self.book.masks[ask] = self._windows[ask]

    def _open_anew(self, person: int) -> None:
        """A person can do more than before: see to it that nobody would rather have one of their hours."""
        book = self.book
        held = [seat for seat in book.holder[person].tolist() if seat != NONE and self._is_suggested(seat)]
        for seat in held:
            self._before.setdefault(seat, (self._helper(seat), int(book.seats[seat, SLOT])))
            book.holder[person, book.seats[seat, SLOT]] = book.seats[seat, PAIR] = NONE
            book.seats[seat, STATE] = GONE
        book.taken[person, 0] = book.persons[person, USED] = 0
        everywhen = np.uint64(EVERY_SLOT)
        book.persons[person, WORTH] = raise_prices(book, person, everywhen, self.switch)
        self._spare(person)
        for ask in sorted({int(book.seats[seat, OF]) for seat in held}):
            self._seat_again(ask)

    def _moves(self) -> tuple[Move, ...]:
        """What is otherwise than before this event, by ask."""
        moves = tuple(self._changed())
        self._before.clear()
        return moves

    def _changed(self) -> Iterator[Move]:
        for seat, (helper, slot) in sorted(self._before.items()):
            now = self._helper(seat)
            at = int(self.book.seats[seat, SLOT]) if now != NOBODY else NOBODY
            if (now, at) != (helper, slot):
                yield Move(int(self.book.seats[seat, OF]), helper, slot, now, at)
