"""The files of a map over HTTP: ranges as RFC 9110 has them, known names only, and the tag that draws all of it."""

import json
import shutil

import pytest
from django.http import Http404
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import include, path

from commonweal.networks.places import maps
from commonweal.networks.places.serve import areas, tiles

SIZE = 200_000
CONTENT = bytes(at % 251 for at in range(SIZE))
doors = [
    path("map/<slug:name>.pmtiles", tiles, name="tiles"),
    path("map/<slug:name>.geojson", areas, name="areas"),
]
urlpatterns = [path("", include((doors, "networks")))]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def data(tmp_path, settings):
    """A map called town, of one's own: with tiles of known bytes and the areas of Baltimore."""
    settings.COMMONWEAL_DATA = tmp_path
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "town.pmtiles").write_bytes(CONTENT)
    shutil.copy(maps.SHIPPED / "baltimore.areas.json", tmp_path / "maps" / "town.areas.json")
    return tmp_path / "maps"


@pytest.fixture
def ask(data):
    """Ask for the tiles: ``ask("bytes=0-9", If_Range=…)``."""

    def ask(span=None, *, method="get", name="town", **headers):
        given = {key.replace("_", "-"): value for key, value in headers.items()}
        if span is not None:
            given["Range"] = span
        request = getattr(RequestFactory(), method)(f"/map/{name}.pmtiles", headers=given)
        return tiles(request, name)

    return ask


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_whole(ask):
    answer = ask()
    assert (answer.status_code, answer["Content-Length"], answer["Accept-Ranges"]) == (
        200,
        str(SIZE),
        "bytes",
    )
    assert answer["Content-Type"] == "application/vnd.pmtiles"
    assert "no-transform" in answer["Cache-Control"]
    assert body(answer) == CONTENT


@pytest.mark.parametrize(
    ("span", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-126", 0, 127),
        ("bytes=100000-199999", 100_000, SIZE),
        ("bytes=199990-", 199_990, SIZE),
        ("bytes=-10", SIZE - 10, SIZE),
        ("bytes=-999999", 0, SIZE),
        ("bytes=5-999999", 5, SIZE),
        (" bytes=7-7 ", 7, 8),
    ],
)
def test_one_range(ask, span, start, end):
    answer = ask(span)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer["Content-Length"] == str(end - start)
    assert body(answer) == CONTENT[start:end]


@pytest.mark.parametrize(
    "span", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0", "bytes=999999999999999999-"]
)
def test_a_range_beyond_the_end(ask, span):
    answer = ask(span)
    assert (answer.status_code, answer["Content-Range"], body(answer)) == (416, f"bytes */{SIZE}", b"")


@pytest.mark.parametrize(
    "span",
    [
        *("bytes=0-1,5-6", "bytes=9-3", "bytes=-", "bytes=a-b", "items=0-1", "bytes", "", "bytes=1-1;x"),
        *("bytes=" + "9" * 30 + "-", "bytes=٣-٤"),
    ],
)
def test_a_range_that_makes_no_sense_gets_the_whole(ask, span):
    answer = ask(span)
    assert (answer.status_code, answer["Content-Length"]) == (200, str(SIZE))
    assert len(body(answer)) == SIZE


def test_a_head_has_no_body(ask):
    answer = ask(method="head")
    assert (answer.status_code, answer["Content-Length"], body(answer)) == (200, str(SIZE), b"")
    part = ask("bytes=0-9", method="head")
    assert (part.status_code, part["Content-Length"], body(part)) == (206, "10", b"")


def test_only_reading_is_allowed(ask):
    assert ask(method="post").status_code == 405


def test_if_range(ask):
    whole = ask(method="head")
    for right in (whole["ETag"], whole["Last-Modified"]):
        assert ask("bytes=0-9", method="head", If_Range=right).status_code == 206
    for wrong in ('"other"', f"W/{whole['ETag']}", "Thu, 01 Jan 1970 00:00:00 GMT", "junk"):
        assert ask("bytes=0-9", method="head", If_Range=wrong).status_code == 200


def test_a_file_that_is_there_already_is_not_sent_again(ask, data):
    etag = ask(method="head")["ETag"]
    assert ask(If_None_Match=etag).status_code == 304
    (data / "town.pmtiles").write_bytes(CONTENT + b"more")
    assert ask(method="head", If_None_Match=etag).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["nowhere", "..", "../town", "town/../town", "Town", "a_b", "-", "", "%2e%2e", "town\0", "a" * 3000],
)
@pytest.mark.parametrize("view", [tiles, areas])
def test_names_that_are_not_known_find_nothing(data, name, view):
    assert maps.map_file(name, ".pmtiles") is None
    with pytest.raises(Http404):
        view(RequestFactory().get("/"), name)


@pytest.fixture
def browser_at(db, data, settings, client):
    """A browser at these doors alone, whatever else a page of the site passes through."""
    settings.MIDDLEWARE = []
    return client


def test_through_the_door(browser_at):
    answer = browser_at.get("/map/town.pmtiles", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, CONTENT[:4])


def test_the_shipped_map_is_there_and_one_of_one_s_own_goes_before_it(browser_at, data):
    shipped = (maps.SHIPPED / "baltimore.pmtiles").stat().st_size
    assert browser_at.head("/map/baltimore.pmtiles")["Content-Length"] == str(shipped)
    (data / "baltimore.pmtiles").write_bytes(b"mine")
    assert browser_at.head("/map/baltimore.pmtiles")["Content-Length"] == "4"


def test_the_areas_as_geojson(browser_at):
    answer = browser_at.get("/map/town.geojson")
    assert answer["Content-Type"] == "application/geo+json"
    assert len(answer.json()["features"]) == 27
    assert browser_at.get("/map/town.geojson", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert browser_at.post("/map/town.geojson").status_code == 405


def test_a_map_made_anew_is_seen_at_once(data, monkeypatch):
    def count():
        drawn = maps.area_map("town")
        assert drawn
        return len(drawn.areas)

    assert count() == 27
    file = data / "town.areas.json"
    plain = json.loads(file.read_text())
    plain["areas"] = plain["areas"][:2]
    file.write_text(json.dumps(plain))
    assert count() == 2
    assert maps.area_map("nowhere") is None
    assert maps.gazetteer("nowhere") is None
    assert maps.gazetteer("baltimore") is maps.gazetteer("baltimore")


# The tag


def page(**given):
    keywords = " ".join(f"{key}={key}" for key in ("chosen", "picker", "link", "counts", "cells"))
    source = f"{{% load places %}}{{% area_map name label {keywords} %}}"
    plain = {
        "name": "baltimore",
        "label": "Our areas",
        "chosen": "",
        "picker": "",
        "link": "",
        "counts": None,
        "cells": (),
    }
    return Template(source).render(Context({**plain, **given}))


def test_the_tag_draws_the_areas_and_offers_the_map():
    text = page(counts={"canton": 4})
    assert 'aria-label="Canton 4"' in text
    assert 'data-tiles="/map/baltimore.pmtiles"' in text
    assert 'data-areas="/map/baltimore.geojson"' in text
    assert "Map data © OpenStreetMap contributors" in text
    assert "style=" not in text.replace("data-style=", "")
    assert "data-picker" not in text
    assert "map-legend" not in text


def test_the_tag_as_a_picker():
    text = page(picker="id_area id_cell", chosen="canton", link="/ask/?area=")
    assert 'data-picker="id_area"' in text
    assert 'data-cell="id_cell"' in text
    assert 'href="/ask/?area=canton"' in text
    assert 'aria-current="true"' in text


def test_the_tag_with_cells_has_a_legend_of_what_is_there():
    text = page(cells=[(15712, -24510, 3, 0)])
    assert 'data-cells="[[15712,-24510,3,0]]"' in text
    assert "is-ask" in text
    assert "is-offer" not in text
    assert "is-offer" in page(cells=[(15712, -24510, 0, 1)])


def test_the_tag_without_tiles_offers_no_map(data):
    text = page(name="town")
    assert "data-tiles" in text
    (data / "town.pmtiles").unlink()
    assert "data-tiles" not in page(name="town")


def test_the_tag_for_no_map_is_nothing():
    assert page(name="nowhere").strip() == ""


@pytest.mark.urls("django.contrib.staticfiles.urls")
def test_the_tag_on_a_site_without_these_doors_is_only_the_picture():
    text = page()
    assert "<svg" in text
    assert "data-tiles" not in text
