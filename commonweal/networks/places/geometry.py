"""Plane geometry on small pieces of the earth: clipping, cells of nearest points, simplifying, measuring.

A point is ``(lon, lat)`` in degrees, the order of GeoJSON. A line is a tuple of points, a ring a line whose
last point is *not* repeated; a shape is a tuple of rings read by the even-odd rule, so that holes and islands
need no marking. Measures are in metres on a plane that touches the earth nearby: good to 0.5 % over 50 km.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

Point = tuple[float, float]
Line = tuple[Point, ...]
Ring = tuple[Point, ...]
Shape = tuple[Ring, ...]
Box = tuple[float, float, float, float]  # west, south, east, north

METRES_PER_DEGREE = 111_195.0


def metres(a: Point, b: Point) -> float:
    """Return the metres between two near points."""
    east = (b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(east, b[1] - a[1]) * METRES_PER_DEGREE


def length_m(line: Sequence[Point]) -> float:
    """Return the length of a line in metres."""
    return sum(metres(a, b) for a, b in pairwise(line))


def midpoint(line: Sequence[Point]) -> Point:
    """Return the point half-way along a line of at least one point."""
    left = length_m(line) / 2
    for a, b in pairwise(line):
        step = metres(a, b)
        if step >= left:
            share = left / step if step else 0.0
            return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
        left -= step
    return line[-1]


def signed_area(ring: Ring) -> float:
    """Return the area in square degrees, positive where the ring runs anticlockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1])) / 2


def polygons(shape: Shape) -> list[Shape]:
    """Return the polygons of a shape, each its outside and then its holes, in the order of the outsides.

    A ring inside an odd number of others is a hole, and belongs to the smallest ring around it.
    """
    around = [[other for other in shape if other is not ring and in_ring(ring[0], other)] for ring in shape]
    holes: dict[Ring, list[Ring]] = {ring: [] for ring, outer in zip(shape, around) if len(outer) % 2 == 0}
    for ring, outer in zip(shape, around):
        if len(outer) % 2:
            holes[min(outer, key=lambda other: abs(signed_area(other)))].append(ring)
    return [(outside, *inside) for outside, inside in holes.items()]


def area_m2(shape: Shape) -> float:
    """Return the area of a shape in square metres, without its holes."""
    if not shape:
        return 0.0
    total = sum(
        abs(signed_area(outside)) - sum(abs(signed_area(hole)) for hole in holes)
        for outside, *holes in polygons(shape)
    )
    _, south, _, north = box_of(point for ring in shape for point in ring)
    return total * METRES_PER_DEGREE**2 * math.cos(math.radians((south + north) / 2))


def rounded(shape: Shape) -> Shape:
    """Return a shape with coordinates of five digits, about a metre; what falls together goes."""
    rings = (_without_repeats([rounded_point(point) for point in ring]) for ring in shape)
    return tuple(ring for ring in rings if ring)


def rounded_point(point: Point) -> Point:
    """Return a point with coordinates of five digits, about a metre."""
    return round(point[0], 5), round(point[1], 5)


def centroid(ring: Ring) -> Point:
    """Return the centre of mass of a ring; of a ring without area, the mean of its corners."""
    base = ring[0]
    area = east = north = 0.0
    for a, b in zip(ring, ring[1:] + ring[:1]):
        ax, ay, bx, by = a[0] - base[0], a[1] - base[1], b[0] - base[0], b[1] - base[1]
        cross = ax * by - bx * ay
        area += cross
        east += (ax + bx) * cross
        north += (ay + by) * cross
    if abs(area) < 1e-18:
        return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    return base[0] + east / (3 * area), base[1] + north / (3 * area)


def box_of(points: Iterable[Point]) -> Box:
    """Return the smallest box around at least one point."""
    listed = list(points)
    lons, lats = [p[0] for p in listed], [p[1] for p in listed]
    return min(lons), min(lats), max(lons), max(lats)


def in_box(point: Point, box: Box) -> bool:
    """Say whether a point lies in a box, edges included."""
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def in_ring(point: Point, ring: Ring) -> bool:
    """Say whether a point lies inside a ring, by counting the edges that a ray to the east crosses."""
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        if (ay > y) != (by > y) and x < ax + (bx - ax) * (y - ay) / (by - ay):
            inside = not inside
    return inside


def in_shape(point: Point, shape: Shape) -> bool:
    """Say whether a point lies in a shape, by the even-odd rule over its rings."""
    return sum(in_ring(point, ring) for ring in shape) % 2 == 1


def distance_to_shape_m(point: Point, shape: Shape) -> float:
    """Return the metres from a point to the nearest edge of a shape."""
    return min(
        metres(point, nearest_on_segment(point, a, b))
        for ring in shape
        for a, b in zip(ring, ring[1:] + ring[:1])
    )


def nearest_on_segment(point: Point, a: Point, b: Point) -> Point:
    """Return the point of the segment a-b that is nearest."""
    squeeze = math.cos(math.radians(point[1]))
    dx, dy = (b[0] - a[0]) * squeeze, b[1] - a[1]
    span = dx * dx + dy * dy
    if span == 0:
        return a
    share = ((point[0] - a[0]) * squeeze * dx + (point[1] - a[1]) * dy) / span
    share = max(0.0, min(1.0, share))
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def inner_point(shape: Shape, *, steps: int = 24) -> Point:
    """Return a point well inside a shape: of a raster of points, the one farthest from every edge.

    ``steps`` is the raster's number of columns and rows; where no raster point is inside (a sliver), the
    middle of the largest ring is returned.
    """
    west, south, east, north = box_of(p for ring in shape for p in ring)
    best, best_clearance = centroid(max(shape, key=lambda ring: abs(signed_area(ring)))), 0.0
    if in_shape(best, shape):
        best_clearance = distance_to_shape_m(best, shape)
    for row in range(1, steps):
        for column in range(1, steps):
            point = west + (east - west) * column / steps, south + (north - south) * row / steps
            if in_shape(point, shape) and (clearance := distance_to_shape_m(point, shape)) > best_clearance:
                best, best_clearance = point, clearance
    return best


def clip_half_plane(ring: Ring, inside: Callable[[Point], float]) -> Ring:
    """Cut a ring by a line and keep the side where ``inside`` (a signed, affine distance) is not negative.

    One step of Sutherland and Hodgman, "Reentrant polygon clipping" (1974).
    """
    kept: list[Point] = []
    for a, b in zip(ring, ring[1:] + ring[:1]):
        da, db = inside(a), inside(b)
        if da >= 0:
            kept.append(a)
        if (da >= 0) != (db >= 0):
            share = da / (da - db)
            kept.append((a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share))
    return _without_repeats(kept)


def clip_ring(ring: Ring, box: Box) -> Ring:
    """Cut a ring to a box; empty where nothing is left."""
    west, south, east, north = box
    for side in (
        lambda p: p[0] - west,
        lambda p: east - p[0],
        lambda p: p[1] - south,
        lambda p: north - p[1],
    ):
        ring = clip_half_plane(ring, side) if ring else ring
    return ring if len(ring) >= 3 else ()


def clip_line(line: Sequence[Point], box: Box) -> list[Line]:
    """Cut a line to a box: the pieces that lie in it, each exact to where it crosses an edge."""
    pieces: list[Line] = []
    current: list[Point] = []
    for a, b in pairwise(line):
        cut = _clip_segment(a, b, box)
        if cut is None:
            continue
        start, end = cut
        if current and current[-1] == start:
            current.append(end)
        else:
            if len(current) > 1:
                pieces.append(tuple(current))
            current = [start, end]
    if len(current) > 1:
        pieces.append(tuple(current))
    return [piece for piece in pieces if piece[0] != piece[-1] or len(piece) > 2]


def _clip_segment(a: Point, b: Point, box: Box) -> tuple[Point, Point] | None:
    """Liang and Barsky, "A new concept and method for line clipping" (1984)."""
    west, south, east, north = box
    dx, dy = b[0] - a[0], b[1] - a[1]
    first, last = 0.0, 1.0
    for step, room in ((-dx, a[0] - west), (dx, east - a[0]), (-dy, a[1] - south), (dy, north - a[1])):
        if step == 0:
            if room < 0:
                return None
            continue
        share = room / step
        if step < 0:
            first = max(first, share)
        else:
            last = min(last, share)
    if first > last:
        return None
    start = a if first == 0.0 else (a[0] + dx * first, a[1] + dy * first)
    end = b if last == 1.0 else (a[0] + dx * last, a[1] + dy * last)
    return start, end


def voronoi(points: Sequence[Point], box: Box) -> list[Ring]:
    """Return, for each point, the part of the box that is nearer to it than to any other point.

    Distinct points inside the box are expected. Each cell starts as the box and is cut by the bisector with
    each other point, nearest first, until the rest are too far away to cut it: about n·log n for points
    spread evenly.
    """
    west, south, east, north = box
    squeeze = math.cos(math.radians((south + north) / 2))
    corners: Ring = ((west, south), (east, south), (east, north), (west, north))
    cells = []
    for here in points:
        cell = corners
        others = sorted((_gap(here, other, squeeze), other) for other in points if other != here)
        for gap, other in others:
            if gap > 4 * max((_gap(here, corner, squeeze) for corner in cell), default=0.0):
                break
            cell = clip_half_plane(cell, _nearer(here, other, squeeze))
        cells.append(cell)
    return cells


def _gap(a: Point, b: Point, squeeze: float) -> float:
    """Return the squared distance in squeezed degrees."""
    return ((a[0] - b[0]) * squeeze) ** 2 + (a[1] - b[1]) ** 2


def _nearer(here: Point, other: Point, squeeze: float) -> Callable[[Point], float]:
    return lambda p: _gap(p, other, squeeze) - _gap(p, here, squeeze)


def simplify(line: Sequence[Point], tolerance_m: float) -> Line:
    """Leave out points of a line that lie within the tolerance of what is left; the ends stay.

    Douglas and Peucker, "Algorithms for the reduction of the number of points" (1973), without recursion.
    """
    if len(line) < 3:
        return tuple(line)
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        farthest, distance = first, tolerance_m
        for index in range(first + 1, last):
            off = metres(line[index], nearest_on_segment(line[index], line[first], line[last]))
            if off > distance:
                farthest, distance = index, off
        if farthest != first:
            keep.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return tuple(line[index] for index in sorted(keep))


def simplify_together(shapes: Sequence[Shape], tolerance_m: float) -> list[Shape]:
    """Simplify shapes that share borders so that they still share them, without gaps between neighbours.

    Points where borders meet stay; each border between two of them is simplified once, whichever side it is
    read from. A ring that falls together is left out.
    """
    neighbours: dict[Point, set[Point]] = {}
    for ring in (ring for shape in shapes for ring in shape):
        for before, here, after in zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1]):
            neighbours.setdefault(here, set()).update((before, after))
    meeting = {point for point, around in neighbours.items() if len(around) > 2}
    simpler = [tuple(_simplify_ring(ring, meeting, tolerance_m) for ring in shape) for shape in shapes]
    return [tuple(ring for ring in shape if len(ring) >= 3) for shape in simpler]


def _simplify_ring(ring: Ring, meeting: set[Point], tolerance_m: float) -> Ring:
    stops = [index for index, point in enumerate(ring) if point in meeting]
    if len(stops) < 2:
        # Nothing to keep in step with but, perhaps, the same ring in another shape: start at a point both
        # agree on, and split at the farthest one, for a line from a point to itself has no direction.
        first = min(range(len(ring)), key=lambda i: (ring[i] not in meeting, ring[i]))
        far = max(range(len(ring)), key=lambda i: (metres(ring[first], ring[i]), ring[i]))
        stops = sorted({first, far})
    out: list[Point] = []
    for start, stop in zip(stops, stops[1:] + stops[:1]):
        arc = ring[start : stop + 1] if start < stop else ring[start:] + ring[: stop + 1]
        forward = arc <= arc[::-1]
        line = simplify(arc if forward else arc[::-1], tolerance_m)
        out += (line if forward else line[::-1])[:-1]
    return tuple(out)


def _without_repeats(points: list[Point]) -> Ring:
    kept = [p for i, p in enumerate(points) if p != points[i - 1]]
    return tuple(kept) if len(kept) >= 3 else ()
