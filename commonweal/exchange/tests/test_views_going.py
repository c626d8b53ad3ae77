"""The pages of going together and of being on the way."""

from datetime import timedelta

import pytest
from django.urls import reverse

from commonweal.assembly.actions import give_mandate
from commonweal.exchange import actions, going
from commonweal.exchange.models import CheckIn
from commonweal.exchange.tests.cast import HOUR, MONDAY
from commonweal.gatherings.actions import start_shift
from commonweal.members.tests.cast import sign_in
from commonweal.networks.actions import change_policy


@pytest.fixture
def visit(town):
    return town.agreed(town.ask(), town.rosa)


def url(name, match):
    return reverse(f"exchange:{name}", args=[match.token_box])


def test_on_the_way_and_back(client, visit):
    assert "on my way" in client.get(url("invitation", visit)).content.decode()
    assert client.get(url("way", visit)).status_code == 200
    client.post(url("way", visit), {"span": "60", "watcher": "desk"})

    assert CheckIn.objects.get().back_by == MONDAY + HOUR
    assert "You are on the way" in client.get(url("invitation", visit)).content.decode()
    client.post(url("home", visit))
    assert CheckIn.objects.get().over_at == MONDAY
    assert "You are on the way" not in client.get(url("invitation", visit)).content.decode()


def test_somebody_named_has_to_be_reached_somehow(client, visit):
    said = {"span": "60", "watcher": "other"}
    assert client.post(url("way", visit), said).status_code == 422
    assert client.post(url("way", visit), {**said, "contact": "nonsense"}).status_code == 422
    client.post(url("way", visit), {**said, "contact": "sister@example.org"})
    assert CheckIn.objects.get().contact == "sister@example.org"


def test_a_contact_of_nobody_is_not_kept(client, visit):
    client.post(url("way", visit), {"span": "60", "watcher": "desk", "contact": "sister@example.org"})
    assert CheckIn.objects.get().contact == ""


def test_nobody_to_be_told_who_is_not_there(client, visit):
    assert client.post(url("way", visit), {"span": "60", "watcher": "buddy"}).status_code == 422
    assert client.post(url("way", visit), {"span": "7", "watcher": "desk"}).status_code == 422


def test_a_buddy_is_named_joins_and_does_not_come_after_all(client, town, visit):
    client.post(url("buddy", visit), {"name": "Kim"})
    page = client.get(url("buddy", visit)).content.decode()
    buddy = going.buddy_of(visit)
    along = reverse("exchange:along", args=[buddy.token_box])
    assert along in page
    assert "Kim goes along with you" in client.get(url("invitation", visit)).content.decode()
    asker = client.get(reverse("exchange:status", args=[visit.ask.token_box])).content.decode()
    assert "Two will come" in asker

    assert client.get(along).status_code == 302
    sign_in(client, town.lee)
    seen = client.get(along).content.decode()
    assert "Rosa" in seen
    assert not {word for word in ("Amina", "Guilford", "amina@") if word in seen}
    client.post(along)
    assert "You go along with" in client.get(along).content.decode()
    assert client.get(url("way", visit)).content.decode().count('name="watcher"') == 3

    client.post(url("buddy", visit), {"alone": "yes"})
    assert going.buddy_of(visit) is None


def test_a_name_is_needed(client, visit):
    assert client.post(url("buddy", visit), {"name": " "}).status_code == 422


def test_the_first_visits_are_made_in_twos(client, town, visit):
    change_policy(network=town.network, changes={"home_pairs": 1}, reason="Assembly")
    page = client.get(url("invitation", visit)).content.decode()
    assert "are made in twos" in page
    assert "You see the address once somebody goes along with you." in page
    assert "Guilford" not in page
    assert url("way", visit) not in page
    page = client.post(url("way", visit), {"span": "60", "watcher": "desk"})
    assert page.status_code == 409
    assert "who goes along" in page.content.decode()

    client.post(url("buddy", visit), {"name": "Kim"})
    page = client.get(url("invitation", visit)).content.decode()
    assert "Guilford" in page
    assert "You see the address once" not in page
    assert url("way", visit) in page


def test_a_second_helper_opens_the_address_as_well(client, town):
    change_policy(network=town.network, changes={"home_pairs": 1}, reason="Assembly")
    ask = town.ask(hands=2)
    first = town.agreed(ask, town.lee)
    assert "once another helper has said yes" in client.get(url("invitation", first)).content.decode()
    town.agreed(ask, town.rosa)
    assert "Guilford" in client.get(url("invitation", first)).content.decode()


def test_what_is_over_takes_nobody_along(client, visit):
    actions.drop_out(match=visit)
    assert client.post(url("buddy", visit), {"name": "Kim"}).status_code == 409
    assert client.post(url("home", visit)).status_code == 302


class TestAtTheDesk:
    def test_who_is_missed_stands_above_everything_until_somebody_has_heard_from_them(
        self, client, town, visit, hand
    ):
        give_mandate(member=town.jo, role="dispatcher", until=MONDAY + timedelta(days=30), reason="Assembly")
        start_shift(member=town.jo, until=MONDAY + 12 * HOUR)
        client.post(url("way", visit), {"span": "60", "watcher": "desk"})
        for _ in range(2):
            hand.advance(HOUR * 1.5)
            actions.watch_late()
        safe = reverse("desk:safe", args=[CheckIn.objects.get().pk])
        assert client.post(safe).status_code == 302
        sign_in(client, town.rosa)
        assert client.post(safe).status_code == 403
        assert CheckIn.objects.get().over_at is None

        sign_in(client, town.jo)
        page = client.get("/desk/").content.decode()
        assert "isn't back yet" in page.replace("&#x27;", "'")
        assert "rosa@example.org" not in page
        client.post(safe)
        assert CheckIn.objects.get().settled_by == town.jo
        assert "back yet" not in client.get("/desk/").content.decode()
