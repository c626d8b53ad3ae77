"""Map tiles: from an extract to one PMTiles file, through tilemaker where the machine has it.

tilemaker 2 knows no sea (it wants a separate file of the world's oceans) and writes MBTiles. So the extract
is first given its sea as plain water, and the finished tiles are moved into PMTiles, which a browser reads by
ranges from any web server.
"""

import gzip
import json
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import osmium
from osmium.osm.mutable import Node, Relation, Way
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from commonweal.networks.places.areas import ATTRIBUTION
from commonweal.networks.places.coast import sea
from commonweal.networks.places.geometry import Box, Shape
from commonweal.networks.places.osm import Region

PROFILE = Path(__file__).resolve().parent.parent / "data" / "tilemaker"
LONGEST_WAIT_S = 6 * 3600


class TilesFailed(RuntimeError):
    """tilemaker stopped with an error; the words are its own."""


def tilemaker() -> str | None:
    """Return the path of tilemaker, or None where it isn't installed."""
    return shutil.which("tilemaker")


def build_tiles(source: Path, region: Region, target: Path) -> int:
    """Write the tiles of an extract to a PMTiles file and return how many there are.

    The same extract gives the same bytes: one thread, tiles in the order of their ids. Raises `TilesFailed`.
    """
    program = tilemaker()
    if program is None:
        raise TilesFailed("tilemaker is not installed")
    with tempfile.TemporaryDirectory(prefix="commonweal-map-") as folder:
        prepared, mbtiles = Path(folder) / "prepared.osm.pbf", Path(folder) / "tiles.mbtiles"
        add_sea(source, sea(region.coast, region.box), region.box, prepared)
        command = [program, "--input", str(prepared), "--output", str(mbtiles), "--threads", "1"]
        command += ["--config", str(PROFILE / "config.json"), "--process", str(PROFILE / "process.lua")]
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=LONGEST_WAIT_S, check=False
        )
        if done.returncode or not mbtiles.is_file():
            raise TilesFailed(_last_words(done.stdout + done.stderr))
        draft = target.with_name(target.name + ".part")
        count = pack(mbtiles, draft, region.box)
        draft.replace(target)
    return count


def _last_words(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "tilemaker wrote no tiles and said nothing"


def add_sea(source: Path, shapes: Sequence[Shape], box: Box, target: Path) -> None:
    """Copy an extract and add the sea to it as water, with the box in its header that tilemaker cuts by."""
    header = osmium.io.Header()
    low, high = osmium.osm.Location(box[0], box[1]), osmium.osm.Location(box[2], box[3])
    header.add_box(osmium.osm.Box(low, high))
    rings = [ring for shape in shapes for ring in shape]
    with osmium.SimpleWriter(str(target), header=header, overwrite=True) as writer:
        number = _copy(source, osmium.osm.NODE, writer) + 1
        drawn = []
        for ring in rings:
            nodes = range(number, number + len(ring))
            for node, point in zip(nodes, ring):
                writer.add_node(Node(id=node, location=point, version=1))
            drawn.append([*nodes, nodes[0]])
            number += len(ring)
        first = _copy(source, osmium.osm.WAY, writer) + 1
        for way, line in enumerate(drawn, first):
            writer.add_way(Way(id=way, nodes=line, version=1))
        number = _copy(source, osmium.osm.RELATION, writer) + 1
        for relation, shape in enumerate(shapes, number):
            members = [("w", first + at, "inner" if at else "outer") for at in range(len(shape))]
            first += len(shape)
            tags = {"type": "multipolygon", "natural": "water"}
            writer.add_relation(Relation(id=relation, members=members, tags=tags, version=1))


def _copy(source: Path, kind: osmium.osm.osm_entity_bits, writer: osmium.SimpleWriter) -> int:
    """Copy the things of one kind and return the highest id among them."""
    highest = 0
    for thing in osmium.FileProcessor(str(source), kind):
        writer.add(thing)
        highest = max(highest, thing.id)
    return highest


def pack(mbtiles: Path, target: Path, box: Box) -> int:
    """Write the tiles of an MBTiles file as PMTiles, equal tiles once, and return how many there are."""
    connection = sqlite3.connect(f"{mbtiles.resolve().as_uri()}?mode=ro", uri=True)
    try:
        zooms = connection.execute("SELECT MIN(zoom_level), MAX(zoom_level) FROM tiles").fetchone()
        with target.open("wb") as out:
            writer = Writer(out)  # type: ignore[no-untyped-call]
            count = 0
            for number, data in _tiles(connection):
                writer.write_tile(number, data)  # type: ignore[no-untyped-call]
                count += 1
            writer.finalize(_header(box, zooms), _metadata())  # type: ignore[no-untyped-call]
    finally:
        connection.close()
    return count


def _tiles(connection: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    rows = connection.execute("SELECT zoom_level, tile_column, tile_row FROM tiles").fetchall()
    placed = sorted((zxy_to_tileid(zoom, x, (1 << zoom) - 1 - row), zoom, x, row) for zoom, x, row in rows)
    for number, *key in placed:
        (data,) = connection.execute(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?", key
        ).fetchone()
        # Packed again: tilemaker's gzip is hasty, and carries the time in older versions.
        yield number, gzip.compress(gzip.decompress(data), compresslevel=9, mtime=0)


def _header(box: Box, zooms: tuple[int, int]) -> dict[str, Any]:
    west, south, east, north = (round(degrees * 10_000_000) for degrees in box)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": zooms[0],
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }


def _metadata() -> dict[str, Any]:
    config = json.loads((PROFILE / "config.json").read_text(encoding="utf-8"))
    fields = {
        "road": {"class": "String", "name": "String", "tunnel": "String"},
        "place": {"class": "String", "name": "String"},
        "boundary": {"level": "Number"},
    }
    layers = [
        {"id": name, "fields": fields.get(name, {}), "minzoom": layer["minzoom"], "maxzoom": layer["maxzoom"]}
        for name, layer in config["layers"].items()
    ]
    return {"attribution": ATTRIBUTION, "type": "baselayer", "vector_layers": layers}
