"""Settings, trials and figures in plain words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonweal.exchange.reasons import distance_in_words
from commonweal.matching.policy.sections import WEIGHTS
from commonweal.networks.policy import Policy, settings_by_name

# What is a way of its own, and is not put into metres.
PLAIN = {"per_100_m"}
EVEN, FAIR, UNEVEN = 0.25, 0.45, 0.65


def value_in_words(name: str, value: Any, policy: Policy) -> str:
    """A value as people read it; a weight is also said as the way it is worth under ``policy``."""
    if name not in WEIGHTS:
        return settings_by_name()[name].shown(value)
    if not value:
        return _("does not count")
    if name in PLAIN or not policy.per_100_m:
        return _("counts %(points)s") % {"points": value}
    way = distance_in_words(value * 100 // policy.per_100_m)
    return _("counts %(points)s, as much as %(way)s of way") % {"points": value, "way": way}


def slider_words() -> str:
    """The same patterns for the script that keeps a slider's words in step."""
    return "|".join(
        (_("does not count"), _("counts %(points)s"), _("counts %(points)s, as much as %(way)s of way"))
    )


def served_in_words(more: int) -> str:
    """How many more, or fewer, are served."""
    if not more:
        return _("as many served as before")
    if more > 0:
        return ngettext("%(count)s more served", "%(count)s more served", more) % {"count": more}
    return ngettext("%(count)s fewer served", "%(count)s fewer served", -more) % {"count": -more}


def way_in_words(before: int | None, after: int | None) -> str:
    """How much farther, or less far, people go on average; nothing where that isn't known."""
    if before is None or after is None:
        return ""
    farther = round((after - before) / 10) * 10
    if not farther:
        return _("as far on average as before")
    distance = distance_in_words(abs(farther))
    pattern = _("%(distance)s further on average") if farther > 0 else _("%(distance)s nearer on average")
    return pattern % {"distance": distance}


def week_in_words(most: int) -> str:
    """The most that anybody helps in one week."""
    if not most:
        return _("nobody helps at all")
    return ngettext("nobody above once a week", "nobody above %(count)s times a week", most) % {"count": most}


def evenness_in_words(gini: float) -> str:
    """The Gini index of tasks a helper, in words."""
    if gini < EVEN:
        return _("evenly shared")
    if gini < FAIR:
        return _("fairly evenly shared")
    return _("unevenly shared") if gini < UNEVEN else _("a few do most of it")


def half_in_words(figures: Mapping[str, Any]) -> dict[str, str]:
    """The figures of one half, each as it stands in a cell of the table."""
    metres = figures["metres"]
    return {
        "served": _("%(some)s of %(all)s") % {"some": figures["served"], "all": figures["asks"]},
        "urgent": _("%(some)s of %(all)s") % {"some": figures["urgent_served"], "all": figures["urgent"]},
        "way": "–" if metres is None else distance_in_words(metres),
        "interpreted": str(figures["interpreted"]),
        "week": str(figures["most_per_week"]),
        "helpers": _("%(some)s of %(all)s") % {"some": figures["helpers"], "all": figures["offered"]},
        "evenness": evenness_in_words(figures["evenness"]),
    }
