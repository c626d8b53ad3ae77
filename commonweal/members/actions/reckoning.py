"""Reckoning anew how well everybody is vouched for: `algorithms.trust` on the vouches of a network, kept as levels."""

import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Q

from commonweal.algorithms.trust.graph import Array, Vouches
from commonweal.algorithms.trust.reach import Reach, find_reach, least_trust_for
from commonweal.base import clock
from commonweal.members.models import Member
from commonweal.members.seeds import seeds_of
from commonweal.members.trusting import ReachRun, Vouch
from commonweal.networks.models import Category, Network

# Whom seeds themselves vouch for say how much trust is enough; of fewer than this nothing can be said.
FEWEST_KNOWN = 10
# Who holds a mandate changes without a vouch.
AT_LEAST_EVERY = timedelta(hours=6)
# So many times as long as it took it is left alone, so that it takes a hundredth of a processor at most.
PATIENCE = 100
KEPT_RUNS = 30
AT_A_TIME = 500
# So many steps trust flows: those of a thousand members. They stay the same as a network grows, so that who joins moves
# nobody over the threshold that is kept.
STEPS = 10
LEVELS = Category.Vouched


def reckon_due(*, at: datetime) -> int:
    """Reckon for every network in which something changed, and for all of them some times a day; returns how many."""
    due = _due(at)
    for network in due:
        reckon_levels(network=network)
    return len(due)


def is_reckoning_due() -> bool:
    """Whether any network is to be reckoned now."""
    return bool(_due(clock.now()))


def reckon_levels(*, network: Network) -> ReachRun:
    """Give every member of a network their level anew, and keep what came of it as the next run.

    Vouches of who is shut out for a while don't count meanwhile. Only rows whose level changed are written.
    """
    begun = time.monotonic()
    with transaction.atomic():
        last = ReachRun.objects.select_for_update().filter(network=network).order_by("-number").first()
        now = clock.now()
        there = (
            Member.objects.filter(network=network).exclude(state=Member.State.LEFT).exclude(out_until__gt=now)
        )
        people = list(there.order_by("created_at", "id").values_list("id", flat=True))
        place = {member: number for number, member in enumerate(people)}
        vouches = _vouches(network, place)
        seeds = _seeds(network, place)
        reach, least = _reach(network, vouches, seeds, last)
        _write(network, people, reach.level if reach is not None else np.zeros(len(people), np.int8))
        _forget_levels(network, now)
        counts = np.bincount(reach.level, minlength=4) if reach is not None else [0] * 4
        run = ReachRun.objects.create(
            network=network,
            number=last.number + 1 if last else 1,
            at=now,
            took_ms=int((time.monotonic() - begun) * 1000),
            seeds=len(seeds),
            vouches=len(vouches.taker),
            known=int(counts[LEVELS.KNOWN]),
            vouched=int(counts[LEVELS.VOUCHED]),
            trusted=int(counts[LEVELS.TRUSTED]),
            least_trust=least,
        )
        ReachRun.objects.filter(network=network, number__lte=run.number - KEPT_RUNS).delete()
    return run


def _due(at: datetime) -> list[Network]:
    # In the order of their numbers, so that the newest of each network stays.
    last = {run.network_id: run for run in ReachRun.objects.order_by("number")}
    return [network for network in Network.objects.order_by("id") if _is_due(last.get(network.pk), at)]


def _is_due(run: ReachRun | None, at: datetime) -> bool:
    if run is None or at - run.at >= AT_LEAST_EVERY:
        return True
    return run.is_stale and at - run.at >= PATIENCE * timedelta(milliseconds=run.took_ms)


def _vouches(network: Network, place: Mapping[uuid.UUID, int]) -> Vouches:
    rows = Vouch.objects.filter(network=network).values_list("giver_id", "taker_id")
    pairs = np.array(
        [(place[giver], place[taker]) for giver, taker in rows if giver in place and taker in place], np.int64
    ).reshape(-1, 2)
    return Vouches.of(len(place), pairs[:, 0], pairs[:, 1])


def _seeds(network: Network, place: Mapping[uuid.UUID, int]) -> Array:
    """Who holds a mandate; where these are fewer than the vouchers that are wanted, the first who joined as well."""
    known = {place[member] for member in seeds_of(network) if member in place}
    for number in range(len(place)):
        if len(known) >= network.policy.vouchers:
            break
        known.add(number)
    return np.array(sorted(known), np.int64)


def _reach(
    network: Network, vouches: Vouches, seeds: Array, last: ReachRun | None
) -> tuple[Reach | None, float | None]:
    """Everybody's reach, and the least trust that is kept; None in a network without anybody."""
    if not len(seeds):
        return None, None
    wanted, least = network.policy.vouchers, last.least_trust if last else None
    reach = find_reach(vouches, seeds, vouchers=wanted, least_trust=least or 0.0, steps=STEPS)
    if least is None:
        direct = np.bincount(vouches.taken_from(seeds), minlength=len(vouches)) >= wanted
        direct[seeds] = False
        known = np.flatnonzero(direct)
        if len(known) >= FEWEST_KNOWN:
            least = least_trust_for(reach.trust, known)
            reach = find_reach(vouches, seeds, vouchers=wanted, least_trust=least, steps=STEPS)
    return reach, least


def _write(network: Network, people: Sequence[uuid.UUID], levels: Array) -> None:
    before = dict(Member.objects.filter(network=network, vouched__gt=0).values_list("id", "vouched"))
    changed: dict[int, list[uuid.UUID]] = {}
    for member, level in zip(people, levels.tolist(), strict=True):
        if before.get(member, 0) != level:
            changed.setdefault(level, []).append(member)
    for level, members in sorted(changed.items()):
        for first in range(0, len(members), AT_A_TIME):
            some = members[first : first + AT_A_TIME]
            Member.objects.filter(network=network, pk__in=some).update(vouched=level)


def _forget_levels(network: Network, now: datetime) -> None:
    gone = Q(state=Member.State.LEFT) | Q(out_until__gt=now)
    Member.objects.filter(gone, network=network, vouched__gt=0).update(vouched=LEVELS.NOT)
