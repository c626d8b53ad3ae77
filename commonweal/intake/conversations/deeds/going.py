"""Setting out to somebody by text, and being back: the same watch as on the page, with the desk as who is told."""

from collections.abc import Sequence
from datetime import timedelta

from commonweal.base.eventlog import By
from commonweal.exchange import actions as exchange
from commonweal.exchange.actions import Watch
from commonweal.exchange.errors import BuddyWanted, NotPossibleNow
from commonweal.exchange.models import Match
from commonweal.exchange.whens import moment
from commonweal.intake.conversations.deeds.law import back, unclear
from commonweal.intake.conversations.situation import Question
from commonweal.intake.conversations.table import State
from commonweal.intake.conversations.turn import Turn, deed

# Who says nothing of when they want to be back is missed after this; said again, it is put off.
USUAL = timedelta(hours=2)
# What is longer says more than who goes along.
LONGEST_NAME = 40


def to_set_out(turn: Turn) -> Sequence[Question]:
    """To whom somebody here may be on the way."""
    return [question for question in turn.there.commitments() if question.part == By.HELPER]


def set_out(turn: Turn, question: Question) -> None:
    """They are on the way; where nobody may go alone, it is asked who goes along. Raises what the exchange refuses."""
    match = _helper(question)
    turn.inbound.ask = match.ask
    back_by = turn.now + USUAL
    try:
        exchange.set_out(match=match, back_by=back_by, watch=Watch())
    except BuddyWanted:
        turn.go(State.NAMING, match=str(match.pk))
        turn.say("say_in_twos")
    else:
        turn.say("say_on_way", until=moment(back_by, turn.network))


@deed
def home(turn: Turn) -> None:
    """They are back and safe, from wherever they were."""
    turn.go(State.IDLE)
    ways = turn.there.ways()
    for way in ways:
        match = _helper(way)
        turn.inbound.ask = match.ask
        exchange.come_home(match=match)
    turn.say("say_home" if ways else "say_nothing_open")


@deed
def home_or_back(turn: Turn) -> None:
    """Back from the way to somebody; where nobody is away, back from a break."""
    if turn.there.ways():
        home(turn)
    else:
        back(turn)


@deed
def go_with(turn: Turn) -> None:
    """A first name: somebody goes along, and they are on the way."""
    held, name = str(turn.held.get("match", "")), turn.heard.text
    chosen = next((question for question in to_set_out(turn) if str(question.thing.pk) == held), None)
    turn.go(State.IDLE)
    if chosen is None:
        turn.say("say_over")
    elif len(name) > LONGEST_NAME:
        unclear(turn)
    else:
        try:
            exchange.bring_buddy(match=_helper(chosen), name=name)
            set_out(turn, chosen)
        except NotPossibleNow:
            turn.say("say_not_now")


def _helper(question: Question) -> Match:
    match = question.thing
    assert isinstance(match, Match)
    return match
