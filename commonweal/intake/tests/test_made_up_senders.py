"""E-mail whose sender may be made up: it asks for help like anybody, and changes nothing that is there already."""

import pytest

from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import fresh
from commonweal.intake.tests.talking import Phone
from commonweal.members.contacts import Contact
from commonweal.messaging.models import Message
from commonweal.messaging.queries import message_to


@pytest.fixture
def mail(town, reader):
    """A mailbox that anybody may write in the name of."""
    return Phone(network=town.network, number="amina@example.org", kind="email")


@pytest.fixture
def ask(town, mail):
    found = town.ask(contact_kind="email", contact=mail.number, called="Amina")
    mail.read()
    return found


UNPROVEN = {"proven": False}


def test_what_would_change_an_ask_is_asked_for_at_the_real_address(mail, ask):
    assert mail.templates("not needed", **UNPROVEN) == ["say_prove"]
    assert fresh(ask).state == "near"
    assert mail.talk.state == "idle"
    assert mail.templates("not needed") == ["say_withdrawn"]
    assert fresh(ask).state == "withdrawn"


@pytest.mark.parametrize(
    "words", ["yes", "no", "1", "pause", "change", "it is done", "can't", "still needed"]
)
def test_nothing_that_is_there_is_changed(town, mail, ask, words):
    before = [list(model.objects.order_by("pk").values()) for model in (Ask, Match)]
    assert mail.templates(words, **UNPROVEN) == ["say_prove"]
    assert [list(model.objects.order_by("pk").values()) for model in (Ask, Match)] == before


def test_to_ask_for_help_needs_no_proof(mail):
    assert mail.templates("food for 3 in Waverly tomorrow", **UNPROVEN) == ["say_read_back"]
    assert mail.templates("yes", **UNPROVEN) == ["ask_received"]


@pytest.mark.parametrize(("words", "said"), [("STOP", ["stopped"]), ("status", ["say_status"])])
def test_who_wants_silence_or_only_asks_how_it_stands_is_heard(mail, ask, words, said):
    assert mail.templates(words, **UNPROVEN) == said


class TestWhatIsMeant:
    @pytest.fixture
    def other(self, town, mail, ask):
        found = town.ask(contact_kind="email", contact=mail.number, called="Bea")
        mail.read()
        return found

    def test_it_is_what_the_answered_letter_was_about(self, mail, ask, other):
        assert mail.templates("not needed") == ["say_which"]
        assert mail.templates("STATUS")
        assert mail.templates("not needed", answers=other.pk) == ["say_withdrawn"]
        assert (fresh(other).state, fresh(ask).state) == ("withdrawn", "near")

    def test_a_code_says_it_more_plainly(self, mail, ask, other):
        mail.text(f"not needed {ask.shown_code}", answers=other.pk)
        assert (fresh(other).state, fresh(ask).state) == ("near", "withdrawn")

    def test_a_letter_about_something_else_leaves_it_open(self, town, mail, ask, other):
        assert mail.templates("not needed", answers=town.network.pk) == ["say_which"]

    def test_a_letter_about_a_match_means_its_invitation(self, town, reader):
        rosas = Phone(network=town.network, number="rosa@example.org", kind="email")
        asks = [town.ask(called=name) for name in ("Amina", "Bea")]
        matches = [town.invited(ask, town.rosa) for ask in asks]
        rosas.read()
        rosas.text("yes", answers=matches[1].pk)
        assert [fresh(match).state for match in matches] == ["invited", "accepted"]


class TestWhichMessageItWas:
    @pytest.fixture
    def sent(self, ask):
        message = Message.objects.filter(template="ask_received").latest("created_at")
        Message.objects.filter(pk=message.pk).update(receipt="<ours@example.org>")
        return message

    def test_only_who_got_it_can_answer_it(self, town, mail, sent):
        stranger = Contact(kind="email", value="mallory@example.org")
        receipts = ["<theirs@example.org>", "<ours@example.org>"]
        assert message_to(town.network, mail.contact, receipts=receipts).pk == sent.pk
        assert message_to(town.network, stranger, receipts=receipts) is None
        assert message_to(town.network, mail.contact, receipts=["<theirs@example.org>"]) is None
        assert message_to(town.network, mail.contact, receipts=[]) is None
