"""From a region as it was mapped to what people look for: streets by area, doors, crossings, postcodes."""

import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, pairwise

from commonweal.networks.places.areas import Area, AreaIndex, AreaMap
from commonweal.networks.places.coast import sea
from commonweal.networks.places.geometry import (
    Box,
    Line,
    Point,
    Shape,
    area_m2,
    box_of,
    clip_line,
    clip_ring,
    in_box,
    in_shape,
    length_m,
    metres,
    nearest_on_segment,
    rounded,
    rounded_point,
    simplify,
    simplify_together,
)
from commonweal.networks.places.osm import Door, Region, StreetWay
from commonweal.networks.places.words import key, words

# A street that only clips the corner of an area is not "in" it, where it has more of itself elsewhere.
SHORTEST_PART_M = 60
# The two roadways of an avenue cross a side street twice; that is one crossing to a person.
SAME_CROSSING_M = 60
SAME_DOOR_M = 150
SMALLEST_WATER_M2 = 8_000
SMALLEST_GREEN_M2 = 15_000
SKETCH_TOLERANCE_M = 12
LEAST_ROAD_M = 150
BORDER_STEP_M = 12
NUMBER = re.compile(r"\d{1,6}")
ZIP_PLUS_4 = re.compile(r"(\d{5})-\d{4}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The stretch of a street in one area; ``point`` lies on it, near its middle."""

    area: Area
    point: Point
    length_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A street by its name, longest part first."""

    name: str
    other_names: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A door in a `Street`. ``number`` is for sorting and estimating, ``label`` is as people write it."""

    street: str
    number: int
    label: str
    postcode: str
    point: Point
    area: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Where two streets meet; the names in alphabetical order."""

    streets: tuple[str, str]
    point: Point
    area: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class Postcode:
    """A postcode with the door in the midst of its doors, and how many these are."""

    code: str
    point: Point
    area: Area
    doors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """All that the address index holds. ``around``: words for what lies around, which look-ups may ignore."""

    areas: tuple[Area, ...]
    streets: tuple[Street, ...]
    addresses: tuple[Address, ...]
    crossings: tuple[Crossing, ...]
    postcodes: tuple[Postcode, ...]
    around: tuple[str, ...]


def extract(region: Region, areas: Sequence[Area]) -> Extract:
    """Order a region by its areas. What lies more than a kilometre from every area is left out."""
    index = AreaIndex(areas)
    addresses = _addresses(region, index)
    streets = _streets(region, addresses, index)
    return Extract(
        areas=tuple(areas),
        streets=streets,
        addresses=addresses,
        crossings=_crossings(region, index),
        postcodes=_postcodes(addresses),
        around=tuple(sorted({word for name in region.around for word in words(name)})),
    )


def sketch(region: Region, areas: Sequence[Area], name: str) -> AreaMap:
    """Return what an SVG needs: the areas, large waters and greens, and the main roads, all simplified."""
    water = _large([*sea(region.coast, region.box), *region.water], region.box, SMALLEST_WATER_M2)
    return AreaMap(
        name=name,
        box=region.box,
        areas=tuple(areas),
        borders=_borders(areas, water, region.box),
        water=water,
        green=_large(region.green, region.box, SMALLEST_GREEN_M2),
        roads=_roads(region.main_roads, region.box),
    )


def _large(shapes: Iterable[Shape], box: Box, least_m2: float) -> tuple[Shape, ...]:
    clipped = (tuple(filter(None, (clip_ring(ring, box) for ring in shape))) for shape in shapes)
    large = [shape for shape in clipped if area_m2(shape) >= least_m2]
    simpler = (rounded(shape) for shape in simplify_together(large, SKETCH_TOLERANCE_M))
    return tuple(shape for shape in simpler if shape)


def _roads(roads: Iterable[tuple[str, Line]], box: Box) -> tuple[Line, ...]:
    """Join the stretches of main roads into long lines, simplified, and leave out the crumbs."""
    pieces = [piece for _, line in roads for piece in clip_line(line, box)]
    chains = _chained(pieces)
    simpler = (simplify(chain, SKETCH_TOLERANCE_M) for chain in chains if length_m(chain) >= LEAST_ROAD_M)
    return tuple(tuple(rounded_point(point) for point in line) for line in simpler)


def _borders(areas: Iterable[Area], water: Sequence[Shape], box: Box) -> tuple[Line, ...]:
    """Return the lines between areas: every edge once, none along the box's sides, none in the water."""
    edges = {
        (a, b) if a <= b else (b, a) for area in areas for r in area.shape for a, b in pairwise((*r, r[0]))
    }
    west, south, east, north = (round(side, 5) for side in box)
    inside = [
        (a, b)
        for a, b in sorted(edges)
        if not (a[0] == b[0] and a[0] in (west, east)) and not (a[1] == b[1] and a[1] in (south, north))
    ]
    wet = [(box_of(shape[0]), shape) for shape in water]
    on_land = (piece for a, b in inside for piece in _dry(a, b, wet))
    return tuple(tuple(rounded_point(point) for point in line) for line in _chained(on_land))


def _dry(a: Point, b: Point, water: Sequence[tuple[Box, Shape]]) -> Iterator[Line]:
    """Return the pieces of a border that lie on land, to the nearest `BORDER_STEP_M`."""
    count = max(1, round(metres(a, b) / BORDER_STEP_M))
    points = [
        (a[0] + (b[0] - a[0]) * at / count, a[1] + (b[1] - a[1]) * at / count) for at in range(count + 1)
    ]
    wet = [any(in_box(point, box) and in_shape(point, shape) for box, shape in water) for point in points]
    for is_wet, run in groupby(range(count + 1), key=wet.__getitem__):
        steps = list(run)
        if not is_wet and len(steps) > 1:
            yield points[steps[0]], points[steps[-1]]


def _chained(lines: Iterable[Line]) -> list[Line]:
    """Join lines that go on from one another, in a fixed order and without turning any round."""
    by_start: dict[Point, list[Line]] = defaultdict(list)
    ends = set()
    for line in sorted(set(lines), reverse=True):
        by_start[line[0]].append(line)
        ends.add(line[-1])
    chains = []
    for start in sorted(by_start, key=lambda point: (point in ends, point)):
        while by_start[start]:
            chain = list(by_start[start].pop())
            while ahead := by_start.get(chain[-1]):
                chain += ahead.pop()[1:]
            chains.append(tuple(chain))
    return chains


def _addresses(region: Region, index: AreaIndex) -> tuple[Address, ...]:
    """Return the doors by street and number, each once, under the name that their street has on the map."""
    names = {key(way.name): way.name for way in sorted(region.ways, key=lambda way: way.name, reverse=True)}
    found: dict[tuple[str, str], list[Address]] = defaultdict(list)
    for door in region.doors:
        address = _address(door, names, region.box, index)
        if address is None:
            continue
        same = found[address.street, address.label]
        if all(metres(address.point, other.point) > SAME_DOOR_M for other in same):
            same.append(address)
    listed = [address for same in found.values() for address in same]
    return tuple(sorted(listed, key=lambda one: (one.street, one.number, one.label, one.point)))


def _address(door: Door, names: dict[tuple[str, ...], str], box: Box, index: AreaIndex) -> Address | None:
    number = NUMBER.search(door.number)
    if number is None or not in_box(door.point, box):
        return None
    area = index.find(door.point)
    if area is None:
        return None
    return Address(
        street=names.get(key(door.street), door.street.strip()),
        number=int(number[0]),
        label=" ".join(door.number.upper().split())[:12],
        postcode=_postcode(door.postcode),
        point=rounded_point(door.point),
        area=area,
    )


def _postcode(text: str) -> str:
    code = " ".join(text.partition(";")[0].upper().split())
    longer = ZIP_PLUS_4.match(code)
    return longer[1] if longer else code[:12]


def _streets(region: Region, addresses: Iterable[Address], index: AreaIndex) -> tuple[Street, ...]:
    """Return every street that has a name, also one that is known only from its doors."""
    stretches: dict[str, dict[Area, list[tuple[Point, Point]]]] = defaultdict(lambda: defaultdict(list))
    others: dict[str, set[str]] = defaultdict(set)
    for way in region.ways:
        others[way.name].update(way.other_names)
        for line in clip_line(way.line, region.box):
            for a, b in pairwise(line):
                if area := index.find(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)):
                    stretches[way.name][area].append((a, b))
    doors: dict[str, dict[Area, list[tuple[Point, Point]]]] = defaultdict(lambda: defaultdict(list))
    for address in addresses:
        doors[address.street][address.area].append((address.point, address.point))
    return tuple(
        Street(name=name, other_names=tuple(sorted(others[name] - {name})), parts=parts)
        for name in sorted({*stretches, *doors})
        if (parts := _parts(stretches.get(name, {}), doors.get(name, {})))
    )


def _parts(
    mapped: dict[Area, list[tuple[Point, Point]]], doors: dict[Area, list[tuple[Point, Point]]]
) -> tuple[Part, ...]:
    """Return the parts of a street: where enough of it was mapped, and wherever somebody lives in it."""
    parts = [_part(area, stretches) for area, stretches in {**doors, **mapped}.items()]
    parts.sort(key=lambda part: (-part.length_m, part.area.slug))
    worthy = [part for part in parts if part.length_m >= SHORTEST_PART_M or part.area in doors]
    return tuple(worthy or parts[:1])


def _part(area: Area, stretches: Sequence[tuple[Point, Point]]) -> Part:
    """Measure a stretch and find a point on it near the middle of all of it."""
    weights = [metres(a, b) or 1e-9 for a, b in stretches]
    total = sum(weights)
    lon = sum((a[0] + b[0]) / 2 * weight for (a, b), weight in zip(stretches, weights)) / total
    lat = sum((a[1] + b[1]) / 2 * weight for (a, b), weight in zip(stretches, weights)) / total
    near = (nearest_on_segment((lon, lat), a, b) for a, b in stretches)
    point = min(near, key=lambda one: (metres(one, (lon, lat)), one))
    return Part(area=area, point=rounded_point(point), length_m=round(total, 1))


def _crossings(region: Region, index: AreaIndex) -> tuple[Crossing, ...]:
    """Return where streets of different names share a point of the map."""
    at: dict[int, tuple[Point, set[str]]] = {}
    for way in region.ways:
        _note_crossings(way, at, region.box)
    found: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for point, names in sorted((point, sorted(names)) for point, names in at.values() if len(names) > 1):
        for first, second in combinations(names, 2):
            same = found[first, second]
            if all(metres(point, other) > SAME_CROSSING_M for other in same):
                same.append(point)
    return tuple(
        Crossing(streets=pair, point=rounded_point(point), area=area)
        for pair in sorted(found)
        for point in found[pair]
        if (area := index.find(point))
    )


def _note_crossings(way: StreetWay, at: dict[int, tuple[Point, set[str]]], box: Box) -> None:
    for node, point in zip(way.nodes, way.line):
        if in_box(point, box):
            at.setdefault(node, (point, set()))[1].add(way.name)


def _postcodes(addresses: Iterable[Address]) -> tuple[Postcode, ...]:
    by_code: dict[str, list[Address]] = defaultdict(list)
    for address in addresses:
        if address.postcode:
            by_code[address.postcode].append(address)
    found = []
    for code, doors in sorted(by_code.items()):
        # The median, because one door with a mistyped postcode would pull a mean into another part of town.
        lon = statistics.median(door.point[0] for door in doors)
        lat = statistics.median(door.point[1] for door in doors)
        amid = min(doors, key=lambda door: (metres(door.point, (lon, lat)), door.point))
        found.append(Postcode(code=code, point=amid.point, area=amid.area, doors=len(doors)))
    return tuple(found)
