"""The policy in force, as rows that a reader understands."""

from dataclasses import dataclass, fields
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonweal.networks.models import Network, PolicyVersion
from commonweal.networks.policy import Policy, settings_by_name

MODES: dict[str, str | Promise] = {
    "invite": _("the program asks the next best person by itself"),
    "dispatcher": _("a person on shift confirms each suggestion"),
    "board": _("members pick from the noticeboard"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One setting: what it is, what it is now, whether the members changed it, and why it began as it did."""

    label: str
    value: str
    reason: str
    is_changed: bool


def in_force(policy: Policy) -> list[Rule]:
    """Every setting of `policy`, in the order of the policy itself."""
    defaults = {entry.name: entry.default for entry in fields(Policy)}
    return [
        Rule(
            label=str(setting.label),
            value=str(MODES.get(str(value), value)),
            reason=str(setting.reason),
            is_changed=value != defaults[name],
        )
        for name, setting in settings_by_name().items()
        for value in [getattr(policy, name)]
    ]


def history(network: Network, most: int = 50) -> list[dict[str, Any]]:
    """The last `most` changes of the policy with their reasons, the newest first; the start is not a change."""
    versions = PolicyVersion.objects.filter(network=network, number__gt=0)[:most]
    return [{"at": version.at, "text": version.reason} for version in versions]
