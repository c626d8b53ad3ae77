"""Cells: fixed points, properties, and the box compared with looking at every cell around."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.algorithms.places import (
    EARTH_RADIUS_M,
    X_MAX,
    X_MIN,
    Y_MAX,
    Y_MIN,
    Cell,
    NotOnEarth,
    cell_bounds,
    cell_centre,
    cell_of,
    cells_within,
    distance_m,
    distance_m_points,
)

cells = st.tuples(st.integers(Y_MIN, Y_MAX), st.integers(X_MIN, X_MAX))
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def naive_cell_of(lat: float, lon: float) -> Cell:
    """Find the cell by its edges, without multiplying: the twin of `cell_of`."""
    y = next(y for y in range(math.floor(lat * 400) - 2, Y_MAX + 1) if (y + 1) / 400 > lat or y == Y_MAX)
    x = next(x for x in range(math.floor(lon * 320) - 2, X_MAX + 1) if (x + 1) / 320 > lon or x == X_MAX)
    return y, x


def test_a_known_corner_of_baltimore() -> None:
    # Thames Street at South Broadway, Fells Point.
    assert cell_of(39.2818, -76.5929) == (15712, -24510)
    south, west, north, east = cell_bounds(15712, -24510)
    assert south <= 39.2818 < north
    assert west <= -76.5929 < east


def test_the_documented_widths() -> None:
    for lat, width in [(0, 348), (25, 315), (39, 270), (52, 214), (64, 152)]:
        assert distance_m_points(lat, 0, lat, 1 / 320) == pytest.approx(width, abs=1)
    assert distance_m((0, 0), (1, 0)) == pytest.approx(278, abs=1)


def test_known_distances() -> None:
    paris, new_york, london = (48.8566, 2.3522), (40.7128, -74.0060), (51.5074, -0.1278)
    assert distance_m_points(*paris, *new_york) == pytest.approx(5_837_000, rel=0.001)
    assert distance_m_points(*london, *paris) == pytest.approx(343_600, rel=0.001)
    assert distance_m_points(0, 0, 0, 180) == pytest.approx(math.pi * EARTH_RADIUS_M)
    assert distance_m_points(90, 0, -90, 77) == pytest.approx(math.pi * EARTH_RADIUS_M)


def test_the_pole_and_the_antimeridian_belong_to_the_last_cell() -> None:
    assert cell_of(90, 180) == (Y_MAX, X_MAX)
    assert cell_of(-90, -180) == (Y_MIN, X_MIN)


@pytest.mark.parametrize("point", [(90.1, 0), (-91, 0), (0, 180.5), (0, -181), (math.nan, 0), (0, math.inf)])
def test_points_that_are_nowhere_are_refused(point: tuple[float, float]) -> None:
    with pytest.raises(NotOnEarth):
        cell_of(*point)


@pytest.mark.parametrize("cell", [(Y_MAX + 1, 0), (Y_MIN - 1, 0), (0, X_MAX + 1), (0, X_MIN - 1)])
def test_cells_off_the_grid_are_refused(cell: Cell) -> None:
    for function in (cell_centre, cell_bounds):
        with pytest.raises(NotOnEarth):
            function(*cell)
    with pytest.raises(NotOnEarth):
        cells_within(cell, 100)


@pytest.mark.parametrize("radius", [-1, math.nan, math.inf])
def test_impossible_radii_are_refused(radius: float) -> None:
    with pytest.raises(ValueError, match="a radius is 0 m or more"):
        cells_within((0, 0), radius)


@given(cells)
def test_a_cell_holds_its_own_centre(cell: Cell) -> None:
    assert cell_of(*cell_centre(*cell)) == cell


@given(points)
def test_a_point_lies_in_the_bounds_of_its_cell(point: tuple[float, float]) -> None:
    lat, lon = point
    south, west, north, east = cell_bounds(*cell_of(lat, lon))
    assert south <= lat <= north or math.isclose(lat, south) or math.isclose(lat, north)
    assert west <= lon <= east or math.isclose(lon, west) or math.isclose(lon, east)


@given(st.tuples(st.integers(-90 * 4000, 90 * 4000), st.integers(-180 * 3200, 180 * 3200)))
def test_the_cell_is_the_one_the_edges_say(tenths: tuple[int, int]) -> None:
    # Middle of a tenth of a cell, so that no point sits on an edge, where the last bit of a float decides.
    lat = max(-90.0, min(90.0, (tenths[0] + 0.5) / 4000))
    lon = max(-180.0, min(180.0, (tenths[1] + 0.5) / 3200))
    assert cell_of(lat, lon) == naive_cell_of(lat, lon)


@given(cells, cells)
def test_distance_is_symmetric_and_zero_only_at_home(a: Cell, b: Cell) -> None:
    assert distance_m(a, b) == pytest.approx(distance_m(b, a), rel=1e-12, abs=1e-6)
    assert distance_m(a, a) == 0
    if a != b:
        assert distance_m(a, b) > 0


@given(cells, cells, cells)
def test_a_detour_is_never_shorter(a: Cell, b: Cell, c: Cell) -> None:
    # Half a metre of slack: near the far side of the earth the arc sine resolves no better.
    assert distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 0.5


@given(
    st.tuples(st.integers(-85 * 400, 85 * 400), st.integers(X_MIN, X_MAX)),
    st.integers(-12, 12),
    st.integers(-30, 30),
    st.floats(0, 3000),
)
def test_the_box_misses_no_near_cell(cell: Cell, dy: int, dx: int, radius: float) -> None:
    other = (cell[0] + dy, (cell[1] + dx - X_MIN) % (X_MAX - X_MIN + 1) + X_MIN)
    y_min, y_max, x_min, x_max = cells_within(cell, radius)
    if distance_m(cell, other) <= radius:
        assert y_min <= other[0] <= y_max
        assert x_min <= other[1] <= x_max


@given(cells, st.floats(0, 2e7), cells)
def test_the_box_misses_nothing_on_any_scale(cell: Cell, radius: float, other: Cell) -> None:
    y_min, y_max, x_min, x_max = cells_within(cell, radius)
    assert Y_MIN <= y_min <= cell[0] <= y_max <= Y_MAX
    assert X_MIN <= x_min <= cell[1] <= x_max <= X_MAX
    if distance_m(cell, other) <= radius:
        assert y_min <= other[0] <= y_max
        assert x_min <= other[1] <= x_max


def test_the_box_is_tight_in_town() -> None:
    y, x = cell_of(39.2818, -76.5929)
    assert cells_within((y, x), 0) == (y, y, x, x)
    assert cells_within((y, x), 277) == (y, y, x - 1, x + 1)
    assert cells_within((y, x), 600) == (y - 2, y + 2, x - 2, x + 2)


def test_the_box_spans_the_row_at_the_pole_and_the_antimeridian() -> None:
    assert cells_within(cell_of(89.99, 10), 5_000)[2:] == (X_MIN, X_MAX)
    assert cells_within(cell_of(-17, 179.999), 5_000)[2:] == (X_MIN, X_MAX)
    assert cells_within(cell_of(-17, 179.999), 5_000)[0] > Y_MIN
