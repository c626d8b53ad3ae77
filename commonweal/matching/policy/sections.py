"""The settings of the policy in the order and company in which people read them."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonweal.algorithms.matching.rules import EngineRules
from commonweal.networks.policy import Policy, settings_by_name

Words = str | Promise
WEIGHTS = frozenset(name for name, setting in settings_by_name().items() if setting.step)
EVENNESS = frozenset({"areas", "languages", "access"})
# What comes of having been asked lately, which nobody has been when the past is played again.
LATELY = frozenset({"tired", "rested_after_h", "rest_hours"})
# What playing the past again reads.
REPLAYED = (
    EVENNESS
    | {"week_cap", "together"}
    | ({entry.name for entry in dataclasses.fields(EngineRules)} & set(settings_by_name()) - LATELY)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Some settings that belong together: a title, a word about them, and their names in order."""

    slug: str
    title: Words
    lead: Words
    names: tuple[str, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        slug="near",
        title=_("Near, and understood"),
        lead=_("Who is asked first, among those who can. Each thing counts as far as its slider says."),
        names=("per_100_m", "unknown_m", "language", "interpreter"),
    ),
    Section(
        slug="spared",
        title=_("Nobody is worn out"),
        lead=_("How those who have done something already are spared, and how often anyone is asked."),
        names=(
            *("week", "tired", "rested_after_h", "rest_hours", "week_cap", "most_invitations_week"),
            *("rest_kind_days", "at_once", "sure_enough", "quiet_from", "quiet_until", "most_texts_day"),
        ),
    ),
    Section(
        slug="turns",
        title=_("Whose turn it is"),
        lead=_("Where there are fewer helpers than asks, this says which asks are met first."),
        names=(
            *("served", "urgent", "waiting", "waiting_most_d", "ahead"),
            *("areas", "languages", "access", "wait_calm", "wait_soon", "wait_today"),
        ),
    ),
    Section(
        slug="faces",
        title=_("Known faces, and new ones"),
        lead=_("Help is also how neighbours get to know one another."),
        names=("preferred", "known", "new_tie"),
    ),
    Section(
        slug="fits",
        title=_("What goes well together"),
        lead=_("Small things that make it easier."),
        names=("comfort", "covers", "together", "switch"),
    ),
    Section(
        slug="search",
        title=_("How the search goes"),
        lead=_("How far and how long we look, and who decides."),
        names=(
            *("mode", "near_m", "near_hours", "wide_hours", "desk_minutes", "beyond_hours"),
            *("answer_minutes", "urgent_answer_minutes", "flexible_days", "pause_days"),
        ),
    ),
    Section(
        slug="after",
        title=_("Before and after help comes"),
        lead=_("When both are reminded, and when we ask how it went."),
        names=("remind_hours", "ask_how_hours", "chase_hours"),
    ),
    Section(
        slug="contact",
        title=_("How the two reach one another"),
        lead=_(
            "When phone numbers, addresses and exact places open to the two who are matched, and close again."
        ),
        names=("reveal_before_hours", "reveal_after_hours", "reached"),
    ),
    Section(
        slug="safe",
        title=_("Safe on the way, and when something was not right"),
        lead=_("Going in twos, coming back, and the steps before anybody is asked to stay away."),
        names=(
            *("home_pairs", "late_minutes", "care_listen_hours", "care_step_days", "care_follow_days"),
            *("suspend_days", "removal_days", "care_erase_days"),
        ),
    ),
    Section(
        slug="vouching",
        title=_("Who is vouched for, and who is new"),
        lead=_(
            "“I know this person”: wanted for some kinds of things only, which the page of vouching names."
        ),
        names=("vouchers", "most_vouches", "new_at_once", "new_handovers"),
    ),
    Section(
        slug="rings",
        title=_("Rings"),
        lead=_("Two to four people, each of whom does what the next one needs."),
        names=("rings", "ring_longest", "ring_hours"),
    ),
    Section(
        slug="desk",
        title=_("At the desk"),
        lead=_("For the people on shift."),
        names=("hold_minutes", "shift_hours", "twin_days", "text_part_price", "proof"),
    ),
    Section(
        slug="roles",
        title=_("Roles, and what takes two"),
        lead=_("Every role ends by itself; what can't be undone takes a second founder."),
        names=("notice_days", "agree_days"),
    ),
    Section(
        slug="keeping",
        title=_("How long things are kept"),
        lead=_("What is over is erased; what stands is asked after."),
        names=("erase_days", "look_days", "offer_days"),
    ),
)


def sections() -> Iterator[Section]:
    """All settings, each in one section; those that no section names come last, so that none is ever out of sight."""
    yield from SECTIONS
    placed = {name for section in SECTIONS for name in section.names}
    if others := tuple(name for name in settings_by_name() if name not in placed):
        yield Section(slug="others", title=_("And besides"), lead="", names=others)


def not_played(changes: Iterable[str]) -> list[Words]:
    """The labels of those settings of a change that playing the past again does not read."""
    return [settings_by_name()[name].label for name in changes if name not in REPLAYED]


def remarks(policy: Policy) -> list[Words]:
    """What the members may not have meant: settings that stand against one another, or make others idle."""
    return [words for holds, words in REMARKS if holds(policy)]


def _nothing_counts(policy: Policy) -> bool:
    return not any(getattr(policy, name) for name in WEIGHTS)


REMARKS: tuple[tuple[Callable[[Policy], bool], Words], ...] = (
    (
        _nothing_counts,
        _(
            "Nothing counts any more. As many asks as possible are met, by whoever can; among equals the nearest is "
            "asked, then whoever has helped least this week."
        ),
    ),
    (
        lambda policy: not policy.served and not _nothing_counts(policy),
        _(
            "That an ask is met counts for nothing by itself: where all else speaks against it, it may stay unmet."
        ),
    ),
    (
        lambda policy: not policy.per_100_m and not _nothing_counts(policy),
        _("Distance counts for nothing: whoever fits is asked, from anywhere within their own reach."),
    ),
    (
        lambda policy: policy.wait_calm > policy.wait_soon or policy.wait_soon > policy.wait_today,
        _("A day of waiting counts less where it hurries more. Calm asks will come before hurried ones."),
    ),
    (
        lambda policy: policy.urgent_answer_minutes > policy.answer_minutes,
        _("Somebody has longer to answer when it is for today than when it is not."),
    ),
    (
        lambda policy: policy.tired > 0 and policy.rested_after_h <= policy.rest_hours,
        _("By the time anyone may be asked again they count as rested, so sparing them changes nothing."),
    ),
)
