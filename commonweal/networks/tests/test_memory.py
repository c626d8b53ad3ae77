"""What is remembered for a few seconds."""

import pytest

from commonweal.networks import memory
from commonweal.networks.queries import areas_of, categories_of
from commonweal.networks.tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """An empty memory, and the seconds it counts by."""
    seconds = [100.0]
    monkeypatch.setattr(memory, "_kept", {})
    monkeypatch.setattr(memory, "monotonic", lambda: seconds[0])
    return seconds


def test_areas_are_read_once_in_ten_seconds(harbor, clock, django_assert_num_queries):
    cast.areas(harbor)
    with django_assert_num_queries(1):
        assert len(areas_of(harbor)) == len(areas_of(harbor)) == 2

    clock[0] += memory.SECONDS
    with django_assert_num_queries(1):
        areas_of(harbor)


def test_what_is_added_here_is_seen_here_at_once(harbor, hills):
    assert areas_of(harbor) == ()
    assert areas_of(hills) == ()

    cast.areas(harbor)

    assert len(areas_of(harbor)) == 2
    assert areas_of(hills) == ()


def test_memory_does_not_grow_for_ever(harbor, hills, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(memory, "MOST", 2)
    for network in (harbor, hills):
        areas_of(network)
    categories_of(harbor)

    with django_assert_num_queries(1):
        areas_of(hills)
    with django_assert_num_queries(0):
        categories_of(harbor)
