"""Putting the noticeboard in order for who wants to help where it helps most."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction

from commonweal.exchange.models import Ask
from commonweal.networks.models import Network

CHUNK = 500


def rank_asks(*, network: Network, ranks: Mapping[uuid.UUID, int]) -> int:
    """Put these numbers on asks that are on the board, those whose number changes; returns how many were changed.

    It is no news of an ask and so stands in no event. Chunk by chunk, so that nobody waits long for a lock.
    """
    now = Ask.objects.filter(network=network, on_board=True).values_list("id", "helps_most")
    if len(ranks) <= CHUNK:
        now = now.filter(pk__in=ranks)
    changed: dict[int, list[uuid.UUID]] = defaultdict(list)
    for key, helps_most in now.iterator(chunk_size=2000):
        wanted = ranks.get(key, helps_most)
        if wanted != helps_most:
            changed[wanted].append(key)
    for wanted, keys in sorted(changed.items()):
        for chunk in _chunks(sorted(keys)):
            with transaction.atomic():
                Ask.objects.filter(network=network, pk__in=chunk, on_board=True).update(helps_most=wanted)
    return sum(map(len, changed.values()))


def _chunks(keys: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
