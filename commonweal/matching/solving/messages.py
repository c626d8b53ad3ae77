"""What goes to the engine's process and comes back: named arrays as npz bytes. The same arrays are the same bytes."""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import numpy as np

from commonweal.algorithms.matching.instance import Array, Asks, Helpers, Instance
from commonweal.networks.policy import Policy

Arrays = dict[str, Array]


def packed(arrays: Mapping[str, Any]) -> bytes:
    """Arrays, numbers and flat JSON values (under names that end in ``.json``) as bytes."""
    kept = {
        name: np.frombuffer(json.dumps(value, sort_keys=True).encode(), np.uint8)
        if name.endswith(".json")
        else np.asarray(value)
        for name, value in arrays.items()
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **kept)  # type: ignore[arg-type]
    return buffer.getvalue()


def unpacked(message: bytes) -> Arrays:
    """The arrays of a message. Raises ValueError, OSError or KeyError for what is none."""
    with np.load(io.BytesIO(message), allow_pickle=False) as stored:
        return dict(stored)


def json_of(arrays: Mapping[str, Array], name: str) -> Any:
    """The JSON value of this name."""
    return json.loads(arrays[f"{name}.json"].tobytes())


def of_instance(instance: Instance) -> dict[str, Array]:
    """An instance as named arrays."""
    sides = (("asks", instance.asks), ("helpers", instance.helpers))
    arrays = {
        f"{name}.{entry.name}": getattr(side, entry.name) for name, side in sides for entry in fields(side)
    }
    return {**arrays, "blocked": instance.blocked, "known": instance.known}


def request_of(kind: str, instance: Instance, *, policy: Policy, seed: int, **more: Any) -> bytes:
    """What is sent: the kind of work, the instance, all settings of the policy, and the seed of every tie."""
    said = {"kind.json": kind, "policy.json": asdict(policy), "seed": np.int64(seed)}
    return packed({**of_instance(instance), **said, **more})


def to_instance(arrays: Mapping[str, Array]) -> Instance:
    """The instance of such arrays, checked. Raises BadInstance."""
    return Instance.of(
        asks_of(arrays, len(arrays["asks.category"])),
        helpers_of(arrays, len(arrays["helpers.categories"])),
        blocked=arrays["blocked"],
        known=arrays["known"],
    )


def asks_of(arrays: Mapping[str, Array], n: int) -> Asks:
    """The asks among such arrays. Raises BadInstance."""
    return Asks.of(n, **_side("asks.", arrays))


def helpers_of(arrays: Mapping[str, Array], n: int) -> Helpers:
    """The helpers among them. Raises BadInstance."""
    return Helpers.of(n, **_side("helpers.", arrays))


def _side(name: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {key.removeprefix(name): array for key, array in arrays.items() if key.startswith(name)}
