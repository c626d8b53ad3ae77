"""Being told on one's own device, in a real browser: the page, and the script that the browser keeps.

A push service is somebody else's computer, so what the browser would get from one is made up (the address and keys that
it gives out) or handed to it by the browser's own tools (what the service would deliver).
"""

import json
import uuid

import pytest
from django.urls import reverse

from commonweal.channels.push.channel import notice
from commonweal.channels.tests.browsers import Browser
from commonweal.members.actions import add_push_device, join
from commonweal.members.contacts import Contact
from commonweal.members.models import PushDevice
from commonweal.members.tests.cast import sign_in
from commonweal.messaging.port import Address, OutgoingMessage, Written
from commonweal.networks.actions import create_network

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TELL_ME = "Tell me here if nothing else gets through"
# What a browser with a push service would do: give out the same until it is told to forget it.
STAND_IN = """
const said = %s;
const given = () => localStorage.getItem("given") && {
  endpoint: said.endpoint,
  toJSON: () => said,
  unsubscribe: async () => { localStorage.removeItem("given"); return true; },
};
PushManager.prototype.getSubscription = async () => given();
PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
  if (!userVisibleOnly || applicationServerKey.length !== 65) throw new TypeError("no key");
  localStorage.setItem("given", "yes");
  return given();
};
"""


@pytest.fixture
def rosa(live_server):
    network = create_network(slug="alder", name="Alder Street", languages=["en", "es"])
    contact = Contact(kind="email", value="rosa@example.org")
    return join(network=network, name="Rosa", contact=contact, languages=["en"])


@pytest.fixture
def opened(new_context, live_server, rosa, client):
    """A page of devices, in a browser in which Rosa is signed in."""

    def opened(*scripts, **how):
        sign_in(client, rosa)
        context = new_context(base_url=live_server.url, **how)
        cookies = [
            {"name": name, "value": cookie.value, "url": live_server.url}
            for name, cookie in client.cookies.items()
        ]
        context.add_cookies(cookies)
        for script in scripts:
            context.add_init_script(script)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        page.goto(reverse("channels:devices"))
        return page

    return opened


def test_a_device_is_switched_on_and_off(opened, rosa, live_server):
    browser = Browser()
    page = opened(STAND_IN % json.dumps(browser.said), permissions=["notifications"])

    page.get_by_role("button", name=TELL_ME).click()
    page.get_by_text("From now on we tell you here too").wait_for()

    device = PushDevice.objects.get(member=rosa)
    assert device.as_contact == browser.given.as_contact
    page.get_by_text("We tell you here, if nothing else gets through.").wait_for()
    page.locator("[data-here]:visible").wait_for()
    assert not page.get_by_role("button", name=TELL_ME).is_visible()

    page.get_by_role("button", name="Take it away").click()
    page.get_by_text("We tell you nothing there any more.").wait_for()
    page.get_by_role("button", name=TELL_ME).wait_for()
    assert not PushDevice.objects.exists()
    assert page.evaluate("localStorage.getItem('given')") is None
    assert not page.evaluate("caches.has('push')")
    assert page.faults == []


def test_who_signs_out_hears_nothing_there(opened, rosa):
    page = opened(STAND_IN % json.dumps(Browser().said), permissions=["notifications"])
    page.get_by_role("button", name=TELL_ME).click()
    page.locator("[data-here]:visible").wait_for()
    # As after a sign-in that has run out and was made anew: the server does not know that it is the same browser.
    PushDevice.objects.update(place=uuid.UUID(int=7))

    page.goto(reverse("members:profile"))
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(lambda address: address.endswith("/") and "/profile/" not in address)
    page.wait_for_load_state()

    assert page.evaluate("localStorage.getItem('given')") is None
    assert page.faults == []


@pytest.mark.parametrize(
    ("script", "agent", "words"),
    [
        ("delete globalThis.PushManager;", "", "This browser can’t show notices."),
        (
            "delete globalThis.PushManager;",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)",
            "Add to Home Screen",
        ),
        ("Object.defineProperty(Notification, 'permission', {get: () => 'denied'});", "", "told not to show"),
        ("PushManager.prototype.getSubscription = async () => null;", "", TELL_ME),
    ],
)
def test_what_is_true_here_is_said_in_words(opened, script, agent, words):
    page = opened(script, **({"user_agent": agent} if agent else {}))

    page.get_by_text(words).wait_for()

    assert page.locator("[data-when]:not([hidden])").count() == 1
    assert page.faults == []


def test_without_a_script_the_page_says_so_and_the_list_works(opened, rosa):
    add_push_device(member=rosa, contact=Browser().given.as_contact, place=uuid.UUID(int=1))
    page = opened(java_script_enabled=False)

    page.get_by_text("Switching it on takes a script").wait_for()
    assert not page.get_by_role("button", name=TELL_ME).is_visible()
    page.get_by_role("button", name="Take it away").click()
    assert not PushDevice.objects.exists()


def test_where_no_service_can_be_reached_nothing_is_changed(opened):
    """This very Chromium, which no push service hears."""
    page = opened(
        "PushManager.prototype.subscribe = async () => { throw new DOMException('', 'AbortError'); };",
        permissions=["notifications"],
    )

    page.get_by_role("button", name=TELL_ME).click()
    page.get_by_text("That did not work in this browser").wait_for()

    assert not PushDevice.objects.exists()


@pytest.fixture
def worker(opened, live_server):
    """The script that the browser keeps, once it stands; ``deliver`` is what a push service would do."""
    page = opened(STAND_IN % json.dumps(Browser().said), permissions=["notifications"])
    tools, known = page.context.new_cdp_session(page), []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda news: known.extend(news["registrations"]))
    tools.send("ServiceWorker.enable")
    page.get_by_role("button", name=TELL_ME).click()
    page.locator("[data-here]:visible").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    # The browser tells of it by and by.
    for _look in range(100):
        if known and page.context.service_workers:
            break
        page.wait_for_timeout(50)
    (worker,) = page.context.service_workers
    worker.page = page

    def deliver(said):
        # What is handed to a script that is only being started may get lost: then it is handed over once more.
        return next(filter(None, (delivered(said) for _time in range(4))), None)

    def delivered(said):
        tools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": live_server.url, "registrationId": known[-1]["registrationId"], "data": said},
        )
        return worker.evaluate(
            """async () => {
                for (let tries = 0; tries < 100; tries += 1) {
                    const [shown] = await self.registration.getNotifications();
                    if (shown) return { title: shown.title, body: shown.body, tag: shown.tag, lang: shown.lang,
                        icon: shown.icon, data: shown.data };
                    await new Promise((done) => setTimeout(done, 50));
                }
            }"""
        )

    worker.deliver = deliver
    return worker


def told(link="http://127.0.0.1:8000/i/abc/"):
    return notice(
        OutgoingMessage(
            id=uuid.UUID(int=5),
            template="invitation",
            network_name="Alder Street",
            to=Address(kind="push", value="", language="es"),
            written=Written(subject="¿Puedes ayudar? Compras", body="", text=""),
            link=link,
        )
    ).decode()


PRESS = """async () => {
    const [notification] = await self.registration.getNotifications();
    let opened = null, closed = false, done;
    self.clients.openWindow = async (path) => { opened = path; };
    const event = new Event("notificationclick");
    event.notification = { data: notification?.data, close: () => { closed = true; } };
    event.waitUntil = (work) => { done = work; };
    self.dispatchEvent(event);
    await done;
    return { opened, closed };
}"""


def test_a_notice_is_shown_and_leads_to_its_page(worker, settings):
    settings.COMMONWEAL_BASE_URL = "http://127.0.0.1:8000"

    shown = worker.deliver(told())

    assert shown.pop("icon").endswith("/static/web/icon-192.png")
    assert shown == {
        "title": "Alder Street",
        "body": "¿Puedes ayudar? Compras",
        "tag": uuid.UUID(int=5).hex,
        "lang": "es",
        "data": {"path": "/i/abc/"},
    }
    assert worker.evaluate(PRESS) == {"opened": "/i/abc/", "closed": True}


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("no json at all", "/"),
        ('{"title": "x", "path": "https://elsewhere.example/"}', "/"),
        ('{"title": "x", "path": "//elsewhere.example/"}', "/"),
        ('{"title": "x", "path": "/\\\\\\\\elsewhere.example/"}', "/"),
        ('{"title": "x", "path": 7}', "/"),
    ],
)
def test_a_notice_leads_nowhere_else(worker, said, path):
    assert worker.deliver(said)["data"] == {"path": path}
    assert worker.evaluate(PRESS)["opened"] == path


def test_a_browser_that_changes_what_it_gives_out_says_so_by_itself(worker, rosa):
    after = Browser("https://fcm.googleapis.com/fcm/send/new")
    worker.evaluate(
        """async (after) => {
            let done;
            const event = new Event("pushsubscriptionchange");
            event.newSubscription = after;
            event.waitUntil = (work) => { done = work; };
            self.dispatchEvent(event);
            await done;
        }""",
        after.said,
    )

    assert PushDevice.objects.get(member=rosa).as_contact == after.given.as_contact
    kept = worker.evaluate("caches.match('/push-kept').then((kept) => kept.json())")
    assert kept["given"]["endpoint"] == after.given.endpoint
