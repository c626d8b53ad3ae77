"""The past under other rules: the same asks once more, week by week, with the offers that stand today."""

from datetime import datetime
from typing import Any

from commonweal.matching.figures import Figures, GroupFigures
from commonweal.networks.models import Network
from commonweal.networks.policy import Policy

SEED = 0


def replay(network: Network, *, since: datetime, until: datetime, policy: Policy) -> Figures:
    """Play the asks that came between two moments again under a policy, and sum up what comes of it.

    Only the weights and limits of the policy are read. Everybody who is planned for is taken to come, so the figures
    compare rules with rules, not with what happened. The same network, stretch and policy give the same figures. It
    takes seconds, in a process of its own: call it from a task. Raises NoEngine, and ValueError for no stretch at all.
    """
    if until <= since:
        raise ValueError("a stretch of time ends after it begins")
    # These load NumPy, which no page needs.
    from commonweal.matching.reading.past import past_of
    from commonweal.matching.solving.messages import json_of, unpacked
    from commonweal.matching.solving.running import run

    past = past_of(network, since=since, until=until, policy=policy, seed=SEED)
    said = json_of(unpacked(run(past.request)), "figures")
    groups = [GroupFigures(kind=kind, key=_key(past, kind, number), asks=asks, served=served)
              for kind, number, asks, served in said.pop("groups")]  # fmt: skip
    return Figures(**said, groups=tuple(groups))


def _key(past: Any, kind: str, number: int) -> str:
    named = {"area": past.reading.areas, "language": past.reading.languages, "need": past.reading.needs}
    return str(named[kind][number])
