"""Handing on what one of two who are matched writes to the network's number for the other."""

from datetime import timedelta

from commonweal.exchange import actions as exchange
from commonweal.exchange.models import Match, PassedOn
from commonweal.exchange.queries import relays_from
from commonweal.intake.conversations.situation import Question
from commonweal.intake.conversations.turn import Turn
from commonweal.intake.models import Inbound

# How long it is not said again that the words arrive.
TOLD_FOR = timedelta(hours=12)


def others(turn: Turn) -> list[Question]:
    """Whom somebody at this contact reaches through the network now: each a question of who is meant."""
    return [
        Question(
            kind="relay",
            thing=relay.match,
            part=relay.by,
            code=relay.match.ask.code,
            title=f"{relay.name} {relay.match.ask.shown_code}",
            names=(relay.name,),
        )
        for relay in relays_from(turn.network, turn.contact)
    ]


def hand_on(turn: Turn, question: Question) -> None:
    """Hand the words on, and keep none of them where the desk could read them. Raises what the exchange refuses."""
    said = tell(turn, question)
    match = said.match
    turn.inbound.ask = match.ask
    forget_words(turn)
    before = PassedOn.objects.filter(network=turn.network, match=match, by=question.part.value)
    if before.filter(at__gt=turn.now - TOLD_FOR).exclude(pk=said.pk).exists():
        turn.elsewhere = "passed_on"
    else:
        turn.say("say_passed_on", name=question.names[0])


def tell(turn: Turn, question: Question) -> PassedOn:
    """Hand the words on. Raises what the exchange refuses."""
    match = question.thing
    assert isinstance(match, Match)
    return exchange.pass_on(
        match=match,
        by=question.part,
        words=turn.words or turn.heard.text,
        via=PassedOn.Via.TEXT,
        key=f"text:{turn.inbound.pk}",
    )


def forget_words(turn: Turn) -> None:
    """The words belong to the other side: the message that brought them keeps none."""
    turn.inbound.text = turn.inbound.subject = ""
    Inbound.objects.filter(network_id=turn.network.pk, pk=turn.inbound.pk).update(text="", subject="")
