"""Moments in words."""

from datetime import UTC, datetime, timedelta

import pytest

from commonweal.base import clock
from commonweal.web import times

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon():
    with clock.frozen(NOON):
        yield


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(seconds=-59), "now"),
        (timedelta(minutes=20), "in 20 min"),
        (timedelta(minutes=-90), "1 h ago"),
        (timedelta(hours=47), "in 47 h"),
        (timedelta(days=-3), "3 days ago"),
    ],
)
def test_from_now(away, words):
    assert times.from_now(NOON + away) == words


@pytest.mark.parametrize(
    ("away", "words", "late"),
    [
        (timedelta(minutes=20), "in 20 min", False),
        (timedelta(seconds=-59), "now", False),
        (timedelta(minutes=-1), "1 min late", True),
        (timedelta(hours=-5), "5 h late", True),
    ],
)
def test_until_due(away, words, late):
    assert times.until_due(NOON + away) == words
    assert times.is_late(NOON + away) is late


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "1 min"),
        (40, "40 min"),
        (60, "1 h"),
        (320, "5 h 20"),
        (305, "5 h 05"),
        (600, "10 h"),
        (4 * 1440, "4 days"),
    ],
)
def test_length(minutes, words):
    assert times.length(minutes) == words


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(hours=2), "10:00"),
        (timedelta(days=1), "Tue 12:00"),
        (timedelta(days=6), "Thu 12:00"),
        (timedelta(days=7), "25 Feb 2026"),
        (timedelta(days=-1), "5 Mar 2026"),
    ],
)
def test_stamp(back, words):
    assert times.stamp(NOON - back) == words


def test_an_element_carries_the_exact_moment():
    made = times.element(NOON, "<now>", kept="due")
    assert 'datetime="2026-03-04T12:00:00+00:00"' in made
    assert 'data-kept="due"' in made
    assert "&lt;now&gt;" in made
    assert "data-kept" not in times.element(NOON, "now")


def test_the_script_gets_the_same_words():
    assert times.patterns() == "%(count)s min|%(count)s h|now|in %(span)s|%(span)s ago|%(span)s late"
