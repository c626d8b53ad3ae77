"""From an extract to areas, streets, doors, crossings and postcodes: Littletown, and the real ones where they are."""

import json
from pathlib import Path

import pytest

from commonweal.networks.places.areas import AreaIndex, AreaMap, NoAreas, choose_areas, load_area_map
from commonweal.networks.places.extract import extract, sketch
from commonweal.networks.places.geometry import area_m2, in_shape, length_m
from commonweal.networks.places.maps import SHIPPED
from commonweal.networks.places.osm import UnreadableExtract, read_region
from commonweal.networks.tests.littletown import BOX, SEA_LEVEL, write_town

GEO = Path(__file__).resolve().parents[4] / "shared" / "data" / "geo"
real = pytest.mark.skipif(
    not GEO.is_dir(), reason="the real extracts are not beside this clone (../shared/data/geo)"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("littletown")


@pytest.fixture(scope="module")
def region(folder):
    return read_region(write_town(folder / "town.osm.pbf"))


@pytest.fixture(scope="module")
def areas(region):
    return choose_areas(region)


@pytest.fixture(scope="module")
def town(region, areas):
    return extract(region, areas)


@pytest.fixture(scope="module")
def drawn(region, areas):
    return sketch(region, areas, "littletown")


# Reading


def test_what_is_read(region):
    assert region.box == BOX
    assert [point.name for point in region.points] == ["Northside", "Südend"]
    assert {way.name for way in region.ways} == {
        *("Main Street", "Long Avenue", "West 27th Street", "Saint Paul Street", "North Way", "Faraway Lane")
    }
    assert len(region.doors) == 12
    assert region.around == {"Littletown": 11}
    assert (len(region.coast), len(region.water), len(region.green)) == (2, 1, 1)
    assert sorted(kind for kind, _ in region.main_roads) == ["motorway", "primary", "secondary"]


def test_without_a_box_in_the_file_the_streets_and_doors_make_one(tmp_path):
    west, south, east, north = read_region(write_town(tmp_path / "t.osm.pbf", box=None)).box
    assert (west, north) == (10.002, 50.5)
    assert (east, south) == (10.5, 50.0015)


def test_a_file_that_is_not_an_extract_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_region(tmp_path / "none.osm.pbf")
    junk = tmp_path / "junk.osm.pbf"
    junk.write_bytes(b"not an extract at all")
    with pytest.raises(UnreadableExtract, match=r"junk\.osm\.pbf is no readable"):
        read_region(junk)


def test_an_extract_that_is_cut_short_is_refused(tmp_path, folder):
    whole = write_town(tmp_path / "whole.osm.pbf").read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableExtract):
        read_region(cut)


def test_an_extract_without_streets_and_doors_is_refused(tmp_path):
    empty = tmp_path / "empty.osm"
    empty.write_text('<osm version="0.6"><node id="1" lat="50" lon="10" version="1"/></osm>')
    with pytest.raises(UnreadableExtract, match="no named street"):
        read_region(empty)


# Areas


def test_areas_of_points_are_made_and_say_so(areas):
    assert [(area.slug, area.name, area.made) for area in areas] == [
        ("northside", "Northside", True),
        ("sudend", "Südend", True),
    ]
    north, south = areas
    assert in_shape((10.01, 50.009), north.shape)
    assert in_shape((10.01, 50.002), south.shape)
    assert (north.lon, north.lat) == (10.01, 50.0075)


def test_boundaries_are_taken_as_they_are(tmp_path):
    region = read_region(write_town(tmp_path / "t.osm.pbf", places="none", districts=True))
    east, west = choose_areas(region)
    assert (east.name, east.made, west.name, west.made) == ("East", False, "West", False)
    assert in_shape((10.015, 50.005), east.shape)
    assert in_shape((east.lon, east.lat), east.shape)
    assert area_m2(east.shape) == pytest.approx(area_m2(west.shape), rel=0.001)


def test_settlements_are_the_last_resort(tmp_path):
    region = read_region(write_town(tmp_path / "t.osm.pbf", places="villages"))
    assert [area.name for area in choose_areas(region)] == ["Farther", "Littletown"]


def test_a_kind_can_be_asked_for_and_refused(tmp_path):
    region = read_region(write_town(tmp_path / "t.osm.pbf", places="villages", districts=True))
    assert [area.name for area in choose_areas(region, "settlements")] == ["Farther", "Littletown"]
    assert [area.name for area in choose_areas(region, "boundaries")] == ["East", "West"]
    with pytest.raises(NoAreas, match="neighbourhoods"):
        choose_areas(region, "neighbourhoods")
    with pytest.raises(ValueError, match="not by colour"):
        choose_areas(region, "colour")


def test_no_place_at_all_is_refused(tmp_path):
    with pytest.raises(NoAreas):
        choose_areas(read_region(write_town(tmp_path / "t.osm.pbf", places="none")))


def test_a_stray_point_belongs_to_the_nearest_area_and_a_far_one_to_none(areas):
    index = AreaIndex(areas)
    assert index.find((10.01, 50.0105)) is areas[0]
    assert index.find((10.01, 50.05)) is None
    assert index.find((11.0, 50.0)) is None


# Streets, doors, crossings, postcodes


def parts(town, name):
    (street,) = [street for street in town.streets if street.name == name]
    return [(part.area.slug, round(part.length_m)) for part in street.parts]


def test_a_street_is_in_each_area_it_runs_through(town):
    assert parts(town, "Main Street") == [("northside", 1144)]
    assert dict(parts(town, "Long Avenue")) == pytest.approx({"northside": 389, "sudend": 500}, abs=120)
    assert "Faraway Lane" not in {street.name for street in town.streets}
    assert parts(town, "Well Court") == [("sudend", 0)]


def test_a_part_has_its_point_on_the_street(town):
    (main,) = [street for street in town.streets if street.name == "Main Street"]
    assert main.parts[0].point == (10.01, 50.006)


def test_other_names_are_kept(town):
    (avenue,) = [street for street in town.streets if street.name == "Long Avenue"]
    assert avenue.other_names == ("Old Mill Road",)


def test_doors_are_once_each_under_the_street_s_own_name(town):
    main = [(one.number, one.label, one.postcode) for one in town.addresses if one.street == "Main Street"]
    assert main == [
        *((1, "1", "12345"), (2, "2", "12345"), (10, "10", "12345"), (12, "12A", "12345")),
        *((20, "20-24", "12345"), (31, "31", "")),
    ]
    assert {one.street for one in town.addresses} == {"Main Street", "Long Avenue", "Well Court"}


def test_crossings_are_where_streets_share_a_point(town):
    found = {crossing.streets: crossing.point for crossing in town.crossings}
    assert found == {
        ("Long Avenue", "Main Street"): (10.01, 50.006),
        ("Long Avenue", "West 27th Street"): (10.01, 50.003),
        ("North Way", "Saint Paul Street"): (10.016, 50.008),
    }


def test_a_postcode_lies_at_one_of_its_doors(town):
    assert [(one.code, one.doors, one.area.slug) for one in town.postcodes] == [
        ("12345", 5, "northside"),
        ("12346", 2, "sudend"),
        ("AB1 2CD", 1, "sudend"),
    ]


# The drawing


def test_the_drawing_holds_sea_park_pond_and_main_roads(drawn):
    assert len(drawn.water) == 2
    sea = max(drawn.water, key=area_m2)
    assert in_shape((10.001, SEA_LEVEL - 0.0002), sea)
    assert not in_shape((10.006, 50.0005), sea)
    assert len(drawn.green) == 1
    assert len(drawn.roads) == 3


def test_borders_are_drawn_once_and_on_land(drawn):
    assert 1200 < sum(map(length_m, drawn.borders)) < 1600
    assert all(lat > SEA_LEVEL for line in drawn.borders for _, lat in line)


def test_a_border_through_water_is_interrupted(tmp_path):
    region = read_region(write_town(tmp_path / "t.osm.pbf", places="none", districts=True))
    (line,) = sketch(region, choose_areas(region), "t").borders
    assert line[0] == pytest.approx((10.01, SEA_LEVEL), abs=0.0002)
    assert line[1:] == ((10.01, 50.01),)


def test_the_drawing_survives_its_file(drawn, tmp_path):
    file = tmp_path / "a.areas.json"
    file.write_text(drawn.dump())
    again = load_area_map(file)
    assert again == drawn
    assert again.area_of(50.0075, 10.01) == drawn.areas[0]
    assert hash(again.areas[0]) == hash(drawn.areas[0])


@pytest.mark.parametrize("content", ['{"format": 0}', "[]"])
def test_a_drawing_of_another_version_is_refused(tmp_path, content):
    file = tmp_path / "old.areas.json"
    file.write_text(content)
    with pytest.raises(ValueError, match="make it again"):
        load_area_map(file)


def test_geojson_has_closed_rings_and_holes_in_their_places(drawn):
    hole = ((10.002, 50.006), (10.003, 50.006), (10.003, 50.007))
    first = drawn.areas[0]
    holed = type(first)(
        **{at: getattr(first, at) for at in first.__slots__ if at != "shape"}, shape=(*first.shape, hole)
    )
    plain = json.loads(json.dumps(AreaMap(name="x", box=BOX, areas=(holed,)).geojson()))
    (polygon,) = plain["features"][0]["geometry"]["coordinates"]
    assert [ring[0] == ring[-1] for ring in polygon] == [True, True]
    assert plain["features"][0]["properties"] == {
        "slug": "northside",
        "name": "Northside",
        "at": [10.01, 50.0075],
    }
    assert plain["bbox"] == list(BOX)


# The real ones


@real
def test_baltimore_is_what_is_shipped():
    region = read_region(GEO / "baltimore.osm.pbf")
    areas = choose_areas(region)
    assert (len(areas), all(area.made for area in areas)) == (27, True)
    assert sketch(region, areas, "baltimore") == load_area_map(SHIPPED / "baltimore.areas.json")
    found = extract(region, areas)
    assert (len(found.streets), len(found.addresses), len(found.postcodes)) == (561, 1258, 8)


@real
def test_liechtenstein_is_its_municipalities():
    region = read_region(GEO / "liechtenstein.osm.pbf")
    areas = choose_areas(region)
    assert [area.name for area in areas] == [
        *("Balzers", "Eschen", "Gamprin", "Mauren", "Planken", "Ruggell"),
        *("Schaan", "Schellenberg", "Triesen", "Triesenberg", "Vaduz"),
    ]
    assert not any(area.made for area in areas)
    assert sum(area_m2(area.shape) for area in areas) == pytest.approx(160_000_000, rel=0.01)
    assert AreaIndex(areas).find((9.5227962, 47.1392862)) == areas[-1]
