"""Two who are matched write to one another by the network's number, and neither learns the other's."""

import pytest

from commonweal.exchange.models import PassedOn
from commonweal.exchange.tests.cast import DAY, HOUR, fresh
from commonweal.intake.models import Draft, Inbound
from commonweal.intake.queries import said_before
from commonweal.intake.tests.conftest import member_phone
from commonweal.members.models import Member
from commonweal.messaging.models import Message
from commonweal.messaging.sending import send_due
from commonweal.networks.actions import change_policy

AMINA = "+14105550123"


@pytest.fixture
def match(town, phone, rosas):
    """Amina asked by a text, Rosa said yes; both go through the network."""
    ask = town.ask(contact_kind="phone", contact=AMINA, reached="relayed")
    match = town.agreed(ask, town.rosa)
    phone.read(), rosas.read()
    return match


def handed_on():
    return [(row.by, row.words) for row in PassedOn.objects.order_by("at", "id")]


def test_words_go_through_and_no_number_does(match, phone, rosas):
    assert "Rosa gets it" in phone.text("I live on the third floor, ring twice")
    heard = rosas.read()
    assert "Amina: I live on the third floor, ring twice" in heard
    assert phone.text("the left door") == ""  # it is said once, not each time
    rosas.read()
    assert "Amina gets it" in rosas.text("there in ten minutes")
    assert "Rosa: there in ten minutes" in phone.read()
    for message in Message.objects.filter(template="passed_on"):
        assert "+1410555" not in str(message.context).replace(" ", "").replace("-", "")
    assert handed_on()[-1] == ("helper", "there in ten minutes")


def test_the_desk_does_not_read_them(match, phone, drafts, hand):
    phone.text("my secret is the key under the mat")
    assert drafts() == []
    assert not Inbound.objects.get(channel="test").text
    hand.advance(HOUR)
    phone.text("I want to talk to a person")
    assert [one.text for one in said_before(Draft.objects.get())] == [""]


def test_danger_reaches_the_desk_and_who_is_near(match, phone, rosas, drafts):
    assert "911" in phone.text("I can't breathe") or drafts()
    assert drafts() == ["danger"]
    assert "I can't breathe" in rosas.read()


def test_stop_is_stop(match, phone, rosas):
    phone.text("STOP")
    rosas.text("are you at home?")
    send_due()
    assert Message.objects.get(template="passed_on").last_error == Message.Trouble.STOPPED


def test_keywords_mean_what_they_mean(match, phone, rosas):
    phone.text("status")
    rosas.text("can't come")
    assert handed_on() == []
    assert fresh(match).state == "dropped"


def test_a_bare_yes_is_for_the_other_where_nothing_else_was_asked(match, phone, rosas):
    rosas.text("are you at home?")
    phone.read()
    phone.text("yes")
    assert handed_on()[-1] == ("asker", "yes")


def test_a_yes_is_for_the_network_where_it_has_asked_something(town, match, rosas, phone):
    phone.text("are you near?")
    invited = town.invited(town.ask(called="Sol", contact="", contact_kind=""), town.rosa)
    rosas.text("yes")
    assert fresh(invited).state == "accepted"
    assert [by for by, _words in handed_on()] == ["asker"]


def test_outside_of_the_window_a_text_is_a_text(match, phone, hand):
    hand.advance(5 * DAY)
    phone.text("I need groceries")
    assert handed_on() == []


def test_something_else_begins_with_need(match, phone):
    phone.text("need")
    phone.text("food in Abell")
    assert handed_on() == []


def test_of_several_it_is_asked_which(town, match, phone, rosas):
    second = town.ask(contact_kind="phone", contact="+14105550124", called="Sol", reached="relayed")
    town.agreed(second, town.rosa)
    rosas.read()
    asked = rosas.text("running late")
    assert "Amina" in asked
    assert "Sol" in asked
    assert handed_on() == []
    assert "Sol gets it" in rosas.text(second.shown_code)
    assert handed_on() == [("helper", "running late")]
    rosas.text(f"{match.ask.shown_code} five minutes")
    assert handed_on()[-1][1].endswith("five minutes")
    assert {one.text for one in Inbound.objects.all()} == {""}


def test_where_the_two_reach_one_another_directly_a_text_is_for_the_network(town, phone):
    town.agreed(town.ask(contact_kind="phone", contact=AMINA), town.rosa)
    phone.text("I need groceries")
    assert handed_on() == []


def test_who_was_written_to_may_answer(town, phone, client):
    match = town.agreed(town.ask(contact_kind="phone", contact=AMINA), town.rosa)
    phone.read()
    client.post(f"/i/{match.token_box}/write/", {"words": "Which bell?"})
    assert "Rosa: Which bell?" in phone.read()
    phone.text("the left one")
    assert handed_on() == [("helper", "Which bell?"), ("asker", "the left one")]


def test_too_much_for_a_day_is_said(town, match, phone, monkeypatch):
    monkeypatch.setattr("commonweal.exchange.actions.relaying.MOST_A_DAY", 1)
    phone.text("one")
    assert phone.text("two words")
    assert len(handed_on()) == 1


def test_the_members_can_make_it_the_usual_way(town, phone):
    change_policy(network=town.network, changes={"reached": "relayed"}, reason="We want it.")
    match = town.agreed(town.ask(contact_kind="phone", contact=AMINA), town.rosa)
    assert Member.objects.get(pk=match.member_id).reached == ""
    theirs = member_phone(town, town.lee, "+14105550188")
    theirs.text("I need groceries")
    phone.text("hello Rosa, it is the blue door")
    assert handed_on() == [("asker", "hello Rosa, it is the blue door")]
