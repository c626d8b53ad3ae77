"""What became of every row of a sheet."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of a row."""

    TAKEN = "taken"
    MERGED = "merged"  # the same row was here already, or stands higher up in the sheet
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row's fate. ``field`` and ``reason`` say why it was refused or merged, or what looks doubtful."""

    line: int
    outcome: Outcome
    field: str = ""
    reason: str = ""


@dataclass(slots=True, kw_only=True)
class Report:
    """The fate of every row. ``remarks`` holds a line for every row that was not simply taken.

    ``late`` counts the asks whose time had passed: they are looked for from today on.
    """

    counts: Counter[Outcome] = field(default_factory=Counter)
    remarks: list[Line] = field(default_factory=list)
    late: int = 0
    new_categories: list[str] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """Account for one row."""
        self.counts[line.outcome] += 1
        if line.reason:
            self.remarks.append(line)

    @property
    def rows(self) -> int:
        """How many rows were accounted for: taken, merged and refused together."""
        return sum(self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "rows": self.rows,
            **{outcome.value: self.counts[outcome] for outcome in Outcome},
            "late": self.late,
            "new_categories": self.new_categories,
            "remarks": [
                {"line": line.line, "outcome": line.outcome.value, "field": line.field, "reason": line.reason}
                for line in self.remarks
            ],
        }
