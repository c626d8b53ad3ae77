"""The areas as a picture: a few kilobytes of inline SVG that need no script, no tiles and no style attribute.

Colours and sizes come from ``map/map.css``. Names that would overlap on a phone carry the class ``is-minor``
and are shown on wider screens only; every area still says its name to whoever points at it or hears it.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString

from commonweal.networks.places.areas import Area, AreaMap
from commonweal.networks.places.geometry import Box, Line, Point, Shape, area_m2, box_of, clip_line, clip_ring

WIDTH = 1000
# How many units of the picture a line of text takes: on a phone, which shows it a third as wide, and
# elsewhere.
NARROW_TEXT, WIDE_TEXT = 40, 21
LETTER_SHARE = 0.54
LONGEST_LINE = 12
MARGIN = 6


@dataclass(frozen=True, slots=True)
class _Plane:
    """From degrees to whole units of the picture, x to the right and y down."""

    box: Box
    height: int

    def at(self, point: Point) -> tuple[int, int]:
        west, south, east, north = self.box
        x, y = (point[0] - west) / (east - west), (north - point[1]) / (north - south)
        return round(x * WIDTH), round(y * self.height)


@dataclass(frozen=True, slots=True)
class _Label:
    """A name with its number, laid out: where its middle is and the room it takes."""

    lines: tuple[str, ...]
    number: str
    x: int
    y: int
    spot: Box


def areas_svg(
    areas: AreaMap,
    *,
    label: str,
    chosen: str | None = None,
    counts: Mapping[str, int] | None = None,
    link: Callable[[Area], str] | None = None,
    describe: Callable[[Area], str] | None = None,
) -> SafeString:
    """Draw the areas of a map, of which there is at least one.

    ``label`` says what the picture is, for those who don't see it. ``chosen`` is the slug of one area,
    ``counts`` numbers by slug, printed under the names. ``link`` gives each area's address and makes the
    picture a picker; ``describe`` what is said of an area ("Canton, 3 asks"), else its name and number. All
    of it is escaped here.
    """
    plane = _plane(box_of(point for area in areas.areas for ring in area.shape for point in ring))
    numbers = {slug: str(count) for slug, count in (counts or {}).items() if count}
    parts = [
        f'<svg class="areas" viewBox="0 0 {WIDTH} {plane.height}" role="group" aria-label="{escape(label)}">'
    ]
    for area in areas.areas:
        told = describe(area) if describe else " ".join(filter(None, (area.name, numbers.get(area.slug))))
        parts.append(_area(area, _path(area.shape, plane), told, area.slug == chosen, link))
    parts += [_ground("areas-green", areas.green, plane), _ground("areas-water", areas.water, plane)]
    parts += [_lines("areas-roads", areas.roads, plane), _lines("areas-borders", areas.borders, plane)]
    marked = "".join(_path(area.shape, plane) for area in areas.areas if area.slug == chosen)
    # There even if empty: a script moves it when another area is chosen.
    parts += [f'<path class="areas-chosen" aria-hidden="true" d="{marked}"/>']
    parts += [*_names(areas.areas, numbers, chosen, plane), "</svg>"]
    return SafeString("".join(parts))


def _plane(box: Box) -> _Plane:
    west, south, east, north = box
    squeeze = math.cos(math.radians((south + north) / 2))
    return _Plane(box, math.ceil(WIDTH * (north - south) / ((east - west) * squeeze)))


def _area(area: Area, path: str, told: str, is_chosen: bool, link: Callable[[Area], str] | None) -> str:
    kind = "areas-one is-chosen" if is_chosen else "areas-one"
    said = escape(told)
    inside = f'<title>{said}</title><path d="{path}"/>'
    if link is None:
        return f'<g class="{kind}" data-area="{area.slug}" role="img" aria-label="{said}">{inside}</g>'
    current = ' aria-current="true"' if is_chosen else ""
    marks = f'class="{kind}" data-area="{area.slug}" href="{escape(link(area))}" aria-label="{said}"{current}'
    return f"<a {marks}>{inside}</a>"


def _ground(kind: str, shapes: Iterable[Shape], plane: _Plane) -> str:
    path = "".join(_path(shape, plane) for shape in shapes)
    return f'<path class="{kind}" aria-hidden="true" d="{path}"/>' if path else ""


def _lines(kind: str, lines: Iterable[Line], plane: _Plane) -> str:
    pieces = (piece for line in lines for piece in clip_line(line, plane.box))
    path = "".join(_moves([plane.at(point) for point in piece]) for piece in pieces)
    return f'<path class="{kind}" aria-hidden="true" d="{path}"/>' if path else ""


def _path(shape: Shape, plane: _Plane) -> str:
    rings = (clip_ring(ring, plane.box) for ring in shape)
    moves = (_moves([plane.at(point) for point in ring]) for ring in rings if ring)
    return "".join(f"{move}z" for move in moves if move)


def _moves(points: Sequence[tuple[int, int]]) -> str:
    """Return path commands in whole numbers, each relative to the last: the shortest way to say it."""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points) if a != b]
    if not steps:
        return ""
    said = "".join(f"{'' if x < 0 else ' '}{x}{'' if y < 0 else ' '}{y}" for x, y in steps)
    return f"M{points[0][0]} {points[0][1]}l{said.lstrip()}"


def _names(
    areas: Sequence[Area], numbers: Mapping[str, str], chosen: str | None, plane: _Plane
) -> Iterator[str]:
    """Print the names as far as they don't cover one another: the chosen one first, then by size."""
    ranked = sorted(areas, key=lambda area: (area.slug != chosen, -area_m2(area.shape), area.slug))
    taken: list[Box] = []
    major = {}
    for area in ranked:
        name = _label(area, numbers, NARROW_TEXT, plane)
        if _is_free(name.spot, taken, plane):
            taken.append(name.spot)
            major[area.slug] = name
    taken = [_label(area, numbers, WIDE_TEXT, plane).spot for area in ranked if area.slug in major]
    for area in ranked:
        name = major.get(area.slug) or _label(area, numbers, WIDE_TEXT, plane)
        if area.slug in major:
            yield _text(name, "areas-name")
        elif _is_free(name.spot, taken, plane):
            taken.append(name.spot)
            yield _text(name, "areas-name is-minor")


def _label(area: Area, numbers: Mapping[str, str], size: int, plane: _Plane) -> _Label:
    """Lay out a name on its area's point, pushed inside the picture where it would stick out at the sides."""
    lines, number = _broken(area.name), numbers.get(area.slug, "")
    x, y = plane.at((area.lon, area.lat))
    half = max(len(line) for line in lines) * size * LETTER_SHARE / 2
    x = round(min(max(x, half + MARGIN), WIDTH - half - MARGIN))
    tall = (len(lines) + bool(number)) * size * 1.1 / 2
    return _Label(lines, number, x, y, (x - half, y - tall, x + half, y + tall))


def _is_free(spot: Box, taken: Iterable[Box], plane: _Plane) -> bool:
    west, top, east, bottom = spot
    if top < 0 or bottom > plane.height:
        return False
    return all(east < a or c < west or bottom < b or d < top for a, b, c, d in taken)


def _broken(name: str) -> tuple[str, ...]:
    """Break a long name into two lines, as evenly as its spaces and slashes allow."""
    breaks = [at + 1 for at, sign in enumerate(name) if sign in " /"]
    if len(name) <= LONGEST_LINE or not breaks:
        return (name,)
    middle = min(breaks, key=lambda at: (abs(len(name) - 2 * at), at))
    return name[:middle].rstrip(), name[middle:].lstrip()


def _text(label: _Label, kind: str) -> str:
    lines = [("", line) for line in label.lines]
    if label.number:
        lines.append((' class="areas-count"', label.number))
    first = round(0.35 - (len(lines) - 1) * 0.55, 2)
    spans = "".join(
        f'<tspan x="{label.x}" dy="{1.1 if at else first}em"{mark}>{escape(line)}</tspan>'
        for at, (mark, line) in enumerate(lines)
    )
    return f'<text class="{kind}" aria-hidden="true" y="{label.y}">{spans}</text>'
