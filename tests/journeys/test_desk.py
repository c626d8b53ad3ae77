"""The desk in a real browser: Jo and Sam are on shift, on a computer and on a phone, with and without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site_settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.models import Ask, CallNote, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, found_town, fresh
from commonweal.gatherings.actions import end_shift, plan_shift, start_shift
from commonweal.gatherings.models import Shift
from commonweal.members.tests.cast import sign_in
from commonweal.messaging.models import Message

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

needs_htmx = pytest.mark.skipif(
    not finders.find("vendor/htmx/htmx.min.js"), reason="htmx is not on this machine: script/setup fetches it"
)
TYPED = "She is at her daughter's until four."


@pytest.fixture
def town(live_server, settings):
    """The cast on Monday morning: Rosa offers groceries, Jo and Sam are on shift, three asks need a person."""
    settings.COMMONWEAL_BASE_URL = live_server.url
    with clock.frozen(MONDAY):
        town = found_town()
        for member in (town.jo, town.sam):
            give_mandate(
                member=member, role=Mandate.Role.DISPATCHER, until=MONDAY + 200 * DAY, reason="We chose them."
            )
        start_shift(member=town.jo, until=MONDAY + 8 * HOUR)
        start_shift(member=town.sam, until=MONDAY + 4 * HOUR)
        plan_shift(member=town.sam, starts_at=MONDAY + 8 * HOUR, ends_at=MONDAY + 10 * HOUR)
        for summary in ("Shopping for four, halal", "Ride to the clinic", "Two asks look the same"):
            on_desk(town, summary)
        town.offer(town.rosa)
        yield town


def on_desk(town, summary, **changes):
    ask = town.ask(summary=summary, words="Somos cuatro. Tercer piso, sin ascensor.", **changes)
    return actions.send_to_desk(ask=ask, said_by=By.ASKER)


def ask_called(summary):
    return Ask.objects.get(summary=summary)


@pytest.fixture
def browser_of(new_context, live_server, town):
    """The page of a member who is signed in."""

    def open_browser(member, *, width=1280, **context):
        known = Client()
        sign_in(known, member)
        cookie = known.cookies[site_settings.SESSION_COOKIE_NAME]
        mine = new_context(base_url=live_server.url, viewport={"width": width, "height": 900}, **context)
        mine.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = mine.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on(
            "console",
            lambda said: said.type == "error" and page.faults.append(f"{said.text} {said.location}"),
        )
        return page

    return open_browser


def faults_of(page):
    """What went wrong in a page; that a machine without a network lacks what is not ours is no fault."""
    return [fault for fault in page.faults if "/static/vendor/" not in fault and "409" not in fault]


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


def filled(page):
    """The filled buttons."""
    return [text.strip() for text in page.locator(".button.primary").all_inner_texts()]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_dispatcher_sees_to_an_ask(browser_of, town, script):
    jo = browser_of(town.jo, java_script_enabled=script)
    jo.goto(reverse("desk:now"))
    assert jo.locator(".queue li").count() == 3
    jo.get_by_role("link", name="Shopping for four, halal").click()
    assert jo.get_by_role("heading", level=1).inner_text() == "Shopping for four, halal"
    assert jo.get_by_text("You are on it until").is_visible()
    assert filled(jo) == ["Ask Rosa"]

    jo.get_by_role("button", name="Write to the asker").click()
    assert jo.get_by_role("link", name="amina@example.org").count() == 0
    jo.get_by_text("What do you need it for?").wait_for()
    jo.get_by_label("to settle when and how to meet").check()
    jo.get_by_role("button", name="Show it").click()
    assert jo.get_by_role("link", name="amina@example.org").is_visible()
    jo.get_by_role("button", name="Ask Rosa").click()
    assert jo.get_by_text("Rosa is being asked.").is_visible()
    assert Match.objects.get().state == Match.State.INVITED

    jo.get_by_label("What was said or done").fill(TYPED)
    jo.get_by_label("In an hour").check()
    jo.get_by_role("button", name="Keep this note").click()
    assert jo.get_by_text(f"Jo: “{TYPED}”").is_visible()
    assert ask_called("Shopping for four, halal").desk_at == MONDAY + HOUR

    jo.get_by_text("Close it for the asker").click()
    jo.get_by_label("Somebody has helped already").check()
    jo.get_by_role("button", name="Close this ask").click()
    assert jo.get_by_text("is closed as done.").is_visible()
    assert jo.locator(".queue li").count() == 2
    assert faults_of(jo) == []


def test_two_on_shift_do_not_work_on_one_ask_unknowingly(browser_of, town):
    jo, sam = browser_of(town.jo), browser_of(town.sam, width=360)
    for page in (jo, sam):
        page.goto(reverse("desk:now"))
        page.get_by_role("link", name="Shopping for four, halal").click()
    assert sam.get_by_text("Jo is working on this.").is_visible()
    assert filled(sam) == ["On to the next"]
    assert sam.get_by_role("button", name="Ask Rosa").count() == 0

    sam.get_by_role("button", name="Take it over", exact=True).click()
    assert sam.get_by_text("You are on it until").is_visible()

    jo.get_by_label("What was said or done").fill(TYPED)
    jo.get_by_role("button", name="Ask Rosa").click()
    assert jo.get_by_text("Sam is working on this.").is_visible()
    assert not Match.objects.exists()

    jo.get_by_label("What was said or done").fill(TYPED)
    jo.get_by_role("button", name="Take it over and keep this note").click()
    assert CallNote.objects.get().text == TYPED
    assert fresh(ask_called("Shopping for four, halal")).held_by == town.jo


def test_pressed_twice_asks_once(browser_of, town):
    jo = browser_of(town.jo)
    jo.goto(reverse("desk:now"))
    jo.get_by_role("button", name="Ask Rosa").dblclick()
    jo.get_by_text("Rosa is being asked.").wait_for()
    assert Match.objects.count() == 1


def test_on_a_phone_the_ask_that_was_chosen_comes_first(browser_of, town):
    sam = browser_of(town.sam, width=360)
    sam.goto(reverse("desk:now"))
    top = {name: sam.locator(name).bounding_box()["y"] for name in ("#ask", "#queue")}
    assert top["#queue"] < top["#ask"]
    sam.get_by_role("link", name="Ride to the clinic").click()
    top = {name: sam.locator(name).bounding_box()["y"] for name in ("#ask", "#queue")}
    assert top["#ask"] < top["#queue"]


def test_on_a_wide_page_the_list_stands_beside_it(browser_of, town):
    jo = browser_of(town.jo)
    jo.goto(reverse("desk:ask", args=[ask_called("Ride to the clinic").code]))
    ask, needs = (jo.locator(name).bounding_box() for name in ("#ask", ".needs"))
    assert needs["x"] + needs["width"] <= ask["x"]
    assert needs["y"] == ask["y"]


@needs_htmx
class TestTheListRenewsItself:
    @pytest.fixture
    def jo(self, browser_of, town):
        page = browser_of(town.jo)
        page.clock.install()
        page.goto(reverse("desk:ask", args=[ask_called("Ride to the clinic").code]))
        page.get_by_label("What was said or done").fill(TYPED)
        return page

    def test_without_losing_what_is_typed(self, jo, town):
        on_desk(town, "A new one")
        jo.clock.run_for(61_000)
        jo.get_by_role("link", name="A new one").wait_for()
        assert jo.get_by_label("What was said or done").input_value() == TYPED
        assert jo.locator("#count-now").inner_text() == "4"
        assert jo.locator(".queue [aria-current]").inner_text().startswith("in 1 h")
        jo.clock.run_for(61_000)
        assert faults_of(jo) == []

    def test_without_losing_the_readers_place(self, jo, town):
        place = jo.locator(f"#ask-{ask_called('Shopping for four, halal').code}")
        place.focus()
        on_desk(town, "A new one")
        jo.clock.run_for(61_000)
        jo.get_by_role("link", name="A new one").wait_for()
        assert place.evaluate("node => node === document.activeElement")

    def test_until_the_shift_is_over(self, jo, town):
        end_shift(shift=Shift.objects.get(member=town.jo))
        jo.clock.run_for(61_000)
        jo.get_by_text("You are not on shift any more").wait_for()
        assert jo.get_by_label("What was said or done").input_value() == TYPED
        assert faults_of(jo) == []


def lost_letter(town):
    Message.objects.filter(about_id=ask_called("Ride to the clinic").pk).update(
        state=Message.State.DEAD, due_at=None, died_at=MONDAY, last_error=Message.Trouble.REFUSED
    )


def pages(town):
    """Every page of the desk, by name."""
    held, mine = ask_called("Two asks look the same"), ask_called("Shopping for four, halal")
    actions.take_hold(ask=held, dispatcher=town.sam)
    agreed = on_desk(town, "Company on a walk", hands=2)
    match = town.agreed(agreed, town.lee, meets_at=MONDAY - HOUR, meets_until=MONDAY)
    town.invited(agreed, town.rosa)
    lost_letter(town)
    return {
        "the list": reverse("desk:now"),
        "an ask": reverse("desk:ask", args=[mine.code]),
        "an ask of two": reverse("desk:ask", args=[agreed.code]),
        "an ask that is held": reverse("desk:ask", args=[held.code]),
        "how it went": reverse("desk:how", args=[agreed.code, match.pk]),
        "who goes along": reverse("desk:twos", args=[agreed.code, match.pk]),
        "by state": reverse("desk:board"),
        "letters": reverse("desk:letters"),
        "a shift": reverse("desk:shift"),
        "by phone": reverse("desk:need"),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_keeps_nobody_out_and_its_width(browser_of, town, width, scheme, language):
    jo = browser_of(town.jo, width=width, color_scheme=scheme, locale=language)
    for name, address in pages(town).items():
        jo.goto(address)
        for details in jo.locator("details").all():
            details.evaluate("node => { node.open = true }")
        assert (name, violations(jo)) == (name, [])
        assert (name, jo.locator("h1").count()) == (name, 1)
        assert (name, jo.evaluate("document.documentElement.scrollWidth") <= width) == (name, True)
        assert len(filled(jo)) <= 1, name
    assert jo.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert faults_of(jo) == []
