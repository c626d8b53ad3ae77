"""A plan that is always the best there is: what is promised never moves, each change is answered by one path.

Nothing is solved anew. A `Plan` keeps who would help whom at present and the prices that prove it best; an ask that
comes, goes or is refused, a helper who joins or leaves, changes one seat or one hour, and `augment` mends the plan.
docs/explanation/rolling.md tells it in words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np

from commonweal.algorithms.matching.accounts import dual, hang, link, raise_prices, strike, together
from commonweal.algorithms.matching.assigning.model import Assignment, Pairs
from commonweal.algorithms.matching.augmenting import augment, fill
from commonweal.algorithms.matching.book import (
    CAP,
    COUNT,
    FIRST,
    FROZEN,
    GONE,
    HANDS,
    HELPER,
    KEPT,
    NONE,
    OF,
    OFFER,
    OPEN,
    PAIR,
    PERSON,
    PRICE,
    SEAT,
    SLOT,
    STATE,
    USED,
    WEIGHT,
    WORTH,
    empty,
    roomier,
)
from commonweal.algorithms.matching.instance import NOBODY, SLOTS, Array, Instance
from commonweal.algorithms.matching.opening import begun, opened

EVERY_SLOT = (1 << SLOTS) - 1
TRIES = 3
WHATEVER = 1 << 30


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


@dataclass(frozen=True, slots=True)
class Matches:
    """Who is to help whom: arrays of the same length, by ask. ``frozen`` are promised, the others only suggested."""

    ask: Array
    helper: Array
    slot: Array
    weight: Array
    frozen: Array


class Plan:
    """Suggestions and promises for one week, kept best from event to event.

    For asks that want one pair of hands the value of a plan (the sum of the weights, in points) equals, after any
    sequence of events, what a full solve would give with the same promises, to the unit; `bound` proves it.
    ``switch`` is what moving one suggestion costs, in points: with 0 suggestions move whenever that gains one point,
    with more the plan is best less what its moves cost. Of a helper's free hours a suggestion takes the first, or, with
    ``late``, the last, which leaves most open to whoever comes; the value is the same. An ask that wants several gets them in one part of the week
    or none of them (fewer than ``at_least`` is none); its hands can move, but are never halved to make room. The
    plan around such asks is best for the hours they have, not over all hours they could have.
    """

    def __init__(self, *, switch: int = 0, late: bool = False) -> None:
        if switch < 0:
            raise ValueError("moving a suggestion cannot be worth something by itself")
        self.switch, self.late = switch, late
        self.book = empty(pairs=0, rows=0, seats=0, helpers=0, persons=0)
        self.asks = self.seats = self.pairs = self.helpers = self.persons = 0
        self._at_least: dict[int, int] = {}
        self._windows: dict[int, int] = {}
        self._before: dict[int, tuple[int, int]] = {}

    # ---- Beginning.

    @classmethod
    def of(
        cls,
        instance: Instance,
        pairs: Pairs,
        *,
        switch: int = 0,
        late: bool = False,
        given: Assignment | None = None,
    ) -> Self:
        """The best plan for an instance and its candidate `Pairs` (rows by ask: ``indptr``, ``helper``, ``weight``).

        ``given`` is an `Assignment` to begin with instead of nothing: from one that is best within a gap the plan
        starts within that gap (see `begun`). Without it one path for each hand: 10,000 asks take two seconds.
        """
        plan = cls(switch=switch, late=late)
        plan.book = opened(instance, pairs)
        plan.asks, plan.helpers, plan.pairs = len(instance.asks), len(instance.helpers), len(pairs.helper)
        plan.seats = int(instance.asks.hands.sum(dtype=np.int64))
        plan.persons = int(plan.book.helpers[: plan.helpers, PERSON].max(initial=NONE)) + 1
        single = instance.asks.hands == 1
        if given is not None:
            begun(plan.book, given, single[given.ask])
        for ask in np.flatnonzero(~single).tolist():
            plan._at_least[ask] = int(instance.asks.at_least[ask])
            plan._windows[ask] = int(instance.asks.slots[ask])
            plan._gather(ask)
        seats = plan.book.rows[: plan.asks, SEAT][single]
        fill(plan.book, seats[plan.book.seats[seats, PAIR] == NONE], switch, late)
        plan._before.clear()
        return plan

    # ---- Asks.

    def arrive(
        self, *, helpers: Array, weights: Array, slots: int = EVERY_SLOT, hands: int = 1, at_least: int = 1
    ) -> tuple[int, tuple[Move, ...]]:
        """An ask comes, with those who could meet it and what each is worth. Returns its index and what moved.

        One path for each hand, O(pairs of the points reached · log). Its own move is among the moves, with nobody
        before; where it isn't, nobody is free whom it would not be worse to take away.
        """
        if len(helpers) != len(weights) or not 1 <= at_least <= hands:
            raise NotInPlan("an ask has a weight for each helper and wants at least one pair of hands")
        if len(helpers) and not 0 <= int(np.min(helpers)) <= int(np.max(helpers)) < self.helpers:
            raise NotInPlan("an ask names a helper who isn't in the plan")
        ask, count = self.asks, len(helpers)
        self.book = book = roomier(
            self.book, rows=ask + 1, seats=self.seats + hands, pairs=self.pairs + count
        )
        book.rows[ask] = self.pairs, count, self.seats, hands
        book.masks[ask] = slots
        cells = book.pairs[self.pairs : self.pairs + count]
        cells[:, HELPER], cells[:, WEIGHT] = helpers, weights
        book.seats[self.seats : self.seats + hands] = ask, NONE, 0, 0, OPEN
        link(book, ask, ask + 1, self.pairs)
        self.asks, self.seats, self.pairs = ask + 1, self.seats + hands, self.pairs + count
        if hands > 1:
            self._at_least[ask], self._windows[ask] = at_least, slots
            self._gather(ask)
        else:
            self._push(self._first_seat(ask))
        return ask, self._moves()

    def withdraw(self, ask: int) -> tuple[Move, ...]:
        """An ask goes: it is settled, or past. Whoever was to meet it is free again for what gains most."""
        for seat in self._seats_of(ask):
            if self._is_placed(seat):
                self._release(seat, closed=False)
            self.book.seats[seat, STATE] = GONE
        self._windows.pop(ask, None)
        first, count = self.book.rows[ask, :2]
        self.book.pairs[first : first + count, WEIGHT] = 0
        return self._moves()

    def refuse(self, ask: int, helper: int) -> tuple[Move, ...]:
        """The helper doesn't want this ask: the two are never brought together again, their hour is free as before."""
        return self._lose(ask, helper, closed=False)

    def drop_out(self, ask: int, helper: int) -> tuple[Move, ...]:
        """The helper can't after all, or didn't come: as `refuse`, and that part of their week stays closed."""
        return self._lose(ask, helper, closed=True)

    def freeze(self, ask: int, helper: int | None = None) -> None:
        """What is suggested for the ask (with this helper, or all of it) is promised: it will never be moved. O(1)."""
        book = self.book
        chosen = [
            seat
            for seat in self._seats_of(ask)
            if self._is_suggested(seat) and helper in (None, self._helper(seat))
        ]
        if not chosen:
            raise NotInPlan(f"nobody is suggested for ask {ask}")
        for seat in chosen:
            person, bit = self._person_of(self._helper(seat)), np.uint64(1 << int(book.seats[seat, SLOT]))
            book.seats[seat, STATE] = FROZEN
            book.taken[person, 0] &= ~bit
            book.taken[person, 1] |= bit
            book.persons[person, CAP] -= 1
            book.persons[person, USED] -= 1

    def promise(self, ask: int, helper: int, slot: int) -> tuple[Move, ...]:
        """Promise this ask (of one pair of hands) to this helper in this part of the week, whatever was suggested.

        For whoever decides otherwise than the plan. Suggestions make way; raises NotInPlan where the two aren't a pair
        at that time, or where promises leave no room.
        """
        book, seat = self.book, self._first_seat(ask)
        first, count, _, hands = book.rows[ask].tolist()
        pair = [at for at in range(first, first + count) if book.pairs[at, HELPER] == helper]
        if hands != 1 or not pair or book.pairs[pair[0], WEIGHT] <= 0 or book.seats[seat, STATE] != OPEN:
            raise NotInPlan(f"ask {ask} and helper {helper} can't be promised to one another")
        self._lift(ask)
        mask, weights = int(book.masks[ask]), book.pairs[first : first + count, WEIGHT].copy()
        book.masks[ask] = mask & 1 << slot
        book.pairs[first : first + count, WEIGHT] = 0
        book.pairs[pair[0], WEIGHT] = WHATEVER
        self._push(seat)
        placed = self._is_placed(seat)
        if placed:
            self.freeze(ask)
        book.masks[ask], book.pairs[first : first + count, WEIGHT] = mask, weights
        if not placed:
            self._push(seat)
            raise NotInPlan(f"helper {helper} has no room for ask {ask} in part {slot}")
        return self._moves()

    def time_passes(self, slots: int) -> tuple[Move, ...]:
        """Only these parts of the week are left. What was suggested for one that is over moves on, or is lost."""
        book, left = self.book, np.uint64(slots)
        book.masks[: self.asks] &= left
        for ask in self._windows:
            self._windows[ask] &= slots
        seats = book.seats[: self.seats]
        over = (np.uint64(1) << seats[:, SLOT].astype(np.uint64)) & left == 0
        late = over & (seats[:, PAIR] != NONE) & ((seats[:, STATE] == OPEN) | (seats[:, STATE] == KEPT))
        asks = np.unique(seats[late, OF]).tolist()
        for ask in asks:
            self._lift(ask)
        for ask in asks:
            self._seat_again(ask)
        return self._moves()

    def retry(self) -> tuple[Move, ...]:
        """Look once more for hands for the asks that want several and have none."""
        for ask in sorted(self._windows):
            if not any(self._is_placed(seat) for seat in self._seats_of(ask)):
                self._gather(ask)
        return self._moves()

    # ---- Helpers.

    def helper_joins(
        self,
        *,
        asks: Array,
        weights: Array,
        slots: int = EVERY_SLOT,
        capacity: int = 1,
        of: int | None = None,
    ) -> tuple[int, tuple[Move, ...]]:
        """A helper comes, with the asks they could meet. Returns their index and what moved.

        ``of`` is another helper of the same person, with whom they share the week; ``capacity`` is then not read.
        One path for each task of the week that is worth something; O(pairs of the asks named) besides.
        """
        if len(asks) and not 0 <= int(np.min(asks)) <= int(np.max(asks)) < self.asks:
            raise NotInPlan("a helper names an ask that isn't in the plan")
        if of is not None and not 0 <= of < self.helpers:
            raise NotInPlan(f"there is no helper {of}")
        helper = self.helpers
        room = int(self.book.rows[asks, COUNT].sum()) + 5 * len(asks) if len(asks) else 0
        self.book = book = roomier(
            self.book, helpers=helper + 1, persons=self.persons + 1, pairs=self.pairs + room
        )
        if of is None:
            person, self.persons = self.persons, self.persons + 1
            book.persons[person] = capacity, 0, 0, NONE
        else:
            person = int(book.helpers[of, PERSON])
        self.helpers = helper + 1
        book.helpers[helper] = person, NONE, book.persons[person, OFFER]
        book.persons[person, OFFER] = helper
        book.hours[helper] = slots
        self.pairs = hang(book, helper, np.asarray(asks, np.int64), np.asarray(weights, np.int64), self.pairs)
        self._open_anew(person)
        return helper, self._moves()

    def helper_leaves(self, helper: int) -> tuple[Move, ...]:
        """A helper goes; what they had promised and what was suggested to them is looked for anew."""
        person = self._person_of(helper)
        strike(self.book, helper)
        self.book.hours[helper] = 0
        seats = [
            seat
            for seat in self.book.holder[person].tolist()
            if seat != NONE and self._helper(seat) == helper
        ]
        for seat in seats:
            self._release(seat, closed=False)
        for ask in sorted({int(self.book.seats[seat, OF]) for seat in seats}):
            self._seat_again(ask)
        return self._moves()

    def set_capacity(self, helper: int, capacity: int) -> tuple[Move, ...]:
        """The person of this helper can do so many tasks this week beyond those promised."""
        person, book = self._person_of(helper), self.book
        book.persons[person, CAP] = capacity
        while book.persons[person, USED] > capacity:
            if not self._augment(~person, forward=True):
                # Only hands that are kept together are left: one of these asks is given up.
                held = [seat for seat in book.holder[person].tolist() if seat != NONE]
                ask = next(int(book.seats[seat, OF]) for seat in held if self._is_suggested(seat))
                self._lift(ask)
        self._spare(person)
        return self._moves()

    # ---- What there is.

    def matches(self) -> Matches:
        """All suggestions and promises."""
        seats = self.book.seats[: self.seats]
        seats = seats[(seats[:, PAIR] != NONE) & (seats[:, STATE] != GONE)]
        pairs = self.book.pairs[seats[:, PAIR]]
        frozen = seats[:, STATE] == FROZEN
        return Matches(
            seats[:, OF], pairs[:, HELPER].astype(np.int64), seats[:, SLOT], pairs[:, WEIGHT], frozen
        )

    def value(self) -> int:
        """The weights of all that is suggested or promised, summed: points."""
        return int(self.matches().weight.sum(dtype=np.int64))

    def bound(self) -> int:
        """What the prices prove: no plan with these promises has a greater value (with its charges for switching).

        Without charges, and begun from nothing, it equals `value`. O(pairs).
        """
        matches = self.matches()
        frozen = int(matches.weight[matches.frozen].sum(dtype=np.int64))
        return frozen + int(dual(self.book, self.asks, self.persons, self.switch))

    def worth(self) -> Array:
        """The price of one more task for each helper, in points (int64): what their next hour is worth to all."""
        worth: Array = self.book.persons[self.book.helpers[: self.helpers, PERSON], WORTH]
        return worth

    # ---- How it is done.

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
        first, count = self.book.rows[ask, [FIRST, COUNT]].tolist()
        row = self.book.pairs[first : first + count]
        row[row[:, HELPER] == helper, WEIGHT] = 0
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
            self._lift(ask)
            self._gather(ask)

    def _keep(self, ask: int) -> bool:
        """Whether the ask has as many hands as it needs at least; if so, they are not halved any more."""
        least = self._at_least[ask]
        placed = [seat for seat in self._seats_of(ask) if self._is_placed(seat)]
        for number, seat in enumerate(placed):
            if self.book.seats[seat, STATE] != FROZEN:
                self.book.seats[seat, STATE] = KEPT if least > 1 and number < least else OPEN
        return len(placed) >= least

    def _gather(self, ask: int) -> None:
        """Find the part of the week in which the ask gets its hands; where there is none, none are taken."""
        self.book.masks[ask] = self._windows[ask]
        scores = together(self.book, ask)
        for slot in np.argsort(-scores, kind="stable")[:TRIES].tolist():
            if scores[slot] <= 0:
                break
            self.book.masks[ask] = 1 << slot
            for seat in self._seats_of(ask):
                self._push(seat)
                if self._is_placed(seat):
                    self.book.seats[seat, STATE] = KEPT
            if self._keep(ask):
                return
            self._lift(ask)
        self.book.masks[ask] = self._windows[ask]
        self._lift(ask)

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
