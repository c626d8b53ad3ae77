"""Plane geometry: fixed figures, properties, and twins that look at every point."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.networks.places import geometry as geo

SQUARE = ((10.0, 50.0), (10.01, 50.0), (10.01, 50.01), (10.0, 50.01))
HOLE = ((10.004, 50.004), (10.006, 50.004), (10.006, 50.006), (10.004, 50.006))
DOT = ((10.0049, 50.0049), (10.0051, 50.0049), (10.0051, 50.0051), (10.0049, 50.0051))
BOX = (10.0, 50.0, 10.01, 50.01)
# Whole steps of a metre or so: figures without points that only rounding tells apart.
points = st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(
    lambda p: (10.0 + p[0] / 100_000, 50.0 + p[1] / 100_000)
)
lines = st.lists(points, min_size=2, max_size=30).map(tuple)


def naive_within(line, kept, tolerance):
    """Whether every point of a line is within the tolerance of what was kept of it."""
    segments = list(pairwise(kept)) or [(kept[0], kept[0])]
    return all(
        min(geo.metres(point, geo.nearest_on_segment(point, a, b)) for a, b in segments) <= tolerance
        for point in line
    )


def test_metres_agree_with_the_grid_of_cells():
    assert geo.metres((0, 0), (0, 1)) == pytest.approx(111_195)
    assert geo.metres((10, 60), (11, 60)) == pytest.approx(111_195 / 2, rel=1e-9)


def test_the_middle_of_a_line_is_half_its_length_away():
    line = ((10.0, 50.0), (10.0, 50.001), (10.0, 50.004))
    assert geo.midpoint(line) == pytest.approx((10.0, 50.002))
    assert geo.midpoint(((10.0, 50.0), (10.0, 50.0))) == (10.0, 50.0)
    assert geo.midpoint(((10.0, 50.0),)) == (10.0, 50.0)


@given(lines)
def test_the_middle_halves_any_line(line):
    middle = geo.midpoint(line)
    assert geo.in_box(middle, geo.box_of(line)) or geo.metres(middle, line[-1]) < 1


def test_holes_and_islands_are_told_apart_by_nesting():
    shape = (HOLE, SQUARE, DOT)
    assert geo.polygons(shape) == [(SQUARE, HOLE), (DOT,)]
    whole = geo.area_m2((SQUARE,))
    assert whole == pytest.approx(1112 * 1112 * math.cos(math.radians(50)), rel=0.001)
    assert geo.area_m2(shape) == pytest.approx(whole * (1 - 0.04 + 0.0004))
    assert geo.area_m2(()) == 0
    assert geo.in_shape((10.001, 50.001), shape)
    assert not geo.in_shape((10.0045, 50.0045), shape)
    assert geo.in_shape((10.005, 50.005), shape)
    assert not geo.in_shape((10.02, 50.005), shape)


def test_the_centre_of_mass():
    assert geo.centroid(SQUARE) == pytest.approx((10.005, 50.005))
    assert geo.centroid(((10.0, 50.0), (10.002, 50.0))) == pytest.approx((10.001, 50.0))


def test_the_inner_point_of_a_ring_with_a_hole_is_not_in_the_hole():
    shape = (SQUARE, ((10.002, 50.002), (10.008, 50.002), (10.008, 50.008), (10.002, 50.008)))
    assert geo.in_shape(geo.inner_point(shape), shape)


def test_the_inner_point_of_a_sliver_is_its_middle():
    sliver = (((10.0, 50.0), (10.01, 50.0), (10.01, 50.0)),)
    assert geo.inner_point(sliver) == pytest.approx((10.0066667, 50.0))


@given(st.lists(points, min_size=3, max_size=12, unique=True).map(tuple))
def test_a_ring_cut_to_a_box_lies_in_it_and_keeps_what_was_inside(ring):
    west, south, east, north = box = (10.002, 50.002, 10.007, 50.007)
    cut = geo.clip_ring(ring, box)
    near = (west - 1e-9, south - 1e-9, east + 1e-9, north + 1e-9)
    assert all(geo.in_box(point, near) for point in cut)
    for x in range(3):
        for y in range(3):
            point = west + (x + 0.37) / 3 * (east - west), south + (y + 0.41) / 3 * (north - south)
            if geo.distance_to_shape_m(point, (ring,)) > 0.5:
                assert geo.in_ring(point, ring) == (bool(cut) and geo.in_ring(point, cut))


def test_a_ring_outside_the_box_is_gone():
    assert geo.clip_ring(SQUARE, (11.0, 50.0, 11.1, 50.1)) == ()
    assert geo.clip_ring(SQUARE, (10.01, 50.0, 11.1, 50.1)) == ()


@given(lines)
def test_a_line_cut_to_a_box_is_as_long_as_what_lay_in_it(line):
    box = (10.002, 50.002, 10.007, 50.007)
    near = (10.002 - 1e-9, 50.002 - 1e-9, 10.007 + 1e-9, 50.007 + 1e-9)
    pieces = geo.clip_line(line, box)
    assert all(geo.in_box(point, near) for piece in pieces for point in piece)
    steps = 400
    naive = 0.0
    for a, b in pairwise(line):
        inside = sum(
            geo.in_box(
                (a[0] + (b[0] - a[0]) * (i + 0.5) / steps, a[1] + (b[1] - a[1]) * (i + 0.5) / steps), box
            )
            for i in range(steps)
        )
        naive += geo.metres(a, b) * inside / steps
    assert sum(map(geo.length_m, pieces)) == pytest.approx(naive, abs=0.02 * geo.length_m(line) + 1)


def test_a_line_that_leaves_and_comes_back_is_two_pieces():
    line = ((10.005, 50.005), (10.02, 50.005), (10.02, 50.006), (10.005, 50.006))
    first, second = geo.clip_line(line, BOX)
    assert first[0] == (10.005, 50.005)
    assert first[1] == pytest.approx((10.01, 50.005))
    assert second[0] == pytest.approx((10.01, 50.006))
    assert second[1] == (10.005, 50.006)


@given(st.lists(points, min_size=1, max_size=25, unique=True))
def test_each_cell_is_what_lies_nearest_to_its_point(sites):
    cells = geo.voronoi(sites, BOX)
    squeeze = math.cos(math.radians((BOX[1] + BOX[3]) / 2))

    def gap(a, b):
        return math.hypot((a[0] - b[0]) * squeeze, a[1] - b[1])

    for x in range(5):
        for y in range(5):
            point = 10.0 + (x + 0.313) / 500, 50.0 + (y + 0.277) / 500
            gaps = sorted((gap(point, site), site) for site in sites)
            if len(gaps) > 1 and gaps[1][0] - gaps[0][0] < 1e-7:
                continue
            assert [site for site, cell in zip(sites, cells) if cell and geo.in_ring(point, cell)] == [
                gaps[0][1]
            ]


@given(st.lists(points, min_size=1, max_size=20, unique=True))
def test_the_cells_fill_the_box_without_overlap(sites):
    cells = geo.voronoi(sites, BOX)
    assert sum(map(geo.signed_area, cells)) == pytest.approx(geo.signed_area(SQUARE), rel=1e-6)


@given(lines, st.floats(0.5, 200))
def test_simplifying_keeps_the_ends_and_stays_within_the_tolerance(line, tolerance):
    kept = geo.simplify(line, tolerance)
    assert kept[0] == line[0]
    assert kept[-1] == line[-1]
    assert set(kept) <= set(line)
    assert naive_within(line, kept, tolerance + 1e-6)


def test_a_straight_line_is_its_ends():
    line = tuple((10.0 + at / 1000, 50.0) for at in range(10))
    assert geo.simplify(line, 1) == (line[0], line[-1])


def wiggly(number):
    return 10.005 + (0.00003 if number % 2 else 0.0), 50.0 + number / 2000


def test_neighbours_that_share_a_border_still_share_it_when_simplified():
    border = tuple(wiggly(number) for number in range(21))
    west = (((10.0, 50.0), *border, (10.0, 50.01)),)
    east = (((10.01, 50.01), *border[::-1], (10.01, 50.0)),)
    simple_west, simple_east = geo.simplify_together([west, east], 10)
    assert len(simple_west[0]) < 8
    assert set(simple_west[0]) & set(simple_east[0]) >= {border[0], border[-1]}
    whole = abs(geo.signed_area(simple_west[0])) + abs(geo.signed_area(simple_east[0]))
    assert whole == pytest.approx(geo.signed_area(SQUARE), rel=1e-6)


def test_an_island_is_simplified_alone_and_crumbs_vanish():
    round_one = tuple(
        (10.005 + math.cos(at / 20 * math.pi) / 1000, 50.005 + math.sin(at / 20 * math.pi) / 1500)
        for at in range(40)
    )
    crumb = ((10.0, 50.0), (10.00001, 50.0), (10.00001, 50.00001))
    ((simple,),) = geo.simplify_together([(round_one, crumb)], 5)
    assert 4 <= len(simple) < 40
    assert geo.area_m2((simple,)) == pytest.approx(geo.area_m2((round_one,)), rel=0.1)


def test_rounding_drops_what_falls_together():
    crumb = ((10.000001, 50.0), (10.000002, 50.0), (10.000003, 50.000001))
    assert geo.rounded((SQUARE, crumb)) == (SQUARE,)
