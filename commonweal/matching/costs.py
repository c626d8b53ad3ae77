"""What the rules cost, for everybody to read: of the newest plan, how many asks each rule leaves unmet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonweal.matching.models import Plan
from commonweal.matching.solving import MOST_FOR_COSTS
from commonweal.networks.models import Network

# Fewer are not counted out: somebody might recognise whose ask it is.
FEWEST = 5
RULES: dict[str, str | Promise] = {
    "week_full": gettext_lazy("Nobody helps more often in a week than they want"),
    "too_far": gettext_lazy("Nobody goes farther than they said"),
    "no_common_time": gettext_lazy("Nobody is asked for a time at which they can't"),
    "resting": gettext_lazy("Whoever was asked rests for a while"),
    "outside_ring": gettext_lazy("Neighbours near by are asked before the whole network"),
    "needs_not_met": gettext_lazy("What matters to an asker has to be met: stairs, a wheelchair, no animals"),
    "no_language": gettext_lazy("Company and listening take a language in common"),
    "too_heavy": gettext_lazy("Nobody carries more than they said"),
    "no_vehicle": gettext_lazy("A ride takes a car"),
    "other_gender": gettext_lazy("An asker may wish for a woman or a man to come"),
    "not_vouched": gettext_lazy("Some things are done by people whom others vouch for"),
    "in_pairs": gettext_lazy("Some things are done by two together, or not at all"),
}
# By how much a rule is loosened, where it is not simply left out.
BY_HOW_MUCH: dict[str, str | Promise] = {
    "week_full": gettext_lazy("if everybody helped once more in the week"),
    "too_far": gettext_lazy("if everybody went twice as far"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCost:
    """One rule: what it says, how many asks it leaves unmet in words, and by how much it was loosened to see that."""

    rule: str
    unmet: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What the rules cost by the plan of a moment. ``rows``: the dearest first; none where ``too_many`` ask."""

    made_at: datetime
    wanted: int
    met: int
    rows: Sequence[RuleCost]
    too_many: bool = False


def costs_of(network: Network) -> Costs | None:
    """What the rules cost by the newest plan that says so or is too large to; None where there is none. One query."""
    said = ~Q(costs={}) | Q(wanted__gt=MOST_FOR_COSTS)
    plans = Plan.objects.filter(said, network=network).order_by("-made_at", "-id")
    plan = plans.only("network", "made_at", "wanted", "met", "costs").first()
    if plan is None or plan.wanted < FEWEST:
        return None
    known = [(code, int(unmet)) for code, unmet in plan.costs.items() if code in RULES]
    order = list(RULES)
    known.sort(key=lambda entry: (-_counted(entry[1]), order.index(entry[0])))
    rows = [
        RuleCost(rule=str(RULES[code]), unmet=_in_words(unmet), how=str(BY_HOW_MUCH.get(code, "")))
        for code, unmet in known
    ]
    too_many = not rows and plan.wanted > MOST_FOR_COSTS
    return Costs(made_at=plan.made_at, wanted=plan.wanted, met=plan.met, rows=rows, too_many=too_many)


def _counted(unmet: int) -> int:
    """As much as is said of a number: a small one is not told apart from another."""
    return unmet if unmet >= FEWEST or unmet == 0 else 1


def _in_words(unmet: int) -> str:
    if unmet == 0:
        return _("none")
    if unmet < FEWEST:
        return _("fewer than %(n)d") % {"n": FEWEST}
    return ngettext("%(n)d ask", "%(n)d asks", unmet) % {"n": unmet}
