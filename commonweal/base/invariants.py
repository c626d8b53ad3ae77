"""What must always be true, so that it can be checked. ``commonweal doctor`` runs these; a room adds its own.

A room writes a module ``invariants`` with functions like::

    @invariant("exchange.next_step", "Every open ask has a next step")
    def open_asks_without_next_step() -> Iterable[Finding]: ...
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module

from django.utils.module_loading import autodiscover_modules

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as it must be: ``what`` it is, in one sentence without personal data, and what to ``do``.

    A finding that is not ``grave`` is worth knowing but does not make the doctor's answer a bad one.
    """

    what: str
    do: str
    grave: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """One check: a stable ``id`` ("room.name") and the ``sentence`` that must be true."""

    id: str
    sentence: str
    check: Callable[[], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What one check came to, and the seconds it took."""

    id: str
    sentence: str
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def is_grave(self) -> bool:
        """Whether something has to be done."""
        return any(finding.grave for finding in self.findings)


_registry: dict[str, Invariant] = {}
Check = Callable[[], Iterable[Finding]]


def invariant(name: str, sentence: str) -> Callable[[Check], Check]:
    """Register a check under its id, "room.name". It only reads; of the rows it means it names a few, by id or code."""

    def register(check: Check) -> Check:
        if name in _registry and _registry[name].check is not check:
            raise ValueError(f"there are two invariants called {name}")
        _registry[name] = Invariant(id=name, sentence=sentence, check=check)
        return check

    return register


def invariants() -> list[Invariant]:
    """Every invariant of every room, by id."""
    import_module("commonweal.base.soundness")
    autodiscover_modules("invariants")
    return [_registry[name] for name in sorted(_registry)]


def examine(chosen: Iterable[Invariant]) -> Iterator[Examined]:
    """Run the checks one after the other. A check that cannot run is a finding too."""
    for entry in chosen:
        began = time.monotonic()
        try:
            findings = tuple(entry.check())
        except Exception as error:
            logger.debug("the check %s could not run", entry.id, exc_info=True)
            findings = (
                Finding(
                    what=f"This could not be checked ({type(error).__name__}).",
                    do="Mend what else is on this list first. COMMONWEAL_LOG_LEVEL=DEBUG says where it stopped.",
                ),
            )
        yield Examined(
            id=entry.id, sentence=entry.sentence, findings=findings, seconds=time.monotonic() - began
        )
