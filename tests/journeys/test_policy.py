"""The rules in a real browser: members try and propose others, a steward puts them in force, and others come first."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import DAY, MONDAY, found_town
from commonweal.matching.models import PolicyTrial
from commonweal.matching.policy import actions
from commonweal.matching.queries import candidates_for
from commonweal.matching.tests.test_policy_trials import figures, group
from commonweal.members.tests.cast import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(live_server, settings):
    """Rosa is near and speaks English, Lee lives farther away and speaks the asker's Spanish. Jo is a steward."""
    settings.COMMONWEAL_BASE_URL = live_server.url
    with clock.frozen(MONDAY):
        town = found_town()
        give_mandate(
            member=town.jo, role=Mandate.Role.STEWARD, until=MONDAY + 200 * DAY, reason="We chose them."
        )
        town.lee.languages = ["es"]
        town.lee.save()
        town.offer(town.rosa)
        town.offer(town.lee, cell=(town.waverly.cell_y, town.waverly.cell_x))
        town.ask(languages=("es",))
        yield town


@pytest.fixture
def browser_of(new_context, live_server):
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
        return page

    return open_browser


def first_of(town):
    """Who would be asked first."""
    return candidates_for(Ask.objects.select_related("network").get())[0].name


def worked_out(town):
    """What the worker makes of the trial, without the engine: its figures have tests of their own."""
    areas = (group("area", town.abell.pk, 20, 4), group("area", town.waverly.pk, 6, 3))
    after = (group("area", town.abell.pk, 20, 16), group("area", town.waverly.pk, 6, 4))
    PolicyTrial.objects.update(
        state="done", figures={"before": figures(groups=areas), "after": figures(served=25, groups=after)}
    )


def press(slider, key, times):
    slider.focus()
    for _each in range(times):
        slider.press(key)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_another_rule_brings_another_helper_first(browser_of, town, script):
    assert first_of(town) == "Lee"
    rosa = browser_of(town.rosa, java_script_enabled=script, width=800)
    rosa.goto(reverse("matching:policy"))
    rosa.get_by_role("link", name="Try other rules").click()
    language = rosa.get_by_role("slider", name="A language in common counts")
    interpreter = rosa.get_by_role("slider", name="Without a language in common")
    press(language, "Home", 1)
    press(interpreter, "ArrowLeft", 15)
    if script:
        assert language.get_attribute("aria-valuetext") == "does not count"
    rosa.get_by_role("button", name="Try it").click()
    assert rosa.get_by_text("This waits for its turn.").is_visible()

    worked_out(town)
    if script:
        rosa.get_by_text("13 more served").wait_for()
    else:
        rosa.get_by_role("link", name="Look again").click()
    assert "12 more in Abell" in rosa.locator("#figures .sub").inner_text()
    rosa.get_by_label("Why?").fill("We walk little here")
    rosa.get_by_role("button", name="Propose it").click()
    assert rosa.get_by_role("heading", level=1).inner_text() == "We walk little here"
    assert rosa.get_by_role("button", name="Put in force").count() == 0

    jo = browser_of(town.jo, java_script_enabled=script)
    jo.goto(reverse("matching:policy"))
    jo.get_by_role("link", name="We walk little here").click()
    jo.get_by_label("Why?").fill("The members said so on Monday")
    jo.get_by_role("button", name="Put in force").click()
    assert jo.get_by_text("The new rules are in force.").is_visible()
    assert first_of(town) == "Rosa"

    jo.get_by_role("button", name="Put back").click()
    jo.get_by_label("Why?").fill("It was better before")
    jo.get_by_role("button", name="Put in force").click()
    assert first_of(town) == "Lee"
    assert jo.get_by_text("The members said so on Monday").is_visible()
    assert rosa.faults + jo.faults == []


def test_words_of_a_slider_follow_the_price_of_a_way(browser_of, town):
    rosa = browser_of(town.rosa)
    rosa.goto(reverse("matching:change_policy"))
    said = rosa.locator("output[for=id_language]")
    assert said.inner_text() == "counts 60, as much as 1.5 km of way"

    press(rosa.get_by_role("slider", name="Being nearer counts"), "ArrowRight", 2)
    assert said.inner_text() == "counts 60, as much as 1 km of way"
    press(rosa.get_by_role("slider", name="Being nearer counts"), "Home", 1)
    assert said.inner_text() == "counts 60"
    assert rosa.faults == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tongue", ["en", "ar"])
def test_pages_hold_for_everybody(browser_of, town, live_server, width, scheme, tongue):
    trial = actions.try_change(network=town.network, by=town.jo, changes={"language": 200}, number=0)
    worked_out(town)
    trial.refresh_from_db()
    proposal = actions.propose(trial=trial, by=town.jo, reason="We walk little here")
    jo = browser_of(town.jo, width=width, color_scheme=scheme, reduced_motion="reduce")
    jo.context.add_cookies([{"name": "django_language", "value": tongue, "url": live_server.url}])
    for url in (
        reverse("matching:policy"),
        reverse("matching:change_policy"),
        reverse("matching:trial", args=[trial.pk]),
        reverse("matching:proposal", args=[proposal.pk]),
    ):
        jo.goto(url)
        assert jo.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
        found = Axe().run(jo).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], url
    assert jo.faults == []
