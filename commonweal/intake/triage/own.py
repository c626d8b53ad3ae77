"""What a network's own desk has taught its reading of messages: learnt nightly, used at every text, never shared."""

import uuid
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import transaction

from commonweal.algorithms.triage.own import BUCKETS, Corrections, Lesson, added
from commonweal.algorithms.triage.own import learn as learn_lesson
from commonweal.base import clock, lasting
from commonweal.base.eventlog import By, record
from commonweal.intake.models import Correction, OwnTriage
from commonweal.intake.triage.categories import odds_of, open_categories
from commonweal.intake.triage.saying import labels
from commonweal.networks.models import Category, Network

Numbers = npt.NDArray[Any]
Choice = uuid.UUID | None
# The newest of so many corrections are looked at in a night: as many as a lesson of a second or two takes.
MOST = 1000


def additions(network: Network, text: str) -> dict[Choice, float]:
    """What the network's own layer adds to the log-odds of its categories for a text; nothing where it has none."""
    own = OwnTriage.objects.filter(network=network).first()
    if own is None or not own.choices:
        return {}
    more = added(text, _unpacked(own), _key(network))
    return {_choice(name): float(value) for name, value in zip(own.choices, more, strict=True)}


@transaction.atomic
def learn(*, network: Network) -> Lesson:
    """Learn from what the desk has put right since the last time, and keep it where it is better on what never taught.

    Corrections that taught are marked; the others wait until they are enough. Safe to do again.
    """
    Network.objects.select_for_update().get(pk=network.pk)
    categories = open_categories(network)
    choices: list[Choice] = [None, *(category.pk for category in categories)]
    rows = list(
        Correction.objects.filter(network=network).select_related("category").order_by("-at", "-id")[:MOST]
    )
    own = OwnTriage.objects.filter(network=network).first()
    known = [row for row in rows if _right(row.category) in choices]
    lesson = learn_lesson(_corrections(known, categories, choices), _aligned(own, choices), _key(network))
    if lesson.taken:
        _keep(network, own, lesson, choices)
        Correction.objects.filter(network=network, pk__in=[row.pk for row in known]).update(
            taught_at=clock.now()
        )
    return lesson


def _corrections(
    rows: list[Correction], categories: list[Category], choices: Sequence[Choice]
) -> Corrections:
    odds = np.zeros((len(rows), len(choices)))
    for number, row in enumerate(rows):
        said = odds_of(labels(row.text), categories)
        odds[number] = [said[choice] for choice in choices]
    return Corrections(
        names=[str(row.pk) for row in rows],
        texts=[row.text for row in rows],
        right=np.array([choices.index(_right(row.category)) for row in rows], np.int64),
        odds=odds,
        fresh=np.array([row.taught_at is None for row in rows], bool),
    )


def _right(category: Category) -> Choice:
    """ "Something else" is no category to be found but none of the others."""
    return None if category.slug == "other" else category.pk


def _keep(network: Network, own: OwnTriage | None, lesson: Lesson, choices: Sequence[Choice]) -> None:
    kept, _made = OwnTriage.objects.update_or_create(
        network=network,
        defaults={
            "weights": zlib.compress(lesson.weights.astype(np.float16).tobytes(), 9),
            "choices": [str(choice or "") for choice in choices],
            "taught": (own.taught if own else 0) + lesson.taught,
            "held": lesson.held,
            "right_without": lesson.rights[0],
            "right_with": lesson.rights[2] if lesson.taught else lesson.rights[0],
            "learnt_at": clock.now(),
        },
    )
    record(kept, "learnt", by=By.PROGRAM, taught=lesson.taught, held=lesson.held)


def _choice(name: str) -> Choice:
    return uuid.UUID(name) if name else None


def _unpacked(own: OwnTriage) -> Numbers:
    flat = np.frombuffer(zlib.decompress(bytes(own.weights)), np.float16)
    return flat.reshape(BUCKETS, len(own.choices)).astype(np.float64)


def _aligned(own: OwnTriage | None, choices: Sequence[Choice]) -> Numbers:
    """The weights as they are, a column a choice of today: a new category begins with nothing learnt."""
    weights = np.zeros((BUCKETS, len(choices)))
    if own is None:
        return weights
    before = _unpacked(own)
    for column, name in enumerate(own.choices):
        if _choice(name) in choices:
            weights[:, choices.index(_choice(name))] = before[:, column]
    return weights


def _key(network: Network) -> bytes:
    """Sixteen bytes that only this installation can work out, others for each network."""
    return bytes.fromhex(lasting.fingerprint(str(network.pk), "triage"))
