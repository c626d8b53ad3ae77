"""The main job in a real browser: somebody asks, somebody is asked, they meet, and say how it went.

Once with and once without JavaScript; and every page of the way accessible, within its width, in both directions of
reading, on a phone and on a desk, by day and by night.
"""

import gzip
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, found_town, letters
from commonweal.members.tests.cast import sign_in
from commonweal.networks.actions import add_areas, areas_of_map, create_network
from commonweal.networks.places.maps import area_map

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WIRE = 50_000


@pytest.fixture(autouse=True)
def at_once(settings):
    """What waits for the worker is done at once."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def hand():
    """The clock of all threads, stopped on Monday morning."""
    with clock.frozen(MONDAY) as hand:
        yield hand


@pytest.fixture
def site(live_server, settings, hand):
    """An address, and the network that lives there: real neighbourhoods, nobody in them yet."""
    settings.COMMONWEAL_BASE_URL = live_server.url
    network = create_network(
        slug="highlandtown", name="Highlandtown Neighbours", time_zone="America/New_York", languages=["en", "es"],
        map_name="baltimore", phone="410 555 0100", emergency="If a life is in danger, call 911 first.",
    )  # fmt: skip
    drawn = area_map("baltimore")
    assert drawn is not None
    add_areas(network=network, areas=areas_of_map(drawn))
    return live_server.url


@pytest.fixture
def browser_of(new_context, site):
    """A page of somebody's own browser, on a phone; its faults, and every address outside of the site, are kept."""

    def open_browser(**context):
        page = new_context(
            **{"viewport": {"width": 360, "height": 800}, "base_url": site, **context}
        ).new_page()
        page.has_script, page.faults = context.get("java_script_enabled", True), []
        page.on(
            "console",
            lambda said: said.type == "error" and page.faults.append(f"{said.text} {said.location}"),
        )
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("request", lambda sent: sent.url.startswith((site, "data:")) or page.faults.append(sent.url))
        return page

    return open_browser


def faults_of(page):
    """What went wrong in a page; that a machine without a network lacks what is not ours is no fault."""
    return [fault for fault in page.faults if "/static/vendor/" not in fault]


def violations(page):
    """What keeps somebody from using the page: rule and place."""
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


def is_whole(page):
    """Checks that a page has one heading, fits its width, and keeps nobody out (what only a script can find out)."""
    assert page.locator("h1").count() == 1
    if getattr(page, "has_script", True):
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
        assert violations(page) == []


def letter(template):
    """The newest message of a kind."""
    return letters(template).order_by("-created_at", "-id")[0]


def offer_groceries(page, name="Nia"):
    """Somebody says what they can do, types the code, and is let in."""
    page.goto("/")
    page.get_by_role("link", name="I can").first.click()
    page.get_by_label("Groceries").check()
    page.get_by_label("Where do you start from?").select_option("highlandtown")
    page.get_by_label("A bicycle ride: 4 km").check()
    page.get_by_label("Spanish").check()
    page.get_by_label("What should people call you?").fill(name)
    page.get_by_label("Your e-mail address or phone number").fill(f"{name.lower()}@example.org")
    is_whole(page)
    page.get_by_role("button", name="Send me the code").click()
    is_whole(page)
    page.get_by_label("The code we sent you").fill(letter("code").context["code"])
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name=f"Hello, {name}").wait_for()
    is_whole(page)


def ask_for_groceries(page):
    """Amina says what she needs, without an account."""
    page.goto("/")
    page.get_by_role("link", name="I need").first.click()
    page.get_by_label("Groceries").check()
    page.get_by_label("In your own words").fill("Rice, and milk for the baby.")
    page.get_by_label("For how many people?").fill("4")
    page.get_by_label("Where?").select_option("highlandtown")
    page.get_by_label("How can we reach you?").fill("amina@example.org")
    page.get_by_label("What may we call you?").fill("Amina")
    is_whole(page)
    page.locator("button.primary").click()
    page.get_by_role("heading", name="Groceries for 4 people").wait_for()
    is_whole(page)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_somebody_asks_and_somebody_comes(browser_of, hand, script):
    nia, amina = (browser_of(java_script_enabled=script) for _ in range(2))
    offer_groceries(nia)
    ask_for_groceries(amina)
    assert re.search(r"/a/[A-Za-z0-9_-]{32}/", amina.url)
    assert amina.get_by_text("A neighbour was asked").is_visible()
    assert not re.search(r"\bnia\b", amina.content().lower())  # three letters alone may stand in a token

    nia.goto(letter("invitation").context["link"])
    is_whole(nia)
    assert nia.get_by_text("Rice, and milk for the baby.").is_visible()
    assert "amina" not in nia.content().lower()
    nia.get_by_role("button", name="Yes, I can").click()
    nia.get_by_text("amina@example.org").wait_for()
    is_whole(nia)

    amina.reload()
    assert amina.get_by_text("Nia is coming").is_visible()
    assert amina.get_by_role("link", name="nia@example.org").get_attribute("href") == "mailto:nia@example.org"
    amina.get_by_text("Who looked").click()
    assert amina.get_by_text("Nia saw your e-mail address").is_visible()
    is_whole(amina)

    hand.move_to(Ask.objects.get().ends_at + HOUR)
    nia.goto("/me/")
    nia.get_by_role("link", name="Groceries for 4 people").click()
    nia.get_by_role("link", name="Say how it went").click()
    nia.get_by_label("It's done").check()
    is_whole(nia)
    nia.get_by_role("button", name="Say so").click()
    nia.get_by_role("heading", name="Thank you").wait_for()
    is_whole(nia)

    amina.reload()
    assert amina.get_by_text("It is done").is_visible()
    # A word of thanks is possible for a day.
    hand.advance(DAY)
    amina.reload()
    assert "nia@example.org" not in amina.content()
    assert faults_of(nia) == faults_of(amina) == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_no_and_a_drop_out_are_made_good_by_themselves(browser_of, hand, script):
    nia, amina = (browser_of(java_script_enabled=script) for _ in range(2))
    offer_groceries(nia)
    ask_for_groceries(amina)

    nia.goto(letter("invitation").context["link"] + "yes/")
    assert Match.objects.get().state == Match.State.INVITED
    nia.get_by_role("button", name="Yes, I can").click()
    nia.get_by_role("link", name="I can't come after all").click()
    is_whole(nia)
    nia.get_by_role("button", name="Yes, please find somebody else").click()
    nia.get_by_role("heading", name="You are not expected any more").wait_for()
    is_whole(nia)

    amina.reload()
    assert amina.get_by_text("Nia is coming").count() == 0
    amina.get_by_role("button", name="Pause").click()
    assert amina.get_by_text("You paused it").is_visible()
    is_whole(amina)
    amina.get_by_role("button", name="Go on looking").click()
    amina.get_by_role("link", name="Change something").click()
    amina.get_by_label("In your own words").fill("Only rice now.")
    is_whole(amina)
    amina.locator("button.primary").click()
    amina.get_by_role("link", name="I found help").click()
    is_whole(amina)
    amina.get_by_role("button", name="Yes, take it back").click()
    assert amina.get_by_text("You took it back").is_visible()
    is_whole(amina)
    assert (Ask.objects.get().words, Ask.objects.get().closed_why) == ("Only rice now.", "found_help")
    assert faults_of(nia) == faults_of(amina) == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_who_pauses_in_the_middle_of_an_invitation_is_let_go_and_the_next_is_asked(browser_of, script):
    pages = {name: browser_of(java_script_enabled=script) for name in ("Nia", "Omar")}
    amina = browser_of(java_script_enabled=script)
    for name, page in pages.items():
        offer_groceries(page, name)
    ask_for_groceries(amina)
    asked = Match.objects.get(state=Match.State.INVITED).member.name
    first, second = pages[asked], pages[{"Nia": "Omar", "Omar": "Nia"}[asked]]

    invitation = letter("invitation").context["link"]
    first.goto(invitation)
    first.get_by_role("button", name="Yes, I can").wait_for()
    first.goto("/me/profile/")
    is_whole(first)
    first.get_by_role("link", name="Take a break").click()
    first.get_by_role("button", name="Take a break").click()
    first.get_by_role("heading", name="You are on a break").wait_for()
    first.goto(invitation)
    assert first.get_by_role("button", name="Yes, I can").count() == 0
    is_whole(first)

    second.goto(letter("invitation").context["link"])
    second.get_by_role("button", name="Yes, I can").click()
    second.get_by_text("amina@example.org").wait_for()
    amina.reload()
    assert amina.get_by_text("is coming").first.is_visible()
    assert faults_of(first) == faults_of(second) == faults_of(amina) == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_street_is_found_here_and_nothing_typed_is_lost(browser_of, script):
    page = browser_of(java_script_enabled=script)
    page.goto("/need/")
    page.get_by_label("A ride", exact=True).check()
    page.get_by_label("Where to?").fill("The clinic")
    street = page.get_by_label("Street or postcode")
    if script:
        street.press_sequentially("eastern av", delay=20)
    else:
        street.fill("eastern av")
        page.get_by_role("button", name="Find it").click()
    page.get_by_role("radio", name="Eastern Avenue, Highlandtown").check()
    is_whole(page)
    page.locator("button.primary").click()
    page.get_by_role("heading", name="A ride").wait_for()

    ask = Ask.objects.select_related("area").get()
    assert ask.area is not None
    assert (ask.destination, ask.area.name) == ("The clinic", "Highlandtown")
    assert ask.place["text"] == "Eastern Avenue, Highlandtown"
    assert faults_of(page) == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_map_of_the_areas_comes_on_a_press(browser_of, script):
    page = browser_of(java_script_enabled=script)
    page.goto("/need/")
    page.get_by_label("Groceries").check()
    page.get_by_role("button", name="Show a map of the areas").click()
    page.locator("svg.areas").wait_for()
    assert page.get_by_label("Groceries").is_checked()
    is_whole(page)
    if script:
        page.locator("[data-area=canton]").click()
    else:
        page.get_by_label("Where?").select_option("canton")
    page.locator("button.primary").click()
    page.get_by_role("heading", name="Groceries").wait_for()

    ask = Ask.objects.select_related("area").get()
    assert ask.area is not None
    assert ask.area.slug == "canton"
    assert faults_of(page) == []


def test_what_belongs_to_a_choice_shows_with_it_and_without_a_script(browser_of):
    page = browser_of(java_script_enabled=False)
    page.goto("/need/")
    belongs = {
        "Where to?": "A ride",
        "Until when do you need it?": "Something to borrow",
        "How many?": "A thing to keep",
    }
    for shown, with_what in belongs.items():
        field = page.get_by_label(f"{shown} (if you like)", exact=True)
        page.get_by_label("Groceries").check()
        assert not field.is_visible()
        page.get_by_label(with_what, exact=True).check()
        assert field.is_visible()
    assert not page.get_by_label("Which day?").is_visible()
    page.get_by_label("On a day").check()
    assert page.get_by_label("Which day?").is_visible()
    assert not page.get_by_label("Until", exact=True).is_visible()
    page.get_by_label("At what time?").select_option("hours")
    assert page.get_by_label("Until", exact=True).is_visible()


def test_enter_asks_and_does_not_look_up_a_street(browser_of):
    page = browser_of()
    page.goto("/need/")
    page.get_by_label("Groceries").check()
    page.get_by_label("Where?").select_option("canton")
    page.get_by_label("What may we call you?").press("Enter")
    page.wait_for_url("**/a/**")

    assert Ask.objects.count() == 1


def test_what_is_to_be_put_right_is_in_front_of_the_eyes_also_after_a_look_at_the_map(browser_of):
    page = browser_of()
    page.goto("/need/")
    page.get_by_role("button", name="Show a map of the areas").click()
    page.locator("svg.areas").wait_for()
    page.locator("button.primary").click()
    summary = page.get_by_role("alert").first
    summary.wait_for()

    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    box = summary.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 800


def test_two_presses_in_one_moment_are_one_ask(browser_of):
    page = browser_of(java_script_enabled=False)
    page.goto("/need/")
    page.get_by_label("Groceries").check()
    page.get_by_label("Where?").select_option("canton")
    page.locator("button.primary").dblclick(no_wait_after=True)
    page.wait_for_url("**/a/**")

    assert Ask.objects.count() == 1


def test_a_visitor_picks_from_the_board_by_joining_on_the_way(browser_of):
    amina, zoe = browser_of(), browser_of()
    ask_for_groceries(amina)

    zoe.goto("/board/")
    is_whole(zoe)
    zoe.get_by_role("link", name="I can: Groceries for 4 people").click()
    is_whole(zoe)
    zoe.get_by_role("link", name="I can", exact=True).click()
    zoe.get_by_label("Your e-mail address or phone number").fill("zoe@example.org")
    zoe.locator("main button.primary").click()
    zoe.get_by_label("The code we sent you").fill(letter("code").context["code"])
    zoe.get_by_role("button", name="Go on").click()
    zoe.get_by_label("What should people call you?").fill("Zoe")
    zoe.locator("main button.primary").click()
    zoe.get_by_role("button", name="I can", exact=True).click()
    zoe.get_by_text("amina@example.org").wait_for()

    assert Match.objects.get().origin == Match.Origin.BOARD
    assert faults_of(zoe) == []


def test_the_asker_s_page_weighs_less_than_it_may(browser_of):
    amina = browser_of()
    ask_for_groceries(amina)
    came = []
    fresh = browser_of()
    fresh.on("response", lambda answer: came.append((answer.url, answer.status)))
    fresh.goto(amina.url, wait_until="networkidle")

    packed = {url: weight(fresh, url) for url, status in came if status == 200}
    assert amina.url in packed
    assert sum(packed.values()) < WIRE, packed


def weight(page, url):
    """Bytes on the wire: packed as our server packs it, which leaves a typeface as it is."""
    body = page.request.get(url).body()
    return len(body) if url.endswith("woff2") else len(gzip.compress(body))


class TestEveryPage:
    """Each page of the way in each of its states, as wide, as dark and in the direction that somebody reads."""

    @pytest.fixture
    def pages(self, live_server, settings, hand, client):
        """The addresses of all pages, by the cast; the browser that opens them is Rosa's."""
        settings.COMMONWEAL_BASE_URL = live_server.url
        town = found_town()
        town.network.map_name = "baltimore"
        town.network.save()
        sign_in(client, town.rosa)
        offer = town.offer(town.rosa, summary="Haircuts at home", slots=0b111)
        searching, met, due = (town.ask(people=number) for number in (2, 3, 4))
        invited, agreed = town.invited(searching, town.rosa), town.agreed(met, town.rosa)
        waiting = town.agreed(due, town.sam)
        Match.objects.filter(pk=waiting.pk).update(
            meets_at=clock.now() - DAY, meets_until=clock.now() - DAY + HOUR
        )
        lent = town.agreed(town.ask(category=town.borrow.pk, returns_at=clock.now() + 5 * DAY), town.lee)
        actions.report_handover(match=lent, outcome="done", said_by=By.HELPER)
        gone = town.ask(people=7)
        actions.withdraw_ask(ask=gone)
        declined = actions.decline_invitation(match=town.invited(town.ask(people=8), town.jo))
        on_board = town.ask(people=9, needs=("stairs",), languages=("es",))

        def asker(ask, name="status", **further):
            return reverse(f"exchange:{name}", kwargs={"token": ask.token_box, **further})

        def helper(match, name="invitation"):
            return reverse(f"exchange:{name}", args=[match.token_box])

        return [
            "/need/", "/can/", "/code/", "/me/", "/board/", "/board/?category=ride", asker(searching), asker(met),
            asker(due), asker(gone), asker(lent.ask), asker(searching, "change"), asker(searching, "withdraw"),
            asker(due, "status_went", match=waiting.pk), asker(met, "status_instead", match=agreed.pk),
            helper(invited), helper(agreed), helper(agreed, "drop_out"), helper(waiting), helper(waiting, "went"),
            helper(lent), helper(declined), reverse("exchange:my_offer", args=[offer.pk]),
            reverse("exchange:withdraw_offer", args=[offer.pk]), reverse("exchange:pick", args=[on_board.shown_code]),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("width", "scheme", "language"),
        [
            (360, "light", "en"),
            (360, "dark", "en"),
            (1280, "light", "en"),
            (1280, "dark", "es"),
            (360, "light", "ar"),
            (800, "dark", "ar"),
        ],
    )
    def test_it_keeps_nobody_out(self, new_context, live_server, client, pages, width, scheme, language):
        context = new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=live_server.url
        )
        cookies = {
            **{name: morsel.value for name, morsel in client.cookies.items()},
            "django_language": language,
        }
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        page = context.new_page()
        for path in pages:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            is_whole(page)
            assert page.locator("main .button.primary").count() <= 1, path
