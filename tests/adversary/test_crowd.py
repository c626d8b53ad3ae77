"""Ten browsers at the same moment, each with its own connection, on a database that really locks."""

import threading
from collections import Counter

import pytest
from django.db import connections
from django.test import Client

from commonweal.base import clock
from commonweal.base.ids import new_token
from commonweal.base.tests.racing import on_disk
from commonweal.exchange.actions import publish_ask
from commonweal.exchange.models import Ask, Match, Offer
from commonweal.exchange.tests.cast import found_town, member_of
from commonweal.members.models import Confirmation
from commonweal.members.tests.cast import sign_in
from commonweal.networks.actions import change_policy
from tests.adversary.cast import MONDAY

__all__ = ["on_disk"]
CROWD = 10
NEED = {"category": "groceries", "people": "1", "area": "abell", "when": "soon"}
CAN = {
    "categories": "groceries", "radius_m": "1500", "free": "always", "carries": "1", "vehicle": "foot", "area": "abell"
}  # fmt: skip


@pytest.fixture
def town(on_disk):
    """A network whose members pick from the board, committed, under a stopped clock."""
    with clock.frozen(MONDAY):
        town = found_town()
        change_policy(network=town.network, changes={"mode": "board"}, reason="So we decided.")
        yield town


def at_once(browsers, address, *said):
    """Send a form from all browsers together; the statuses of the answers, counted."""
    gate, statuses = threading.Barrier(len(browsers)), list[int]()

    def send(browser, words):
        gate.wait()
        try:
            statuses.append(browser.post(address, words).status_code)
        finally:
            connections.close_all()

    each = said * len(browsers) if len(said) == 1 else said
    threads = [threading.Thread(target=send, args=pair) for pair in zip(browsers, each, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(statuses) == len(browsers)
    return Counter(statuses)


def crowd(member=None):
    """Ten browsers, of anybody or of one member."""
    browsers = [Client(raise_request_exception=False) for _number in range(CROWD)]
    if member is not None:
        for browser in browsers:
            sign_in(browser, member)
    return browsers


def test_ten_pick_one_ask_and_one_of_them_gets_it(town):
    ask = town.ask()
    browsers = crowd()
    for number, browser in enumerate(browsers):
        sign_in(browser, member_of(town.network, f"Neighbour{number}"))
    assert at_once(browsers, f"/board/{ask.code}/", {}) == {302: 1, 409: CROWD - 1}
    assert Match.objects.filter(state=Match.State.ACCEPTED).count() == 1
    assert Ask.objects.get().hands_taken == 1


def test_one_yes_pressed_in_ten_windows_is_one_yes(town):
    match = town.invited(town.ask(), town.rosa)
    assert at_once(crowd(), f"/i/{match.token_box}/yes/", {"version": "1"}) == {302: CROWD}
    assert Ask.objects.get().hands_taken == 1


def test_one_form_sent_ten_times_is_one_ask(town):
    assert at_once(crowd(), "/need/", {**NEED, "key": new_token()}) == {302: CROWD}
    assert Ask.objects.count() == 1


def test_one_offer_sent_ten_times_is_one_offer(town):
    assert at_once(crowd(town.rosa), "/can/", {**CAN, "key": new_token()}) == {302: CROWD}
    assert Offer.objects.count() == 1


def test_of_ten_changes_from_one_page_one_is_taken_and_none_is_lost_silently(town):
    published = publish_ask(network=town.network, draft=town.draft())
    words = [{**NEED, "when": "keep", "version": "1", "words": f"Change {number}"} for number in range(CROWD)]
    assert at_once(crowd(), f"/a/{published.token}/change/", *words) == {302: 1, 409: CROWD - 1}
    assert Ask.objects.get().version == 2


def test_ten_codes_at_once_to_one_address_are_five(town):
    statuses = at_once(crowd(), "/sign-in/", {"contact": "new@example.org"})
    assert statuses == {302: 5, 422: CROWD - 5}
    assert Confirmation.objects.count() == 5
