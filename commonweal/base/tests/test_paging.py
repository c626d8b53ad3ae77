"""Cursors: exactly what was encoded comes back, and anything else is the first page."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commonweal.base.paging import Cursor, Page, edges

moments = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=datetime(2199, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
cursors = st.builds(Cursor, at=moments, id=st.uuids(), back=st.booleans())


@given(cursor=cursors)
def test_what_was_encoded_comes_back(cursor):
    text = cursor.encode()
    assert len(text) == 34
    assert Cursor.decode(text) == cursor


@given(junk=st.one_of(st.text(max_size=60), st.none(), st.integers(), st.binary(max_size=60)))
@example(junk="")
@example(junk="A" * 34)
@example(junk="_" * 34)
@example(junk="\x00" * 34)
@example(junk="é" * 34)
@example(junk="A" * 10_000)
def test_junk_is_the_first_page(junk):
    cursor = Cursor.decode(junk)
    assert cursor is None or cursor.encode() == junk


@given(cursor=cursors, place=st.integers(0, 33), letter=st.sampled_from("ABz09-_=/+ \n"))
def test_a_forged_one_is_a_cursor_or_nothing(cursor, place, letter):
    text = cursor.encode()
    forged = text[:place] + letter + text[place + 1 :]
    found = Cursor.decode(forged)
    assert found is None or found.encode() == forged


@pytest.mark.parametrize("year", [1970, 1999, 2200, 9999])
def test_a_moment_out_of_range_is_the_first_page(year):
    cursor = Cursor(at=datetime(year, 6, 1, tzinfo=UTC), id=uuid.uuid4())
    assert Cursor.decode(cursor.encode()) is None


def test_the_edges_of_pages():
    newest = datetime(2026, 3, 3, tzinfo=UTC)
    rows = [(newest - timedelta(days=day), uuid.UUID(int=day)) for day in range(3)]
    first, middle, last = (Cursor(at=at, id=id_) for at, id_ in rows)
    assert edges([], cursor=None, more=False) == ("", "")
    assert edges(rows, cursor=None, more=False) == ("", "")
    older, newer = edges(rows, cursor=None, more=True)
    assert (Cursor.decode(older), newer) == (last, "")
    older, newer = edges(rows[1:], cursor=first, more=False)
    assert (older, Cursor.decode(newer)) == ("", Cursor(at=middle.at, id=middle.id, back=True))
    older, newer = edges(rows[:2], cursor=Cursor(at=last.at, id=last.id, back=True), more=False)
    assert (Cursor.decode(older), newer) == (middle, "")


def test_a_page_is_empty_by_itself():
    assert Page(rows=[]) == Page(rows=[], next="", previous="")
