"""A stretch of the past as a request to the engine: the asks that came, and when each could happen, week by week."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from commonweal.algorithms.matching.instance import Array
from commonweal.exchange.queries.planning import AskRow
from commonweal.matching.reading.network import Reading, read_past
from commonweal.matching.reading.weeks import SPAN, Week, minutes
from commonweal.matching.solving.messages import request_of
from commonweal.networks.models import Network
from commonweal.networks.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was read, and the request made from it."""

    reading: Reading
    request: bytes


def past_of(network: Network, *, since: datetime, until: datetime, policy: Policy, seed: int) -> Past:
    """The asks that came between two moments, and the parts of each of the weeks in which they could happen."""
    reading, rows = read_past(network, since=since, until=until, policy=policy)
    slots = _slots(network, rows, since=since, until=until)
    request = request_of("replay", reading.instance, policy=policy, seed=seed, slots=slots)
    return Past(reading=reading, request=request)


def _slots(network: Network, rows: list[AskRow], *, since: datetime, until: datetime) -> Array:
    """uint64 (weeks, asks): an ask can happen from when it came, or its window began, to the window's end."""
    begins = np.maximum(minutes([row.starts_at for row in rows]), minutes([row.created_at for row in rows]))
    ends = minutes([row.ends_at for row in rows])
    begins = np.where(begins < ends, begins, minutes([row.starts_at for row in rows]))
    weeks = []
    at = since
    while at < until:
        weeks.append(Week.of(at, network.zone).touched(begins, ends))
        at += SPAN
    return np.array(weeks, np.uint64).reshape(len(weeks), len(rows))
