"""Every address, as everybody: allowed exactly where the table in the docs says so."""

import pytest

from tests.access.people import COLUMNS
from tests.access.table import DOCS, read, row_of, written
from tests.adversary.doors import doors

DOORS = {door.name: door for door in doors()}
TABLE = {name: (address, row) for name, address, row in read(DOCS.read_text(encoding="utf-8"))}
WORDS = {"see", "do", "sign in", "refused", "not found", "led on", "–"}


def test_no_address_has_the_name_of_another():
    assert len(doors()) - len(DOORS) == SAME


# An incoming message comes with and without a rest of its address.
SAME = 1


def test_every_row_is_of_an_address_there_is():
    assert {name: address for name, (address, _row) in TABLE.items()} == {
        name: f"/{DOORS[name].route}" for name in TABLE if name in DOORS
    }, (
        "docs/reference/access.md has a row for an address that is gone or was moved: take it out, or put it right"
    )


def test_every_cell_is_in_the_words_of_the_table():
    said = {word for _address, row in TABLE.values() for cell in row.values() for word in cell.split(", ")}
    assert said <= WORDS


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_everybody_is_let_in_exactly_where_the_table_says(ours, people, door):
    observed = row_of(door, people, ours)
    how = f"""
    {door.name} is not as docs/reference/access.md says. What the program does is this:

{written(door, observed)}

    If that is as it ought to be, for every one of them, put this line in the table (a new address: at the end of its
    room's section). If it is not, the address lets the wrong people in: put its guard right."""
    assert door.name in TABLE, how
    wanted = TABLE[door.name][1]
    differs = {c: f"{wanted[c]} -> {observed[c]}" for c in COLUMNS if wanted[c] != observed[c]}
    assert not differs, f"{differs}\n{how}"
