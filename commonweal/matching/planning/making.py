"""Making a plan: read, have it worked out in a process of its own, keep it, and put the board in order."""

import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction

from commonweal.algorithms.matching.instance import Array
from commonweal.base.eventlog import By, record
from commonweal.exchange.actions import rank_asks
from commonweal.matching.models import Plan
from commonweal.matching.planning.helping import helps_most
from commonweal.matching.reading.network import Reading, read_network
from commonweal.matching.solving.messages import json_of, packed, request_of, unpacked
from commonweal.matching.solving.running import run
from commonweal.networks.models import Network

# As many as are worth asking about: with one every few minutes the last hour at the busiest, a quiet day otherwise.
KEPT = 12


def make_plan(*, network: Network, at: datetime, seed: int = 0) -> Plan:
    """Work out and keep a plan for a network as it is at this moment. Raises NoEngine, and then nothing is changed.

    No lock is held while the engine works: what closes meanwhile stays closed, and the board's order is put on asks
    that are still on it. The oldest plans beyond `KEPT` go.
    """
    began = time.monotonic()
    reading = read_network(network, at=at)
    inputs = request_of("plan", reading.instance, policy=network.policy, seed=seed)
    outcome = run(inputs)
    found = unpacked(outcome)
    ranks = helps_most(reading.instance, found)
    with transaction.atomic():
        plan = Plan.objects.create(
            network=network,
            policy_number=network.policy_number,
            seed=seed,
            inputs=inputs,
            outcome=outcome,
            ids=_ids(reading),
            seconds=time.monotonic() - began,
            made_at=at,
            **_sums(reading, found),
        )
        record(plan, "planned", by=By.PROGRAM, wanted=plan.wanted, met=plan.met)
        _forget(network)
    rank_asks(network=network, ranks=dict(zip(reading.asks, ranks.tolist(), strict=True)))
    return plan


def replayed(plan: Plan) -> bytes:
    """The plan worked out once more from what was kept; the same bytes as ``plan.outcome``. Raises NoEngine."""
    return run(bytes(plan.inputs))


def _sums(reading: Reading, found: Mapping[str, Array]) -> dict[str, Any]:
    hands = np.bincount(found["ask"], minlength=len(reading.asks))
    return {
        "value": int(found["value"]),
        "bound": int(found["bound"]),
        "wanted": len(reading.asks),
        "met": int((hands >= reading.instance.asks.hands).sum()) if len(reading.asks) else 0,
        "offers": len(reading.offers),
        "costs": json_of(found, "costs"),
    }


def _ids(reading: Reading) -> bytes:
    return packed({name: _as_bytes(getattr(reading, name)) for name in ("asks", "offers", "members")})


def _as_bytes(ids: Any) -> Array:
    """Ids as rows of sixteen bytes."""
    joined = b"".join(key.bytes for key in ids)
    return np.frombuffer(joined, np.uint8).reshape(-1, len(uuid.UUID(int=0).bytes))


def _forget(network: Network) -> None:
    kept = Plan.objects.filter(network=network).order_by("-made_at", "-id").values_list("id", flat=True)
    Plan.objects.filter(network=network).exclude(pk__in=list(kept[:KEPT])).delete()
