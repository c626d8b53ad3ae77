"""Writing to one another by the pages: inside the window, for the two alone; the desk reads what one shows it."""

from dataclasses import dataclass

import pytest
from django.test import Client

from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.errors import NotPossibleNow
from commonweal.exchange.models import PassedOn
from commonweal.exchange.queries import reported_words
from commonweal.exchange.tasks import erase_contact
from commonweal.exchange.tests.cast import DAY, fresh, letters, verbs


@dataclass
class Side:
    """One side's page, and what is sent from it."""

    client: Client
    address: str
    ending: str

    def __call__(self, words, door="write", **more):
        return self.client.post(f"{self.address}{door}{self.ending}", {"words": words, **more})

    def page(self):
        return self.client.get(self.address).content.decode()


@pytest.fixture
def match(town):
    return town.agreed(town.ask(), town.rosa)


@pytest.fixture
def asker(client, match):
    """The asker's page, and what is sent from it."""
    page = f"/a/{match.ask.token_box}/"

    return Side(client, page, f"/{match.pk}/")


@pytest.fixture
def helper(client, match):
    """The helper's page, and what is sent from it."""
    page = f"/i/{match.token_box}/"

    return Side(client, page, "/")


def test_words_go_to_and_fro(asker, helper, match):
    assert "Write to Rosa" in asker.page()
    assert "Write to Amina" in helper.page()
    assert asker("Which door?").url == f"/a/{match.ask.token_box}/"
    assert helper("The blue one").url == f"/i/{match.token_box}/"
    for page in (asker.page(), helper.page()):
        assert page.index("Which door?") < page.index("The blue one")
    contexts = {letter.to: letter.context for letter in letters("passed_on")}
    assert contexts["rosa@example.org"]["name"] == "Amina"
    assert contexts["amina@example.org"]["words"] == "The blue one"


@pytest.mark.parametrize("side", ["asker", "helper"])
def test_nothing_is_nothing_and_what_was_typed_stays(side, request):
    say = request.getfixturevalue(side)
    assert say("").status_code == 422
    assert b"xxxx" in say("x" * 601).content
    assert not PassedOn.objects.exists()


def test_the_same_form_twice_is_once_and_without_its_key_it_is_twice(asker):
    for _press in range(2):
        asker("Hello", key="k")
        asker("Hello again")
    assert PassedOn.objects.count() == 3


def test_too_much_is_refused_with_the_words_still_there(helper, monkeypatch):
    monkeypatch.setattr("commonweal.exchange.actions.relaying.MOST_A_DAY", 1)
    helper("One")
    answer = helper("Two more words")
    assert answer.status_code == 422
    assert b"That was a lot for one day" in answer.content
    assert b"Two more words" in answer.content


def test_outside_of_the_window_there_is_no_box_and_the_words_can_be_read(asker, helper, match, hand):
    asker("See you")
    hand.advance(5 * DAY)
    for say in (asker, helper):
        assert say("Too late").status_code == 422
        assert "See you" in say.page()
        assert "</textarea>" not in say.page()
    with pytest.raises(NotPossibleNow):
        actions.pass_on(match=match, by=By.HELPER, words="x", via="page", key="x")


def test_who_did_not_agree_can_say_nothing(town, client):
    invited = town.invited(town.ask(), town.lee)
    assert client.post(f"/i/{invited.token_box}/write/", {"words": "Hi"}).status_code == 422
    for words, by in (("  ", By.HELPER), ("Hi", By.DISPATCHER)):
        with pytest.raises(NotPossibleNow):
            actions.pass_on(match=fresh(invited), by=by, words=words, via="page", key="y")


def test_the_desk_reads_what_one_of_them_shows_it_and_no_more(asker, helper, match):
    asker("Where are you?")
    helper("I know where you live")
    assert reported_words(match.ask) == []
    for _press in range(2):
        asker("", door="report")
    ask = fresh(match.ask)
    assert [(one.who, one.words) for one in reported_words(ask)] == [("Rosa", "I know where you live")]
    assert ask.desk_at is not None
    assert verbs(ask).count("words_reported") == 1
    assert "shown to the desk" in asker.page()
    helper("", door="report")
    assert [one.who for one in reported_words(ask)] == ["Amina", "Rosa"]


def test_words_are_erased_after_the_policy_s_days(asker, match, hand):
    asker("Hello")
    hand.advance(match.network.policy.span("erase_days"))
    assert erase_contact() == 1
    assert not PassedOn.objects.exists()
