"""Setting out to somebody by text, and being back: the same watch as on the page, with the desk as who is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from commonweal.base.eventlog import By
from commonweal.exchange import actions as exchange
from commonweal.exchange.actions import Watch
from commonweal.exchange.errors import BuddyWanted, NotPossibleNow
from commonweal.exchange.models import Match
from commonweal.exchange.whens import moment
from commonweal.intake.conversations.deeds.law import unclear
from commonweal.intake.conversations.meanings import LANGUAGES, plain, words_of
from commonweal.intake.conversations.situation import Question
from commonweal.intake.conversations.table import State
from commonweal.intake.conversations.turn import Turn, deed

# Who says nothing of when they want to be back is missed after this; said again, it is put off.
USUAL = timedelta(hours=2)
# What is longer, or asks back, says more than who goes along.
LONGEST_NAME, MOST_NAMES = 40, 2


def to_set_out(turn: Turn) -> Sequence[Question]:
    """To whom somebody here may be on the way."""
    return [question for question in turn.there.commitments() if question.part == By.HELPER]


def away(turn: Turn) -> Sequence[Question]:
    """Who of those here is on the way and not back, each by their name: whoever is home is home from everywhere."""
    helpers = {_helper(way).member_id: way for way in turn.there.ways}
    names = {key: _helper(way).member.name for key, way in helpers.items()}
    return [replace(way, title=names[key], names=(names[key],)) for key, way in helpers.items()]


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


def come_home(turn: Turn, question: Question) -> None:
    """They are back and safe, from wherever they were."""
    member = _helper(question).member_id
    for way in turn.there.ways:
        match = _helper(way)
        if match.member_id == member:
            turn.inbound.ask = match.ask
            exchange.come_home(match=match)
    turn.say("say_home")


def is_name(text: str) -> bool:
    """Whether a text can be what somebody is called; "nobody" and "just me" are not. In doubt a person reads it."""
    words = plain(text)
    if any(words in words_of(language).alone for language in LANGUAGES):
        return False
    short = len(text) <= LONGEST_NAME and 1 <= len(words.split()) <= MOST_NAMES
    return short and not any(char.isdigit() or char in "?؟¿" for char in text)


@deed
def go_with(turn: Turn) -> None:
    """A first name: somebody goes along, and they are on the way."""
    held, name = str(turn.held.get("match", "")), turn.heard.text
    chosen = next((question for question in to_set_out(turn) if str(question.thing.pk) == held), None)
    turn.go(State.IDLE)
    if chosen is None:
        turn.say("say_over")
    elif not is_name(name):
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
