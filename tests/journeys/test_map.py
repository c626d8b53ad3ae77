"""The map in a real browser: a picture first, a picker with script, and the map itself only when it is asked for."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpResponse
from django.template import Context, Template
from django.urls import path

from commonweal.networks.tests import cast
from config import urls

VENDOR = Path(urls.__file__).parent.parent / "commonweal" / "web" / "static" / "vendor" / "maplibre"
SOURCE = """{% load places static %}<!doctype html><html lang="en"><head><title>Map</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<link rel="stylesheet" href="{% static 'web/commonweal.css' %}">
<script src="{% static 'web/trusted.js' %}"></script></head><body><main class="wrap"><h1>Where?</h1>
{% area_map "baltimore" "Our areas" picker="id_area id_cell" chosen="canton" link="?area=" cells=cells %}
<label for="id_area">Area</label><select id="id_area"><option value=""></option>
<option value="canton" selected>Canton</option><option value="1" data-area="bayview">Bayview</option>
</select><input type="hidden" id="id_cell"></main></body></html>"""


def page_with_a_map(request):
    return HttpResponse(Template(SOURCE).render(Context({"cells": [(15711, -24503, 2, 1)]})))


urlpatterns = [*urls.urlpatterns, path("a-map/", page_with_a_map)]
pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls(__name__),
    pytest.mark.skipif(
        not VENDOR.is_dir(), reason="the browser assets are absent: script/assets fetches them"
    ),
]


@pytest.fixture
def site(live_server):
    cast.harbor()
    return live_server.url


@pytest.fixture
def open_map(new_context, site):
    """Open the page; what goes wrong in it, and each address outside of this server, is collected in a list."""

    def open_map(**context):
        page = new_context(**{"viewport": {"width": 900, "height": 800}, **context}).new_page()
        page.faults = []
        page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("request", lambda sent: sent.url.startswith((site, "data:")) or page.faults.append(sent.url))
        page.goto(f"{site}/a-map/")
        return page

    return open_map


def show(page):
    page.get_by_role("button", name="Show the map").click()
    page.locator("[data-map-said]", has_text="The map is here").wait_for(state="attached")
    return page.locator("canvas.maplibregl-canvas")


def chosen(page):
    return page.locator("#id_area").input_value(), page.locator("#id_cell").input_value()


def said(page):
    return page.locator("[data-map-said]").text_content()


def test_without_script_the_areas_are_links(open_map):
    page = open_map(java_script_enabled=False)
    assert page.get_by_role("button", name="Show the map").count() == 0
    page.get_by_role("link", name="Bayview").click()
    assert page.url.endswith("?area=bayview")


def test_the_picture_chooses_in_the_list(open_map):
    page = open_map()
    page.get_by_role("link", name="Bayview").click()
    assert chosen(page) == ("1", "")
    assert said(page) == "Bayview is chosen."
    assert page.locator("[aria-current]").get_attribute("data-area") == "bayview"
    assert page.locator(".areas-chosen").get_attribute("d") == page.locator(
        "[data-area=bayview] path"
    ).get_attribute("d")
    page.get_by_role("link", name="Canton").focus()
    page.keyboard.press("Enter")
    assert chosen(page) == ("canton", "")
    page.get_by_role("link", name="Orangeville").click()
    assert said(page) == "That is outside our areas."
    assert chosen(page) == ("canton", "")
    assert page.faults == []


def test_nothing_of_the_map_is_loaded_before_it_is_asked_for(open_map):
    page = open_map()
    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert not any("maplibre" in one or "pmtiles" in one or "view." in one for one in loaded)


def test_the_map_chooses_an_area_and_a_square(open_map):
    page = open_map()
    canvas = show(page)
    # It opens on Canton, which is chosen: its middle is in it.
    canvas.click()
    area, cell = chosen(page)
    assert area == "canton"
    y, x = map(int, cell.split(","))
    assert 39.26 < y / 400 < 39.3
    assert -76.59 < x / 320 < -76.56
    assert said(page) == "Canton is chosen."
    page.locator("#id_area").select_option("Bayview")
    assert chosen(page) == ("1", "")
    assert page.faults == []


def test_the_map_is_worked_with_keys(open_map):
    page = open_map(reduced_motion="reduce")
    canvas = show(page)
    assert canvas.evaluate("node => node === document.activeElement")
    page.keyboard.press("Enter")
    before = chosen(page)
    assert before[0] == "canton"
    assert before[1]
    page.keyboard.press("=")
    page.wait_for_timeout(600)
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(600)
    page.keyboard.press("Enter")
    assert chosen(page)[1] != before[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_picture_and_map_are_accessible_and_keep_their_width(open_map, scheme, width):
    page = open_map(color_scheme=scheme, viewport={"width": width, "height": 800})
    for step in ("picture", "map"):
        # Axe would fetch the style sheets again, and take @import for relative to the page.
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], step
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if step == "picture":
            show(page)
    assert page.faults == []


def test_where_the_browser_can_t_draw_it_the_picture_stays(open_map):
    page = open_map()
    page.evaluate("HTMLCanvasElement.prototype.getContext = () => null")
    page.get_by_role("button", name="Show the map").click()
    page.locator("[data-map-said]", has_text="can't be shown").wait_for()
    page.get_by_role("link", name="Bayview").click()
    assert chosen(page) == ("1", "")


def test_the_map_puts_on_the_dark_while_it_is_open(open_map):
    page = open_map()
    show(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(800)
    page.locator("canvas.maplibregl-canvas").click()
    assert chosen(page)[0] == "canton"
    assert page.faults == []
