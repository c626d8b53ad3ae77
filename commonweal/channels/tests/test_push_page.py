"""The page of devices, and what a browser gets and says by itself."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commonweal.channels.push import vapid
from commonweal.channels.push.base64url import written
from commonweal.channels.push.subscription import Subscription, SubscriptionUnclear, read_subscription
from commonweal.channels.push.views import MOST_RENEWED
from commonweal.channels.tests.browsers import Browser
from commonweal.members.actions import add_push_device, join
from commonweal.members.actions.push_devices import MOST
from commonweal.members.contacts import Contact
from commonweal.members.models import PushDevice
from commonweal.members.queries import push_devices
from commonweal.members.tests.cast import sign_in
from commonweal.networks.actions import create_network

pytestmark = pytest.mark.django_db
PAGE, RENEWED = "/me/profile/devices/", "/push/renewed/"
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
GOOGLE = "https://fcm.googleapis.com/fcm/send/abc:def"


@pytest.fixture
def rosa(network):
    return join(
        network=network,
        name="Rosa",
        contact=Contact(kind="email", value="rosa@example.org"),
        languages=["en"],
    )


@pytest.fixture
def as_rosa(client, rosa):
    sign_in(client, rosa)
    return client


def switch_on(client, browser, **how):
    return client.post(PAGE, {"subscription": json.dumps(browser.said)}, **how)


def renew(client, before, after):
    said = {"before": before and before.said, "after": after and after.said}
    return client.post(RENEWED, json.dumps(said), content_type="application/json")


def test_it_is_switched_on_for_who_is_signed_in(as_rosa, rosa):
    browser = Browser()

    page = switch_on(as_rosa, browser, follow=True, headers={"User-Agent": PHONE}).content.decode()

    device = PushDevice.objects.get(member=rosa)
    assert Subscription.of(device.value) == browser.given
    assert "we tell you here too" in page
    assert browser.given.mark in page
    assert "Firefox on Android" in page
    for secret in (browser.given.endpoint, browser.said["keys"]["auth"], browser.said["keys"]["p256dh"]):
        assert secret not in page


def test_the_page_is_whole_without_a_script(as_rosa):
    page = as_rosa.get(PAGE).content.decode()

    assert f'data-key="{vapid.public_key()}"' in page
    assert f'data-worker="{reverse("channels:push_worker")}"' in page
    shown = re.findall(r'data-when="(\w+)"(?! hidden)', page)
    assert shown == ["script"]
    assert re.search(r'<form[^>]*data-when="off" hidden>', page)
    assert "home screen" in page
    assert "STOP" in page


def test_a_stranger_signs_in_first(client, network):
    for answer in (client.get(PAGE), switch_on(client, Browser())):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")
    assert not PushDevice.objects.exists()


def keys(**changes):
    return {**Browser().said["keys"], **changes}


@pytest.mark.parametrize(
    "said",
    [
        "",
        "no json",
        "[]",
        '"x"',
        "[" * 3000,
        {},
        {"endpoint": GOOGLE},
        {"endpoint": GOOGLE, "keys": []},
        {"endpoint": GOOGLE, "keys": keys(auth="c2hvcnQ")},
        {"endpoint": GOOGLE, "keys": keys(auth=None)},
        {"endpoint": GOOGLE, "keys": keys(auth="+/+/")},
        {"endpoint": GOOGLE, "keys": keys(p256dh="BAAA")},
        {"endpoint": GOOGLE, "keys": keys(p256dh="B" + "A" * 86)},
        {"endpoint": 7, "keys": keys()},
        {"endpoint": "", "keys": keys()},
        {"endpoint": "http://push.example/x", "keys": keys()},
        {"endpoint": "https://10.0.0.7/x", "keys": keys()},
        {"endpoint": "https://127.0.0.1/x", "keys": keys()},
        {"endpoint": "https://me:pw@push.example/x", "keys": keys()},
        {"endpoint": "https://push.example/x#y", "keys": keys()},
        {"endpoint": "https://push.example/x y", "keys": keys()},
        {"endpoint": "https://püsh.example/x", "keys": keys()},
        {"endpoint": "https://push.example/\r\nx: y", "keys": keys()},
        {"endpoint": "https://push.example/" + "x" * 2000, "keys": keys()},
        {"endpoint": "file:///etc/passwd", "keys": keys()},
    ],
)
def test_what_no_browser_gives_out_is_refused(as_rosa, settings, said):
    settings.COMMONWEAL_LAN_CHANNELS = True
    text = said if isinstance(said, str) else json.dumps(said)

    answer = as_rosa.post(PAGE, {"subscription": text})

    assert answer.status_code == 422
    assert not PushDevice.objects.exists()


def test_a_point_in_its_short_form_is_none_that_browsers_give_out():
    point = Browser().point
    short = (b"\x02" if point[64] % 2 == 0 else b"\x03") + point[1:33]
    with pytest.raises(SubscriptionUnclear):
        read_subscription({"endpoint": GOOGLE, "keys": keys(p256dh=written(short))})


def test_the_same_browser_is_the_same_text():
    said = Browser(GOOGLE).said
    other = {name: said[name] for name in reversed(said)}
    padded = {**said, "keys": {name: value + "=" for name, value in said["keys"].items()}}

    texts = {read_subscription(one).as_contact.value for one in (said, other, padded, json.dumps(said))}
    assert len(texts) == 1
    assert json.loads(texts.pop()).keys() == {"auth", "endpoint", "p256dh"}


def test_more_than_anybody_looks_at_is_refused_in_words(as_rosa, rosa):
    for number in range(MOST):
        contact = Browser(f"{GOOGLE}{number}").given.as_contact
        add_push_device(member=rosa, contact=contact, place=uuid.UUID(int=1))

    answer = switch_on(as_rosa, Browser())

    assert answer.status_code == 422
    assert "as many devices as one can be" in answer.content.decode()


def test_it_is_taken_away_again_by_its_owner_alone(as_rosa, rosa, steward):
    switch_on(as_rosa, Browser())
    device = PushDevice.objects.get()
    address = reverse("channels:remove_device", args=[device.pk])
    other = Client()
    sign_in(other, steward)

    assert other.post(address).status_code == 404
    assert as_rosa.get(address).status_code == 405
    assert PushDevice.objects.exists()
    assert "nothing there any more" in as_rosa.post(address, follow=True).content.decode()
    assert not PushDevice.objects.exists()


def test_the_device_moves_to_who_is_signed_in_now(as_rosa, rosa, steward):
    browser, other = Browser(), Client()
    switch_on(as_rosa, browser)
    sign_in(other, steward)
    switch_on(other, browser)

    assert PushDevice.objects.get().member == steward
    assert browser.given.mark not in as_rosa.get(PAGE).content.decode()


def test_the_list_costs_the_same_for_one_and_for_all(as_rosa, rosa):
    switch_on(as_rosa, Browser())
    as_rosa.get(PAGE)
    with CaptureQueriesContext(connection) as of_one:
        as_rosa.get(PAGE)
    for number in range(MOST - 1):
        contact = Browser(f"{GOOGLE}{number}").given.as_contact
        add_push_device(member=rosa, contact=contact, place=uuid.UUID(int=1))
    with CaptureQueriesContext(connection) as of_all:
        as_rosa.get(PAGE)

    assert len(of_one) == len(of_all)


def test_signing_out_here_ends_it_here(as_rosa, rosa):
    switch_on(as_rosa, Browser())
    elsewhere = Browser(GOOGLE).given.as_contact
    add_push_device(member=rosa, contact=elsewhere, place=uuid.UUID(int=1))

    as_rosa.post("/sign-out/")

    assert [device.as_contact for device in push_devices(rosa)] == [elsewhere]


def test_a_browser_that_knows_what_it_gave_out_before_says_what_it_gives_out_now(client, as_rosa, rosa):
    before, after = Browser(), Browser(GOOGLE)
    switch_on(as_rosa, before)

    answer = renew(Client(enforce_csrf_checks=True), before, after)

    assert (answer.status_code, answer.content) == (204, b"")
    assert Subscription.of(PushDevice.objects.get().value) == after.given


def test_who_does_not_know_it_changes_nothing(as_rosa, rosa, network, settings):
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "birch.example"]
    before, after = Browser(), Browser(GOOGLE)
    switch_on(as_rosa, before)
    thief, theirs = Browser(before.given.endpoint), Client(HTTP_HOST="birch.example")
    create_network(slug="birch", name="Birch", domain="birch.example")

    for answer in (
        renew(Client(), thief, after),
        renew(Client(), None, after),
        renew(Client(), before, None),
        Client().post(RENEWED, "[", content_type="application/json"),
    ):
        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"
    assert Client().post(RENEWED, b"x" * 10_000, content_type="application/json").status_code == 413
    assert Client().get(RENEWED).status_code == 405
    assert renew(theirs, before, after).status_code == 403
    assert Subscription.of(PushDevice.objects.get().value) == before.given


def test_nobody_tries_for_long(network, hand):
    hand.advance(timedelta(minutes=1))
    answers = [renew(Client(), Browser(), Browser()).status_code for _ in range(MOST_RENEWED + 1)]

    assert answers == [403] * MOST_RENEWED + [429]


def test_the_worker_stands_at_the_root_and_is_looked_at_anew(client, network):
    answer = client.get("/push-worker.js")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    script = answer.content.decode()
    assert "pushsubscriptionchange" in script
    assert 'const ICON = "/static/web/icon-192' in script
    assert client.post("/push-worker.js").status_code == 405
