"""When the people of a ring would meet: one after the other, so that nobody gives and gets in the same hours."""

from datetime import datetime

from commonweal.matching.rings.finding import ChosenRing
from commonweal.matching.rings.pool import Gift, is_whole
from commonweal.matching.search import candidate_of, look


def one_after_the_other(chosen: ChosenRing) -> ChosenRing:
    """Put each meeting off until the ones before it are over, where both have time then; else it stays as it was.

    Whoever gives in one place gets in the place before it, so meetings that follow one another never clash. At most
    nine queries for each that is put off.
    """
    settled = []
    over: datetime | None = None
    for giver, gift in chosen:
        starts = gift.candidate.meets_at
        if over and starts and starts < over:
            fits = look(gift.ask, at=over, among={giver}).fits
            later = [candidate_of(fit) for fit in fits]
            gift = Gift(ask=gift.ask, candidate=later[0]) if later and is_whole(gift.ask, later[0]) else gift
        ends = gift.candidate.meets_until
        over = max(filter(None, (over, ends)), default=None)
        settled.append((giver, gift))
    return settled
