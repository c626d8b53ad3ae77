"""The areas of a region: which there are, what they look like, and in which one a point lies.

Where the map has areas as outlines, these are taken. Where it has only a point with a name, as most towns
have for their neighbourhoods, an outline is *made*: all that is nearer to this point than to any other. A
made outline says where a neighbourhood roughly is; it is no official border, and ``made`` tells so.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commonweal.networks.places.geometry import (
    METRES_PER_DEGREE,
    Box,
    Line,
    Point,
    Shape,
    area_m2,
    box_of,
    clip_ring,
    distance_to_shape_m,
    in_box,
    in_shape,
    inner_point,
    polygons,
    rounded,
    rounded_point,
    simplify_together,
    voronoi,
)
from commonweal.networks.places.osm import NEIGHBOURHOODS, SETTLEMENTS, NamedPoint, NamedShape, Region
from commonweal.networks.places.words import slug

ATTRIBUTION = "© OpenStreetMap contributors"
WAYS_OF_CHOOSING = ("auto", "neighbourhoods", "boundaries", "settlements")
# Fewer neighbourhoods than one for six square kilometres are a few that somebody mapped, not those of a town.
LARGEST_NEIGHBOURHOOD_M2 = 6_000_000
DEEPEST_LEVEL = 10
BORDER_TOLERANCE_M = 6
STRAY_M = 1_000
FORMAT = 1


class NoAreas(ValueError):
    """The extract holds nothing of the kind that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A neighbourhood, with a point in it in degrees. ``made`` means that its outline is not official."""

    slug: str
    name: str
    lat: float
    lon: float
    made: bool
    shape: Shape

    def __hash__(self) -> int:
        return hash(self.slug)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMap:
    """Everything to draw a region without tiles: its areas, and lightly what makes them recognisable.

    ``borders`` are the lines between areas, each once, on land only: no dashes across a harbour.
    """

    name: str
    box: Box
    areas: tuple[Area, ...]
    borders: tuple[Line, ...] = ()
    water: tuple[Shape, ...] = ()
    green: tuple[Shape, ...] = ()
    roads: tuple[Line, ...] = ()
    attribution: str = ATTRIBUTION

    def area_of(self, lat: float, lon: float) -> Area | None:
        """Return the area in which a point lies, or the nearest within a kilometre."""
        return AreaIndex(self.areas).find((lon, lat))

    def dump(self) -> str:
        """Return the map as JSON: the file that `load_area_map` reads."""
        plain = {
            "format": FORMAT,
            "name": self.name,
            "attribution": self.attribution,
            "box": self.box,
            "areas": [{at: getattr(area, at) for at in Area.__slots__} for area in self.areas],
            "borders": self.borders,
            "water": self.water,
            "green": self.green,
            "roads": self.roads,
        }
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n"

    def geojson(self) -> dict[str, Any]:
        """Return the areas as a GeoJSON collection for a map in a browser."""
        return {
            "type": "FeatureCollection",
            "attribution": self.attribution,
            "bbox": self.box,
            "borders": {"type": "MultiLineString", "coordinates": self.borders},
            "features": [
                {
                    "type": "Feature",
                    "properties": {"slug": area.slug, "name": area.name, "at": [area.lon, area.lat]},
                    "geometry": {
                        "type": "MultiPolygon",
                        "coordinates": [[[*ring, ring[0]] for ring in one] for one in polygons(area.shape)],
                    },
                }
                for area in self.areas
            ],
        }


def load_area_map(path: Path) -> AreaMap:
    """Read a map that `AreaMap.dump` wrote. Raises ValueError where it is not one."""
    plain = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise ValueError(f"{path.name} is not a map of areas of this version; make it again with map build.")
    areas = (Area(**{**area, "shape": _shape(area["shape"])}) for area in plain["areas"])
    west, south, east, north = plain["box"]
    return AreaMap(
        name=plain["name"],
        attribution=plain["attribution"],
        box=(west, south, east, north),
        areas=tuple(areas),
        borders=tuple(_line(line) for line in plain["borders"]),
        water=tuple(_shape(shape) for shape in plain["water"]),
        green=tuple(_shape(shape) for shape in plain["green"]),
        roads=tuple(_line(line) for line in plain["roads"]),
    )


def _shape(rings: Iterable[Iterable[Sequence[float]]]) -> Shape:
    return tuple(_line(ring) for ring in rings)


def _line(points: Iterable[Sequence[float]]) -> Line:
    return tuple((point[0], point[1]) for point in points)


class AreaIndex:
    """Finds the area of a point. A point in two (a quarter within a borough) lies in the smaller one."""

    def __init__(self, areas: Iterable[Area]) -> None:
        sized = sorted(areas, key=lambda area: (area.made, area_m2(area.shape), area.slug))
        self._areas = [(box_of(p for ring in area.shape for p in ring), area) for area in sized]

    def find(self, point: Point) -> Area | None:
        """Return the area of a point (lon, lat), the nearest within a kilometre, or None."""
        for box, area in self._areas:
            if in_box(point, box) and in_shape(point, area.shape):
                return area
        near = (area for box, area in self._areas if in_box(point, _grown(box)))
        gaps = ((distance_to_shape_m(point, area.shape), area.slug, area) for area in near)
        gap, _, nearest = min(gaps, default=(STRAY_M + 1.0, "", None))
        return nearest if gap <= STRAY_M else None


def _grown(box: Box) -> Box:
    """Return a box with room for stray points around it."""
    up = STRAY_M / METRES_PER_DEGREE
    aside = up / max(math.cos(math.radians(box[3])), 0.01)
    return box[0] - aside, box[1] - up, box[2] + aside, box[3] + up


def choose_areas(region: Region, how: str = "auto") -> tuple[Area, ...]:
    """Return the areas of a region, by name.

    ``neighbourhoods`` takes suburbs, quarters and neighbourhoods; ``boundaries`` the smallest administrative
    units; ``settlements`` towns, villages and hamlets with what is nearest to each; ``auto`` the first of
    these that gives a useful set. Raises `NoAreas` where there is nothing of the kind.
    """
    if how not in WAYS_OF_CHOOSING:
        raise ValueError(f"areas are chosen by one of {', '.join(WAYS_OF_CHOOSING)}, not by {how}")
    ways = {"neighbourhoods": _neighbourhoods, "boundaries": _boundaries, "settlements": _settlements}
    found: list[Area] = []
    for way in ways if how == "auto" else [how]:
        found = ways[way](region)
        if how != "auto" or _useful(found, region, way):
            break
    if not found:
        raise NoAreas(f"no areas ({how}) in this extract")
    return tuple(sorted(found, key=lambda area: area.slug))


def _useful(found: list[Area], region: Region, way: str) -> bool:
    if way != "neighbourhoods":
        return len(found) >= 2
    west, south, east, north = region.box
    whole = area_m2((((west, south), (east, south), (east, north), (west, north)),))
    return bool(found) and whole / len(found) <= LARGEST_NEIGHBOURHOOD_M2


def _neighbourhoods(region: Region) -> list[Area]:
    drawn = [shape for shape in region.shapes if shape.kind == "place"]
    points = [point for point in region.points if point.kind in NEIGHBOURHOODS]
    return _areas(region, drawn, points)


def _boundaries(region: Region) -> list[Area]:
    levels = {int(shape.kind.split()[1]) for shape in region.shapes if shape.kind.startswith("level")}
    for level in sorted((level for level in levels if level <= DEEPEST_LEVEL), reverse=True):
        drawn = [shape for shape in region.shapes if shape.kind == f"level {level}"]
        if len(drawn) >= 2:
            return _areas(region, drawn, [])
    return []


def _settlements(region: Region) -> list[Area]:
    return _areas(region, [], [point for point in region.points if point.kind in SETTLEMENTS])


def _areas(region: Region, drawn: Sequence[NamedShape], points: Sequence[NamedPoint]) -> list[Area]:
    """Make areas of outlines and, for names that have none, of points."""
    clipped = [tuple(filter(None, (clip_ring(ring, region.box) for ring in one.shape))) for one in drawn]
    outlines = [(one.name, shape) for one, shape in zip(drawn, clipped) if shape]
    shapes = simplify_together([shape for _, shape in outlines], BORDER_TOLERANCE_M)
    names = {name for name, _ in outlines}
    inside = (point for point in points if in_box(point.point, region.box))
    alone = _distinct(point for point in inside if point.name not in names)
    cells = voronoi([point.point for point in alone], region.box)
    known: set[str] = set()
    found = []
    at = {point.name: point.point for point in points}
    for (name, _), shape in zip(outlines, shapes):
        middle = at.get(name)
        found.append(_area(name, middle if middle and in_shape(middle, shape) else None, shape, False, known))
    for point, cell in zip(alone, cells):
        found.append(_area(point.name, point.point, (cell,), True, known))
    return [area for area in found if area.shape and area.shape[0]]


def _distinct(points: Iterable[NamedPoint]) -> list[NamedPoint]:
    """Leave out a point that lies exactly on another one: it would have no cell."""
    return list({point.point: point for point in sorted(points, key=_by_name)}.values())


def _by_name(point: NamedPoint) -> tuple[str, Point]:
    return point.name, point.point


def _area(name: str, middle: Point | None, shape: Shape, made: bool, known: set[str]) -> Area:
    lon, lat = rounded_point(middle or inner_point(shape))
    short = slug(name, known)
    known.add(short)
    return Area(slug=short, name=name, lat=lat, lon=lon, made=made, shape=rounded(shape))
