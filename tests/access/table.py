"""The table itself: what is seen at a door, how it is written down, and how it is read from the docs."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.http import HttpResponse

from tests.access.people import COLUMNS, Visitor, address_for, browser_of
from tests.access.things import SAID
from tests.adversary.cast import Side, undone
from tests.adversary.doors import Door

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "access.md"
NOTHING = "–"
Row = dict[str, str]
TO_SIGN_IN = re.compile(r"(https?://[^/]+)?/sign-in/(\?|\Z)")


def seen(visitor: Visitor, door: Door, side: Side) -> str:
    """What a visitor gets at a door, by looking and by pressing: "see", "see, do", "sign in", "refused", …"""
    address = address_for(visitor, door, side)
    said = SAID[door.name](side) if door.name in SAID else {}
    ways = []
    for method in ("GET", "POST"):
        with undone():
            browser = browser_of(visitor, door, side)
            if method == "GET":
                answer: Any = browser.get(address, secure=True)
            else:
                answer = browser.post(address, said, secure=True)
            ways.append(_word(answer, method))
    return ", ".join(dict.fromkeys(way for way in ways if way != NOTHING)) or NOTHING


def _word(answer: HttpResponse, method: str) -> str:
    """One answer in one word. What is put right or comes too late is still an answer to who may ask."""
    named = {403: "refused", 404: "not found", 405: NOTHING}
    if answer.status_code in named:
        return named[answer.status_code]
    if answer.status_code in (301, 302, 303):
        led = answer.headers["Location"]
        return "sign in" if TO_SIGN_IN.match(led) else "led on" if method == "GET" else "do"
    if answer.status_code >= 500:
        return f"fault {answer.status_code}"
    return "see" if method == "GET" else "do"


def row_of(door: Door, people: Iterable[Visitor], side: Side) -> Row:
    """The row of a door, as it is."""
    return {visitor.column: seen(visitor, door, side) for visitor in people}


def written(door: Door, row: Row) -> str:
    """A row as it stands in the docs."""
    cells = [f"`{door.name}`", f"`/{door.route}`", *(row[column] for column in COLUMNS)]
    return f"| {' | '.join(cells)} |"


def head() -> str:
    """The head of a table."""
    names = ["name", "address", *COLUMNS]
    return f"| {' | '.join(names)} |\n|{'---|' * len(names)}"


def read(text: str) -> Iterator[tuple[str, str, Row]]:
    """Every row of the docs: its name, its address, its cells."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == len(COLUMNS) + 2 and cells[0].startswith("`"):
            yield cells[0].strip("`"), cells[1].strip("`"), dict(zip(COLUMNS, cells[2:], strict=True))
