"""Under which key everything is, counted by opening all of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from commonweal.base import crypto
from commonweal.base.keys.columns import BEFORE, as_stored, encrypted_tables, in_batches, indexes, names

AT_ONCE = 500
CLOSED = "unreadable"
Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """How many values are under which key, by the marks of the keys, newest first.

    ``values`` counts ciphertexts, ``indexed`` fingerprints; ``unreadable`` is what no key of ours opens.
    """

    marks: tuple[str, ...]
    values: dict[str, int]
    indexed: dict[str, int]
    unreadable: int

    @property
    def older(self) -> int:
        """How many ciphertexts are not under the newest key."""
        return sum(self.values[mark] for mark in self.marks[1:])

    def as_json(self) -> dict[str, Any]:
        """For a program to read."""
        keys = [
            {"mark": mark, "values": self.values[mark], "indexed": self.indexed[mark]} for mark in self.marks
        ]
        return {"keys": keys, "older": self.older, "unreadable": self.unreadable}


def _silent(done: int, total: int) -> None:
    """Nobody is watching."""


def take_census(progress: Progress = _silent) -> Census:
    """Open everything and count. Takes some half a minute for each million values."""
    marks = tuple(crypto.mark(key) for key in settings.COMMONWEAL_KEYS)
    values, indexed = Counter[str](), Counter[str]()
    tables = encrypted_tables()
    for number, model in enumerate(tables, start=1):
        for batch in in_batches(model, AT_ONCE):
            for row in batch:
                values.update(
                    marked(row[BEFORE + name], marks) for name in names(model) if row[BEFORE + name]
                )
        for field in indexes(model):
            kept = as_stored(model, model._base_manager.exclude(**{field.name: ""}))
            found = kept.values_list(field.name, BEFORE + field.of).iterator(AT_ONCE)
            indexed.update(_under(index, text, field.use) for index, text in found)
        progress(number, len(tables))
    return Census(
        marks=marks,
        values={mark: values[mark] for mark in marks},
        indexed={mark: indexed[mark] for mark in marks},
        unreadable=values[CLOSED],
    )


def marked(stored: str, marks: tuple[str, ...]) -> str:
    """The mark of the key that opens a ciphertext."""
    place = crypto.opened_by(stored)
    return CLOSED if place is None else marks[place]


def _under(index: str, stored: str, use: str) -> str:
    """The mark of the key under which the fingerprint of a stored text was made."""
    if crypto.opened_by(stored) is None:
        return CLOSED
    text = crypto.decrypt(stored)
    for key in settings.COMMONWEAL_KEYS:
        if crypto.index_under(key, text, use) == index:
            return crypto.mark(key)
    return CLOSED
