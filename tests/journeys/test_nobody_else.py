"""Every page in a real browser, as somebody unknown, as a member and on shift: nobody else is asked for anything."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site_settings
from django.test import Client
from playwright.sync_api import Error

from commonweal.base import clock
from commonweal.intake.actions import Media, make_draft, receive
from commonweal.intake.media.kinds import kind_of
from commonweal.intake.reading import read_message
from commonweal.intake.tests.test_media import MP3, photograph
from commonweal.members.contacts import Contact
from commonweal.members.tests.cast import sign_in
from commonweal.networks.actions import change_policy
from config.guards import guards
from tests.adversary import cast
from tests.adversary.doors import doors

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
VISITORS = {"nobody": None, "member": "helper", "dispatcher": "dispatcher"}


@pytest.fixture
def hand():
    """The hand of the clock."""
    with clock.frozen(cast.MONDAY) as hand:
        yield hand


@pytest.fixture
def ours(live_server, settings, hand):
    """A network with one thing of every kind that an address can name."""
    settings.COMMONWEAL_BASE_URL = live_server.url
    return cast.settle("ours", cast.OURS, host=urlsplit(live_server.url).netloc)


class Watched:
    """A browser of somebody, with everything that it asks for and complains about."""

    def __init__(self, context, live_server, member):
        self.asked, self.complaints = [], []
        if member is not None:
            known = Client()
            sign_in(known, member)
            cookie = known.cookies[site_settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        context.on("request", lambda request: self.asked.append(request.url))
        self.page = context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _said(self, message):
        # An address that is answered with "not found" or "not for you" is said there too.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def look(self, address):
        """Open a page and wait until it has all it wants; whether it is one, and no file to be saved."""
        try:
            answer = self.page.goto(address, wait_until="load")
        except Error as error:
            if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
                return False
            raise
        return answer is not None and "html" in answer.headers.get("content-type", "")

    def elsewhere(self, *ours):
        """What was asked of others than these."""
        origins = {
            f"{at.scheme}://{at.netloc}" for at in map(urlsplit, self.asked) if at.scheme.startswith("http")
        }
        return origins - set(ours)


@pytest.mark.parametrize("visitor", VISITORS)
def test_no_page_asks_anybody_else_for_anything(new_context, live_server, ours, visitor):
    member = getattr(ours, VISITORS[visitor]) if VISITORS[visitor] else None
    watched = Watched(new_context(base_url=live_server.url), live_server, member)
    pages = sum(watched.look(address) for door in doors() for address in door.of(ours))
    assert pages > 60
    assert len(watched.asked) > 2 * pages
    assert watched.elsewhere(live_server.url) == set()
    assert watched.complaints == []


@pytest.mark.parametrize("apart", [True, False], ids=["a host of its own", "in the page"])
def test_only_our_own_media_host_is_asked_for_what_strangers_sent(
    new_context, live_server, ours, settings, apart
):
    """The other name of the same machine stands for it: to a browser that is another site."""
    media = live_server.url.replace("127.0.0.1", "localhost") if apart else ""
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    settings.COMMONWEAL_MEDIA_URL = media
    for name, value in guards(https=False, media=media).items():
        setattr(settings, name, value)
    inbound = receive(
        network=ours.network, channel="test", provider_id="1", text="see",
        sender=Contact(kind="phone", value="+14105550123"),
        media=[Media(kind="image", content=photograph()), Media(kind="audio", content=MP3)],
    ).inbound  # fmt: skip
    reading = read_message(ours.network, "see", at=clock.now())
    draft = make_draft(network=ours.network, inbound=inbound, reading=reading, why="unclear")
    watched = Watched(
        new_context(base_url=live_server.url, accept_downloads=True), live_server, ours.dispatcher
    )
    assert watched.look(f"/desk/messages/{draft.pk}/media/0/")
    picture = watched.page.locator("img.sent")
    assert picture.evaluate("img => [img.naturalWidth, img.naturalHeight]") == [20, 40]
    with watched.page.expect_download() as saved:
        watched.page.get_by_text("Save the picture").click()
    assert saved.value.suggested_filename == "message-1.jpg"
    assert kind_of(saved.value.path().read_bytes()) == "image/jpeg"
    assert watched.look(f"/desk/messages/{draft.pk}/media/1/")
    assert watched.page.locator("audio").count() == 1
    assert watched.elsewhere(live_server.url, media) == set()
    assert watched.complaints == []


@pytest.mark.parametrize(("script", "seconds"), [(True, 3), (False, 31)], ids=["by work", "by patience"])
def test_a_person_gets_past_the_guard(new_context, live_server, ours, hand, script, seconds):
    """Where proof is wanted at all times: the browser works while the form is filled in; without a script one waits."""
    change_policy(network=ours.network, changes={"proof": "always"}, reason="So many machines.")
    context = new_context(base_url=live_server.url, java_script_enabled=script)
    watched = Watched(context, live_server, None)
    assert watched.look("/sign-in/")
    watched.page.get_by_label("E-mail address or phone number").fill("new@example.org")
    hand.advance(timedelta(seconds=seconds))
    watched.page.get_by_role("button", name="Send me a code").click()
    watched.page.wait_for_url("**/sign-in/*/")
    assert watched.elsewhere(live_server.url) == set()
    assert watched.complaints == []
