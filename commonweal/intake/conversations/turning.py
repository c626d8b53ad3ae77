"""Answering one message, inside the transaction that notes it as answered."""

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.utils import translation

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.intake.actions.conversing import Alone
from commonweal.intake.actions.drafts import make_draft
from commonweal.intake.conversations import deeds
from commonweal.intake.conversations.cutting import own_subject, own_words
from commonweal.intake.conversations.deeds.relaying import for_the_other
from commonweal.intake.conversations.limits import Held, counted
from commonweal.intake.conversations.meanings import Heard, Meaning, heard_in, plain
from commonweal.intake.conversations.table import row_for
from commonweal.intake.conversations.turn import DEEDS, Turn
from commonweal.intake.models import Conversation, Inbound
from commonweal.intake.reading import read_message
from commonweal.intake.reading.model import Reading
from commonweal.messaging.actions import queue_message
from commonweal.messaging.port import Address
from commonweal.messaging.queries import is_stopped
from commonweal.networks.languages import own_languages
from commonweal.networks.models import Network

__all__ = ["answer", "deeds", "language_of"]

M = Meaning
I = Inbound.State  # noqa: E741 - states of an inbound message
WRITTEN = (M.TEXT, M.ASIDE)
# What may be said beside the name of one of those who share a phone.
NAMEABLE = (
    M.STATUS,
    M.PAUSE,
    M.BACK,
    M.NOT_NEEDED,
    M.STILL,
    M.CHANGE,
    M.DONE,
    M.PARTLY,
    M.MISSED,
    M.CANT,
    M.YES,
    M.NO,
)
LONGEST_BESIDE_NAME = 6  # words
UNSPOKEN = (Inbound.Sort.VOICE, Inbound.Sort.PAPER)
SPOKEN_SURELY = 0.6
SENTENCE = 3  # words


def answer(inbound: Inbound, talk: Conversation, *, may_lock: bool = True) -> Turn | None:
    """Answer a message: do what it asks for, queue the replies, and note what became of it.

    Both rows are locked by the caller, who saves them. Returns the turn; None where nobody is talked with. Raises
    Alone where it takes further locks and may not (``may_lock``); whatever was done by then is to be undone.
    """
    now = clock.now()
    inbound.conversation = talk
    network = inbound.network
    reading = _reader(network, inbound, talk)
    if inbound.automatic or not inbound.sender or inbound.sort in UNSPOKEN:
        _without_words(inbound, reading)
        return None
    heard = _heard(inbound, talk)
    turn = Turn(
        network=network,
        talk=talk,
        inbound=inbound,
        heard=heard,
        now=now,
        read=reading,
        is_first=not talk.last_mark,
    )
    turn.heard = heard = _without_name(turn)
    if heard.meaning in WRITTEN and turn.reading.danger:
        turn.heard = heard = Heard(meaning=M.DANGER, text=heard.text)
    stopped = is_stopped(network, turn.contact)
    held = counted(talk, heard, now)
    with translation.override(talk.language):
        if stopped and heard.meaning != M.START:
            _to_the_silent(turn)
        elif held:
            _hold(turn, held)
        else:
            _take(turn, may_lock=may_lock)
        _write(turn)
    talk.last_at = now
    return turn


def _take(turn: Turn, *, may_lock: bool) -> None:
    """Do what the table says."""
    turn.heard = for_the_other(turn)
    row = row_for(turn.talk.state, turn.heard.meaning)
    if row.locks and not may_lock:
        raise Alone
    _follow_language(turn)
    with translation.override(turn.talk.language):
        if row.locks and not turn.inbound.proven:
            # Who really has this address can answer what is written to it now; who made it up can't.
            turn.say("say_prove")
        else:
            DEEDS[row.deed](turn)


def _heard(inbound: Inbound, talk: Conversation) -> Heard:
    text = inbound.text
    if inbound.sort == Inbound.Sort.EMAIL:
        text = own_words(text)
        if heard_in(text, talk.language).meaning in (M.TEXT, M.NOTHING, M.ASIDE):
            text = "\n".join(filter(None, [own_subject(inbound.subject), text]))
    return heard_in(text, talk.language)


def _without_name(turn: Turn) -> Heard:
    """ "Pause Lee" on a phone that Lee shares: a keyword beside a name that is known there."""
    heard = turn.heard
    words = heard.text.split()
    if heard.meaning != M.TEXT or not 1 < len(words) <= LONGEST_BESIDE_NAME:
        return heard
    for cut in range(1, len(words)):
        beside = heard_in(" ".join(words[:cut]), turn.talk.language)
        if beside.meaning in NAMEABLE and plain(" ".join(words[cut:])) in turn.there.names:
            return replace(beside, text=heard.text)
    return heard


def _reader(network: Network, inbound: Inbound, talk: Conversation) -> Callable[[str], Reading]:
    def read(text: str) -> Reading:
        language = inbound.language or (talk.language if talk.chosen else "")
        return read_message(network, text, language=language, at=inbound.said_at)

    return read


def _without_words(inbound: Inbound, read: Callable[[str], Reading]) -> None:
    """A voice, a sheet, or what came without a number goes straight to a person; what a machine wrote is only kept."""
    if inbound.sort not in UNSPOKEN and inbound.automatic and inbound.sender:
        inbound.state = I.IGNORED
        return
    inbound.state = I.PERSON
    why = inbound.sort if inbound.sort in UNSPOKEN else "unclear"
    make_draft(network=inbound.network, inbound=inbound, reading=read(inbound.text), why=why)


def _to_the_silent(turn: Turn) -> None:
    """They want no messages, and get none. What else they write may be important, so a person reads it."""
    if turn.heard.meaning in (*WRITTEN, M.DANGER, M.PERSON, M.CODE):
        turn.to_person("stopped")


def _hold(turn: Turn, held: Held) -> None:
    """A machine, or far too much: everything is kept, a person is told once, and nothing is answered any more."""
    first = turn.talk.held.get("held") != held.value if turn.talk.held else True
    turn.inbound.state = I.IGNORED
    if not first:
        return
    turn.talk.held = {**turn.held, "held": held.value}
    turn.to_person(held.value)
    if held == Held.FLOOD:
        turn.say("say_too_many", minutes=turn.network.policy.desk_minutes)


def _follow_language(turn: Turn) -> None:
    """Speak what is spoken with us, unless a language was chosen. A name or two are in no language."""
    talk = turn.talk
    if talk.chosen:
        return
    spoken = turn.heard.language
    if turn.heard.meaning in WRITTEN and (turn.is_first or len(turn.heard.text.split()) >= SENTENCE):
        found = turn.reading.language
        spoken = found.value if found.confidence >= SPOKEN_SURELY else ""
    if spoken in dict(settings.LANGUAGES):
        talk.language = spoken


def _write(turn: Turn) -> None:
    """Queue the replies, let a person read what one has to, and note what became of the message."""
    for number, reply in enumerate(turn.replies):
        queue_message(
            network=turn.network,
            to=Address(kind=turn.talk.kind, value=turn.talk.contact, language=turn.talk.language),
            template=reply.template,
            context={**reply.context, "network": turn.network.name},
            key=f"reply:{turn.inbound.pk}:{number}",
        )
    turn.talk.replies += len(turn.replies) + bool(turn.elsewhere)
    if turn.why:
        make_draft(network=turn.network, inbound=turn.inbound, reading=turn.reading, why=turn.why)
        turn.inbound.state = I.PERSON
    elif turn.inbound.state == I.WAITING:
        turn.inbound.state = I.ANSWERED if turn.replies or turn.elsewhere else I.READ
    record(
        turn.inbound,
        "heard",
        by=By.MEMBER,
        meaning=turn.heard.meaning.value,
        state=turn.talk.state,
        channel=turn.inbound.channel,
    )


def language_of(network: Network) -> str:
    """What a conversation begins in: the first language of the network that the program speaks."""
    return next(iter(own_languages(network)), "en")
