"""A plan that is always the best there is: what is promised never moves, each change is answered by one path.

Nothing is solved anew. A `Plan` keeps who would help whom at present and the prices that prove it best; an ask that
comes, goes or is refused, a helper who joins or leaves, changes one seat or one hour, and `augment` mends the plan.
docs/explanation/rolling.md tells it in words.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from commonweal.algorithms.matching.accounts import dual, hang, link, open_rows, room_for, strike, strike_row
from commonweal.algorithms.matching.assigning.model import Assignment, Pairs
from commonweal.algorithms.matching.augmenting import fill
from commonweal.algorithms.matching.book import (
    CAP,
    COUNT,
    FROZEN,
    GONE,
    HELPER,
    KEPT,
    NONE,
    OF,
    OFFER,
    OPEN,
    PAIR,
    PERSON,
    SEAT,
    SLOT,
    STATE,
    USED,
    WEIGHT,
    WORTH,
    roomier,
)
from commonweal.algorithms.matching.instance import Array, Instance
from commonweal.algorithms.matching.mending import EVERY_SLOT, Mending, Move, NotInPlan
from commonweal.algorithms.matching.opening import begun, opened

WHATEVER = 1 << 30


@dataclass(frozen=True, slots=True)
class Matches:
    """Who is to help whom: arrays of the same length, by ask. ``frozen`` are promised, the others only suggested."""

    ask: Array
    helper: Array
    slot: Array
    weight: Array
    frozen: Array


class Plan(Mending):
    """Suggestions and promises for one week, kept best from event to event.

    For asks that want one pair of hands the value of a plan (the sum of the weights, in points) equals, after any
    sequence of events, what a full solve would give with the same promises, to the unit; `bound` proves it.
    ``switch`` is what moving one suggestion costs, in points: with 0 suggestions move whenever that gains one point,
    with more the plan is best less what its moves cost. Of a helper's free hours a suggestion takes the first, or, with
    ``late``, the last, which leaves most open to whoever comes; the value is the same. An ask that wants several
    gets them in one part of the week
    or none of them (fewer than ``at_least`` is none); its hands can move, but are never halved to make room. The
    plan around such asks is best for the hours they have, not over all hours they could have.
    """

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

        ``given`` is an `Assignment` to begin with instead of nothing: from one that is exact the plan is best, from
        one that is best within a gap it stays within it. Its prices are then out by a little; with a ``switch`` of at
        least as much, searches stay short. Without ``given`` one path for each hand: 10,000 asks take ten seconds.
        """
        plan = cls(switch=switch, late=late)
        plan.book = opened(instance, pairs)
        plan.asks, plan.helpers, plan.pairs = len(instance.asks), len(instance.helpers), len(pairs.helper)
        plan.seats = int(instance.asks.hands.sum(dtype=np.int64))
        plan.persons = int(plan.book.helpers[: plan.helpers, PERSON].max(initial=NONE)) + 1
        single = instance.asks.hands == 1
        if given is not None:
            begun(plan.book, given, single[given.ask])
        plan.hooks = open_rows(plan.book, plan.helpers, plan.pairs)
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
        helpers = np.asarray(helpers, np.int64)
        hooks = self.hooks + room_for(self.book, helpers)
        self.book = book = roomier(
            self.book, rows=ask + 1, seats=self.seats + hands, pairs=self.pairs + count, hooks=hooks
        )
        book.rows[ask] = self.pairs, count, self.seats, hands
        book.masks[ask] = slots
        cells = book.pairs[self.pairs : self.pairs + count]
        cells[:, HELPER], cells[:, WEIGHT] = helpers, weights
        book.seats[self.seats : self.seats + hands] = ask, NONE, 0, 0, OPEN
        self.hooks = link(book, ask, self.hooks)
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
        strike_row(self.book, ask, NONE)
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
            self.book,
            helpers=helper + 1,
            persons=self.persons + 1,
            pairs=self.pairs + room,
            hooks=self.hooks + len(asks),
        )
        if of is None:
            person, self.persons = self.persons, self.persons + 1
            book.persons[person] = capacity, 0, 0, NONE
        else:
            person = int(book.helpers[of, PERSON])
        self.helpers = helper + 1
        book.helpers[helper] = person, self.hooks, book.persons[person, OFFER], 0, len(asks)
        self.hooks += len(asks)
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
