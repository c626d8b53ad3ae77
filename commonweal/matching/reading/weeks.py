"""The parts of a week as arrays: which of the 42 a stretch of time touches within the seven days to come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from commonweal.algorithms.matching.instance import Array
from commonweal.algorithms.matching.times import week_parts

SPAN = timedelta(days=7)
SHORTEST = 30  # minutes


@dataclass(frozen=True, slots=True, eq=False)
class Week:
    """Seven days from a moment on: ``bit``, ``begins`` and ``ends`` (minutes since 1970) of each part, int64.

    The part that runs at that moment comes twice, cut at both ends; it is one bit.
    """

    bit: Array
    begins: Array
    ends: Array

    @classmethod
    def of(cls, at: datetime, zone: ZoneInfo) -> "Week":
        """The week that begins now, by the network's clock: a change of the clocks moves no part."""
        parts = week_parts(at, at + SPAN, zone)
        columns = [
            [part.bit for part in parts],
            [part.starts for part in parts],
            [part.ends for part in parts],
        ]
        return cls(*(np.array(column, np.int64) for column in columns))

    def touched(self, begins: Array, ends: Array) -> Array:
        """The parts in which something between ``begins`` and ``ends`` (minutes) may happen, as bits of uint64.

        A part counts from half an hour on. Where there is no such part, every part that is touched at all does: two
        short pieces side by side can be long enough. O(parts · n).
        """
        enough, any_at_all = np.zeros(len(begins), np.uint64), np.zeros(len(begins), np.uint64)
        for bit, first, last in zip(self.bit, self.begins, self.ends, strict=True):
            common = np.minimum(ends, last) - np.maximum(begins, first)
            mask = np.uint64(1 << int(bit))
            enough |= np.where(common >= SHORTEST, mask, np.uint64(0))
            any_at_all |= np.where(common > 0, mask, np.uint64(0))
        return np.where(enough > 0, enough, any_at_all)

    def taken(self, begins: Array, ends: Array) -> Array:
        """The parts of which something between ``begins`` and ``ends`` leaves less than half an hour, as bits."""
        found = np.zeros(len(begins), np.uint64)
        for bit, first, last in zip(self.bit, self.begins, self.ends, strict=True):
            common = np.minimum(ends, last) - np.maximum(begins, first)
            left = (last - first) - np.maximum(common, 0)
            found |= np.where((common > 0) & (left < SHORTEST), np.uint64(1 << int(bit)), np.uint64(0))
        return found


def minutes(moments: list[datetime]) -> Array:
    """Moments as whole minutes since 1970, rounded down, int64."""
    return np.array([int(moment.timestamp()) // 60 for moment in moments], np.int64)
