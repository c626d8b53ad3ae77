"""Working on what came in: once, in order, within limits, whatever goes wrong."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from commonweal.base import clock
from commonweal.base.models import Event
from commonweal.exchange.models import Ask
from commonweal.intake import tasks
from commonweal.intake.actions import Media, conversing, receive
from commonweal.intake.actions.conversing import converse_due, messages_wait, work_on
from commonweal.intake.actions.forgetting import erase_inbound
from commonweal.intake.conversations import turning
from commonweal.intake.conversations.limits import MOST_REPLIES
from commonweal.intake.models import Attachment, Conversation, Inbound
from commonweal.intake.tests.talking import Phone, phone_of
from commonweal.messaging.models import Message


class TestOnce:
    def test_what_was_worked_on_stays_as_it_is(self, phone):
        inbound = phone.send("help")
        assert messages_wait()
        assert converse_due() == 1
        assert not messages_wait()
        assert work_on([(inbound.network_id, inbound.pk)]) == 1
        assert Message.objects.count() == 1
        assert Inbound.objects.get().state == "answered"

    def test_a_replayed_webhook_is_answered_once(self, phone):
        for _ in range(3):
            phone.send("help", provider_id="SM1")
        assert converse_due() == 1
        assert Message.objects.count() == 1

    def test_another_worker_was_faster(self, phone):
        inbound = phone.send("help")
        converse_due()
        assert work_on([(inbound.network_id, inbound.pk)]) == 1
        assert Message.objects.count() == 1

    def test_messages_of_one_sender_keep_the_order_in_which_they_were_sent(self, phone):
        now = clock.now()
        phone.send("yes", at=now - timedelta(seconds=10))
        phone.send("food in Abell today", at=now - timedelta(seconds=20))
        converse_due()
        assert Ask.objects.count() == 1

    def test_an_event_tells_without_words(self, phone):
        phone.text("food in Abell today")
        event = Event.objects.get(verb="heard")
        assert event.data == {"meaning": "text", "state": "confirming", "channel": "test"}


class TestFaults:
    @pytest.fixture
    def broken(self, monkeypatch):
        def fail(*_args, **_more):
            raise RuntimeError("Amina's words")

        monkeypatch.setattr(turning, "answer", fail)

    def test_it_waits_and_a_person_gets_it_in_the_end(self, town, phone, broken, hand, drafts, caplog):
        phone.send("help")
        phone.send("status")
        for wait in (10, 60, 300, 0):
            assert converse_due() == 0
            assert Message.objects.count() == 0
            hand.advance(timedelta(seconds=wait))
        assert drafts()[0] == "failed"
        assert Inbound.objects.filter(state="person").exists()
        assert "Amina" not in caplog.text

    def test_what_fails_together_is_worked_on_alone(self, phone, monkeypatch):
        def fail(_keys):
            raise RuntimeError

        monkeypatch.setattr(conversing, "_work_together", fail)
        assert phone.templates("help") == ["say_help"]

    def test_what_somebody_else_has_seen_to_is_not_put_off(self, phone):
        inbound = phone.send("help")
        converse_due()
        conversing._put_off((inbound.network_id, inbound.pk))
        inbound.refresh_from_db()
        assert (inbound.state, inbound.tries) == ("answered", 0)

    def test_the_worker_does_it_by_itself(self, phone):
        phone.send("help")
        tasks.converse()
        assert Inbound.objects.get().state == "answered"
        tasks.erase()

    def test_what_follows_it_waits_for_it(self, phone, monkeypatch, hand):
        answer, stuck = turning.answer, []

        def fail_first(inbound, talk, **more):
            if inbound.text == "first" and len(stuck) < 2:  # among others, and then alone
                stuck.append(inbound)
                raise RuntimeError
            return answer(inbound, talk, **more)

        monkeypatch.setattr(turning, "answer", fail_first)
        phone.send("first")
        phone.send("help")
        assert converse_due() == 0
        assert Inbound.objects.filter(state="waiting").count() == 2
        hand.advance(timedelta(seconds=11))
        assert converse_due() == 2

    def test_others_do_not_wait(self, town, phone, monkeypatch):
        answer = turning.answer

        def fail_one(inbound, talk, **more):
            if inbound.text == "first":
                raise RuntimeError
            return answer(inbound, talk, **more)

        monkeypatch.setattr(turning, "answer", fail_one)
        phone.send("first")
        other = phone_of(town, "+14105550199")
        assert other.templates("help") == ["say_help"]

    def test_what_is_gone_meanwhile_is_no_fault(self, phone, broken):
        inbound = phone.send("help")
        Inbound.objects.filter(pk=inbound.pk).update(due_at=None, handled_at=clock.now(), state="read")
        assert work_on([(inbound.network_id, inbound.pk)]) == 1


class TestMachines:
    def test_what_a_machine_wrote_is_kept_and_not_answered(self, phone):
        assert phone.templates("I am out of office", automatic=True) == []
        assert Inbound.objects.get().state == "ignored"

    def test_the_same_again_and_again_is_not_answered_for_ever(self, phone, drafts):
        said = [phone.templates("We have received your message!") for _ in range(8)]
        assert sum(map(len, said)) <= 3
        assert drafts()[-1] == "loop"
        assert drafts().count("loop") == 1
        assert Inbound.objects.count() == 8

    def test_it_is_heard_again_after_an_hour(self, phone, hand):
        for _ in range(6):
            phone.text("help")
        assert phone.templates("help") == []
        hand.advance(timedelta(hours=2))
        assert phone.templates("help") == ["say_help"]

    def test_two_machines_that_vary_their_words_stop_too(self, phone):
        said = [
            len(phone.templates(f"status {number} ok")) + len(phone.templates("help")) for number in range(40)
        ]
        assert sum(said) <= MOST_REPLIES + 1

    def test_a_flood_is_kept_answered_once_and_seen_once(self, phone, drafts):
        words = ["help", "status", "english", "back"]
        said = [phone.templates(words[number % 4]) for number in range(60)]
        flat = [template for one in said for template in one]
        assert flat.count("say_too_many") == 1
        assert len(flat) == MOST_REPLIES + 1
        assert drafts() == ["flood"]
        assert Inbound.objects.count() == 60
        assert phone.templates("STOP") == ["stopped"]


class TestOddMessages:
    @pytest.mark.parametrize(
        "text", ["x " * 5_000, "🎉" * 10_000, "\u202eabc\u202c", "مرحبا " * 2_000, "a\x00b", "%s {{ x }}"]
    )
    def test_they_are_all_answered(self, phone, text):
        assert phone.templates(text) in (["say_person"], ["say_help"])

    def test_a_picture_alone_goes_to_a_person(self, phone, drafts):
        assert phone.templates("", media=[Media(kind="image", url="https://example.org/1")]) == ["say_person"]
        assert drafts() == ["unclear"]

    @pytest.mark.parametrize(("sort", "why"), [("text", "unclear"), ("voice", "voice")])
    def test_what_comes_without_a_number_is_read_by_a_person(self, town, reader, drafts, sort, why):
        unknown = Phone(network=town.network, number="")
        assert unknown.templates("we need water", sort=sort, automatic=True) == []
        assert drafts() == [why]

    @pytest.mark.parametrize("sort", ["voice", "paper"])
    def test_a_voice_goes_straight_to_a_person(self, phone, drafts, sort):
        assert phone.templates("", sort=sort, language="es") == []
        assert drafts() == [sort]
        assert Inbound.objects.get().state == "person"

    def test_a_short_code_can_write_to_us(self, town, reader):
        assert Phone(network=town.network, number="22395").templates("help") == ["say_help"]


class TestLetters:
    @pytest.fixture
    def letters(self, town, reader):
        return Phone(network=town.network, number="amina@example.org", kind="email")

    def test_a_letter_is_an_ask(self, letters):
        assert letters.templates("for 4 of us in Abell, today\n\n-- \nAmina\nyes", subject="Food") == [
            "say_read_back"
        ]
        assert letters.templates(
            "Yes\n\nOn Monday, Remington wrote:\n> Right? Reply NO", subject="Re: Food"
        ) == ["ask_received"]
        assert Ask.objects.get().source == "email"

    def test_stop_in_a_letter(self, letters):
        assert letters.templates("stop\n\n> you said\n> HELP", subject="Re: hello") == ["stopped"]

    def test_an_empty_answer(self, letters):
        assert letters.templates("\n> only what you wrote", subject="Re: food") == ["say_person"]


class TestForgetting:
    def test_words_and_talks_go_when_their_time_is_over(self, town, phone, hand):
        phone.text("food", media=[Media(kind="audio", content=b"hello")])
        late = receive(
            network=town.network, channel="test", provider_id="late", sender=phone.contact, text="x"
        ).inbound
        Inbound.objects.filter(pk=late.pk).update(due_at=clock.now() + timedelta(days=900))
        assert erase_inbound() == 0
        hand.advance(timedelta(days=31))
        assert erase_inbound() == 2
        emptied = Inbound.objects.exclude(pk=late.pk).get()
        assert (emptied.sender, emptied.sender_index, emptied.text, emptied.media) == ("", "", "", {})
        assert Inbound.objects.get(pk=late.pk).text == "x"
        assert not Conversation.objects.exists()
        assert not Attachment.objects.exists()


def test_no_more_is_worked_on_than_was_asked_for(phone):
    phone.send("STATUS")

    assert converse_due(limit=0) == 0
    assert messages_wait()


def test_postgresql_does_not_wait_for_the_disk_either(db, monkeypatch):
    said = []
    monkeypatch.setattr(conversing, "_set", said.append)
    monkeypatch.setattr(conversing, "connection", SimpleNamespace(vendor="postgresql"))
    with conversing._lightly_committed():
        pass

    assert said == ["SET LOCAL synchronous_commit TO OFF"]
