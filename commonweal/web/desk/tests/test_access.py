"""Who is let in to the desk: a dispatcher of this network on shift, and nobody else."""

import uuid

import pytest
from django.urls import reverse

from commonweal.assembly.actions import end_mandate
from commonweal.assembly.models import Mandate
from commonweal.base.eventlog import By
from commonweal.base.models import Event
from commonweal.exchange import actions
from commonweal.exchange.tests.cast import HOUR, fresh
from commonweal.gatherings.actions import end_shift
from commonweal.gatherings.models import Shift
from commonweal.web.desk.tests.conftest import Desk, mandate, url, words
from commonweal.web.desk.urls import urlpatterns

NOBODY = uuid.UUID(int=7)
SHIFTS = {"shift", "shift_start", "shift_plan", "shift_end", "shift_hand_over"}
READ = {
    "now",
    "queue",
    "board",
    "find",
    "ask",
    "how",
    "twos",
    "letters",
    "shift",
    "messages",
    "message",
    "message_media",
}
EITHER = {"need", "sheets", "broadcasts", "message_offer"}
SENT = {"text": "Nobody picked up.", "again": "due", "why": "met", "outcome": "done", "hours": "2"}


@pytest.fixture
def match(town):
    ask = actions.send_to_desk(ask=town.ask(), said_by=By.ASKER)
    return town.agreed(ask, town.rosa)


def doors(match):
    """Every address of the desk, with something real in it: (name, address)."""
    for pattern in urlpatterns:
        wanted = {
            name: {
                "code": match.ask.code,
                "match": match.pk,
                "pk": NOBODY,
                "check_in": NOBODY,
                "position": 0,
            }[name]
            for name in pattern.pattern.converters
        }
        yield pattern.name, reverse(f"desk:{pattern.name}", kwargs=wanted)


def tried(desk, match):
    """How each door answers, by its name: what is read is read, what is pressed is pressed."""
    return {
        name: desk.browser.get(address) if name in READ | EITHER else desk.browser.post(address, SENT)
        for name, address in doors(match)
    }


def counted():
    return Event.objects.count()


def test_a_stranger_signs_in_first(town, match):
    before = counted()
    for name, answer in tried(Desk(), match).items():
        assert (name, answer.status_code) == (name, 302)
        assert answer["Location"].startswith(reverse("members:sign_in"))
    assert Desk().get("board").headers["Location"].endswith("?next=%2Fdesk%2Fboard%2F")
    assert counted() == before


def test_a_member_without_the_mandate_is_refused(town, match):
    before = counted()
    for name, answer in tried(Desk(town.rosa), match).items():
        assert (name, answer.status_code) == (name, 403)
        assert "This is for somebody else to do." in words(answer)
    assert counted() == before


def test_a_mandate_that_ended_opens_nothing(town, match, jo):
    end_mandate(mandate=Mandate.objects.get(member=town.jo))
    assert {answer.status_code for answer in tried(jo, match).values()} == {403}


def test_a_dispatcher_off_shift_is_led_to_where_one_begins(town, match):
    mandate(town.jo)
    before = counted()
    for name, answer in tried(Desk(town.jo), match).items():
        if name in SHIFTS:
            continue
        if name in READ | EITHER:
            assert (name, answer.status_code, answer["Location"]) == (name, 302, url("shift"))
        else:
            assert (name, answer.status_code) == (name, 403)
            assert "Your shift is over" in words(answer)
    assert counted() - before == 1  # the shift that was begun on the way


def test_what_was_typed_when_the_shift_ended_can_be_copied(town, jo, match):
    jo.open(match.ask)
    end_shift(shift=Shift.objects.get(member=town.jo))
    answer = jo.post("note", match.ask.code, text="She said <Thursday>.")
    assert answer.status_code == 403
    assert "She said &lt;Thursday&gt;." in words(answer)


def test_a_shift_ends_by_itself(town, jo, hand):
    hand.advance(8 * HOUR)
    assert jo.get("now").status_code == 302


def test_of_another_network_nothing_is_seen_or_done(town, match, bo):
    before = (counted(), fresh(match.ask), fresh(match))
    for name, answer in tried(bo, match).items():
        if name in {
            "now",
            "queue",
            "board",
            "find",
            "need",
            "sheets",
            "broadcasts",
            "letters",
            "messages",
            "shift",
        } | SHIFTS | {
            "letters_again",
            "letter_again",
            "letter_drop",
        }:
            assert "2901 Guilford" not in words(answer)
            assert match.ask.shown_code not in words(answer)
        else:
            assert (name, answer.status_code) == (name, 404)
    assert (fresh(match.ask), fresh(match)) == before[1:]
    assert not Event.objects.filter(network=town.network, actor__isnull=False, by=By.DISPATCHER).exclude(
        actor=town.jo.pk
    )


def test_nothing_is_done_by_a_link_and_nothing_read_by_a_press(town, jo, match):
    for name, address in doors(match):
        if name in EITHER:
            continue
        wrong = jo.browser.post(address) if name in READ else jo.browser.get(address)
        assert (name, wrong.status_code) == (name, 405)


def test_every_page_is_kept_by_nobody(town, jo, match):
    for name, answer in tried(jo, match).items():
        assert (name, answer["Cache-Control"]) == (name, "no-store, private")


class TestAPageThatStaysOpen:
    def test_says_where_to_begin_again_instead_of_losing_its_words(self, town, match):
        mandate(town.jo)
        answer = Desk(town.jo).get("queue", headers={"hx-request": "true"})
        assert answer.status_code == 286
        assert f'href="{url("shift")}"' in words(answer)
        assert "<html" not in words(answer)

    def test_says_where_to_sign_in(self, town, match):
        answer = Desk().get("queue", headers={"hx-request": "true"})
        assert answer.status_code == 286
        assert 'href="/sign-in/' in words(answer)


class TestTheWayThere:
    def test_stands_on_the_pages_of_who_holds_the_mandate(self, town, jo, django_assert_num_queries):
        assert f'href="{url("now")}"' in words(jo.browser.get("/safety/"))
        assert f'href="{url("now")}"' not in words(Desk(town.rosa).browser.get("/safety/"))
        with django_assert_num_queries(1):  # the network
            assert f'href="{url("now")}"' not in words(Desk().browser.get("/safety/"))
