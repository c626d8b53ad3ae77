"""Saying an ask: from the first word, over what is missing, to the short code."""

from typing import Any

from django.utils.translation import gettext as _

from commonweal.base.lists import in_a_row
from commonweal.exchange.actions import publish_ask
from commonweal.intake.conversations import saying
from commonweal.intake.conversations.deeds.law import status, unclear
from commonweal.intake.conversations.deeds.offering import go_on_offering
from commonweal.intake.conversations.meanings import Meaning
from commonweal.intake.conversations.saying import Said
from commonweal.intake.conversations.table import State
from commonweal.intake.conversations.turn import Turn, deed, short
from commonweal.members.models import Member
from commonweal.networks.queries import open_categories

M = Meaning
MOST_QUESTIONS = 3
EXAMPLES = 3
SOURCES = {"text": "sms", "email": "email", "voice": "voice", "paper": "paper"}
# Answers that say nothing about what was asked.
NO_ANSWER = (M.ANY_TIME, M.SKIP, M.YES, M.NO)


@deed
def begin_ask(turn: Turn) -> None:
    """Somebody wants to ask, and has not said for what."""
    turn.go(State.ASKING, said={}, asked=["what"])
    turn.say("say_what", examples=examples(turn))


@deed
def begin(turn: Turn) -> None:
    """A text of its own: an ask, an offer, or something that a person reads."""
    if turn.heard.meaning == M.CODE:
        status(turn)
        return
    reading = turn.reading
    said = saying.heard({}, reading, turn.heard.text)
    if "category" not in said:
        unclear(turn)
    elif reading.is_offer.value and saying.sure(reading.is_offer):
        go_on_offering(turn, said, [])
    else:
        go_on_asking(turn, said, [])


@deed
def add(turn: Turn) -> None:
    """The answer to what was missing. No question is put twice: what stays open is left as open as it can be."""
    asked = list(turn.held.get("asked", []))
    said = dict(turn.held.get("said", {}))
    question = asked[-1] if asked else "what"
    if turn.heard.meaning not in NO_ANSWER:
        said = saying.heard(said, turn.reading, turn.heard.text)
        if question == "where":
            said = saying.placed(said, turn.network, turn.heard.text)
    go_on_asking(turn, said, asked)


@deed
def amend(turn: Turn) -> None:
    """Something else than yes or no to what was read back: it is read again with it, or a person reads it."""
    before = dict(turn.held.get("said", {}))
    said = saying.heard(before, turn.reading, turn.heard.text)
    if saying.facts(said) == saying.facts(before):
        # Nothing we know how to change: a person has the whole of it now.
        turn.go(State.IDLE)
        turn.talk.told_at = None
        unclear(turn)
        return
    _read_back(turn, said, list(turn.held.get("asked", [])))


@deed
def what_else(turn: Turn) -> None:
    """Something is to be changed in what was read back."""
    turn.say("say_change", title="")


@deed
def publish_or_drop(turn: Turn) -> None:
    """One is yes, two is no."""
    if turn.heard.number == 1:
        publish(turn)
    elif turn.heard.number == 2:
        forget(turn)
    else:
        unclear(turn)


@deed
def publish(turn: Turn) -> None:
    """The ask goes up; the outbox tells its code."""
    said = turn.held["said"]
    draft = saying.ask_draft(
        said, network=turn.network, contact=turn.contact, language=turn.talk.language, now=turn.now
    )
    published = publish_ask(
        network=turn.network,
        draft=draft,
        by=_asker(turn, draft.called),
        source=SOURCES[turn.inbound.sort],
        source_key=str(turn.inbound.pk),
    )
    turn.inbound.ask = published.ask
    turn.go(State.IDLE)
    turn.elsewhere = "ask_received"


@deed
def forget(turn: Turn) -> None:
    """What was being said is not wanted."""
    turn.go(State.IDLE)
    turn.say("say_forgotten")


def go_on_asking(turn: Turn, said: Said, asked: list[str]) -> None:
    """Ask for the next thing that is missing, or read back what there is."""
    question = saying.missing(said, turn.network, asked)
    if "category" not in said and question != "what":
        # Asked once, and still not known: a person reads it, with all that was said.
        turn.go(State.IDLE)
        turn.talk.told_at = None
        unclear(turn)
    elif question and len(asked) < MOST_QUESTIONS:
        turn.go(State.ASKING, said=said, asked=[*asked, question])
        turn.say(f"say_{question}", **_needs(turn, question))
    else:
        _read_back(turn, said, asked)


def _needs(turn: Turn, question: str) -> dict[str, Any]:
    return {"examples": examples(turn)} if question == "what" else {}


def _read_back(turn: Turn, said: Said, asked: list[str]) -> None:
    read = saying.read_back(said, network=turn.network, now=turn.now)
    turn.go(State.CONFIRMING, said=said, asked=asked)
    what = ", ".join(filter(None, [short(read["title"]), short(read["where"]), read["when"]]))
    turn.say("say_read_back", what=what)


def _asker(turn: Turn, called: str) -> Member | None:
    """The member who asks. On a shared phone, one who says another name is somebody else."""
    members = turn.there.members
    named = [member for member in members if member.name.casefold() == called.casefold()]
    if called:
        return named[0] if named else None
    return members[0] if len(members) == 1 else None


def examples(turn: Turn) -> str:
    """A few kinds of things, in the reader's language."""
    names = [category.name for category in open_categories(turn.network)[:EXAMPLES]]
    return in_a_row(names) or _("groceries")
