"""Play a small town in the model of the paper on whom to notify: task after task, and who was asked is away for a time.

V. Manshadi and S. Rodilitz, arXiv 2002.08474: of those who are invited to a task everybody who is there reads it and
says yes with their chance for that task; one yes is enough. Whoever read it, whether they said yes or no, is away for
a number of tasks without memory, and doesn't read what comes meanwhile. There are no weeks, and there is no clock.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from commonweal.algorithms.matching.instance import Array
from commonweal.algorithms.measures import gini
from commonweal.algorithms.pacing import PRIOR, Candidate, cover
from commonweal.algorithms.pacing.chances import SHRUNK_BY

VOLUNTEERS, TASKS, WARM_UP = 150, 1500, 300
AWAY = 15.0
KINDS, WILLING = 10, (0.4, 2.4)
KM, FADES_KM = 10.0, 12.0
NEAREST, MOST, SURE = 10, 20, (0.5, 0.7, 0.8)


@dataclass(slots=True, eq=False)
class Town:
    """Who would do which task: ``chance`` float64 (tasks, volunteers), ``km`` the same, ``kind`` of each task. ``luck``
    and ``away`` are known to nobody; ``asked_at``, ``yes``, ``read`` (kinds, volunteers) say what has happened."""

    chance: Array
    km: Array
    kind: Array
    luck: Array
    away: Array
    asked_at: Array = field(init=False)
    yes: Array = field(init=False)
    read: Array = field(init=False)

    def __post_init__(self) -> None:
        self.asked_at = np.full(self.km.shape[1], -np.inf)
        self.yes, self.read = (np.zeros((KINDS, self.km.shape[1])) for _ in range(2))

    def rested(self, task: int) -> Array:
        """How likely each is there, by what is known: when they were asked last."""
        there: Array = 1 - (1 - 1 / AWAY) ** (task - self.asked_at)
        return there

    def learnt(self, task: int) -> Array:
        """The chance of each as their answers tell it: those to this kind of task drawn to all of their own, those to
        what everybody says, and that to the prior."""
        rate = (PRIOR.rate * 10 + self.yes.sum()) / (10 + self.read.sum())
        own = (self.yes.sum(0) + SHRUNK_BY * rate) / (self.read.sum(0) + SHRUNK_BY)
        kind = self.kind[task]
        chance: Array = (self.yes[kind] + SHRUNK_BY * own) / (self.read[kind] + SHRUNK_BY)
        return chance


Policy = Callable[[Town, int], list[int]]


def town(seed: int, *, tasks: int = TASKS) -> Town:
    """Volunteers and tasks lie evenly over 10 km each way. Each volunteer has a chance of their own for each of ten
    kinds of tasks (beta 0.4, 2.4: 0.14 in the mean, most near nought, a few sure), which fades to 0.37 over 12 km."""
    chance = np.random.default_rng(seed)
    homes, places = chance.uniform(0, KM, (VOLUNTEERS, 2)), chance.uniform(0, KM, (tasks, 2))
    km = np.hypot(*(places[:, None] - homes[None]).transpose(2, 0, 1))
    kind = chance.integers(0, KINDS, tasks)
    would = chance.beta(*WILLING, (KINDS, VOLUNTEERS))[kind] * np.exp(-km / FADES_KM)
    return Town(would, km, kind, chance.random(km.shape), chance.geometric(1 / AWAY, km.shape))


def everyone(here: Town, task: int) -> list[int]:
    """All of them."""
    return list(range(here.km.shape[1]))


def nearest(here: Town, task: int) -> list[int]:
    """The nearest ten."""
    return np.argsort(here.km[task], kind="stable")[:NEAREST].tolist()  # type: ignore[no-any-return]


def one_by_chance(here: Town, task: int) -> list[int]:
    """One, whoever it is: the next by number."""
    return [task % here.km.shape[1]]


def covering(sure: float, *, told: bool) -> Policy:
    """Ours: as few as make a yes so sure, the likeliest first, divided by what they could do elsewhere. Either it is
    told everybody's chances, as in the paper, or it learns them from the answers as it goes."""

    def choose(here: Town, task: int) -> list[int]:
        chance, rested = (here.chance[task] if told else here.learnt(task)), here.rested(task)
        other = here.chance.mean(0) if told else (here.yes.sum(0) + 1) / (here.read.sum(0) + SHRUNK_BY)
        price = 1000 * other / other.mean()
        each = enumerate(zip(chance.tolist(), rested.tolist(), price.tolist(), strict=True))
        could = [
            Candidate(key=f"{number:03}", chance=one[0], rested=one[1], price=one[2]) for number, one in each
        ]
        return [int(key) for key in cover(could, target=sure, most=MOST).asked]

    return choose


POLICIES: dict[str, Policy] = {
    "everyone": everyone,
    "nearest ten": nearest,
    "one in turn": one_by_chance,
    **{f"ours, {round(100 * sure)} % sure": covering(sure, told=True) for sure in SURE},
    **{f"ours, {round(100 * sure)} % sure, learning": covering(sure, told=False) for sure in SURE},
}


def play(here: Town, policy: Policy, *, warm_up: int = WARM_UP) -> dict[str, Any]:
    """Task after task; the first are not counted. Returns what part was met, and the invitations."""
    tasks, people = here.km.shape
    back, pings, met = np.zeros(people), np.zeros(people, np.int64), 0
    for task in range(tasks):
        # Nobody sees who is there, so silence counts as far as it is likely that they were.
        rested, asked = here.rested(task), policy(here, task)
        there = [one for one in asked if back[one] <= task]
        yes = [one for one in there if here.luck[task, one] < here.chance[task, one]]
        here.read[here.kind[task], asked] += np.where(np.isin(asked, yes), 1.0, rested[asked])
        here.yes[here.kind[task], yes] += 1
        back[there] = task + here.away[task, there]
        here.asked_at[asked] = task
        if task >= warm_up:
            met += bool(yes)
            pings[asked] += 1
    counted = tasks - warm_up
    return {
        "met_share": round(met / counted, 4),
        "pings_a_task": round(float(pings.sum()) / counted, 2),
        "pings_gini": round(float(gini(pings)), 4),
        "most_pings": int(pings.max()),
    }


def small_town(tasks: int, seed: int) -> dict[str, Any]:
    """Every policy in the same town, with the same luck."""
    policies = {
        name: play(town(seed, tasks=tasks), policy, warm_up=tasks // 5) for name, policy in POLICIES.items()
    }
    least = policies["nearest ten"]["met_share"]
    for played in policies.values():
        played["to_nearest_ten"] = round(played["met_share"] / least, 3)
    return {"volunteers": VOLUNTEERS, "policies": policies}
