"""What a dispatcher does with a message, where it can't be done, and what the worker does when nobody does anything."""

import itertools

import pytest

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.exchange.drafts import OfferDraft
from commonweal.exchange.errors import HeldByAnother, NotPossibleNow
from commonweal.exchange.models import CallNote
from commonweal.exchange.queries import looks_at_ask
from commonweal.exchange.tests.cast import HOUR, found_town, fresh, letters
from commonweal.gatherings.actions import start_shift
from commonweal.intake import actions
from commonweal.intake.actions import overdue
from commonweal.intake.actions.forgetting import erase_inbound
from commonweal.intake.models import Correction, Draft, Inbound
from commonweal.intake.reading import read_message
from commonweal.members.contacts import Contact
from commonweal.members.models import ContactPoint

NUMBERS = itertools.count(1)


def came(town, text="We need food in Abell", sender="+14105550123", why="unclear"):
    inbound = actions.receive(
        network=town.network, channel="test", provider_id=str(next(NUMBERS)),
        sender=Contact(kind="phone", value=sender), text=text,
    ).inbound  # fmt: skip
    reading = read_message(town.network, text, at=clock.now())
    return actions.make_draft(network=town.network, inbound=inbound, reading=reading, why=why)


@pytest.fixture
def draft(town):
    return came(town)


def test_a_message_is_at_the_desk_once(town, draft):
    again = actions.make_draft(
        network=town.network,
        inbound=draft.inbound,
        reading=read_message(town.network, "fire", at=clock.now()),
        why="x",
    )
    assert (again.pk, again.why) == (draft.pk, "unclear")
    assert Draft.objects.count() == 1


def test_letting_go_of_what_another_holds_changes_nothing(town, draft):
    actions.hold_draft(draft=draft, by=town.jo)
    assert actions.release_draft(draft=draft, by=town.sam).held_by == town.jo
    with pytest.raises(HeldByAnother):
        actions.dismiss_draft(draft=draft, by=town.sam)


def test_an_ask_keeps_the_contact_that_was_typed(town, draft):
    said = town.draft(contact="amina@example.org", contact_kind="email")
    assert actions.ask_from_draft(draft=draft, by=town.jo, said=said).ask.contact == "amina@example.org"


def test_what_was_not_understood_teaches_too(town):
    actions.ask_from_draft(draft=came(town, "xyzzy plugh"), by=town.jo, said=town.draft())
    assert Correction.objects.get().supposed is None


def test_not_to_another_networks_ask(town, draft):
    with pytest.raises(NotPossibleNow):
        actions.link_draft(draft=draft, by=town.jo, ask=found_town("hampden").ask())
    assert fresh(draft).is_waiting


def test_without_words_there_is_nothing_to_note(town):
    draft = came(town, "")
    actions.link_draft(draft=draft, by=town.jo, ask=town.ask())
    assert not CallNote.objects.exists()
    assert fresh(draft).state == "linked"


def test_nobody_answers_whom_nobody_knows(town, draft):
    draft.inbound.sender = ""
    draft.inbound.save()
    with pytest.raises(NotPossibleNow):
        actions.answer_draft(draft=draft, by=town.jo, text="Hello")
    assert not letters("say_answer").exists()


def test_an_answer_is_not_undone(town, draft):
    actions.answer_draft(draft=draft, by=town.jo, text="Hello")
    with pytest.raises(NotPossibleNow):
        actions.reopen_draft(draft=draft, by=town.jo)


def test_who_can_not_be_reached_is_not_told(town, draft, hand):
    give_mandate(
        member=town.jo, role=Mandate.Role.DISPATCHER, until=clock.now() + 200 * HOUR, reason="We chose Jo."
    )
    start_shift(member=town.jo, until=clock.now() + 8 * HOUR)
    ContactPoint.objects.filter(network=town.network, member=town.jo).delete()
    hand.advance(2 * HOUR)
    assert overdue.tell_of_overdue() == 1
    assert not letters("desk_alert").exists()


def test_what_was_seen_to_in_this_moment_is_not_late(town, draft, hand):
    hand.advance(2 * HOUR)
    actions.dismiss_draft(draft=draft, by=town.jo)
    assert not overdue._tell(draft.network_id, draft.pk)


def test_what_waits_keeps_its_words(town, draft, hand):
    Inbound.objects.update(due_at=None, state=Inbound.State.PERSON, handled_at=clock.now())
    hand.advance(100 * 24 * HOUR)
    erase_inbound()
    assert fresh(draft).inbound.text
    actions.dismiss_draft(draft=draft, by=town.jo)
    erase_inbound()
    assert fresh(draft).inbound.text == ""


def test_the_asker_sees_who_saw_their_number_on_the_message(town, draft):
    for _press in range(2):
        actions.record_look(draft=draft, by=town.jo, what="phone", why="call_back")
    actions.record_look(draft=draft, by=town.sam, what="media")
    ask = actions.ask_from_draft(draft=draft, by=town.jo, said=town.draft()).ask
    assert [look.words for look in looks_at_ask(ask)] == [
        "Sam, on shift, saw what came with your message today, to read your message.",
        "Jo, on shift, saw your phone number today, to call back, as was asked for.",
    ]


def test_an_offer_needs_somebody_who_can_be_reached(town, draft):
    draft.inbound.sender = ""
    draft.inbound.save()
    with pytest.raises(NotPossibleNow):
        actions.offer_from_draft(
            draft=draft, by=town.jo, said=OfferDraft(categories=(town.groceries.pk,), name="Dee")
        )
    assert fresh(draft).is_waiting
