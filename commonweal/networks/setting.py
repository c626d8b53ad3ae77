"""What one setting of the policy is: its words, its limits, and why it begins as it does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a page needs to show and check one setting.

    ``least`` and ``most`` bound a number; ``choices`` are the values of a word, each with what it means. A weight of
    matching has the ``step`` of its slider, in points.
    """

    label: str | Promise
    reason: str | Promise
    least: int = 0
    most: int = 0
    step: int = 0
    choices: Mapping[str, str | Promise] = field(default_factory=dict)

    def shown(self, value: Any) -> str:
        """A value as people read it."""
        return str(self.choices.get(value, value))


def number(default: int, least: int, most: int, label: str | Promise, reason: str | Promise) -> Any:
    """The field of a policy that holds a whole number."""
    return field(
        default=default, metadata={"setting": Setting(label=label, reason=reason, least=least, most=most)}
    )


def weight(default: int, most: int, step: int, label: str | Promise, reason: str | Promise) -> Any:
    """The field of a policy that holds a weight, from 0 to ``most`` points."""
    return field(
        default=default, metadata={"setting": Setting(label=label, reason=reason, most=most, step=step)}
    )


def word(
    default: str, choices: Mapping[str, str | Promise], label: str | Promise, reason: str | Promise
) -> Any:
    """The field of a policy that holds one of a few words."""
    return field(default=default, metadata={"setting": Setting(label=label, reason=reason, choices=choices)})
