"""Whose the numbers of a plan are: ids as rows of sixteen bytes, kept beside the numbers and never among them."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from commonweal.algorithms.matching.instance import Array
from commonweal.matching.models import Plan, PlanChange
from commonweal.matching.reading.asks import Numbering
from commonweal.matching.reading.changes import Numbers
from commonweal.matching.reading.codes import Bits
from commonweal.matching.reading.network import Reading
from commonweal.matching.solving.messages import json_of, packed, unpacked

LISTS = ("asks", "offers", "members", "categories", "areas")
WORDS = ("languages", "needs")


def ids_of(reading: Reading) -> bytes:
    """What the numbers of a whole reading stand for."""
    lists = {name: rows_of_bytes(getattr(reading, name)) for name in LISTS}
    return packed({**lists, **{f"{name}.json": list(getattr(reading, name)) for name in WORDS}})


def ids_of_new(numbers: Numbers) -> bytes:
    """Who has got a number since; by and by they are in the plan, so they are not new any more afterwards."""
    packed_ids = packed(
        {
            "asks": rows_of_bytes(numbers.new_asks),
            "offers": rows_of_bytes([offer for offer, _person in numbers.new_offers]),
            "persons": np.array([person for _offer, person in numbers.new_offers], np.int32),
            "members": rows_of_bytes(numbers.new_members),
        }
    )
    for new in (numbers.new_asks, numbers.new_offers, numbers.new_members):
        new.clear()
    return packed_ids


def numbers_of(plan: Plan, changes: Sequence[PlanChange]) -> Numbers:
    """The numbers of a plan as they are after these changes of it."""
    ids = unpacked(bytes(plan.ids))
    later = [unpacked(bytes(change.ids)) for change in changes]
    persons = [unpacked(bytes(plan.inputs))["helpers.person"], *(new["persons"] for new in later)]
    asks, offers, members = (
        [key for part in (ids, *later) for key in keys_in(part[name])]
        for name in ("asks", "offers", "members")
    )
    of: dict[uuid.UUID, list[int]] = defaultdict(list)
    for offer, person in enumerate(np.concatenate(persons).tolist()):
        of[members[person]].append(offer)
    return Numbers(
        numbering=Numbering(
            categories=_numbered(keys_in(ids["categories"])),
            areas=_numbered(keys_in(ids["areas"])),
            languages=Bits(_numbered(json_of(ids, "languages"))),
            needs=Bits(_numbered(json_of(ids, "needs"))),
            persons={},
        ),
        asks=_numbered(asks),
        offers=_numbered(offers),
        members=_numbered(members),
        offers_of=dict(of),
    )


def keys_in(rows: Array) -> list[uuid.UUID]:
    """Ids by their numbers."""
    return [uuid.UUID(bytes=row.tobytes()) for row in rows]


def rows_of_bytes(ids: Sequence[uuid.UUID]) -> Array:
    """Ids as rows of sixteen bytes."""
    joined = b"".join(key.bytes for key in ids)
    return np.frombuffer(joined, np.uint8).reshape(-1, len(uuid.UUID(int=0).bytes))


def _numbered(names: Sequence[Any]) -> dict[Any, int]:
    return {name: place for place, name in enumerate(names)}
