"""Which of several was meant: by its number, its code, or a name."""

from commonweal.intake.conversations.deeds.answering import apply, candidates, settle
from commonweal.intake.conversations.deeds.asking import begin
from commonweal.intake.conversations.deeds.law import unclear
from commonweal.intake.conversations.meanings import Meaning
from commonweal.intake.conversations.situation import Question, named_in
from commonweal.intake.conversations.table import State
from commonweal.intake.conversations.turn import Turn, deed

M = Meaning


@deed
def choose(turn: Turn) -> None:
    """Do with the chosen one what was wanted before; another text of its own begins anew."""
    intent, turn.words = str(turn.held.get("intent", "yes")), str(turn.held.get("words", ""))
    if turn.heard.meaning == M.NUMBER:
        _by_number(turn, intent)
        return
    if turn.heard.meaning in (M.CODE, M.TEXT, M.ANY_TIME, M.SKIP):
        _by_name(turn, intent)
        return
    settle(turn, turn.heard.meaning.value, again=turn.heard.meaning != M.CHANGE)


def _by_number(turn: Turn, intent: str) -> None:
    choices = turn.held.get("choices", [])
    turn.go(State.IDLE)
    if not 1 <= turn.heard.number <= len(choices):
        unclear(turn)
        return
    kind, key, part, version = choices[turn.heard.number - 1]
    chosen = next((one for one in candidates(turn, intent) if _key(one) == (kind, key, part)), None)
    if chosen is None:
        turn.say("say_over")
        return
    apply(turn, intent, chosen, version=version)


def _by_name(turn: Turn, intent: str) -> None:
    found = named_in(candidates(turn, intent), code=turn.heard.code, text=turn.heard.text)
    turn.go(State.IDLE)
    if len(found) == 1:
        apply(turn, intent, found[0])
    else:
        begin(turn)


def _key(question: Question) -> tuple[str, str, str]:
    return question.kind, str(question.thing.pk), question.part.value
