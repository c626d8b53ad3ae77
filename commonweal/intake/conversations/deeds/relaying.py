"""Words for the other of two who are matched, and which other where there are several."""

from dataclasses import replace

from commonweal.intake.conversations.deeds.answering import candidates, settle
from commonweal.intake.conversations.deeds.handing import forget_words, others
from commonweal.intake.conversations.meanings import Heard, Meaning
from commonweal.intake.conversations.table import State
from commonweal.intake.conversations.turn import Turn, deed

M = Meaning
# What is for the other in any case, and what is where the network itself has asked nothing.
FOR_THEM, UNASKED = (M.TEXT, M.ANY_TIME, M.SKIP), (M.YES, M.NO)


def for_the_other(turn: Turn) -> Heard:
    """What was heard; as words for the other, where somebody at this contact can be reached through the network."""
    heard = turn.heard
    if turn.talk.state != State.IDLE or heard.meaning not in (*FOR_THEM, *UNASKED):
        return heard
    if heard.meaning in UNASKED and candidates(turn, heard.meaning.value):
        return heard
    return replace(heard, meaning=M.RELAY) if others(turn) else heard


@deed
def relay(turn: Turn) -> None:
    """Hand it on to whom it is for; where it could be for several, ask which, once."""
    turn.words = turn.heard.text
    settle(turn, "relay")
    if turn.talk.state == State.CHOOSING:
        forget_words(turn)
