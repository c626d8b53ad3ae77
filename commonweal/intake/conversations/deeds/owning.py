"""What an asker does with an ask that is up: change it, take it back."""

from commonweal.exchange.access import ask_for_desk
from commonweal.exchange.actions import change_ask
from commonweal.exchange.errors import NotPossibleNow, PageWasStale
from commonweal.exchange.models import Ask
from commonweal.exchange.titles import ask_title
from commonweal.exchange.whens import when_asked
from commonweal.intake.conversations import saying
from commonweal.intake.conversations.deeds.answering import settle
from commonweal.intake.conversations.deeds.law import unclear
from commonweal.intake.conversations.table import State
from commonweal.intake.conversations.turn import Turn, deed, short


@deed
def change(turn: Turn) -> None:
    """Something of an ask is to be changed; what, they say next."""
    settle(turn, "change")


@deed
def withdraw(turn: Turn) -> None:
    """It is not needed any more."""
    settle(turn, "withdraw")


@deed
def change_to(turn: Turn) -> None:
    """What is to be changed: as far as it is understood it is done, else a person reads it."""
    held = turn.held
    turn.go(State.IDLE)
    ask = ask_for_desk(turn.network, held["ask"])
    turn.inbound.ask = ask
    said = saying.heard({}, turn.reading, turn.heard.text)
    draft = saying.changed(saying.draft_of(ask), said, network=turn.network, text=turn.heard.text)
    if draft is None:
        turn.talk.told_at = None
        unclear(turn)
        return
    try:
        changed = change_ask(ask=ask, version=held["version"], draft=draft)
    except (NotPossibleNow, PageWasStale):
        # What was said is not lost: a person has it.
        turn.to_person("unclear")
        turn.say("say_not_now")
    else:
        turn.say("say_changed", what=_reads(turn, changed))


def _reads(turn: Turn, ask: Ask) -> str:
    where = str(ask.place.get("text", "")) or (ask.area.name if ask.area else "")
    return ", ".join(filter(None, [short(ask_title(ask)), short(where), when_asked(ask, turn.network)]))
