"""What has to be heard whatever is being talked about: stop, start, help, a person, a break, the language."""

import contextlib
from datetime import timedelta

from django.utils.translation import gettext as _

from commonweal.base.errors import Refused
from commonweal.exchange.models import Match
from commonweal.exchange.notices import asker_name
from commonweal.exchange.titles import ask_title
from commonweal.exchange.whens import meeting, moment, when_met
from commonweal.intake.conversations.deeds.handing import others, tell
from commonweal.intake.conversations.meanings import Meaning, plain
from commonweal.intake.conversations.situation import is_named
from commonweal.intake.conversations.table import State
from commonweal.intake.conversations.turn import Turn, deed, short
from commonweal.members import actions as members
from commonweal.members.models import Member
from commonweal.messaging.actions import start_contact, stop_contact

BREAK = timedelta(days=7)
# How long a promise that a person reads it is not repeated.
TOLD_FOR = timedelta(hours=12)
SPOKEN = {Meaning.ENGLISH: "en", Meaning.SPANISH: "es", Meaning.ARABIC: "ar"}
MOST_LINES = 2


@deed
def stop(turn: Turn) -> None:
    """No more messages. The outbox confirms it once and keeps silent from then on."""
    turn.go(State.IDLE)
    stop_contact(
        network=turn.network, contact=turn.contact, language=turn.talk.language, words=turn.heard.text
    )
    turn.elsewhere = "stopped"


@deed
def start(turn: Turn) -> None:
    """Messages again."""
    turn.go(State.IDLE)
    start_contact(network=turn.network, contact=turn.contact)
    turn.say("say_started")


@deed
def help_(turn: Turn) -> None:
    """Who we are, and how a person is reached."""
    turn.say("say_help", phone=turn.network.phone)


@deed
def wrong_number(turn: Turn) -> None:
    """Somebody else has this number now: nothing is sent there, and a person sees to whom we meant."""
    turn.go(State.IDLE)
    if turn.there.members or turn.there.asks:
        turn.to_person("wrong number")
    stop_contact(
        network=turn.network, contact=turn.contact, language=turn.talk.language, words=turn.heard.text
    )
    turn.elsewhere = "stopped"


@deed
def danger(turn: Turn) -> None:
    """A life may be in danger: the emergency number at once, and a person at once; the one who is near hears it too."""
    near = others(turn)
    if len(near) == 1:
        with contextlib.suppress(Refused):
            tell(turn, near[0])
    turn.to_person("danger")
    turn.say("say_danger", emergency=turn.network.emergency)


@deed
def person(turn: Turn) -> None:
    """They want to speak with a person."""
    turn.to_person("wanted")
    turn.talk.told_at = turn.now
    turn.say("say_person", minutes=turn.network.policy.desk_minutes)


@deed
def unclear(turn: Turn) -> None:
    """A person reads it. The sender is told so once, not for every line they write after it."""
    turn.to_person("unclear")
    told = turn.talk.told_at
    if told is None or turn.now - told >= TOLD_FOR:
        turn.talk.told_at = turn.now
        turn.say("say_person", minutes=turn.network.policy.desk_minutes)


@deed
def speak(turn: Turn) -> None:
    """Another language, from now on."""
    turn.talk.language, turn.talk.chosen = SPOKEN[turn.heard.meaning], True
    turn.say("say_language")


@deed
def nod(turn: Turn) -> None:
    """Thanks need no answer."""


@deed
def pause(turn: Turn) -> None:
    """Ask nothing of them for a week."""
    who = _asked_most_lately(turn)
    if who is None:
        turn.say("say_not_member")
        return
    until = turn.now + BREAK
    members.pause(member=who, until=until)
    turn.say("say_paused", until=moment(until, turn.network))


@deed
def back(turn: Turn) -> None:
    """The break is over."""
    paused = [member for member in turn.there.members if member.state == Member.State.PAUSED]
    for member in paused:
        members.come_back(member=member)
    turn.say("say_back" if turn.there.members else "say_not_member")


def _asked_most_lately(turn: Turn) -> Member | None:
    """Of those who share this number: who is named, else who was asked last."""
    words = f" {plain(turn.heard.text)} "
    named = [member for member in turn.there.members if is_named(member.name, words)]
    return max(
        named or turn.there.members,
        key=lambda member: member.last_asked_at.timestamp() if member.last_asked_at else 0.0,
        default=None,
    )


@deed
def status(turn: Turn) -> None:
    """Where things stand: what was asked for from here, and what somebody here has agreed to do."""
    lines = [
        _("%(code)s %(what)s: %(state)s")
        % {"code": ask.shown_code, "what": short(ask_title(ask)), "state": ask.get_state_display()}
        for ask in turn.there.asks
        if not turn.heard.code or ask.code == turn.heard.code
    ]
    lines += [_promised(turn, match) for match in turn.there.helping if match.state == Match.State.ACCEPTED]
    if not lines:
        turn.say("say_nothing_open")
        return
    turn.say("say_status", lines="; ".join(lines[:MOST_LINES]))


def _promised(turn: Turn, match: Match) -> str:
    """What somebody here has agreed to do."""
    starts_at, ends_at = meeting(match)
    return _("%(what)s for %(who)s, %(when)s") % {
        "what": short(ask_title(match.ask)),
        "who": short(asker_name(match.ask)),
        "when": when_met(starts_at, ends_at, turn.network),
    }
