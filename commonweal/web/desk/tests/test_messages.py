"""Messages at the desk: one list, one message, and what a dispatcher may do about it."""

import itertools
from datetime import timedelta

import pytest

from commonweal.base import clock
from commonweal.base.eventlog import story_of
from commonweal.exchange.models import Ask, CallNote, Offer
from commonweal.exchange.tests.cast import HOUR, fresh, letters
from commonweal.intake.actions import make_draft, receive
from commonweal.intake.actions.overdue import erase_drafts, tell_of_overdue
from commonweal.intake.models import Correction, Draft
from commonweal.intake.reading import read_message
from commonweal.members.contacts import Contact
from commonweal.web.desk.tests.conftest import url, words

NUMBERS = itertools.count(1)
TEXT = "My name is Amina, we are a family of five in Abell and need groceries tomorrow morning"
AMINA = Contact(kind="phone", value="+14105550123")


def came(town, text=TEXT, *, why="unclear", sender=AMINA, **further):
    """A message that a person is to read."""
    inbound = receive(
        network=town.network,
        channel="test",
        provider_id=str(next(NUMBERS)),
        sender=sender,
        text=text,
        **further,
    ).inbound
    reading = read_message(town.network, text, at=clock.now())
    return make_draft(network=town.network, inbound=inbound, reading=reading, why=why)


@pytest.fixture
def draft(town):
    return came(town)


def form_of(page):
    """What the form of the page would send."""
    form = page.context["need"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, "")}
    return {**sent, "area": "abell", "when": "soon", "people": sent.get("people", 1)}


def test_danger_comes_first_then_the_oldest_promise(town, jo, draft, hand):
    hand.advance(timedelta(minutes=5))
    fire = came(town, "my house is on fire", why="danger")
    rows = jo.get("messages").context["rows"]
    assert [row["id"] for row in rows] == [f"message-{fire.pk}", f"message-{draft.pk}"]
    assert fire.due_at < draft.due_at
    assert 'Messages <span class="num"' in words(jo.get("messages"))


def test_nothing_waits(town, jo):
    assert "Nothing waits to be read" in words(jo.get("messages"))


def test_the_list_by_door_state_and_sender(town, jo, draft):
    voice = came(town, "", why="voice", sort="voice", sender=Contact(kind="phone", value="+14105550199"))

    def listed(**by):
        return [row["id"] for row in jo.get("messages", data=by).context["rows"]]

    assert listed(sort="voice") == [f"message-{voice.pk}"]
    assert listed(only="follow") == []
    assert listed(sender="410 555 0123") == [f"message-{draft.pk}"]
    assert listed(sender="nobody at all") == []
    jo.post("message_dismiss", draft.pk)
    assert listed(only="read") == [f"message-{draft.pk}"]


def test_a_message_with_what_was_understood(town, jo, draft):
    page = words(jo.get("message", draft.pk))
    assert '<mark title="For how many">family of five</mark>' in page
    assert "surely, from “family of five”" in page
    assert "0.9" not in page
    assert page.count('class="button primary"') == 1
    assert AMINA.value not in page


def test_taking_it_in_makes_one_ask_and_teaches(town, jo, draft):
    sent = form_of(jo.get("message", draft.pk))
    answer = jo.post("message_take_in", draft.pk, **sent)
    ask = Ask.objects.get()
    assert answer["Location"] == url("ask", ask.code)
    assert (ask.people, ask.called, ask.contact, ask.source) == (5, "Amina", AMINA.value, "sms")
    assert ask.category == town.groceries
    assert Correction.objects.get().category == town.groceries
    done = fresh(draft)
    assert (done.state, done.ask, done.inbound.ask, done.due_at) == ("ask", ask, ask, None)
    jo.post("message_take_in", draft.pk, **sent)
    assert Ask.objects.count() == 1


def test_what_is_wrong_is_told_at_its_field(town, jo, draft):
    answer = jo.post("message_take_in", draft.pk, **{**form_of(jo.get("message", draft.pk)), "people": "-1"})
    assert answer.status_code == 422
    assert not Ask.objects.exists()


def test_looks_like_one_that_is_here(town, jo):
    ask = town.ask(contact_kind="phone", contact=AMINA.value)
    page = words(jo.get("message", came(town).pk))
    assert f"Looks like {ask.shown_code}" in page
    assert "the same phone number or address" in page


def test_put_to_an_ask_that_is_here(town, jo, draft):
    ask = town.ask()
    jo.post("message_link", draft.pk, code=ask.shown_code)
    assert CallNote.objects.get().text == TEXT
    assert fresh(draft).state == "linked"
    jo.post("message_reopen", draft.pk)
    assert fresh(draft).is_waiting


def test_no_such_ask(town, jo, draft):
    assert jo.post("message_link", draft.pk, code="AAA-AAA").status_code == 422
    assert fresh(draft).is_waiting


def test_answered_the_way_it_came(town, jo, draft):
    jo.post("message_answer", draft.pk, text="Jo calls you at three.")
    sent = letters("say_answer").get()
    assert (sent.to, sent.kind, sent.context["words"]) == (AMINA.value, "phone", "Jo calls you at three.")
    assert fresh(draft).state == "answered"
    assert jo.post("message_answer", draft.pk, text="Once more").status_code == 409


def test_an_empty_answer_is_none(town, jo, draft):
    assert jo.post("message_answer", draft.pk, text=" ").status_code == 422


def test_looked_at_again_later(town, jo, draft):
    jo.post("message_follow_up", draft.pk, hours="4", note="Her son calls back")
    later = fresh(draft)
    assert (later.due_at, later.is_followed_up, later.held_by) == (clock.now() + 4 * HOUR, True, None)
    assert "Her son calls back" in words(jo.get("message", draft.pk))
    assert jo.post("message_follow_up", draft.pk, hours="5000").status_code == 422


@pytest.mark.parametrize(("sent", "state"), [({}, "dismissed"), ({"wrong": "1"}, "wrong")])
def test_off_the_list_and_back(town, jo, draft, sent, state):
    jo.post("message_dismiss", draft.pk, **sent)
    jo.post("message_dismiss", draft.pk, **sent)
    assert fresh(draft).state == state
    assert "Bring it back" in words(jo.get("message", draft.pk))
    jo.post("message_reopen", draft.pk)
    jo.post("message_reopen", draft.pk)
    assert fresh(draft).is_waiting


def test_only_one_works_on_it(town, jo, sam, draft):
    jo.get("message", draft.pk)
    assert "Jo is working on this" in words(sam.get("message", draft.pk))
    assert sam.post("message_dismiss", draft.pk).status_code == 409
    assert "Jo is on it" in words(sam.get("messages"))
    sam.post("message_hold", draft.pk)
    assert jo.post("message_dismiss", draft.pk).status_code == 409
    sam.post("message_release", draft.pk)
    assert jo.post("message_dismiss", draft.pk).status_code == 302


def test_the_number_is_shown_on_record(town, jo, draft):
    asked = jo.post("message_reach", draft.pk)
    assert f'href="tel:{AMINA.value}"' not in words(asked)
    assert "What do you need it for?" in words(asked)
    assert jo.post("message_reach", draft.pk, why="nothing").status_code == 422
    for _press in range(2):
        assert f'href="tel:{AMINA.value}"' in words(jo.post("message_reach", draft.pk, why="unclear"))
    looked = [event.data for event in story_of(draft) if event.verb == "looked"]
    assert looked == [{"what": "phone", "why": "unclear"}]


def test_another_networks_desk_finds_nothing(town, bo, draft):
    for name in ("message", "messages"):
        answer = bo.get(name, *([draft.pk] if name == "message" else []))
        assert TEXT[:20] not in words(answer)
    assert bo.post("message_dismiss", draft.pk).status_code == 404


def test_two_asks_together_from_the_page_of_one(town, jo):
    first, second = town.ask(), town.ask()
    jo.post("merge", second.code, into=first.shown_code)
    assert fresh(second).merged_into_id == first.pk
    jo.post("unmerge", second.code)
    assert fresh(second).merged_into_id is None


def test_the_page_of_an_ask_names_what_it_looks_like(town, jo):
    first, second = (town.ask(contact_kind="phone", contact=AMINA.value) for _time in range(2))
    assert f"Looks like {first.shown_code}" in words(jo.open(second))
    jo.post("merge", second.code, into=first.shown_code)
    page = words(jo.open(fresh(second)))
    assert first.shown_code in page
    assert "Take the two apart again" in page


def test_an_ask_by_phone_looks_like_one_and_may_be_another(town, jo):
    town.ask(contact_kind="phone", contact=AMINA.value)
    said = {
        "key": "once", "category": "groceries", "people": "2", "area": "abell", "when": "soon",
        "contact": "410 555 0123", "called": "Amina",
    }  # fmt: skip
    page = jo.post("need", **said)
    assert "Looks like" in words(page)
    assert Ask.objects.count() == 1
    assert jo.post("need", **said, anyway="1").status_code == 302
    assert Ask.objects.count() == 2


def test_the_desk_is_told_once_what_nobody_read(town, jo, draft, hand):
    assert tell_of_overdue() == 0
    hand.advance(2 * HOUR)
    assert (tell_of_overdue(), tell_of_overdue()) == (1, 0)
    assert letters("desk_alert").count() == 1


def test_erased_when_its_time_is_over(town, jo, draft, hand):
    jo.post("message_dismiss", draft.pk)
    hand.advance(timedelta(days=31))
    assert erase_drafts() == 1
    assert (fresh(draft).reading, fresh(draft).erase_at) == ({}, None)
    assert Draft.objects.count() == 1


def test_the_list_takes_few_looks_at_the_database(town, jo, django_assert_max_num_queries):
    for _number in range(10):
        came(town)
    with django_assert_max_num_queries(16):
        jo.get("messages")


def offer_of(page, **changes):
    """What the form of an offer would send."""
    form = page.context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, "")}
    usual = {"free": "always", "radius_m": "1500", "vehicle": "foot", "carries": "1", "area": "abell"}
    return {**usual, **sent, "called": "Dee", **changes}


OFFERS = "I can help with groceries for neighbours in Abell"


def test_a_message_that_offers_becomes_an_offer(town, jo):
    offers = came(town, OFFERS)
    page = words(jo.get("message", offers.pk))
    assert url("message_offer", offers.pk) in page
    assert page.count('class="button primary"') == 1
    form = jo.get("message_offer", offers.pk)
    assert form.context["form"].initial["categories"] == ["groceries"]
    sent = offer_of(form)
    assert jo.post("message_offer", offers.pk, **sent)["Location"] == url("messages")
    jo.post("message_offer", offers.pk, **sent)
    offer = Offer.objects.get()
    assert (offer.member.name, offer.source, offer.words) == ("Dee", "sms", OFFERS)
    assert fresh(offers).state == "offer"
    assert letters("say_offered").get().to == AMINA.value
    assert Correction.objects.get().category == town.groceries
    assert jo.get("message_offer", offers.pk)["Location"] == url("message", offers.pk)


def test_an_offer_says_what_is_missing(town, jo):
    hidden = came(town, OFFERS)
    hidden.inbound.sender = ""
    hidden.inbound.save()
    sent = offer_of(jo.get("message_offer", hidden.pk))
    assert jo.post("message_offer", hidden.pk, **sent).status_code == 422
    assert not Offer.objects.exists()
    jo.post("message_offer", hidden.pk, **sent, contact="dee@example.org")
    assert Offer.objects.get().member.name == "Dee"
    assert not letters("say_offered").exists()


def test_an_offer_of_a_message_that_another_is_on(town, jo, sam):
    offers = came(town, OFFERS)
    sam.get("message", offers.pk)
    assert (
        jo.post("message_offer", offers.pk, **offer_of(jo.get("message_offer", offers.pk))).status_code == 409
    )
    assert not Offer.objects.exists()


def test_danger_is_said_in_words_in_the_list_and_first_at_the_desk(town, jo, draft):
    assert "danger to life:" not in words(jo.get("now"))
    came(town, "my house is on fire", why="danger")
    assert words(jo.get("messages")).count('class="small danger"') == 1
    page = words(jo.get("now"))
    said = page.index("Messages that sound like danger to life:")
    assert '<b class="num">1</b>' in page[said:]
    assert "Nothing needs a person right now" not in page
    assert "All quiet" not in page
    assert "danger to life:" in words(jo.get("queue"))
