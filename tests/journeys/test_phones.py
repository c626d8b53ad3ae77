"""Two phones that are a page, in a real browser: nobody of those who ask and help opens any other page."""

from datetime import timedelta

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.channels.models import ChannelSetup
from commonweal.channels.signing import sign
from commonweal.exchange.models import Ask
from commonweal.exchange.tasks import advance_due
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, found_town
from commonweal.gatherings.actions import start_shift
from commonweal.intake.actions.conversing import converse_due
from commonweal.intake.models import Inbound
from commonweal.matching.actions import search_for
from commonweal.members.tests.cast import sign_in
from commonweal.messaging.models import Stop
from commonweal.messaging.sending import send_due

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LUCIA, ROSA = "+14105550131", "+14105550132"
ASK = "Necesito compras de comida en Abell mañana por la tarde"
KEY = "a shared key of some length"


@pytest.fixture
def town(live_server, settings):
    settings.COMMONWEAL_BASE_URL = live_server.url
    with clock.frozen(MONDAY) as hand:
        town = found_town()
        give_mandate(
            member=town.jo, role=Mandate.Role.DISPATCHER, until=MONDAY + 200 * DAY, reason="We chose them."
        )
        start_shift(member=town.jo, until=MONDAY + 8 * HOUR)
        yield town, hand


@pytest.fixture
def time_passes(town):
    """The worker's rounds, one after the other, some time later."""
    place, hand = town

    def time_passes(by=timedelta(minutes=1)):
        hand.advance(by)
        converse_due()
        advance_due()
        for ask in Ask.objects.filter(network=place.network):
            search_for(network_id=place.network.pk, ask_id=ask.pk, at=clock.now())
        send_due()

    return time_passes


@pytest.fixture
def phones(new_context, live_server, town, time_passes):
    """A page with Lucía's phone and Rosa's, without a script, and how to write from each."""
    page = new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    page.goto(reverse("channels:phones"))
    for number in (LUCIA, ROSA):
        page.get_by_label("A number for the phone").fill(number)
        page.get_by_role("button", name="Pick it up").click()

    def screen(number):
        return page.locator(".phone").nth((LUCIA, ROSA).index(number))

    def say(number, text):
        screen(number).get_by_label("Your text").fill(text)
        screen(number).get_by_role("button", name="Send").click()
        time_passes()
        page.get_by_role("link", name="Look again").click()
        return screen(number).locator(".texts li").last.inner_text()

    page.screen, page.say = screen, say
    return page


def rosa_offers(phones):
    phones.say(ROSA, "I can help with groceries in Abell, any day this week")
    phones.say(ROSA, "Rosa")
    return phones.say(ROSA, "yes")


def test_ask_in_spanish_reaches_a_helper_and_ends_done_without_another_page(phones, time_passes):
    assert "thank you" in rosa_offers(phones)
    assert "¿Correcto?" in phones.say(LUCIA, ASK)
    phones.say(LUCIA, "sí")

    ask = Ask.objects.get()
    assert (ask.source, ask.language) == ("sms", "es")
    invitation = phones.screen(ROSA).locator(".texts li").last.inner_text()
    assert "Groceries" in invitation
    phones.say(ROSA, "1")
    assert "Rosa" in phones.screen(LUCIA).locator(".texts").inner_text()

    time_passes(36 * HOUR)
    phones.say(ROSA, "1")
    ask.refresh_from_db()
    assert ask.state == "done"


def test_stop_in_the_middle_is_confirmed_once_and_then_kept(phones):
    phones.say(LUCIA, ASK)
    confirmed = phones.say(LUCIA, "STOP")
    texts = phones.screen(LUCIA).locator(".texts .theirs")
    count = texts.count()

    assert "START" in confirmed
    assert Stop.objects.count() == 1
    phones.say(LUCIA, "STOP")
    assert texts.count() == count
    phones.say(LUCIA, "START")
    assert texts.count() == count + 1


@pytest.fixture
def jo(new_context, live_server, town):
    """The page of Jo, who is on shift."""
    known = Client()
    sign_in(known, town[0].jo)
    cookie = known.cookies[site_settings.SESSION_COOKIE_NAME]
    mine = new_context(base_url=live_server.url)
    mine.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return mine.new_page()


def test_voice_message_is_worked_at_the_desk(phones, jo, time_passes):
    phones.screen(LUCIA).locator("summary").click()
    phones.screen(LUCIA).get_by_label("What you say after the tone").fill(ASK)
    phones.screen(LUCIA).get_by_role("button", name="Leave the message").click()
    assert phones.screen(LUCIA).get_by_text("Voice message").is_visible()
    time_passes()

    jo.goto(reverse("desk:messages"))
    jo.locator("main a[href^='/desk/messages/']").first.click()
    assert jo.get_by_text(ASK).first.is_visible()
    assert Inbound.objects.get().sort == "voice"


def test_email_is_answered_where_it_came_from(phones, town, client, time_passes):
    setup = ChannelSetup.objects.create(
        network=town[0].network,
        adapter="email",
        name="Post",
        options={"address": "help@remington.example"},
        credentials={"secret": KEY},
        token="t" * 32,
    )
    raw = f"From: lucia@example.org\r\nMessage-ID: <a@example.org>\r\n\r\n{ASK}\r\n".encode()
    now = str(int(clock.now().timestamp()))
    answer = client.post(
        reverse("channels:incoming", args=[setup.pk, setup.token, "raw"]),
        raw,
        content_type="message/rfc822",
        headers={
            "X-Commonweal-Timestamp": now,
            "X-Commonweal-Signature": sign(KEY, now.encode(), b".", raw),
        },
    )
    assert answer.status_code == 204
    time_passes()

    assert Inbound.objects.get().state in ("answered", "person")
