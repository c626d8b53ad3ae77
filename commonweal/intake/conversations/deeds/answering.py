"""Answers to what was put to this number: an invitation, how it went, whether it is still needed, whether it stands."""

from collections.abc import Callable, Sequence

from commonweal.exchange import actions as exchange
from commonweal.exchange.errors import (
    AlreadyMet,
    InvitationOver,
    NotPossibleNow,
    OwnAsk,
    PageWasStale,
    TooMuchToPassOn,
    WeekIsFull,
)
from commonweal.exchange.models import HELPED, Ask, Handover, Match, Offer
from commonweal.exchange.titles import ask_title
from commonweal.intake.conversations.deeds import going
from commonweal.intake.conversations.deeds.handing import hand_on, others
from commonweal.intake.conversations.deeds.law import back, unclear
from commonweal.intake.conversations.situation import Question, invitation_to, meant
from commonweal.intake.conversations.table import State
from commonweal.intake.conversations.turn import Turn, deed, short
from commonweal.members.contacts import PHONE
from commonweal.members.errors import HasLeft
from commonweal.members.queries import reach_of

Outcome = Handover.Outcome
MOST_CHOICES = 3
# What a number means as an answer to "how did it go?".
OUTCOMES = {"1": Outcome.DONE, "2": Outcome.PARTLY, "3": Outcome.MISSED}
OUTCOMES |= {"yes": Outcome.DONE, "done": Outcome.DONE, "partly": Outcome.PARTLY}
OUTCOMES |= {"no": Outcome.MISSED, "missed": Outcome.MISSED}
GOING = {"on_way": going.set_out, "home": going.come_home}
YES, NO = {"yes", "1", "done", "still"}, {"no", "2", "cant", "missed"}
Candidates = Callable[[Turn], Sequence[Question]]


@deed
def yes(turn: Turn) -> None:
    """Yes to whatever was asked."""
    settle(turn, "yes")


@deed
def no(turn: Turn) -> None:
    """No to it."""
    settle(turn, "no")


@deed
def by_number(turn: Turn) -> None:
    """One is yes, two is no; for how it went there is a third."""
    settle(turn, str(turn.heard.number))


@deed
def done(turn: Turn) -> None:
    """It is done."""
    settle(turn, "done")


@deed
def partly(turn: Turn) -> None:
    """It was done in part."""
    settle(turn, "partly")


@deed
def missed(turn: Turn) -> None:
    """It didn't happen."""
    settle(turn, "missed")


@deed
def cant(turn: Turn) -> None:
    """Somebody who said yes can't come after all; or can't, who was asked."""
    settle(turn, "cant")


@deed
def still(turn: Turn) -> None:
    """It is still needed."""
    settle(turn, "still")


@deed
def on_way(turn: Turn) -> None:
    """Somebody sets out to where they are expected. Not back in two hours, they are asked, and then missed."""
    settle(turn, "on_way")


@deed
def home(turn: Turn) -> None:
    """They are back and safe."""
    settle(turn, "home")


@deed
def home_or_back(turn: Turn) -> None:
    """Back from the way to somebody; where nobody is away, back from a break."""
    if turn.there.ways:
        home(turn)
    else:
        back(turn)


def _asked(turn: Turn) -> Sequence[Question]:
    there = turn.there
    first = [*there.invitations(), *there.commitments(over=True), *there.doubted()]
    return first or there.lent() or there.offers()


def _agreed(turn: Turn) -> Sequence[Question]:
    there = turn.there
    return there.commitments(over=True) or there.lent() or there.commitments()


def _to_keep(turn: Turn) -> Sequence[Question]:
    agreed = [question for question in turn.there.commitments(over=False) if question.part == "helper"]
    return agreed or turn.there.invitations()


CANDIDATES: dict[str, Candidates] = {
    **dict.fromkeys(("yes", "no"), _asked),
    **dict.fromkeys(("done", "partly", "missed"), _agreed),
    "cant": _to_keep,
    "still": lambda turn: turn.there.doubted() or turn.there.own(),
    "change": lambda turn: turn.there.own(),
    "withdraw": lambda turn: turn.there.own(),
    "relay": others,
    "on_way": going.to_set_out,
    "home": going.away,
}


def candidates(turn: Turn, intent: str) -> Sequence[Question]:
    """What could be meant; a bare number answers what was asked."""
    return CANDIDATES.get(intent, _asked)(turn)


def settle(turn: Turn, intent: str, *, again: bool = False) -> None:
    """Do what is meant with the one thing it can mean; ask which, once, where there are several."""
    found = meant(candidates(turn, intent), code=turn.heard.code, text=turn.heard.text)
    found = [question for question in found if _answers(turn, question)] or found
    if len(found) == 1:
        turn.go(State.IDLE)
        apply(turn, intent, found[0])
    elif found and not again:
        _ask_which(turn, intent, found[:MOST_CHOICES])
    elif found:
        turn.go(State.IDLE)
        unclear(turn)
    else:
        turn.go(State.IDLE)
        _nothing_is_asked(turn, intent)


def _answers(turn: Turn, question: Question) -> bool:
    """Whether the letter of ours that this one answers was about it."""
    thing = question.thing
    about = (thing.pk, thing.ask_id) if isinstance(thing, Match) else (thing.pk,)
    return turn.inbound.answers in about


def _ask_which(turn: Turn, intent: str, found: Sequence[Question]) -> None:
    choices = [
        [question.kind, str(question.thing.pk), question.part.value, _ask_of(question.thing)]
        for question in found
    ]
    turn.go(State.CHOOSING, intent=intent, choices=choices, words=turn.words)
    lines = "; ".join(f"{number} {short(question.title)}" for number, question in enumerate(found, start=1))
    turn.say("say_which", lines=lines)


def _ask_of(thing: Match | Ask | Offer) -> int:
    """The version of what is offered to be chosen, so that a change meanwhile is noticed."""
    return thing.ask.version if isinstance(thing, Match) else thing.version


def _nothing_is_asked(turn: Turn, intent: str) -> None:
    """An answer to what is over, or said twice: it is told how it stands."""
    latest = turn.there.latest
    if latest is None or intent not in YES | NO:
        turn.say("say_nothing_open")
    elif latest.state in HELPED and intent in YES:
        turn.say("say_agreed", title=short(ask_title(latest.ask)))
    elif latest.state in HELPED:
        unclear(turn)
    else:
        apply(turn, intent, invitation_to(latest))


def apply(turn: Turn, intent: str, question: Question, *, version: int | None = None) -> None:
    """Do it; what is refused is answered with the reason."""
    try:
        _do(turn, intent, question, version)
    except AlreadyMet:
        turn.say("say_taken")
    except WeekIsFull:
        turn.say("say_week_full")
    except (InvitationOver, OwnAsk):
        turn.say("say_over")
    except (NotPossibleNow, PageWasStale, HasLeft, TooMuchToPassOn):
        turn.say("say_not_now")


def _do(turn: Turn, intent: str, question: Question, version: int | None) -> None:
    thing = question.thing
    if isinstance(thing, Offer):
        _answer_offer(turn, thing, intent)
    elif isinstance(thing, Ask):
        APPLY_TO_ASK[intent](turn, thing, question)
    elif intent in GOING:
        GOING[intent](turn, question)
    elif question.kind == "invitation":
        _answer_invitation(turn, thing, intent, version=version)
    elif question.kind == "relay":
        hand_on(turn, question)
    elif question.kind == "back":
        _answer_loan(turn, question, intent)
    else:
        _tell_end(turn, question, intent)


def _answer_invitation(turn: Turn, match: Match, intent: str, *, version: int | None = None) -> None:
    turn.inbound.ask = match.ask
    if intent in NO:
        exchange.decline_invitation(match=match)
        turn.say("say_declined")
    elif intent in YES:
        exchange.accept_invitation(match=match, version=version, by_text=turn.contact.kind == PHONE)
        _tell_agreed(turn, match)
    else:
        unclear(turn)


def _tell_agreed(turn: Turn, match: Match) -> None:
    """The exchange writes to where the helper wants to be written to; here it is said too where that is elsewhere."""
    reach = reach_of(match.member)
    if reach is not None and reach.value == turn.contact.value:
        turn.elsewhere = "agreed_helper"
    else:
        turn.say("say_agreed", title=short(ask_title(match.ask)))


def _tell_end(turn: Turn, question: Question, intent: str) -> None:
    match = question.thing
    assert isinstance(match, Match)
    turn.inbound.ask = match.ask
    if intent == "cant":
        exchange.drop_out(match=match)
        turn.say("say_dropped")
        return
    outcome = OUTCOMES.get(intent)
    if outcome is None:
        unclear(turn)
        return
    actor = match.member_id if question.part == "helper" else match.ask.by_id
    exchange.report_handover(match=match, outcome=outcome, said_by=question.part, actor=actor)
    turn.say("say_reported" if outcome == Outcome.DONE else "say_dropped")


def _answer_loan(turn: Turn, question: Question, intent: str) -> None:
    match = question.thing
    assert isinstance(match, Match)
    turn.inbound.ask = match.ask
    if intent in YES:
        exchange.return_loan(match=match, said_by=question.part)
        turn.say("say_reported")
    else:
        # More time, or trouble: that wants a person.
        unclear(turn)


def _answer_offer(turn: Turn, offer: Offer, intent: str) -> None:
    if intent in YES:
        exchange.confirm_offer(offer=offer)
        turn.say("say_stands")
    elif intent in NO:
        exchange.withdraw_offer(offer=offer)
        turn.say("say_gone")
    else:
        unclear(turn)


def _keep(turn: Turn, ask: Ask, question: Question) -> None:
    turn.inbound.ask = ask
    exchange.keep_ask(ask=ask)
    turn.say("say_kept", title=short(question.title))


def _withdraw(turn: Turn, ask: Ask, question: Question) -> None:
    turn.inbound.ask = ask
    exchange.withdraw_ask(ask=ask)
    turn.say("say_withdrawn", title=short(question.title))


def _begin_change(turn: Turn, ask: Ask, question: Question) -> None:
    turn.inbound.ask = ask
    turn.go(State.CHANGING, ask=str(ask.pk), version=ask.version)
    turn.say("say_change", title=short(question.title))


def _ask_unclear(turn: Turn, _ask: Ask, _question: Question) -> None:
    unclear(turn)


class _ByIntent(dict[str, Callable[[Turn, Ask, Question], None]]):
    """What an answer means for an ask; any other number is for a person."""

    def __missing__(self, _intent: str) -> Callable[[Turn, Ask, Question], None]:
        return _ask_unclear


APPLY_TO_ASK = _ByIntent(
    **dict.fromkeys(("yes", "still", "1"), _keep),
    **dict.fromkeys(("no", "withdraw", "2"), _withdraw),
    change=_begin_change,
)
