"""From coastlines to the sea.

OpenStreetMap maps only the edge, with the land on its left and the water on its right. A map needs the water
itself. Inside a box it is what lies between the coast and the box's own edge.
"""

from collections.abc import Iterable, Sequence

from commonweal.networks.places.geometry import (
    Box,
    Line,
    Point,
    Ring,
    Shape,
    clip_line,
    in_box,
    in_ring,
    signed_area,
)


def sea(coast: Iterable[Line], box: Box) -> list[Shape]:
    """Return the water inside a box: shapes whose first ring is the outside; islands are further rings.

    Without any coast there is no sea. A coast that ends inside the box, because the extract was cut there, is
    led on to the nearest edge.
    """
    chains = _join(coast)
    rings = [chain[:-1] for chain in chains if chain[0] == chain[-1] and all(in_box(p, box) for p in chain)]
    open_chains = [chain for chain in chains if chain[:-1] not in rings]
    inside = [piece for chain in open_chains for piece in clip_line(_from_outside(chain, box), box)]
    pieces = [_to_edges(piece, box) for piece in inside]
    outsides = _close(pieces, box) + [ring for ring in rings if signed_area(ring) < 0]
    islands = [ring for ring in rings if signed_area(ring) > 0]
    if islands and not outsides:
        west, south, east, north = box
        outsides = [((west, south), (west, north), (east, north), (east, south))]
    return [(out, *(ring for ring in islands if in_ring(ring[0], out))) for out in outsides]


def _join(lines: Iterable[Line]) -> list[Line]:
    """Join lines end to start into chains as long as they go, in a fixed order."""
    waiting = {line[0]: line for line in sorted(set(lines), reverse=True)}
    # A line that starts where another one already does can't be told from it by its start: it stays by
    # itself.
    chains = [line for line in sorted(set(lines)) if waiting[line[0]] != line]
    ends = {line[-1] for line in waiting.values()}
    starts = sorted(waiting, key=lambda point: (point in ends, point))
    for start in starts:
        if start not in waiting:
            continue
        chain = list(waiting.pop(start))
        while chain[-1] in waiting:
            chain += waiting.pop(chain[-1])[1:]
        chains.append(tuple(chain))
    return chains


def _from_outside(chain: Line, box: Box) -> Line:
    """Turn a closed chain so that it starts outside the box: then its start cuts no piece of it in two."""
    if chain[0] != chain[-1]:
        return chain
    first = next((index for index, point in enumerate(chain) if not in_box(point, box)), 0)
    return chain[first:] + chain[1 : first + 1]


def _to_edges(piece: Line, box: Box) -> Line:
    start, end = _nearest_edge(piece[0], box), _nearest_edge(piece[-1], box)
    return (
        *((start,) if start != piece[0] else ()),
        *piece,
        *((end,) if end != piece[-1] else ()),
    )


def _nearest_edge(point: Point, box: Box) -> Point:
    west, south, east, north = box
    x, y = min(max(point[0], west), east), min(max(point[1], south), north)
    return min(
        ((west, y), (east, y), (x, south), (x, north)),
        key=lambda edge: (abs(edge[0] - x) + abs(edge[1] - y), edge),
    )


def _close(pieces: Sequence[Line], box: Box) -> list[Ring]:
    """Walk each piece of coast, then clockwise along the edge to where the next one enters, until home."""
    waiting = {_along(piece[0], box): piece for piece in pieces}
    rings = []
    while waiting:
        home = min(waiting)
        ring: list[Point] = []
        piece = waiting.pop(home)
        while True:
            ring += piece
            here = _along(piece[-1], box)
            ahead = min([*waiting, home], key=lambda entry: (entry - here) % 4)
            ring += _corners(here, ahead, box)
            if ahead == home:
                break
            piece = waiting.pop(ahead)
        rings.append(tuple(ring))
    return rings


def _along(point: Point, box: Box) -> float:
    """Return how far clockwise along the edge a point lies: 0 is the north-west corner, a side is 1."""
    west, south, east, north = box
    x, y = (point[0] - west) / (east - west), (point[1] - south) / (north - south)
    return min((abs(y - 1), x), (abs(x - 1), 2 - y), (abs(y), 3 - x), (abs(x), 3 + y))[1] % 4


def _corners(here: float, ahead: float, box: Box) -> list[Point]:
    """Return the corners passed on the way clockwise from one position on the edge to another."""
    west, south, east, north = box
    corners = [(west, north), (east, north), (east, south), (west, south)]
    span = (ahead - here) % 4 or 4.0
    first = int(here) + 1
    return [corners[at % 4] for at in range(first, first + 4) if at - here < span]
