"""Littletown: an invented town of a square kilometre, written as an OpenStreetMap extract for the tests.

Main Street runs west to east through Northside, Long Avenue north to south through both sides, and the sea lies in
the south with one island in it.
"""

from pathlib import Path
from typing import Any

import osmium
from osmium.osm.mutable import Node, Relation, Way

BOX = (10.0, 50.0, 10.02, 50.01)
SEA_LEVEL = 50.001
PLACES = {
    "neighbourhoods": [("neighbourhood", "Northside", 10.01, 50.0075), ("suburb", "Südend", 10.012, 50.0028)],
    "villages": [("village", "Littletown", 10.004, 50.005), ("hamlet", "Farther", 10.016, 50.005)],
}
AVENUE = [(10.01, 50.0015), (10.01, 50.003), (10.01, 50.006), (10.01, 50.0095)]
STREETS = [
    ("Main Street", "residential", {}, [(10.002, 50.006), (10.01, 50.006), (10.018, 50.006)]),
    ("Long Avenue", "primary", {"alt_name": "Old Mill Road"}, AVENUE),
    ("West 27th Street", "tertiary", {}, [(10.003, 50.003), (10.01, 50.003)]),
    ("Saint Paul Street", "residential", {}, [(10.004, 50.008), (10.016, 50.008)]),
    ("North Way", "footway", {}, [(10.016, 50.008), (10.016, 50.0095)]),
    ("Fast Road", "motorway", {}, [(9.99, 50.0042), (10.03, 50.0042)]),
    ("Faraway Lane", "residential", {}, [(10.05, 50.05), (10.06, 50.05)]),
]
DOORS = [
    ("Main Street", "2", "12345", 10.004, 50.0061),
    ("Main St", "10", "12345-6789", 10.008, 50.0061),
    ("Main Street", "12a", "12345", 10.009, 50.0061),
    ("Main Street", "1", "12345", 10.004, 50.0059),
    ("Main Street", "1", "12345", 10.0041, 50.0059),
    ("Main Street", "20-24", "12345", 10.012, 50.0061),
    ("Long Avenue", "5", "12346;12347", 10.0101, 50.002),
    ("Long Avenue", "95", "12346", 10.0101, 50.009),
    ("Well Court", "3", "AB1 2CD", 10.012, 50.002),
    ("Main Street", "no number", "", 10.005, 50.0061),
    ("Main Street", "900", "", 10.5, 50.5),
]
COAST = [(10.03, SEA_LEVEL), (9.99, SEA_LEVEL)][::-1]
ISLAND = [(10.005, 50.0003), (10.007, 50.0003), (10.007, 50.0007), (10.005, 50.0007)]
POND = [(10.012, 50.0065), (10.015, 50.0065), (10.015, 50.0075), (10.012, 50.0075)]
PARK = [(10.0005, 50.002), (10.0025, 50.002), (10.0025, 50.005), (10.0005, 50.005)]
DISTRICTS = {"East": (10.01, 10.02), "West": (10.0, 10.01)}


class Town:
    """Writes the things of a town; ids are given in order."""

    def __init__(self, path: Path, *, box=BOX) -> None:
        header = osmium.io.Header()
        if box:
            header.add_box(osmium.osm.Box(osmium.osm.Location(*box[:2]), osmium.osm.Location(*box[2:])))
        self._writer = osmium.SimpleWriter(str(path), header=header, overwrite=True)
        self._nodes: list[Any] = []
        self._ways: list[Any] = []
        self._relations: list[Any] = []
        self._at: dict[Any, Any] = {}

    def node(self, point, **tags):
        shared = not tags
        if shared and point in self._at:
            return self._at[point]
        number = len(self._nodes) + 1
        self._nodes.append(Node(id=number, location=point, tags=tags, version=1))
        if shared:
            self._at[point] = number
        return number

    def way(self, points, **tags):
        number = len(self._ways) + 1
        self._ways.append(Way(id=number, nodes=[self.node(p) for p in points], tags=tags, version=1))
        return number

    def ring(self, points, **tags):
        return self.way([*points, points[0]], **tags)

    def area(self, outer, inner=(), **tags):
        members = [("w", self.ring(outer), "outer"), *(("w", self.ring(one), "inner") for one in inner)]
        tags = {"type": "multipolygon", **tags}
        self._relations.append(Relation(id=len(self._relations) + 1, members=members, tags=tags, version=1))

    def close(self):
        for node in self._nodes:
            self._writer.add_node(node)
        for way in self._ways:
            self._writer.add_way(way)
        for relation in self._relations:
            self._writer.add_relation(relation)
        self._writer.close()


def rectangle(west, south, east, north):
    return [(west, south), (east, south), (east, north), (west, north)]


def write_town(path: Path, *, places="neighbourhoods", districts=False, coast=True, box=BOX) -> Path:
    """Write Littletown, with the places and the coast that a test wants."""
    town = Town(path, box=box)
    for kind, name, lon, lat in PLACES.get(places, []):
        town.node((lon, lat), place=kind, name=name)
    for name, kind, tags, points in STREETS:
        town.way(points, highway=kind, name=name, **tags)
    town.way([(10.0, 50.0041), (10.02, 50.0041)], highway="secondary")
    for street, number, postcode, lon, lat in DOORS:
        tags = {"addr:street": street, "addr:housenumber": number, "addr:city": "Littletown"}
        town.node((lon, lat), **tags, **({"addr:postcode": postcode} if postcode else {}))
    town.ring(
        rectangle(10.0135, 50.0058, 10.0137, 50.0059),
        **{"building": "yes", "addr:street": "Main Street", "addr:housenumber": "31"},
    )
    if coast:
        town.way(COAST, natural="coastline")
        town.ring(ISLAND, natural="coastline")
    town.ring(POND, natural="water")
    town.ring(PARK, leisure="park")
    if districts:
        for name, (west, east) in DISTRICTS.items():
            town.area(
                rectangle(west, 50.0, east, 50.01), boundary="administrative", admin_level="9", name=name
            )
    town.close()
    return path
