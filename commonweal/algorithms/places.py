"""Coarse places: the grid of cells in which members' places are stored and shared.

The grid is fixed and world-wide: a cell is 1/400 of a degree of latitude high (278 m everywhere) and 1/320
of a degree of longitude wide. Longitude shrinks towards the poles, so the width depends on the latitude:

======== ====== ====== ====== ====== ======
latitude      0     25     39     52     64
width     348 m  315 m  270 m  214 m  152 m
======== ====== ====== ====== ====== ======

A grid whose columns were as wide everywhere would need another column count in each row, and "near" could
then not be asked of a database as two plain ranges. With this one it can, on an index:
``y BETWEEN .. AND .. AND x BETWEEN .. AND ..``, where `cells_within` gives the four numbers and `distance_m`
decides what is really near.

``Cell = (y, x)``: ``y`` grows northwards from the equator, ``x`` eastwards from Greenwich; both may be
negative.
"""

import math

Cell = tuple[int, int]

ROWS_PER_DEGREE = 400
COLUMNS_PER_DEGREE = 320
Y_MIN, Y_MAX = -90 * ROWS_PER_DEGREE, 90 * ROWS_PER_DEGREE - 1
X_MIN, X_MAX = -180 * COLUMNS_PER_DEGREE, 180 * COLUMNS_PER_DEGREE - 1
EARTH_RADIUS_M = 6_371_008.8


class NotOnEarth(ValueError):
    """A latitude outside -90..90, a longitude outside -180..180, or a cell outside the grid."""


def cell_of(lat: float, lon: float) -> Cell:
    """Return the cell that holds a point, in degrees.

    The northern and eastern edge belong to the next cell, except at the pole and the antimeridian, which
    belong to the last. Raises `NotOnEarth` for anything out of range, infinite or not a number.
    """
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise NotOnEarth(f"no such point: {lat}, {lon}")
    y = min(math.floor(lat * ROWS_PER_DEGREE), Y_MAX)
    x = min(math.floor(lon * COLUMNS_PER_DEGREE), X_MAX)
    return y, x


def cell_centre(y: int, x: int) -> tuple[float, float]:
    """Return (latitude, longitude) of a cell's centre, in degrees: all of a place that is ever shared."""
    _check(y, x)
    return (y + 0.5) / ROWS_PER_DEGREE, (x + 0.5) / COLUMNS_PER_DEGREE


def cell_bounds(y: int, x: int) -> tuple[float, float, float, float]:
    """Return (south, west, north, east) of a cell, in degrees."""
    _check(y, x)
    return (
        y / ROWS_PER_DEGREE,
        x / COLUMNS_PER_DEGREE,
        (y + 1) / ROWS_PER_DEGREE,
        (x + 1) / COLUMNS_PER_DEGREE,
    )


def distance_m(a: Cell, b: Cell) -> float:
    """Return the metres between the centres of two cells. Symmetric; a detour is never shorter."""
    return distance_m_points(*cell_centre(*a), *cell_centre(*b))


def distance_m_points(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the great-circle metres between two points in degrees, by the haversine formula on a sphere.

    Against the ellipsoid it is wrong by at most 0.6 %. Exact to the millimetre for near points, where the
    spherical law of cosines would lose all digits (R. W. Sinnott, "Virtues of the Haversine", 1984).
    """
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    half_phi = math.sin((phi_b - phi_a) / 2)
    half_lambda = math.sin(math.radians(lon_b - lon_a) / 2)
    h = half_phi * half_phi + math.cos(phi_a) * math.cos(phi_b) * half_lambda * half_lambda
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


def cells_within(cell: Cell, radius_m: float) -> tuple[int, int, int, int]:
    """Return (y_min, y_max, x_min, x_max), all inclusive: a box with every cell whose centre is within reach.

    A superset: a corner of the box is up to 1.41 times as far, so filter by `distance_m` afterwards. Where
    the circle holds a pole or crosses the antimeridian the box spans the whole row of columns: no cell is
    missed, and a range never has to wrap. The radius is in metres; a negative or non-finite one raises
    ValueError.
    """
    _check(*cell)
    if not (0 <= radius_m < math.inf):
        raise ValueError(f"a radius is 0 m or more: {radius_m}")
    angle = min(radius_m / EARTH_RADIUS_M, math.pi)
    lat, lon = cell_centre(*cell)
    y_min, y_max = _span(lat, math.degrees(angle), ROWS_PER_DEGREE, Y_MIN, Y_MAX)
    if math.radians(abs(lat)) + angle >= math.pi / 2:
        return y_min, y_max, X_MIN, X_MAX
    # The meridians that touch a circle on a sphere lie asin(sin r / cos phi) away, not r / cos phi.
    reach = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(lat)))))
    if lon - reach < -180 or lon + reach > 180:
        return y_min, y_max, X_MIN, X_MAX
    x_min, x_max = _span(lon, reach, COLUMNS_PER_DEGREE, X_MIN, X_MAX)
    return y_min, y_max, x_min, x_max


def _span(middle: float, reach: float, per_degree: int, least: int, most: int) -> tuple[int, int]:
    """Return the first and last row whose centre lies within ``reach`` degrees, kept on the grid.

    A thousandth of a row is added, so that a centre exactly on the circle is not lost to rounding.
    """
    low = math.ceil((middle - reach) * per_degree - 0.501)
    high = math.floor((middle + reach) * per_degree - 0.499)
    return max(low, least), min(high, most)


def _check(y: int, x: int) -> None:
    if not (Y_MIN <= y <= Y_MAX and X_MIN <= x <= X_MAX):
        raise NotOnEarth(f"no such cell: {y}, {x}")
