"""Paper in a real browser: a poster is scanned and leads to an ask; a sheet is typed in with the keyboard alone."""

import io

import pytest
import typst
import zxingcpp
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, found_town
from commonweal.gatherings.actions import start_shift
from commonweal.members.tests.cast import sign_in
from commonweal.messaging.broadcasting import fill_next
from commonweal.messaging.models import Message
from commonweal.web.paper import printing

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(live_server, settings):
    """The cast on Monday morning; Jo is on shift."""
    settings.COMMONWEAL_BASE_URL = live_server.url
    with clock.frozen(MONDAY):
        town = found_town()
        give_mandate(
            member=town.jo, role=Mandate.Role.DISPATCHER, until=MONDAY + 200 * DAY, reason="We chose her."
        )
        start_shift(member=town.jo, until=MONDAY + 8 * HOUR)
        yield town


@pytest.fixture
def desk(new_context, live_server, town):
    """Jo's page at the desk."""
    known = Client()
    sign_in(known, town.jo)
    cookie = known.cookies[site_settings.SESSION_COOKIE_NAME]
    context = new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return context.new_page()


def scanned(network, languages, monkeypatch):
    """What a telephone reads from the poster as it is printed."""
    drawn = []
    monkeypatch.setattr(
        printing.typst,
        "compile",
        lambda source, *, drawing=typst.compile, **how: (
            drawn.append(drawing(source, **{**how, "format": "png", "ppi": 110})) or b"%PDF"
        ),
    )
    printing.poster(network, languages, "a4", strips=True)
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn[0])))
    return found.text


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_poster_is_scanned_and_leads_to_an_ask(new_context, town, monkeypatch, script):
    address = scanned(town.network, ["es", "en"], monkeypatch)
    page = new_context(viewport={"width": 390, "height": 800}, java_script_enabled=script).new_page()
    page.goto(address)
    assert page.locator("html").get_attribute("lang") == "es"

    page.get_by_role("link", name="Necesito").first.click()
    page.locator("[name=words]").fill("Arroz y leche para cuatro.")
    page.locator("[name=category]").first.check()
    page.locator("[name=area]").select_option("abell")
    page.locator("button.primary").click()
    page.locator(".code").first.wait_for()
    ask = Ask.objects.get()

    assert (ask.language, ask.words) == ("es", "Arroz y leche para cuatro.")
    assert ask.shown_code in page.content()


def test_a_sheet_is_typed_in_with_the_keyboard_alone(desk, town):
    desk.goto(reverse("desk:sheets"))
    keys = desk.keyboard

    def type_one(name, kind, words):
        # From here on nothing is clicked: Tab, figures, letters, Enter.
        keys.type(name)
        keys.press("Tab")
        keys.type("410 555 0123")
        keys.press("Tab")
        keys.type(kind)
        keys.press("Tab")
        keys.type(words)
        keys.press("Tab")
        keys.type("2")
        keys.press("Tab")
        keys.type("Span")
        keys.press("Tab")
        keys.press("Tab")
        keys.type("Abell")
        keys.press("Tab")
        with desk.expect_navigation():
            desk.keyboard.press("Shift+Tab")
            desk.keyboard.press("Shift+Tab")
            desk.keyboard.press("Enter")

    keys.type("K7F2QM")
    keys.press("Tab")
    keys.type("1")
    keys.press("Tab")
    type_one("Mrs. Green", "1", "Third floor.")
    assert desk.get_by_text("Taken in:").is_visible()
    type_one("Mr. Brown", "2", "")
    first, second = Ask.objects.order_by("source_key")

    assert (first.source_key, second.source_key) == ("K7F2QM:1", "K7F2QM:2")
    assert (first.called, first.words, first.people) == ("Mrs. Green", "Third floor.", 2)
    assert (first.contact, first.languages) == ("+14105550123", ["es"])
    assert first.area.slug == second.area.slug == "abell"
    assert first.category != second.category


def test_everybody_is_written_to_after_the_cost_was_shown(desk, town):
    desk.goto(reverse("desk:broadcasts"))
    desk.get_by_label("English").fill("The water is off until six.")
    desk.get_by_role("button", name="Count it first").click()
    desk.get_by_role("heading", name="What it will be").wait_for()
    assert not Message.objects.filter(template="news").exists()

    desk.get_by_role("button", name="Send it").click()
    desk.get_by_text("It is on its way").wait_for()
    fill_next()
    assert Message.objects.filter(template="news").count() > 0
    desk.reload()
    desk.get_by_role("button", name="Stop the rest").click()
    desk.get_by_text("Stopped.").wait_for()
    assert not Message.objects.filter(template="news", due_at__isnull=False).exists()
