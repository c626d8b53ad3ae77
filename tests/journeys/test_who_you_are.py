"""Coming in by a passkey and by a link, and seeing where one is signed in: real browsers, and a made-up fingerprint."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from commonweal.base import clock
from commonweal.exchange.tests.cast import MONDAY, found_town
from commonweal.members.entrances import Passkey, SignIn
from commonweal.members.queries import reach_of
from commonweal.messaging.models import Message

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
A_MOMENT = timedelta(seconds=5)  # as people need it
PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"


@pytest.fixture
def site(live_server, settings):
    """Where the browsers go: by name, since a number has no passkeys."""
    settings.COMMONWEAL_BASE_URL = live_server.url.replace("127.0.0.1", "localhost")
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    return settings.COMMONWEAL_BASE_URL


@pytest.fixture
def hand(site):
    with clock.frozen(MONDAY) as hand:
        yield hand


@pytest.fixture
def rosa(hand):
    return found_town().rosa


@pytest.fixture
def browser_of(new_context, site, hand):
    """A page in a browser of its own, in which every fault of a script is one of the test's."""

    def open_page(**context):
        page = new_context(base_url=site, **context).new_page()
        page.on("pageerror", lambda fault: pytest.fail(f"a script failed: {fault}"))
        page.hand = hand
        return page

    return open_page


def ask_for_code(page, member):
    """Ask for a code; returns what the letter holds."""
    page.goto("/sign-in/")
    page.get_by_label("Your e-mail address or phone number").fill(reach_of(member).as_contact.shown)
    page.hand.advance(A_MOMENT)
    page.get_by_role("button", name="Send me a code").click()
    return Message.objects.order_by("-id")[0].context


def come_in(page, member):
    """Sign in by a code."""
    letter = ask_for_code(page, member)
    page.get_by_label("The code we sent you").fill(letter["code"])
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile(r"/me/$"))


def sign_out(page):
    """Sign out, and be at the front page."""
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page).to_have_url(re.compile(r":\d+/$"))


def give_a_finger(page):
    """A fingerprint reader for this page, with a finger on it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})["authenticatorId"]


def test_a_passkey_is_added_lets_in_and_is_taken_away(browser_of, rosa):
    page = browser_of()
    devtools, reader = give_a_finger(page)
    come_in(page, rosa)
    page.goto("/me/profile/")
    page.get_by_role("link", name="Passkeys").click()
    page.get_by_label("A name for it").fill("My finger")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    (kept,) = devtools.send("WebAuthn.getCredentials", {"authenticatorId": reader})["credentials"]
    assert kept["isResidentCredential"]
    assert (kept["rpId"], kept["userName"]) == ("localhost", "Rosa")

    sign_out(page)
    page.goto("/sign-in/?next=/me/profile/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile(r"/me/profile/$"))
    expect(page.get_by_text("Somebody signed in as you, with a passkey.")).to_be_visible()

    page.get_by_role("link", name="Passkeys").click()
    page.get_by_role("link", name="Take it away").click()
    page.get_by_role("button", name="Take it away").click()
    expect(page.get_by_text("The passkey is taken away")).to_be_visible()
    assert not Passkey.objects.exists()
    sign_out(page)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That did not work with this passkey.")).to_be_visible()


def test_a_passkey_is_offered_where_one_begins_to_type(browser_of, rosa):
    page = browser_of()
    give_a_finger(page)
    come_in(page, rosa)
    page.goto(reverse("members:passkeys"))
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    sign_out(page)

    page.goto("/sign-in/")
    assert not [cookie for cookie in page.context.cookies() if "session" in cookie["name"]]
    page.get_by_label("Your e-mail address or phone number").focus()

    expect(page).to_have_url(re.compile(r"/me/$"))


def test_a_device_that_refuses_leaves_the_code(browser_of, rosa):
    page = browser_of()
    devtools, reader = give_a_finger(page)
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": reader, "isUserVerified": False})
    come_in(page, rosa)
    page.goto(reverse("members:passkeys"))
    page.get_by_role("button", name="Add a passkey").click()

    expect(page.get_by_text("Your device made no passkey.")).to_be_visible()
    assert not Passkey.objects.exists()


def test_without_a_script_or_at_a_number_the_page_says_what_is_so(browser_of, rosa, live_server):
    page = browser_of(java_script_enabled=False)
    come_in(page, rosa)
    page.goto(reverse("members:passkeys"))
    expect(page.get_by_text("Without a script")).to_be_visible()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()

    page.goto(live_server.url + "/sign-in/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    page = browser_of()
    letter = ask_for_code(page, rosa)
    page.get_by_label("The code we sent you").fill(letter["code"])
    page.get_by_role("button", name="Go on").click()
    cookies = [{**cookie, "domain": "127.0.0.1"} for cookie in page.context.cookies()]
    page.context.add_cookies(cookies)
    page.goto(live_server.url + reverse("members:passkeys"))
    expect(page.get_by_text("Browsers keep no passkeys for this address")).to_be_visible()
    page.get_by_role("link", name="The same page, where it works").click()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_visible()


def test_another_browser_is_signed_out_from_here(browser_of, rosa):
    here, phone = browser_of(), browser_of(user_agent=PHONE)
    come_in(here, rosa)
    come_in(phone, rosa)
    here.goto("/me/profile/")
    expect(here.locator("#signed-in li")).to_have_count(2)
    here.locator("#signed-in li", has_text="Firefox on Android").get_by_role("button").click()

    expect(here.get_by_text("You are signed out there.")).to_be_visible()
    expect(here.locator("#signed-in li")).to_have_count(1)
    phone.goto("/me/profile/")
    expect(phone).to_have_url(re.compile("/sign-in/"))
    assert SignIn.objects.count() == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_link_of_the_letter_is_good_where_one_asked_and_nowhere_else(browser_of, rosa, script):
    here, elsewhere = (browser_of(java_script_enabled=script) for _ in range(2))
    letter = ask_for_code(here, rosa)
    elsewhere.goto(letter["open_at"])
    expect(elsewhere.get_by_role("heading", name="Not in this browser")).to_be_visible()
    elsewhere.goto("/me/")
    expect(elsewhere).to_have_url(re.compile("/sign-in/"))

    tab = here.context.new_page()
    tab.goto(letter["open_at"])
    tab.get_by_role("button", name="Go on").click()

    expect(tab).to_have_url(re.compile(r"/me/$"))
    here.goto("/me/profile/")
    expect(here.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    tab.goto(letter["open_at"])
    expect(tab.get_by_role("heading", name="This link is over")).to_be_visible()
