"""Making a plan: read, have it worked out in a process of its own, keep it, and put the board in order."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction

from commonweal.algorithms.matching.instance import Array
from commonweal.base.eventlog import By, record
from commonweal.exchange.actions import rank_asks
from commonweal.matching.models import Plan, PlanChange
from commonweal.matching.planning.helping import helps_most
from commonweal.matching.planning.numbering import ids_of
from commonweal.matching.reading.network import Reading, read_network
from commonweal.matching.solving.messages import json_of, packed, request_of, unpacked
from commonweal.matching.solving.running import EngineProcess, run
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
            ids=ids_of(reading),
            seconds=time.monotonic() - began,
            made_at=at,
            **_sums(reading, found),
        )
        record(plan, "planned", by=By.PROGRAM, wanted=plan.wanted, met=plan.met)
        _forget(network)
    rank_asks(network=network, ranks=dict(zip(reading.asks, ranks.tolist(), strict=True)))
    return plan


def replayed(plan: Plan) -> Iterator[bool]:
    """The plan worked out once more from what was kept, and then each of its changes: whether it gives the same bytes.
    Raises NoEngine."""
    yield run(bytes(plan.inputs)) == bytes(plan.outcome)
    changes = PlanChange.objects.filter(network_id=plan.network_id, plan=plan).order_by("number")
    with EngineProcess() as engine:
        engine.ask(opening(plan))
        for change in changes:
            yield engine.ask(bytes(change.inputs)) == bytes(change.outcome)


def opening(plan: Plan) -> bytes:
    """The request by which an engine takes a plan in hand, to mend it."""
    inputs, outcome = (np.frombuffer(bytes(kept), np.uint8) for kept in (plan.inputs, plan.outcome))
    return packed({"kind.json": "open", "inputs": inputs, "outcome": outcome})


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


def _forget(network: Network) -> None:
    kept = Plan.objects.filter(network=network).order_by("-made_at", "-id").values_list("id", flat=True)
    Plan.objects.filter(network=network).exclude(pk__in=list(kept[:KEPT])).delete()
