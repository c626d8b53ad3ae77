"""The page of components in a real browser: accessible, within its width, and whole in both directions of reading."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def open_design(new_context, live_server, **context):
    page = new_context(**context).new_page()
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{live_server.url}/design/")
    return page, faults


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_component_is_accessible_and_keeps_its_width(new_context, live_server, scheme, width):
    page, faults = open_design(
        new_context, live_server, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Typeface and others may be absent on a machine without a network; nothing else may be wrong.
    assert [fault for fault in faults if "404" not in fault] == []


def test_nothing_moves_for_who_asks_for_less_motion(new_context, live_server):
    page, _faults = open_design(new_context, live_server, reduced_motion="reduce")
    busy = page.locator("#button .button[aria-busy=true]").first
    assert busy.evaluate("node => getComputedStyle(node, '::after').animationDuration") == "0s"


def test_the_page_is_whole_without_a_script(new_context, live_server):
    page, _faults = open_design(new_context, live_server, java_script_enabled=False)
    assert page.locator("section.shelf").count() > 30
    assert page.locator("#board .board > li").first.is_visible()


def test_arrows_turn_round_with_the_reading(new_context, live_server):
    page, _faults = open_design(new_context, live_server)
    assert (
        page.locator("#doors [dir=rtl] .icon").first.evaluate("node => getComputedStyle(node).scale")
        == "-1 1"
    )
    code = page.locator("#shortcode [dir=rtl] bdi")
    box, frame = code.bounding_box(), page.locator("#shortcode [dir=rtl]").bounding_box()
    assert box["x"] > frame["x"] + frame["width"] / 2


def test_a_second_press_sends_nothing_until_the_page_is_shown_again(new_context, live_server):
    page, _faults = open_design(new_context, live_server)
    sent = []

    def stay(route):
        sent.append(route.request.method)
        route.fulfill(status=204)  # the browser stays on the page

    page.route("**/language/", stay)
    page.locator(".masthead button[name=language]").first.click()
    page.locator(".masthead form[data-pressed] button[aria-busy=true]").wait_for()
    again = "document.querySelector('.masthead form').requestSubmit()"
    page.evaluate(again)
    assert sent == ["POST"]

    page.evaluate("dispatchEvent(new Event('pageshow'))")
    assert page.locator(".masthead button[name=language]").first.is_enabled()
    with page.expect_response("**/language/"):
        page.evaluate(again)
    assert sent == ["POST", "POST"]


def test_moments_stay_true_while_the_page_is_open(new_context, live_server):
    page = new_context(locale="en").new_page()
    page.clock.install()
    page.goto(f"{live_server.url}/design/")
    soon = page.locator("#times .state").first.locator("time.due")
    assert soon.inner_text() == "in 20 min"
    page.clock.run_for(5 * 60_000)
    assert soon.inner_text() == "in 15 min"
    assert "late" not in soon.get_attribute("class")
    page.clock.run_for(30 * 60_000)
    assert soon.inner_text() == "14 min late"
    assert "late" in soon.get_attribute("class")


FORM = """<!doctype html><html lang="en"><title>Draft</title><form method="post" data-draft="ask">
<textarea name="words"></textarea><input type="number" name="people" value="1">
<input type="checkbox" name="free" value="0-1"><input type="checkbox" name="free" value="0-2">
<input name="contact" autocomplete="username"><input type="tel" name="phone"><input type="hidden" name="key" value="k">
<div data-private><input name="street"></div></form><script type="module" src="/static/web/draft.js"></script></html>"""


def open_form(page, live_server, body=FORM):
    page.route("**/draft/", lambda route: route.fulfill(content_type="text/html", body=body))
    page.goto(f"{live_server.url}/draft/")
    page.wait_for_load_state("networkidle")


def test_a_draft_keeps_words_and_never_how_to_reach_somebody(new_context, live_server):
    page = new_context().new_page()
    open_form(page, live_server)
    for name in ("contact", "phone", "street"):
        page.fill(f"[name={name}]", "410 555 0199")
    page.fill("textarea", "Shopping for four")
    page.fill("[name=people]", "4")
    page.check("[value='0-2']")
    kept = page.evaluate("sessionStorage.getItem('draft:ask')")
    assert "Shopping for four" in kept
    assert "410" not in json.dumps(json.loads(kept)["fields"])  # the moment beside them may hold any digits
    assert '"key"' not in kept

    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.input_value("textarea") == "Shopping for four"
    assert page.input_value("[name=people]") == "4"
    assert page.is_checked("[value='0-2']")
    assert not page.is_checked("[value='0-1']")
    assert page.input_value("[name=contact]") == ""


def test_a_draft_goes_once_the_page_says_so(new_context, live_server):
    page = new_context().new_page()
    open_form(page, live_server)
    page.fill("textarea", "Shopping for four")
    page.unroute("**/draft/")
    open_form(page, live_server, FORM.replace("<form", '<p data-draft-done="ask">We have it.</p><form'))
    assert page.input_value("textarea") == ""
    assert page.evaluate("sessionStorage.length") == 0
