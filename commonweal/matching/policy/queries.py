"""The policy, its history, trials and proposals as pages show them."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from commonweal.base import clock
from commonweal.matching.models import PolicyProposal, PolicyTrial
from commonweal.matching.models.trials import LIFE
from commonweal.matching.policy.sections import Section, sections
from commonweal.matching.policy.words import value_in_words
from commonweal.members.models import Member
from commonweal.networks.models import Network, PolicyVersion
from commonweal.networks.policy import Policy, settings_by_name

HISTORY_LENGTH = 200
PROPOSALS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One setting as a page shows it: its value, its default with the reason for it, and the limits of a number."""

    name: str
    label: str
    value: str
    default: str
    reason: str
    limits: str
    is_changed: bool


def rules_in_force(policy: Policy) -> list[tuple[Section, list[Rule]]]:
    """Every setting of a policy, section by section."""
    return [(section, [_rule(policy, name) for name in section.names]) for section in sections()]


def _rule(policy: Policy, name: str) -> Rule:
    setting, begins = settings_by_name()[name], Policy()
    limits = _("%(least)s to %(most)s") % {"least": setting.least, "most": setting.most}
    return Rule(
        name=name,
        label=str(setting.label),
        value=value_in_words(name, getattr(policy, name), policy),
        default=value_in_words(name, getattr(begins, name), begins),
        reason=str(setting.reason),
        limits="" if setting.choices else limits,
        is_changed=getattr(policy, name) != getattr(begins, name),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One setting before and after, in words."""

    label: str
    before: str
    after: str


def differences(before: Policy, after: Policy) -> list[Difference]:
    """Every setting that differs between two policies, in the order in which people read them."""
    return [
        Difference(
            label=str(settings_by_name()[name].label),
            before=value_in_words(name, getattr(before, name), before),
            after=value_in_words(name, getattr(after, name), after),
        )
        for section in sections()
        for name in section.names
        if getattr(before, name) != getattr(after, name)
    ]


def changed(policy: Policy, changes: Mapping[str, Any]) -> Policy:
    """A policy with some settings changed; what could not be set today is left as it is."""
    return Policy.read({**dataclasses.asdict(policy), **changes})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of the policy: when, by whom, why, and each setting with its value before and after."""

    number: int
    at: datetime
    by: str
    reason: str
    settings: Sequence[Difference]


def policy_history(network: Network, *, named: bool, limit: int = HISTORY_LENGTH) -> list[Change]:
    """How the policy came to be what it is, newest first; the start is not a change. Two queries, one unless ``named``.

    ``named`` says who made each change: for members, since it names people.
    """
    versions = list(PolicyVersion.objects.filter(network=network).order_by("-number")[: limit + 1])
    names = _names(network, [version.made_by for version in versions]) if named else {}
    return [
        Change(
            number=after.number,
            at=after.at,
            by=names.get(after.made_by, ""),
            reason=after.reason,
            settings=differences(Policy.read(before.values), Policy.read(after.values)),
        )
        for after, before in pairwise(versions)
    ]


def _names(network: Network, keys: Sequence[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    wanted = {key for key in keys if key}
    return {member.pk: member.name for member in Member.objects.filter(network=network, pk__in=wanted)}


def newest_proposals(network: Network, limit: int = PROPOSALS_SHOWN) -> list[PolicyProposal]:
    """The proposals of a network with who made them: open ones first, the newest before the others."""
    rows = PolicyProposal.objects.filter(network=network).select_related("by")
    newest = list(rows.order_by("-made_at", "-id")[:limit])
    return sorted(newest, key=lambda proposal: proposal.state != PolicyProposal.State.OPEN)


def trials_wait() -> bool:
    """Whether anybody waits for a trial, in any network, or one shows no life any more."""
    return PolicyTrial.objects.filter(Q(state=PolicyTrial.State.WAITING) | lost_trials(clock.now())).exists()


def lost_trials(at: datetime) -> Q:
    """The trials whose process shows no life any more."""
    return Q(state=PolicyTrial.State.RUNNING, seen_at__lt=at - LIFE)


def policy_numbered(network: Network, number: int) -> Policy:
    """The policy of this number; raises PolicyVersion.DoesNotExist."""
    return Policy.read(PolicyVersion.objects.get(network=network, number=number).values)
