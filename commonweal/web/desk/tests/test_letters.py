"""Letters that did not arrive: listed without address or words, tried again, or taken off."""

import uuid

import pytest

from commonweal.base.eventlog import story_of
from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import HOUR, fresh
from commonweal.messaging.actions import drop_message, queue_message
from commonweal.messaging.catalogue import CATALOGUE
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address
from commonweal.web.desk.letters import MOST, NAMES
from commonweal.web.desk.tests.conftest import url, words

NOBODY = uuid.UUID(int=7)
DEAD, QUEUED = Message.State.DEAD, Message.State.QUEUED


def died(message, at):
    Message.objects.filter(pk=message.pk).update(
        state=DEAD, due_at=None, died_at=at, last_error=Message.Trouble.REFUSED, last_detail="550 amina@example.org"
    )  # fmt: skip
    return fresh(message)


@pytest.fixture
def letter(town, hand):
    """The letter that tells Amina that her ask is here was given up."""
    ask = town.ask()
    return died(Message.objects.get(about_id=ask.pk), hand.advance(HOUR))


def test_every_kind_of_letter_has_a_name():
    assert set(NAMES) == set(CATALOGUE)


def test_says_what_it_was_about_which_ask_and_why_and_not_to_whom(town, letter, jo):
    page = words(jo.get("letters"))
    ask = Ask.objects.get()
    assert "“We have your ask”, with the private link" in page
    assert f'href="{url("ask", ask.code)}" dir="ltr">{ask.shown_code}<' in page
    assert "E-mail" in page
    assert "The other side refuses this message" in page
    assert "amina" not in page.lower()
    assert '<span class="num" id="count-letters">1</span>' in page


def test_an_invitation_leads_to_its_ask_and_a_code_to_none(town, jo, hand):
    match = town.invited(town.ask(), town.rosa)
    died(Message.objects.get(about_id=match.pk), hand.advance(HOUR))
    code = queue_message(
        network=town.network, to=Address(kind="phone", value="+14105550123", language="en"), template="code", key="1",
        context={"code": "123456", "minutes": 10, "network": "Remington", "open_at": ""},
    )  # fmt: skip
    died(code, hand.advance(HOUR))
    page = words(jo.get("letters"))
    assert "An invitation" in page
    assert match.ask.shown_code in page
    assert "A one-time code" in page
    assert '<td class="code-cell">–</td><td>Phone</td>' in page


def test_everything_arrived(town, jo):
    page = words(jo.get("letters"))
    assert "Everything arrived" in page
    assert '<span class="num" id="count-letters">0</span>' in page


class TestTryingAgain:
    def test_puts_it_back_in_the_outbox(self, town, letter, jo):
        answer = jo.post("letter_again", letter.pk)
        assert answer["Location"] == url("letters")
        assert (fresh(letter).state, fresh(letter).died_at, fresh(letter).attempts) == (QUEUED, None, 0)
        assert story_of(letter).get(verb="retried").actor == town.jo.pk
        assert "It is on its way again." in words(jo.get("letters"))

    def test_pressed_twice_is_tried_once(self, town, letter, jo):
        jo.post("letter_again", letter.pk)
        assert jo.post("letter_again", letter.pk).status_code == 302
        assert story_of(letter).filter(verb="retried").count() == 1

    def test_all_of_them_at_once(self, town, letter, jo, hand):
        others = [died(Message.objects.get(about_id=town.ask().pk), hand.advance(HOUR)) for _ in range(2)]
        assert "Try all of these again" in words(jo.get("letters"))
        jo.post("letters_again")
        assert {fresh(each).state for each in (letter, *others)} == {QUEUED}
        assert "3 letters are on their way again." in words(jo.get("letters"))

    def test_what_was_erased_stays(self, town, letter, jo):
        Message.objects.filter(pk=letter.pk).update(to="", to_index="")
        assert jo.post("letters_again").status_code == 302
        assert fresh(letter).state == DEAD


class TestTakingOff:
    def test_forgets_where_it_went(self, town, letter, jo):
        jo.post("letter_drop", letter.pk)
        assert (fresh(letter).state, fresh(letter).to) == (Message.State.CANCELLED, "")
        assert story_of(letter).get(verb="dropped").actor == town.jo.pk
        assert jo.post("letter_drop", letter.pk).status_code == 302
        assert story_of(letter).filter(verb="dropped").count() == 1

    def test_what_another_saw_to_in_this_moment_is_seen_to(self, town, letter, jo, monkeypatch):
        def meanwhile(**about):
            drop_message(**about)
            drop_message(**about)

        monkeypatch.setattr("commonweal.web.desk.letters.drop_message", meanwhile)
        assert jo.post("letter_drop", letter.pk).status_code == 302


@pytest.mark.parametrize("verb", ["letter_again", "letter_drop"])
class TestOfOthers:
    def test_a_letter_of_another_network_is_left_alone(self, town, letter, bo, verb):
        bo.post(verb, letter.pk)
        assert fresh(letter).state == DEAD

    def test_a_made_up_letter_is_none(self, town, letter, jo, verb):
        assert jo.post(verb, NOBODY).status_code == 302
        assert jo.browser.post("/desk/letters/nothing/again/").status_code == 404
        assert fresh(letter).state == DEAD


def test_of_many_the_oldest_are_shown_for_the_same_cost(town, jo, hand, django_assert_max_num_queries):
    for number in range(MOST + 3):
        ask_letter = queue_message(
            network=town.network, to=Address(kind="email", value="a@example.org", language="en"),
            template="still_needed", key=str(number), context={"title": "t", "link": "l", "network": "n"},
        )  # fmt: skip
        died(ask_letter, hand.advance(HOUR / 60))
    with django_assert_max_num_queries(14):
        page = words(jo.get("letters"))
    assert "These are the oldest 100; there are more." in page
    assert page.count('scope="row"') == MOST
