"""How helpers are found, in a real browser, in each of the three ways: why this one, why not that, and what changes it.

Rosa lives next door and has the only car; Lee walks, a little farther away. There are groceries to fetch, and a ride.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.models import Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, found_town
from commonweal.gatherings.actions import start_shift
from commonweal.matching.actions import search_for
from commonweal.matching.planning import making
from commonweal.matching.planning.making import make_plan
from commonweal.matching.solving.work import answer
from commonweal.members.tests.cast import sign_in
from commonweal.networks.actions import change_policy

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NEXT_DOOR, FARTHER = (15731, -24515), (15734, -24515)
WEEK = {"starts_at": MONDAY, "ends_at": MONDAY + 7 * DAY}
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


@pytest.fixture
def town(live_server, settings, monkeypatch):
    """The cast on Monday morning, with Jo on shift; the engine works in this very process."""
    settings.COMMONWEAL_BASE_URL = live_server.url
    monkeypatch.setattr(making, "run", answer)
    with clock.frozen(MONDAY):
        town = found_town()
        give_mandate(
            member=town.jo, role=Mandate.Role.DISPATCHER, until=MONDAY + 99 * DAY, reason="We chose."
        )
        start_shift(member=town.jo, until=MONDAY + 8 * HOUR)
        town.rosa.per_week = 1
        town.rosa.save()
        town.offer(
            town.rosa,
            cell=NEXT_DOOR,
            vehicle="car",
            categories=(town.groceries.pk, town.ride.pk),
            radius_m=9000,
        )
        town.offer(town.lee, cell=FARTHER, radius_m=9000)
        yield town


@pytest.fixture
def asks(town):
    """Groceries and a ride, planned for together."""
    asked = (
        town.ask(summary="Rice and milk", **WEEK),
        town.ask(summary="To the clinic", category=town.ride.pk, **WEEK),
    )
    make_plan(network=town.network, at=MONDAY)
    return asked


@pytest.fixture
def browser_of(new_context, live_server, town):
    """The page of a member who is signed in, or of anybody."""

    def open_browser(member=None, *, width=1280, **context):
        mine = new_context(base_url=live_server.url, viewport={"width": width, "height": 900}, **context)
        if member is not None:
            known = Client()
            sign_in(known, member)
            cookie = known.cookies[site_settings.SESSION_COOKIE_NAME]
            mine.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return mine.new_page()

    return open_browser


def violations(page):
    """What keeps somebody from using the page: rule and place."""
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


def people(page):
    """Who could, in order."""
    return [name.strip() for name in page.locator(".people .who b").all_inner_texts()]


def link_of(member):
    """Where the invitation leads that was written to a member."""
    match = Match.objects.get(member=member, state=Match.State.INVITED)
    return reverse("exchange:invitation", args=[match.token_box])


def searched(*asks):
    """The worker's search for each."""
    for ask in asks:
        search_for(network_id=ask.network_id, ask_id=ask.pk, at=MONDAY)


@SCRIPT
def test_the_program_invites_whom_the_plan_has_and_says_why(browser_of, town, asks, script):
    searched(*asks)
    asked = {match.ask.summary: match.member.name for match in Match.objects.select_related("ask", "member")}
    assert asked == {"Rice and milk": "Lee", "To the clinic": "Rosa"}

    rosa = browser_of(java_script_enabled=script, width=360)
    rosa.goto(link_of(town.rosa))
    assert rosa.get_by_text("close to you").first.is_visible()
    rosa.get_by_role("button", name="Yes, I can").click()
    rosa.get_by_text("amina@example.org").wait_for()
    assert Match.objects.get(member=town.rosa).state == Match.State.ACCEPTED


@SCRIPT
def test_a_dispatcher_sees_why_and_why_not_and_may_choose_somebody_else(browser_of, town, asks, script):
    groceries, _ride = asks
    change_policy(network=town.network, changes={"mode": "dispatcher"}, reason="We know one another.")
    searched(groceries)
    town.offer(town.sam, cell=NEXT_DOOR, categories=(town.groceries.pk,), slots=1)
    jo = browser_of(town.jo, java_script_enabled=script)
    jo.goto(reverse("desk:ask", args=[groceries.code]))
    assert people(jo)[:2] == ["Lee", "Rosa"]
    assert jo.get_by_text("best for the network as a whole").is_visible()
    assert jo.get_by_text("the only one with a car for another ask").is_visible()

    jo.get_by_role("button", name="Confirm: Rosa").click()
    assert jo.get_by_text("Rosa is being asked.").is_visible()


@SCRIPT
def test_somebody_who_was_not_suggested_is_asked_with_a_word_why(browser_of, town, asks, script):
    groceries, _ride = asks
    actions.send_to_desk(ask=groceries, said_by=By.ASKER)
    jo = browser_of(town.jo, java_script_enabled=script, width=360)
    jo.goto(reverse("desk:ask", args=[groceries.code]))
    jo.get_by_role("button", name="Ask: Rosa").click()
    assert jo.get_by_role("heading", level=1).inner_text() == "Ask Rosa instead?"
    assert not Match.objects.exists()
    if script:
        assert violations(jo) == []
        assert jo.evaluate("document.documentElement.scrollWidth") <= 360
    jo.get_by_label("They know one another").check()
    jo.get_by_label("In a few words").fill("She lives in the same house.")
    jo.get_by_role("button", name="Ask Rosa").click()
    assert jo.get_by_text("Rosa is being asked.").is_visible()
    assert jo.get_by_text("They know one another").is_visible()
    assert jo.get_by_text("She lives in the same house.").is_visible()


@SCRIPT
def test_where_members_pick_what_helps_most_comes_first(browser_of, town, asks, script):
    newest = town.ask(summary="A bag of apples", **WEEK)
    change_policy(network=town.network, changes={"mode": "board"}, reason="We know one another.")
    make_plan(network=town.network, at=MONDAY)
    lee = browser_of(town.lee, java_script_enabled=script, width=360)
    lee.goto(reverse("exchange:board") + "?kind=asks")
    assert lee.get_by_label("Order").input_value() == "helps"
    titles = lee.locator(".board li").all_inner_texts()
    assert "To the clinic" in titles[0]
    lee.get_by_label("Order").select_option("newest")
    lee.get_by_role("button", name="Show").click()
    assert newest.summary in lee.locator(".board li").first.inner_text()
    if script:
        assert violations(lee) == []

    lee.get_by_role("link", name="Rice and milk", exact=True).click()
    lee.get_by_role("button", name="I can").click()
    lee.get_by_text("amina@example.org").wait_for()
    assert Match.objects.get().origin == Match.Origin.BOARD


def test_a_change_of_the_rules_is_seen_in_the_next_suggestions(browser_of, town):
    """Lee speaks the asker's language and lives farther away: who comes first is what the members say counts."""
    town.rosa.languages, town.lee.languages = ["es"], ["en"]
    town.rosa.save()
    town.lee.save()
    ask = actions.send_to_desk(ask=town.ask(languages=("en",), **WEEK), said_by=By.ASKER)
    jo = browser_of(town.jo)
    for changes, first in (
        ({"per_100_m": 0, "language": 400}, "Lee"),
        ({"per_100_m": 20, "language": 0, "interpreter": 0}, "Rosa"),
    ):
        change_policy(network=town.network, changes=changes, reason="Let us see.")
        make_plan(network=town.network, at=MONDAY)
        jo.goto(reverse("desk:ask", args=[ask.code]))
        assert people(jo)[0] == first


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_the_rules_cost_keeps_nobody_out(browser_of, town, width, language):
    for _number in range(6):
        town.ask(category=town.ride.pk, **WEEK)
    make_plan(network=town.network, at=MONDAY)
    page = browser_of(width=width, locale=language)
    page.goto(reverse("matching:costs"))
    assert page.locator("tbody tr").count() >= 5
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
