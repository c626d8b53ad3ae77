"""Tiles from an extract: through tilemaker where it is, and the packing without it."""

import gzip
import shutil
import sqlite3
import subprocess

import osmium
import pytest
from pmtiles.reader import MmapSource, Reader, all_tiles

from commonweal.networks.places import tiles
from commonweal.networks.places.coast import sea
from commonweal.networks.places.osm import read_region
from commonweal.networks.places.tiles import TilesFailed, add_sea, build_tiles, pack
from commonweal.networks.tests.littletown import BOX, write_town

with_tilemaker = pytest.mark.skipif(
    shutil.which("tilemaker") is None, reason="tilemaker is not on this machine"
)


@pytest.fixture
def town(tmp_path):
    return write_town(tmp_path / "town.osm.pbf")


@with_tilemaker
def test_the_same_extract_gives_the_same_tiles(town, tmp_path):
    region = read_region(town)
    files = [tmp_path / name for name in ("a.pmtiles", "b.pmtiles")]
    counts = [build_tiles(town, region, file) for file in files]
    assert counts[0] == counts[1] > 4
    assert files[0].read_bytes() == files[1].read_bytes()
    assert not list(tmp_path.glob("*.part"))


@with_tilemaker
def test_the_tiles_hold_what_the_style_draws(town, tmp_path):
    file = tmp_path / "a.pmtiles"
    build_tiles(town, read_region(town), file)
    with file.open("rb") as opened:
        source = MmapSource(opened)
        reader = Reader(source)
        header, metadata = reader.header(), reader.metadata()
        deepest = [gzip.decompress(data) for (zoom, _, _), data in all_tiles(source) if zoom == 14]
    assert (header["min_zoom"], header["max_zoom"]) == (9, 14)
    assert (header["min_lon_e7"], header["max_lat_e7"]) == (100_000_000, 500_100_000)
    assert metadata["attribution"] == "© OpenStreetMap contributors"
    assert {layer["id"] for layer in metadata["vector_layers"]} == {
        *("water", "green", "building", "road", "rail", "boundary", "place")
    }
    # A vector tile spells its layers' names and its texts out: seeing them needs no decoder.
    together = b"".join(deepest)
    for text in (
        "water",
        "green",
        "building",
        "road",
        "Main Street",
        "Long Avenue",
        "street",
        "main",
        "motorway",
    ):
        assert text.encode() in together, text
    assert b"addr:" not in together


def test_the_sea_becomes_water_with_its_island(town, tmp_path):
    region = read_region(town)
    prepared = tmp_path / "prepared.osm.pbf"
    add_sea(town, sea(region.coast, region.box), region.box, prepared)
    again = read_region(prepared)
    assert again.box == BOX
    assert len(again.water) == len(region.water) + 1
    assert len(max(again.water, key=len)) == 2
    assert [way.name for way in again.ways] == [way.name for way in region.ways]
    ids = [thing.id for thing in osmium.FileProcessor(str(prepared), osmium.osm.NODE)]
    assert len(ids) == len(set(ids))


def test_without_sea_the_extract_is_only_copied(tmp_path):
    town = write_town(tmp_path / "dry.osm.pbf", coast=False)
    prepared = tmp_path / "prepared.osm.pbf"
    add_sea(town, [], BOX, prepared)
    assert len(read_region(prepared).water) == 1


def mbtiles(path, rows):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
    connection.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return path


def test_packing_turns_rows_the_right_way_up(tmp_path):
    rows = [
        (2, 1, 0, gzip.compress(b"south")),
        (2, 1, 3, gzip.compress(b"north")),
        (1, 0, 0, gzip.compress(b"far")),
    ]
    target = tmp_path / "x.pmtiles"
    assert pack(mbtiles(tmp_path / "x.mbtiles", rows), target, BOX) == 3
    with target.open("rb") as opened:
        found = {key: gzip.decompress(data) for key, data in all_tiles(MmapSource(opened))}
    assert found == {(2, 1, 3): b"south", (2, 1, 0): b"north", (1, 0, 1): b"far"}


@pytest.fixture
def stand_in(monkeypatch):
    """Something in tilemaker's place that writes no tiles: ``stand_in(code, words)`` says how it ends."""

    def end(code, words):
        monkeypatch.setattr(tiles, "tilemaker", lambda: "tilemaker")
        monkeypatch.setattr(
            subprocess,
            "run",
            lambda command, **kwargs: subprocess.CompletedProcess(command, code, words, ""),
        )

    return end


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [(1, "reading\nlua error in line 3\n\n", "lua error in line 3"), (0, "", "said nothing")],
)
def test_a_failure_says_why_and_leaves_nothing(town, tmp_path, stand_in, code, words, said):
    stand_in(code, words)
    with pytest.raises(TilesFailed, match=said):
        build_tiles(town, read_region(town), tmp_path / "x.pmtiles")
    assert [path.name for path in tmp_path.iterdir()] == ["town.osm.pbf"]


def test_without_tilemaker_tiles_can_t_be_made(town, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(TilesFailed, match="not installed"):
        build_tiles(town, read_region(town), tmp_path / "x.pmtiles")
