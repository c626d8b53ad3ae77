"""The parts of a week against a clock asked minute by minute; the first meeting against a set of minutes."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.algorithms.matching import PARTS_IN_WEEK, Part, first_meeting, week_parts

NEW_YORK = ZoneInfo("America/New_York")
FULL = (1 << PARTS_IN_WEEK) - 1
MONDAY = datetime(2026, 11, 23, tzinfo=NEW_YORK)

zones = st.sampled_from([NEW_YORK, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Lord_Howe"), UTC])


def minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def naive_week_parts(starts: datetime, ends: datetime, zone: tzinfo) -> list[Part]:
    """Ask the local clock for every minute which part it belongs to, and join what follows one another."""
    found: list[Part] = []
    for now in range(-(-int(starts.timestamp()) // 60), int(ends.timestamp()) // 60):
        local = datetime.fromtimestamp(now * 60, zone)
        if local.hour < 6:
            continue
        bit = local.weekday() * 6 + (local.hour - 6) // 3
        if found and found[-1].bit == bit and found[-1].ends == now:
            found[-1] = Part(bit=bit, starts=found[-1].starts, ends=now + 1)
        else:
            found.append(Part(bit=bit, starts=now, ends=now + 1))
    return found


def naive_first_meeting(
    parts: list[Part], slots: int, busy: list[tuple[int, int]], minutes: int
) -> tuple[int, int] | None:
    """Mark every free minute; walk until ``minutes`` of them follow one another; go on to the end of that piece."""
    piece_of = {
        now: index
        for index, part in enumerate(parts)
        if slots >> part.bit & 1
        for now in range(part.starts, part.ends)
        if not any(begin <= now < until for begin, until in busy)
    }
    for start in sorted(piece_of):
        if start - 1 in piece_of:
            continue
        end = start
        while end in piece_of and (end - start < minutes or piece_of[end] == piece_of[end - 1]):
            end += 1
        if end - start >= minutes:
            return start, end
    return None


@given(
    st.integers(0, 275 * 24 * 60).map(lambda m: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=m)),
    st.integers(1, 9000),
    st.integers(0, 59),
    zones,
)
def test_parts_are_what_the_local_clock_says(start, length, seconds, zone):
    starts = start + timedelta(seconds=seconds)
    ends = starts + timedelta(minutes=length)
    assert list(week_parts(starts, ends, zone)) == naive_week_parts(starts, ends, zone)


def test_a_working_day_has_six_parts():
    parts = week_parts(MONDAY, MONDAY + timedelta(days=1), NEW_YORK)
    assert [part.bit for part in parts] == [0, 1, 2, 3, 4, 5]
    assert parts[0].starts == minute(MONDAY + timedelta(hours=6))
    assert {part.ends - part.starts for part in parts} == {180}


def test_a_window_cuts_its_first_and_last_part():
    starts, ends = MONDAY + timedelta(hours=10, minutes=30), MONDAY + timedelta(hours=13)
    assert week_parts(starts, ends, NEW_YORK) == (
        Part(bit=1, starts=minute(starts), ends=minute(MONDAY + timedelta(hours=12))),
        Part(bit=2, starts=minute(MONDAY + timedelta(hours=12)), ends=minute(ends)),
    )


def test_the_night_belongs_to_nobody():
    assert week_parts(MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=5), NEW_YORK) == ()


def test_a_long_window_is_looked_at_for_four_weeks():
    assert len(week_parts(MONDAY, MONDAY + timedelta(days=90), NEW_YORK)) == 4 * PARTS_IN_WEEK


def test_the_evening_after_the_clocks_change_is_still_the_evening():
    sunday = datetime(2026, 11, 1, tzinfo=NEW_YORK)
    parts = week_parts(sunday, sunday + timedelta(days=1), NEW_YORK)
    assert [datetime.fromtimestamp(part.starts * 60, NEW_YORK).hour for part in parts] == [
        6,
        9,
        12,
        15,
        18,
        21,
    ]


@pytest.mark.parametrize(
    ("starts", "ends"),
    [(MONDAY, MONDAY), (MONDAY, MONDAY - timedelta(hours=1))],
)
def test_a_window_without_length_is_refused(starts, ends):
    with pytest.raises(ValueError, match="ends after it starts"):
        week_parts(starts, ends, NEW_YORK)


@pytest.mark.parametrize("plain", [0, 1])
def test_a_moment_without_a_zone_is_refused(plain):
    window = [MONDAY, MONDAY + timedelta(days=1)]
    window[plain] = window[plain].replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        week_parts(window[0], window[1], NEW_YORK)


def a_week(days: int = 7) -> list[Part]:
    return list(week_parts(MONDAY, MONDAY + timedelta(days=days), NEW_YORK))


def test_somebody_free_on_tuesday_afternoon_meets_on_tuesday_afternoon():
    tuesday_at_three = 1 << 6 + 3
    begin, until = minute(MONDAY + timedelta(days=1, hours=15)), minute(MONDAY + timedelta(days=1, hours=18))
    assert first_meeting(a_week(), slots=tuesday_at_three) == (begin, until)


def test_somebody_who_can_at_no_time_meets_never():
    assert first_meeting(a_week(), slots=0) is None


def test_two_parts_in_a_row_make_one_stretch():
    noon = MONDAY + timedelta(hours=12)
    parts = week_parts(noon - timedelta(minutes=15), noon + timedelta(minutes=15), NEW_YORK)
    assert first_meeting(parts, slots=FULL) == (parts[0].starts, parts[1].ends)
    assert first_meeting(parts, slots=1 << 1) is None


def test_a_meeting_is_a_part_of_a_day_and_not_a_week():
    begin, until = first_meeting(a_week(), slots=FULL) or (0, 0)
    assert until - begin == 180


def test_what_is_agreed_elsewhere_is_not_offered_again():
    nine, noon = minute(MONDAY + timedelta(hours=9)), minute(MONDAY + timedelta(hours=12))
    morning = 1 << 1
    parts = a_week(1)
    assert first_meeting(parts, slots=morning, busy=[(nine, noon)]) is None
    assert first_meeting(parts, slots=morning, busy=[(nine + 60, nine + 90)]) == (nine, nine + 60)
    assert first_meeting(parts, slots=morning, busy=[(nine + 20, nine + 90)]) == (nine + 90, noon)
    assert first_meeting(parts, slots=morning, busy=[(nine - 60, nine + 30)]) == (nine + 30, noon)


@given(
    st.integers(0, FULL),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 400)), max_size=4),
    st.integers(1, 400),
    st.integers(0, 2800),
    st.integers(1, 2880),
)
def test_the_first_meeting_is_what_counting_minutes_finds(slots, busy, minutes, offset, length):
    starts = MONDAY + timedelta(minutes=offset)
    parts = list(week_parts(starts, starts + timedelta(minutes=length), NEW_YORK))
    taken = [(minute(MONDAY) + begin, minute(MONDAY) + begin + width) for begin, width in busy]
    found = first_meeting(parts, slots=slots, busy=taken, minutes=minutes)
    expected = naive_first_meeting(parts, slots, taken, minutes)
    assert found == expected
