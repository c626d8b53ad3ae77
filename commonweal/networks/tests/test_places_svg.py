"""The picture of the areas: small, escaped, labelled, and without anything that a strict policy forbids."""

import gzip
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from commonweal.networks.places.areas import Area, AreaMap, load_area_map
from commonweal.networks.places.maps import SHIPPED
from commonweal.networks.places.svg import areas_svg

BALTIMORE = load_area_map(SHIPPED / "baltimore.areas.json")


def draw(areas=BALTIMORE, **given):
    svg = areas_svg(areas, label="Our areas", **given)
    return svg, ElementTree.fromstring(svg)


def area(slug, west, east, **given):
    ring = ((west, 50.0), (east, 50.0), (east, 50.01), (west, 50.01))
    about = {"name": slug.title(), "lat": 50.005, "lon": (west + east) / 2, "made": False, "shape": (ring,)}
    return Area(slug=slug, **{**about, **given})


TWO = AreaMap(
    name="two", box=(10.0, 50.0, 10.02, 50.01), areas=(area("west", 10.0, 10.01), area("east", 10.01, 10.02))
)


def test_baltimore_is_small_over_the_wire():
    svg, _ = draw(link=lambda area: f"/ask/where?area={area.slug}", counts={"canton": 3})
    assert len(gzip.compress(svg.encode())) < 6_000


def test_no_style_no_script_no_handler():
    svg, tree = draw(chosen="canton", link=lambda area: f"?area={area.slug}")
    assert not re.search(r"style=|<style|<script|\son\w+=", svg)
    assert {element.tag for element in tree.iter()} == {"svg", "a", "title", "path", "text", "tspan"}


def test_every_area_says_its_name_and_number():
    _, tree = draw(counts={"canton": 3, "bayview": 0})
    said = {
        group.get("data-area"): (group.get("aria-label"), group.find("title").text)
        for group in tree.findall("g")
    }
    assert len(said) == 27
    assert said["canton"] == ("Canton 3", "Canton 3")
    assert said["bayview"] == ("Bayview", "Bayview")
    assert [span.text for span in tree.iter("tspan") if span.get("class") == "areas-count"] == ["3"]
    assert (tree.get("role"), tree.get("aria-label")) == ("group", "Our areas")
    assert all(group.get("role") == "img" for group in tree.findall("g"))


def test_an_area_can_be_described_in_words():
    _, tree = draw(TWO, counts={"west": 2}, describe=lambda area: f"{area.name}: two asks")
    assert [group.get("aria-label") for group in tree.findall("g")] == ["West: two asks", "East: two asks"]


def test_a_picker_is_made_of_links_and_marks_the_chosen_one():
    _, tree = draw(TWO, chosen="east", link=lambda area: f"?area={area.slug}&step=2")
    west, east = tree.findall("a")
    assert (west.get("href"), west.get("class"), west.get("aria-current")) == (
        "?area=west&step=2",
        "areas-one",
        None,
    )
    assert (east.get("class"), east.get("aria-current")) == ("areas-one is-chosen", "true")
    marked = tree.find("path[@class='areas-chosen']")
    assert marked.get("d") == east.find("path").get("d")


def test_nothing_chosen_leaves_the_mark_empty():
    _, tree = draw(TWO)
    assert tree.find("path[@class='areas-chosen']").get("d") == ""


def test_hostile_names_are_escaped():
    hostile = replace(TWO, areas=(area("west", 10.0, 10.01, name='<b onclick="x">&'), TWO.areas[1]))
    svg = areas_svg(hostile, label='"><script>', link=lambda area: '"><script>')
    ElementTree.fromstring(svg)
    assert "<b" not in svg
    assert "<script" not in svg


def test_a_degree_east_is_as_long_as_in_metres():
    _, tree = draw(TWO)
    _, _, width, height = map(int, tree.get("viewBox").split())
    assert width == 1000
    assert height == pytest.approx(1000 * 1112 / 1430, rel=0.01)


def test_paths_come_back_to_the_corners_of_the_areas():
    _, tree = draw(TWO)
    assert [path.get("d") for path in tree.iterfind("g/path")] == [
        "M0 778l500 0 0-778-500 0z",
        "M500 778l500 0 0-778-500 0z",
    ]


def texts(tree):
    return {"".join(text.itertext()): text.get("class") for text in tree.iter("text")}


def test_names_that_would_overlap_on_a_phone_wait_for_room():
    near = replace(
        TWO, areas=(area("west", 10.0, 10.01, lon=10.0099), area("east", 10.01, 10.02, lon=10.0102))
    )
    assert sorted(texts(draw(near)[1]).values()) == ["areas-name"]
    beside = replace(
        TWO, areas=(area("west", 10.0, 10.01, lon=10.0092), area("east", 10.01, 10.02, lon=10.0105))
    )
    assert sorted(texts(draw(beside)[1]).values()) == ["areas-name", "areas-name is-minor"]


def test_the_chosen_name_comes_before_larger_areas():
    near = replace(
        TWO, areas=(area("west", 10.0, 10.011, lon=10.01), area("east", 10.011, 10.02, lon=10.0105))
    )
    assert texts(draw(near)[1]) == {"West": "areas-name"}
    assert texts(draw(near, chosen="east")[1]) == {"East": "areas-name"}


def test_long_names_are_broken_and_kept_inside():
    long = area("a", 10.0, 10.01, name="Ellwood Park/Monument", lon=10.0)
    _, tree = draw(AreaMap(name="x", box=TWO.box, areas=(long, TWO.areas[1])))
    lines = [(span.text, int(span.get("x"))) for span in tree.iter("tspan")]
    assert [text for text, _ in lines[:2]] == ["Ellwood", "Park/Monument"]
    assert lines[0][1] > 100
    word = area("a", 10.0, 10.01, name="Niedermuhlbach")
    assert "Niedermuhlbach" in texts(draw(AreaMap(name="x", box=TWO.box, areas=(word,)))[1])


def test_a_name_on_the_very_edge_is_left_out():
    high = area("a", 10.0, 10.02, lat=50.01)
    assert texts(draw(AreaMap(name="x", box=TWO.box, areas=(high,)))[1]) == {}


def test_what_is_a_point_in_the_picture_is_not_drawn():
    crumb = ((10.005, 50.005), (10.0050001, 50.005), (10.005, 50.0050001))
    dotted = replace(TWO, water=((crumb,),), roads=(((10.001, 50.001), (10.0010001, 50.001)),))
    _, tree = draw(dotted)
    assert tree.find("path[@class='areas-water']") is None
    assert tree.find("path[@class='areas-roads']") is None
