"""News to many members: who gets it, what it costs, and that nobody gets it twice."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonweal.base.ids import new_id
from commonweal.base.models import Event
from commonweal.members.actions import add_contact, add_push_device, join, leave, pause
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.messaging import broadcasting
from commonweal.messaging.actions import stop_contact
from commonweal.messaging.broadcasting import (
    erase_broadcasts,
    estimate,
    fill_next,
    send_broadcast,
    stop_broadcast,
)
from commonweal.messaging.models import Broadcast, Message
from commonweal.messaging.queries import progress_of, recent_broadcasts
from commonweal.networks.models import Area

WORDS = {"en": "The water is off until six.", "es": "No hay agua hasta las seis."}


def somebody(network, number, *, language="en", kind="phone"):
    value = f"+1410555{1000 + number}" if kind == "phone" else f"n{number}@example.org"
    return join(
        network=network,
        contact=Contact(kind=kind, value=value),
        name=f"N{number}",
        languages=[language],
        language=language,
    )


@pytest.fixture
def people(network):
    """Three by text (one of them in Spanish, one in Arabic) and one by e-mail."""
    return [
        somebody(network, 1),
        somebody(network, 2, language="es"),
        somebody(network, 3, language="ar"),
        somebody(network, 4, kind="email"),
    ]


def send(people, key="once", area=None, words=WORDS):
    told = estimate(network=people[0].network, area=area, words=words)
    return send_broadcast(network=people[0].network, by=people[0], area=area, words=words, told=told, key=key)


def fill():
    while fill_next():
        pass


def sent_to(broadcast):
    return sorted(
        Message.objects.filter(about_id=broadcast.pk).values_list("language", "kind"),
    )


def test_a_members_devices_are_the_last_way_and_cost_no_query_each(people):
    send(people, key="before")
    with CaptureQueriesContext(connection) as without:
        fill()
    for number, person in enumerate(people):
        device = Contact(kind="push", value=f'{{"endpoint":"https://push.example/{number}"}}')
        add_push_device(member=person, contact=device, place=new_id())
    told = send(people, key="after")
    with CaptureQueriesContext(connection) as with_devices:
        fill()

    assert len(with_devices) == len(without)
    first = Message.objects.get(about_id=told.pk, key__endswith=str(people[0].pk))
    assert (first.kind, first.others) == (
        "phone",
        [{"kind": "push", "value": '{"endpoint":"https://push.example/0"}'}],
    )
    assert estimate(network=people[0].network, area=None, words=WORDS).texts == 3


class TestEstimate:
    def test_counts_people_texts_parts_and_cost(self, people):
        told = estimate(network=people[0].network, area=None, words=WORDS)

        assert (told.people, told.texts) == (4, 3)
        # Who reads Arabic gets the first language; the accents of none of these make a text long.
        assert [(part.language, part.people, part.texts) for part in told.parts] == [
            ("en", 3, 2),
            ("es", 1, 1),
        ]
        assert [part.counted.parts for part in told.parts] == [1, 1]
        assert (told.charged, told.cost, told.days) == (3, 24, 1)

    def test_what_is_longer_costs_more(self, people):
        told = estimate(network=people[0].network, area=None, words={"en": "Água! " * 30})

        assert told.parts[0].counted.encoding == "UCS-2"
        assert told.charged == 3 * told.parts[0].counted.parts
        assert told.charged > 3

    def test_leaves_in_peace_who_rests_stopped_or_left(self, people, network):
        pause(member=people[0])
        stop_contact(network=network, contact=Contact(kind="phone", value="+14105551002"), language="es")
        leave(member=people[3])
        told = estimate(network=network, area=None, words=WORDS)

        assert (told.people, told.resting, told.stopped, told.unreachable) == (1, 1, 1, 0)

    def test_of_one_area_only(self, people, network):
        abell = Area.objects.create(network=network, slug="abell", name="Abell", cell_y=1, cell_x=1)
        Member.objects.filter(pk=somebody(network, 9).pk).update(area=abell)

        assert estimate(network=network, area=abell, words=WORDS).people == 1

    def test_of_another_network_nobody(self, people, other_network):
        assert estimate(network=other_network, area=None, words=WORDS).people == 0

    @pytest.mark.parametrize(("limit", "days"), [(500, 1), (2, 2), (1, 3), (0, None)])
    def test_how_many_days_it_takes(self, people, network, limit, days):
        network.policy_values = {"most_texts_day": limit}
        told = estimate(network=network, area=None, words=WORDS)

        assert told.days == days

    def test_nobody_by_text_takes_no_day(self, network):
        somebody(network, 4, kind="email")
        network.policy_values = {"most_texts_day": 0}

        assert estimate(network=network, area=None, words=WORDS).days == 0

    def test_costs_as_many_queries_for_many(self, people, network, django_assert_num_queries):
        for number in range(10, 30):
            somebody(network, number)
        with django_assert_num_queries(3):
            assert estimate(network=network, area=None, words=WORDS).people == 24


class TestSending:
    def test_each_gets_it_once_in_their_language(self, people):
        broadcast = send(people)
        fill()
        fill()

        assert sent_to(broadcast) == [("en", "email"), ("en", "phone"), ("en", "phone"), ("es", "phone")]
        assert Message.objects.filter(template="news").first().context["words"] in WORDS.values()

    def test_pressed_twice_is_sent_once(self, people):
        assert send(people).pk == send(people).pk
        assert Broadcast.objects.count() == 1
        assert Event.objects.filter(verb="announced").count() == 1

    def test_goes_bit_by_bit_and_on_from_where_it_was(self, people, monkeypatch):
        monkeypatch.setattr(broadcasting, "AT_ONCE", 2)
        broadcast = send(people)

        assert [fill_next(), fill_next(), fill_next(), fill_next()] == [2, 2, 0, 0]
        assert len(sent_to(broadcast)) == 4
        assert not broadcasting.broadcasts_are_due()

    def test_a_bit_that_was_undone_is_done_again(self, people, monkeypatch):
        broadcast = send(people)
        with monkeypatch.context() as broken:
            broken.setattr(broadcasting, "queue_message", None)
            with pytest.raises(TypeError):
                fill_next()
        assert broadcasting.broadcasts_are_due()
        fill()
        assert len(sent_to(broadcast)) == 4

    def test_the_second_way_takes_over(self, people):
        add_contact(member=people[0], contact=Contact(kind="email", value="further@example.org"))
        broadcast = send(people)
        fill()
        further = Message.objects.get(about_id=broadcast.pk, key__endswith=str(people[0].pk)).others

        assert [way["value"] for way in further] == ["further@example.org"]

    def test_who_has_no_way_to_be_reached_is_passed_over(self, people):
        people[1].contact_points.all().delete()
        broadcast = send(people)
        fill()

        assert (broadcast.people, len(sent_to(broadcast))) == (3, 3)


class TestStopping:
    def test_takes_back_what_waits_and_fills_no_more(self, people, monkeypatch):
        monkeypatch.setattr(broadcasting, "AT_ONCE", 2)
        broadcast = send(people)
        fill_next()

        assert stop_broadcast(broadcast=broadcast, by=people[0]) == 2
        assert stop_broadcast(broadcast=broadcast, by=people[0]) == 0
        assert fill_next() == 0
        assert Event.objects.filter(verb="called_off").count() == 1
        assert progress_of([Broadcast.objects.get()])[0].words == "stopped, 0 sent"


class TestReading:
    def test_says_how_far_it_is(self, people, django_assert_num_queries):
        send(people)
        first = progress_of(recent_broadcasts(people[0].network))
        fill()
        Message.objects.filter(kind="email").update(state="sent", due_at=None, sent_at="2026-03-03T12:00Z")
        with django_assert_num_queries(2):
            second = progress_of(recent_broadcasts(people[0].network))
        Message.objects.update(state="sent", due_at=None, sent_at="2026-03-03T12:00Z")

        assert first[0].words == "0 sent, 4 to go"
        assert second[0].words == "1 sent, 3 to go"
        assert progress_of(recent_broadcasts(people[0].network))[0].words == "all sent"
        assert progress_of([]) == []

    def test_words_are_forgotten_when_their_time_is_over(self, people, hand):
        send(people)
        assert erase_broadcasts() == 0
        hand.advance(people[0].network.policy.span("erase_days"))

        assert erase_broadcasts() == 1
        assert Broadcast.objects.get().words == {}
