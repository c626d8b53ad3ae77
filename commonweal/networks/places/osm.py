"""Reading an OpenStreetMap extract (.osm.pbf): what is needed of it, as plain values, in the file's order."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import osmium
from osmium.osm import Area as OsmArea
from osmium.osm import Node, TagList, Way

from commonweal.networks.places.geometry import Box, Line, Point, Shape, box_of, centroid, signed_area

NEIGHBOURHOODS = frozenset({"borough", "suburb", "quarter", "neighbourhood"})
SETTLEMENTS = frozenset({"city", "town", "village", "hamlet"})
# Ways with a name that a person would give as a place. A motorway has no doors.
STREETS = frozenset(
    {
        *("trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street"),
        *("pedestrian", "service", "footway", "cycleway", "path", "track", "steps", "road"),
    }
)
MAIN_ROADS = frozenset({"motorway", "trunk", "primary", "secondary"})
WATER = frozenset(
    {("natural", "water"), ("waterway", "riverbank"), ("landuse", "basin"), ("landuse", "reservoir")}
)
GREEN = frozenset(
    {
        *(("leisure", kind) for kind in ("park", "nature_reserve", "golf_course")),
        *(("landuse", kind) for kind in ("cemetery", "forest", "recreation_ground")),
        ("natural", "wood"),
    }
)
OTHER_NAMES = ("alt_name", "short_name", "loc_name", "old_name", "official_name")
KEYS = ("place", "boundary", "highway", "addr:housenumber", "natural", "waterway", "landuse", "leisure")


class UnreadableExtract(ValueError):
    """The file is not an OpenStreetMap extract, is cut short, or holds nothing with a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPoint:
    """A place drawn as a point: ``kind`` is the value of its ``place`` tag."""

    kind: str
    name: str
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedShape:
    """A place or a boundary drawn as an area: ``kind`` is ``place``, or ``level 8`` and so on."""

    kind: str
    name: str
    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetWay:
    """One stretch of a street; ``nodes`` are the ids of its points, by which stretches meet."""

    name: str
    other_names: tuple[str, ...]
    kind: str
    nodes: tuple[int, ...]
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One address as it was mapped."""

    street: str
    number: str
    postcode: str
    point: Point


@dataclass(slots=True, kw_only=True)
class Region:
    """Everything read; ``around`` counts the cities, states and countries named in its addresses."""

    box: Box
    points: list[NamedPoint] = field(default_factory=list)
    shapes: list[NamedShape] = field(default_factory=list)
    ways: list[StreetWay] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    coast: list[Line] = field(default_factory=list)
    water: list[Shape] = field(default_factory=list)
    green: list[Shape] = field(default_factory=list)
    main_roads: list[tuple[str, Line]] = field(default_factory=list)
    around: Counter[str] = field(default_factory=Counter)


def read_region(path: Path) -> Region:
    """Read an extract. Raises FileNotFoundError, or `UnreadableExtract` with what is wrong in words."""
    if not path.is_file():
        raise FileNotFoundError(path)
    region = Region(box=(0.0, 0.0, 0.0, 0.0))
    try:
        file = osmium.FileProcessor(str(path)).with_locations().with_areas()
        for thing in file.with_filter(osmium.filter.KeyFilter(*KEYS)):
            if isinstance(thing, Node):
                _read_node(region, thing)
            elif isinstance(thing, Way):
                _read_way(region, thing)
            elif isinstance(thing, OsmArea):
                _read_area(region, thing)
        header = osmium.io.Reader(str(path)).header().box()
    except (RuntimeError, osmium.InvalidLocationError) as trouble:
        raise UnreadableExtract(f"{path.name} is no readable OpenStreetMap extract: {trouble}") from trouble
    if not region.ways and not region.doors:
        raise UnreadableExtract(f"{path.name} holds no named street and no address.")
    if header.valid():
        low, high = header.bottom_left, header.top_right
        region.box = (low.lon, low.lat, high.lon, high.lat)
        return region
    region.box = box_of(
        [point for way in region.ways for point in way.line] + [d.point for d in region.doors]
    )
    return region


def _read_node(region: Region, node: Node) -> None:
    tags = node.tags
    point = (node.location.lon, node.location.lat)
    _read_door(region, tags, point)
    kind, name = tags.get("place"), tags.get("name")
    if kind and name and kind in NEIGHBOURHOODS | SETTLEMENTS:
        region.points.append(NamedPoint(kind=kind, name=name, point=point))


def _read_way(region: Region, way: Way) -> None:
    tags = way.tags
    kind, name = tags.get("highway"), tags.get("name")
    coast = tags.get("natural") == "coastline"
    if not coast and not (kind in MAIN_ROADS or (name and kind in STREETS)):
        return
    placed = [(node.ref, (node.lon, node.lat)) for node in way.nodes if node.location.valid()]
    line = tuple(point for _, point in placed)
    if len(line) < 2:
        return
    if coast:
        region.coast.append(line)
        return
    if kind in MAIN_ROADS:
        region.main_roads.append((kind, line))
    if name and kind in STREETS:
        others = tuple(tags[key] for key in OTHER_NAMES if key in tags)
        nodes = tuple(ref for ref, _ in placed)
        region.ways.append(StreetWay(name=name, other_names=others, kind=kind, nodes=nodes, line=line))


def _read_area(region: Region, area: OsmArea) -> None:
    tags = area.tags
    shape = _shape(area)
    if not shape:
        return
    _read_door(region, tags, centroid(max(shape, key=lambda ring: abs(signed_area(ring)))))
    name = tags.get("name")
    level = tags.get("admin_level") or ""
    if name and tags.get("boundary") == "administrative" and level.isdecimal():
        region.shapes.append(NamedShape(kind=f"level {int(level)}", name=name, shape=shape))
    if name and tags.get("place") in NEIGHBOURHOODS:
        region.shapes.append(NamedShape(kind="place", name=name, shape=shape))
    pairs = {(tag.k, tag.v) for tag in tags}
    if pairs & WATER:
        region.water.append(shape)
    elif pairs & GREEN:
        region.green.append(shape)


def _read_door(region: Region, tags: TagList, point: Point) -> None:
    street, number = tags.get("addr:street") or tags.get("addr:place"), tags.get("addr:housenumber")
    if not street or not number:
        return
    region.doors.append(
        Door(street=street, number=number, postcode=tags.get("addr:postcode") or "", point=point)
    )
    for key in ("addr:city", "addr:state", "addr:country"):
        if key in tags:
            region.around[tags[key]] += 1


def _shape(area: OsmArea) -> Shape:
    rings = []
    for outer in area.outer_rings():
        for ring in (outer, *area.inner_rings(outer)):
            points = tuple((node.lon, node.lat) for node in ring)
            if len(points) > 3:
                rings.append(points[:-1])
    return tuple(rings)
