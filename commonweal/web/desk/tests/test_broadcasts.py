"""Writing to everybody: counted first, sent once, and what waits can be taken back."""

import uuid

import pytest

from commonweal.members.actions import join
from commonweal.members.contacts import Contact
from commonweal.messaging.broadcasting import fill_next
from commonweal.messaging.models import Broadcast, Message
from commonweal.web.desk.tests.conftest import Desk, url, words

SAID = {"key": "once", "area_slug": "", "words_en": "The water is off.", "words_es": "No hay agua."}


def written(jo, **changes):
    return jo.post("broadcasts", **{**SAID, **changes})


def test_only_a_dispatcher_on_shift_writes_to_everybody(town):
    assert Desk(town.rosa).get("broadcasts").status_code == 403
    assert "sign-in" in Desk().post("broadcasts", **SAID)["Location"]


def test_it_is_counted_before_anything_is_sent(town, jo):
    page = words(written(jo))

    assert "What it will be" in page
    assert 'name="send" value="yes"' in page
    assert "USD" in page
    assert "The water is off.</textarea>" in page
    assert not Broadcast.objects.exists()


def test_then_it_goes_out_once(town, jo):
    for _press in range(2):
        assert written(jo, send="yes")["Location"] == url("broadcasts")
    fill_next()
    broadcast = Broadcast.objects.get()

    assert broadcast.by == town.jo
    assert Message.objects.filter(template="news").count() == broadcast.people > 0
    page = words(jo.get("broadcasts"))
    assert f"It is on its way to {broadcast.people} people." in page
    assert "The water is off." in page
    assert "Stop the rest" in page


def test_what_waits_is_taken_back(town, jo):
    written(jo, send="yes")
    fill_next()
    broadcast = Broadcast.objects.get()
    answer = jo.post("broadcast_stop", broadcast.pk)

    assert answer["Location"] == url("broadcasts")
    assert not Message.objects.filter(template="news", due_at__isnull=False).exists()
    assert "stopped, 0 sent" in words(jo.get("broadcasts"))


def test_of_another_network_or_made_up_there_is_none(town, jo, bo):
    written(jo, send="yes")

    assert bo.post("broadcast_stop", Broadcast.objects.get().pk).status_code == 404
    assert jo.post("broadcast_stop", uuid.uuid4()).status_code == 404
    assert Broadcast.objects.get().stopped_at is None


def test_an_area_without_anybody_is_said_so(town, jo):
    page = words(written(jo, area_slug="waverly", send="yes"))

    assert "This reaches nobody" in page
    assert not Broadcast.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"words_en": "", "words_es": ""}, "What shall it say?"),
        ({"words_en": "x" * 601}, "600"),
        ({"area_slug": "atlantis"}, "Please choose one of these"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(town, jo, wrong, said):
    answer = written(jo, send="yes", **wrong)

    assert answer.status_code == 422
    assert said in words(answer)
    assert not Broadcast.objects.exists()


def test_not_more_than_five_a_day(town, jo):
    answers = [written(jo, key=str(number), send="yes").status_code for number in range(6)]

    assert answers == [302] * 5 + [429]


@pytest.mark.parametrize(("limit", "said"), [(0, "allows no text messages"), (1, "it takes 2 days")])
def test_says_how_many_days_it_takes(town, jo, limit, said):
    for number in (1, 2):
        join(
            network=town.network,
            name=f"N{number}",
            contact=Contact(kind="phone", value=f"+1410555100{number}"),
            languages=["en"],
        )
    town.network.policy_values = {"most_texts_day": limit}
    town.network.save()

    assert said in words(written(jo))
