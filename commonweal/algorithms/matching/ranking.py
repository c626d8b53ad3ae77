"""One ask, many helpers: everyone who can, best first, and why the others can't."""

from collections.abc import Iterable

from commonweal.algorithms.matching.judging import DEFAULT, judge
from commonweal.algorithms.matching.model import Fit, Helper, Need, Ranking, Refusal, Rules

FAR = 1 << 60


def rank(need: Need, helpers: Iterable[Helper], rules: Rules = DEFAULT) -> Ranking:
    """Judge every helper and put them in order. The order of ``helpers`` changes nothing.

    Ties are broken by distance (unknown last), then by who agreed to less this week, then by who was asked
    longest ago (never asked first), then by the member's key. A member with several offers appears once: with the
    best that fits, or where none fits with the one that fails the fewest rules. O(n · parts + n log n).
    """
    fits: dict[str, Fit] = {}
    refusals: dict[str, Refusal] = {}
    for helper in helpers:
        outcome = judge(need, helper, rules)
        if isinstance(outcome, Fit):
            if helper.id not in fits or best_first(outcome) < best_first(fits[helper.id]):
                fits[helper.id] = outcome
        elif helper.id not in refusals or nearly_first(outcome) < nearly_first(refusals[helper.id]):
            refusals[helper.id] = outcome
    return Ranking(
        fits=tuple(sorted(fits.values(), key=best_first)),
        refusals=tuple(sorted((refusals[key] for key in refusals.keys() - fits.keys()), key=nearly_first)),
    )


def best_first(fit: Fit) -> tuple[int, int, int, int, str, str]:
    """The order of fits: no two different offers are equal in it."""
    helper = fit.helper
    return (
        -fit.score,
        FAR if fit.distance_m is None else fit.distance_m,
        helper.agreed_this_week,
        -(FAR if helper.last_asked_h is None else helper.last_asked_h),
        helper.id,
        helper.offer,
    )


def nearly_first(refusal: Refusal) -> tuple[int, int, str, str]:
    """The order of refusals: who fails the fewest rules first, then the nearest."""
    distance = FAR if refusal.distance_m is None else refusal.distance_m
    return len(refusal.reasons), distance, refusal.helper.id, refusal.helper.offer
