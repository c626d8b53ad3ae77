"""The shipped model at work: what it says of a text, with a network's own corrections on top."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from uuid import UUID

from commonweal.networks.models import Network

if TYPE_CHECKING:
    from commonweal.algorithms.triage.model import Model

SHIPPED = "triage.model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a text is about. ``chances`` are calibrated probabilities by label, ``yes`` the labels beyond the border.

    ``own`` is what a network's corrections add to the log-odds of its categories, by their ids; None is none of them.
    """

    text: str
    chances: Mapping[str, float]
    yes: tuple[str, ...]
    own: Mapping[UUID | None, float] = field(default_factory=dict)

    def chance(self, label: str) -> float:
        """The probability of a label; 0 for one that the model does not know."""
        return self.chances.get(label, 0.0)


@cache
def shipped() -> "Model":
    """The model that came with the program, read once a process."""
    from commonweal.algorithms.triage.model import model_from  # loads NumPy

    return model_from((files(__package__) / "data" / SHIPPED).read_bytes())


def labels(text: str) -> Labels:
    """What the shipped model says of a text, whatever text it is: an empty one is about nothing much."""
    model = shipped()
    chances, answers = model.read(text)
    said = dict(zip(model.labels, chances.tolist(), strict=True))
    yes = tuple(label for label, answer in zip(model.labels, answers, strict=True) if answer)
    return Labels(text=text, chances=said, yes=yes)


def network_labels(network: Network, text: str) -> Labels:
    """The same, and what the people at this network's desk have taught it."""
    from commonweal.intake.triage.own import additions  # loads NumPy

    return replace(labels(text), own=additions(network, text))
