"""Before and after, side by side: what came of playing a month twice, with the groups that are too small left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonweal.exchange.needs import asked
from commonweal.exchange.reasons import language_in_words
from commonweal.matching.models import AcceptanceModel
from commonweal.matching.policy.words import half_in_words, served_in_words, way_in_words, week_in_words
from commonweal.networks.models import Network
from commonweal.networks.queries import areas_of

# A group of fewer asks than this is not shown by itself: its numbers would be somebody's.
FEWEST = 5
# From so many answers on it is said how often people have to be asked.
ENOUGH_ANSWERS = 50
Numbers = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group of askers: how many asks, how many served, and both as percent for the bars."""

    name: str
    asks: int
    before: int
    after: int

    @property
    def percent_before(self) -> int:
        """The share that is served before the change."""
        return round(100 * self.before / self.asks)

    @property
    def percent_after(self) -> int:
        """The share that is served after it."""
        return round(100 * self.after / self.asks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """All groups of one kind that are large enough, and the names of the others."""

    title: str
    groups: Sequence[Group]
    few: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a change would have made of last month."""

    headline: Sequence[str]
    lines: Sequence[Line]
    families: Sequence[Family]


def compared(figures: Mapping[str, Any], network: Network) -> Comparison | None:
    """The figures of a trial as its page shows them; None before there are any."""
    if not figures:
        return None
    before, after = figures["before"], figures["after"]
    families = _families(before, after, network)
    return Comparison(
        headline=[words for words in _headline(before, after, families) if words],
        lines=[*_lines(half_in_words(before), half_in_words(after)), *_invitations(before, after, network)],
        families=families,
    )


def _headline(before: Numbers, after: Numbers, families: Sequence[Family]) -> list[str]:
    more = after["served"] - before["served"]
    return [
        served_in_words(more),
        _most_changed([group for family in families[:1] for group in family.groups]),
        way_in_words(before["metres"], after["metres"]),
        week_in_words(after["most_per_week"]),
    ]


def _most_changed(areas: Sequence[Group]) -> str:
    """Where it changes most, among the areas that are large enough to be named."""
    most = max(areas, key=lambda area: abs(area.after - area.before), default=None)
    more = most.after - most.before if most else 0
    if most is None or not more:
        return ""
    facts = {"count": abs(more), "area": most.name}
    if more > 0:
        return ngettext("%(count)s more in %(area)s", "%(count)s more in %(area)s", more) % facts
    return ngettext("%(count)s fewer in %(area)s", "%(count)s fewer in %(area)s", -more) % facts


def _lines(before: Mapping[str, str], after: Mapping[str, str]) -> list[Line]:
    labels = {
        "served": _("Asks served"),
        "urgent": _("Of those for today"),
        "way": _("Way, on average"),
        "interpreted": _("Times somebody has to interpret"),
        "week": _("Most times in a week for one person"),
        "helpers": _("People who help at all"),
        "evenness": _("How it is shared out"),
    }
    return [Line(label=label, before=before[name], after=after[name]) for name, label in labels.items()]


def _invitations(before: Numbers, after: Numbers, network: Network) -> list[Line]:
    """How often each who helps would have to be asked, by how many say yes here; nothing where few have answered."""
    learnt = AcceptanceModel.objects.filter(network=network, n__gte=ENOUGH_ANSWERS, yes__gt=0).first()
    if learnt is None:
        return []

    def each(figures: Numbers) -> str:
        if not figures["helpers"]:
            return "–"
        return number_format(figures["served"] * learnt.n / learnt.yes / figures["helpers"], 1)

    label = _("Invitations for each who helps, if as many say yes as so far")
    return [Line(label=label, before=each(before), after=each(after))]


def _families(before: Numbers, after: Numbers, network: Network) -> list[Family]:
    areas = {str(area.pk): area.name for area in areas_of(network)}
    named = (
        ("area", _("By area"), lambda key: areas.get(key, "")),
        ("language", _("By language"), language_in_words),
        ("need", _("By what matters to those who ask"), lambda key: str(asked(key))),
    )
    return [_family(kind, title, name, before, after) for kind, title, name in named]


def _family(kind: str, title: str, name: Any, before: Numbers, after: Numbers) -> Family:
    then = {group["key"]: group["served"] for group in before["groups"] if group["kind"] == kind}
    groups = [
        Group(name=name(row["key"]), asks=row["asks"], before=then.get(row["key"], 0), after=row["served"])
        for row in after["groups"]
        if row["kind"] == kind and name(row["key"])
    ]
    groups.sort(key=lambda group: (-group.asks, group.name))
    shown = [group for group in groups if group.asks >= FEWEST]
    # One group alone that is left out could be worked out from the sum: a second one goes with it.
    if len(groups) - len(shown) == 1:
        shown = shown[:-1]
    return Family(title=title, groups=shown, few=[group.name for group in groups[len(shown) :]])
