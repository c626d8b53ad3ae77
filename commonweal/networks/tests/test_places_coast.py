"""The sea from its coast: water lies on the right of the line, and ends where the box ends."""

import pytest

from commonweal.networks.places.coast import sea
from commonweal.networks.places.geometry import in_shape, signed_area

BOX = (0.0, 0.0, 4.0, 2.0)


def share(shapes):
    """The part of the box that is water: outsides less their islands."""
    return (
        sum(abs(signed_area(out)) - sum(map(abs, map(signed_area, islands))) for out, *islands in shapes) / 8
    )


def wet(shapes, x, y):
    return any(in_shape((x, y), shape) for shape in shapes)


def test_no_coast_no_sea():
    assert sea([], BOX) == []


@pytest.mark.parametrize(
    ("coast", "water", "land"),
    [
        ([(-1, 1), (5, 1)], (2, 0.5), (2, 1.5)),
        ([(5, 1), (-1, 1)], (2, 1.5), (2, 0.5)),
        ([(2, -1), (2, 3)], (3, 1), (1, 1)),
        ([(2, 3), (2, -1)], (1, 1), (3, 1)),
    ],
)
def test_the_water_is_on_the_right(coast, water, land):
    shapes = sea([tuple(coast)], BOX)
    assert share(shapes) == pytest.approx(0.5)
    assert wet(shapes, *water)
    assert not wet(shapes, *land)


def test_a_coast_in_several_ways_in_any_order_is_one():
    pieces = [((1, 1), (2, 1.2)), ((-1, 1), (1, 1)), ((3, 1), (5, 1)), ((2, 1.2), (3, 1))]
    assert len(sea(pieces, BOX)) == 1
    assert sea(pieces, BOX) == sea(pieces[::-1], BOX)


def test_a_peninsula_leaves_two_bays():
    shapes = sea([((1, -1), (1, 1), (-1, 1)), ((5, 1), (3, 1), (3, -1))][::-1], BOX)
    dry = [(2, 0.5), (2, 1.5), (0.5, 1.5), (3.5, 1.5)]
    turned = sea([((-1, 1), (1, 1), (1, -1)), ((3, -1), (3, 1), (5, 1))], BOX)
    assert [wet(turned, x, y) for x, y in [(0.5, 0.5), (3.5, 0.5)]] == [True, True]
    assert not any(wet(turned, x, y) for x, y in dry)
    assert share(turned) == pytest.approx(0.25)
    assert share(shapes) == pytest.approx(0.75)


def test_an_island_in_the_sea_is_dry_and_one_without_other_coast_lies_in_water():
    island = ((1.0, 0.25), (2.0, 0.25), (2.0, 0.75), (1.0, 0.75), (1.0, 0.25))
    shapes = sea([((-1, 1), (5, 1)), island], BOX)
    assert not wet(shapes, 1.5, 0.5)
    assert wet(shapes, 3, 0.5)
    assert share(shapes) == pytest.approx(0.5 - 0.5 / 8)
    assert share(sea([island], BOX)) == pytest.approx(1 - 0.5 / 8)


def test_a_ring_that_runs_the_other_way_is_water():
    lagoon = ((1.0, 0.5), (1.0, 1.5), (2.0, 1.5), (2.0, 0.5), (1.0, 0.5))
    assert share(sea([lagoon], BOX)) == pytest.approx(1 / 8)


def test_an_island_cut_by_the_box_is_cut_once_wherever_its_ring_begins():
    ring = [(3.0, 0.5), (5.0, 0.5), (5.0, 1.5), (3.0, 1.5)]
    for first in range(4):
        turned = ring[first:] + ring[:first]
        shapes = sea([(*turned, turned[0])], BOX)
        assert share(shapes) == pytest.approx(1 - 1 / 8)
        assert not wet(shapes, 3.5, 1)


def test_a_coast_cut_off_inside_the_box_is_led_to_the_edge():
    shapes = sea([((0.2, 1.0), (3.9, 1.0))], BOX)
    assert share(shapes) == pytest.approx(0.5)


def test_two_coasts_from_one_point_are_both_kept():
    assert share(sea([((-1, 1), (1, 1)), ((-1, 1), (5, 1.0))], BOX)) > 0
