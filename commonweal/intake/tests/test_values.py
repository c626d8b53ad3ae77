"""What cells say."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.intake.sheets.values import CellUnreadable, count, languages, moment

BALTIMORE = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("5,000", 5000),
        ("12.0", 12),
        ("1 200", 1200),
        ("100000000000000.0", 10**14),
        ("", 7),
        ("+3", 3),
    ],
)
def test_numbers_as_people_and_programs_write_them(text, number):
    assert count("quantity", text, default=7, least=0) == number


@pytest.mark.parametrize("text", ["-1", "1.5", "many", "1e5", "9" * 30, "nan", "٣,٥", "5,00"])
def test_other_numbers_are_refused(text):
    with pytest.raises(CellUnreadable):
        count("quantity", text, default=0, least=0)


@given(st.integers(0, 10**15))
def test_every_count_written_with_commas_reads_back(number):
    assert count("n", f"{number:,}", default=0, least=0) == number


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2020-04-02 16:27:00+00:00", datetime(2020, 4, 2, 16, 27, tzinfo=UTC)),
        ("2020-04-02", datetime(2020, 4, 2, 4, tzinfo=UTC)),
        ("4/2/2020 9:30 PM", datetime(2020, 4, 3, 1, 30, tzinfo=UTC)),
        ("02.04.2020", datetime(2020, 4, 2, 4, tzinfo=UTC)),
        ("April 2, 2020", datetime(2020, 4, 2, 4, tzinfo=UTC)),
    ],
)
def test_moments_are_read_in_the_networks_zone(text, at):
    assert moment("created", text, zone=BALTIMORE, day_first=False) == at


def test_the_day_may_come_first():
    assert moment("created", "03/04/2021", zone=UTC, day_first=True) == datetime(2021, 4, 3, tzinfo=UTC)
    assert moment("created", "", zone=UTC, day_first=True) is None


@pytest.mark.parametrize(
    "text", ["31 February 2020", "2020-02-31", "9999-12-31", "0001-01-01", "soon", "1/32/2020"]
)
def test_impossible_moments_are_refused(text):
    with pytest.raises(CellUnreadable):
        moment("created", text, zone=BALTIMORE, day_first=False)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader_of_moments(text):
    try:
        found = moment("created", text, zone=BALTIMORE, day_first=False)
    except CellUnreadable:
        return
    assert found is None or found.tzinfo is UTC


def test_languages_by_code_and_by_name_in_three_languages():
    assert languages("Spanish, español; en & Kreyòl, klingon") == ["es", "en"]
    assert languages("العربية") == ["ar"]
    assert languages("") == []
