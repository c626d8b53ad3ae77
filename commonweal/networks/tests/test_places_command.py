"""``commonweal map build``: what it makes, what it says, and how it ends."""

import json

import pytest
from django.core.management import CommandError, call_command

from commonweal.networks.places import build, maps
from commonweal.networks.tests.littletown import write_town


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    """Nothing that a test builds lands among the maps of this clone."""
    settings.COMMONWEAL_DATA = tmp_path / "data"


@pytest.fixture
def town(tmp_path):
    return write_town(tmp_path / "Little Town.osm.pbf")


@pytest.fixture
def no_tilemaker(monkeypatch):
    monkeypatch.setattr(build, "tilemaker", lambda: None)


@pytest.fixture
def some_tilemaker(monkeypatch):
    """Tiles without tilemaker: the file is there, and that is what the report is about."""

    def write(source, region, target):
        target.write_bytes(b"tiles")
        return 7

    monkeypatch.setattr(build, "tilemaker", lambda: "tilemaker")
    monkeypatch.setattr(build, "build_tiles", write)


def test_all_three_files_are_made_and_told_of(town, tmp_path, some_tilemaker, capsys):
    call_command("map", "build", str(town), "--out", str(tmp_path / "out"))
    out, err = capsys.readouterr()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        *("little-town.areas.json", "little-town.gazetteer.sqlite", "little-town.pmtiles")
    ]
    assert "little-town: 2 areas, 2 of them with made outlines, 6 streets, 9 addresses" in out
    assert "7 tiles." in out
    assert "© OpenStreetMap contributors, ODbL 1.0" in out
    assert [line[:3] for line in err.splitlines()] == ["1/4", "2/4", "3/4", "4/4"]


def test_without_tilemaker_the_rest_is_made_and_one_line_says_so(town, tmp_path, no_tilemaker, capsys):
    call_command("map", "build", str(town), "--out", str(tmp_path / "out"))
    out, _ = capsys.readouterr()
    assert [line for line in out.splitlines() if line.startswith("tilemaker")] == [build.NO_TILEMAKER]
    assert not list((tmp_path / "out").glob("*.pmtiles"))


def test_the_report_as_json(town, tmp_path, some_tilemaker, capsys):
    call_command("map", "build", str(town), "--out", str(tmp_path / "out"), "--name", "Our Town", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["name"], report["areas"], report["tiles"], report["notes"]) == ("our-town", 2, 7, [])
    assert report["files"]["our-town.pmtiles"] == 5


def test_by_default_the_map_is_put_where_the_pages_look(town, no_tilemaker):
    call_command("map", "build", str(town), "--name", "town")
    drawn, gazetteer = maps.area_map("town"), maps.gazetteer("town")
    assert drawn
    assert gazetteer
    assert drawn.name == "town"
    assert gazetteer.search("2 main")[0].exact
    assert not maps.has_tiles("town")
    assert maps.map_names() == ["baltimore", "town"]


def test_the_kind_of_areas_can_be_chosen(tmp_path, no_tilemaker, capsys):
    town = write_town(tmp_path / "t.osm.pbf", districts=True)
    call_command("map", "build", str(town), "--out", str(tmp_path), "--areas", "boundaries", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["areas"], report["areas_made"]) == (2, 0)
    call_command("map", "build", str(town), "--out", str(tmp_path), "--areas", "boundaries")
    assert "2 areas, 6 streets" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["none.osm.pbf"], "There is no file"),
        (["junk.osm.pbf"], r"junk\.osm\.pbf is no readable OpenStreetMap extract"),
        (["Little Town.osm.pbf", "--areas", "settlements"], "no areas"),
        (["Little Town.osm.pbf", "--out", "junk.osm.pbf"], "exists"),
    ],
)
def test_what_can_t_be_done_is_said_in_a_line(town, tmp_path, monkeypatch, given, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "junk.osm.pbf").write_bytes(b"junk")
    with pytest.raises(CommandError, match=said) as refused:
        call_command("map", "build", *given)
    assert "\n" not in str(refused.value).strip()


@pytest.mark.parametrize("given", [[], ["build"], ["build", "x", "--areas", "colours"], ["paint"]])
def test_a_mistyped_command_is_refused(given):
    with pytest.raises((CommandError, SystemExit)):
        call_command("map", *given)
