"""An unclear text in a real browser: Jo reads it at the desk, makes an ask of it, merges a twin, brings one back."""

import itertools

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, found_town, fresh
from commonweal.gatherings.actions import start_shift
from commonweal.intake.actions import make_draft, receive
from commonweal.intake.models import Draft
from commonweal.intake.reading import read_message
from commonweal.members.contacts import Contact
from commonweal.members.tests.cast import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NUMBERS = itertools.count(1)
TEXT = "My name is Amina, we are a family of five in Abell and need groceries tomorrow morning"


def came(town, text, sender, why="unclear"):
    inbound = receive(
        network=town.network, channel="test", provider_id=str(next(NUMBERS)),
        sender=Contact(kind="phone", value=sender), text=text,
    ).inbound  # fmt: skip
    reading = read_message(town.network, text, at=clock.now())
    return make_draft(network=town.network, inbound=inbound, reading=reading, why=why)


@pytest.fixture
def town(live_server, settings):
    settings.COMMONWEAL_BASE_URL = live_server.url
    with clock.frozen(MONDAY):
        town = found_town()
        give_mandate(
            member=town.jo, role=Mandate.Role.DISPATCHER, until=MONDAY + 200 * DAY, reason="We chose them."
        )
        start_shift(member=town.jo, until=MONDAY + 8 * HOUR)
        yield town


@pytest.fixture
def browser_of(new_context, live_server, town):
    def open_browser(member, **context):
        known = Client()
        sign_in(known, member)
        cookie = known.cookies[site_settings.SESSION_COOKIE_NAME]
        mine = new_context(base_url=live_server.url, **context)
        mine.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return mine.new_page()

    return open_browser


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_unclear_text_becomes_an_ask(browser_of, town, script):
    twin = town.ask(contact_kind="phone", contact="+14105550123")
    first, idle = came(town, TEXT, "+14105550123"), came(town, "zzz qqq", "+14105550124")
    came(town, "my house is on fire", "+14105550125", why="danger")
    jo = browser_of(town.jo, java_script_enabled=script)
    jo.goto(reverse("desk:messages"))
    assert "Danger to life" in jo.locator(".queue li").first.inner_text()
    jo.locator(f"#message-{first.pk}").click()
    assert jo.locator("mark", has_text="family of five").is_visible()
    assert jo.get_by_text(f"Looks like {twin.shown_code}").is_visible()
    jo.locator(".button.primary").click()
    ask = Ask.objects.exclude(pk=twin.pk).get()
    assert fresh(first).ask == ask
    assert jo.get_by_text(twin.shown_code).first.is_visible()
    jo.locator(f"form[action='{reverse('desk:merge', args=[ask.code])}'] button").first.click()
    assert fresh(ask).merged_into == twin

    jo.goto(reverse("desk:message", args=[idle.pk]))
    jo.get_by_role("button", name="Nothing to do").click()
    assert fresh(idle).state == Draft.State.DISMISSED
    jo.get_by_role("button", name="Bring it back").click()
    assert fresh(idle).is_waiting
