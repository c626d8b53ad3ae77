"""Saying an offer, the same way; whoever offers is a member, or becomes one."""

from django.utils.translation import gettext as _

from commonweal.exchange.actions import publish_offer as put_up
from commonweal.exchange.drafts import OfferDraft
from commonweal.intake.conversations import saying
from commonweal.intake.conversations.deeds.law import unclear
from commonweal.intake.conversations.meanings import Meaning
from commonweal.intake.conversations.saying import Said
from commonweal.intake.conversations.table import State
from commonweal.intake.conversations.turn import Turn, deed, short
from commonweal.members.actions import join
from commonweal.members.models import Member
from commonweal.networks.queries import areas_of

M = Meaning
SOURCES = {"text": "sms", "email": "email", "voice": "voice", "paper": "paper"}
SAYS_NOTHING = (M.ANY_TIME, M.SKIP, M.YES, M.NO, M.CANT)


@deed
def begin_offer(turn: Turn) -> None:
    """Somebody can help, and has not said with what."""
    turn.go(State.OFFERING, said={}, asked=["offer_what"])
    turn.say("say_offer_what")


@deed
def add_offer(turn: Turn) -> None:
    """The answer to what was missing of an offer; a second thing that somebody can do is said in a second text."""
    asked = list(turn.held.get("asked", []))
    said = dict(turn.held.get("said", {}))
    if turn.talk.state == State.PROMISING and turn.heard.meaning == M.NUMBER:
        (publish_offer if turn.heard.number == 1 else forget_offer)(turn)
        return
    question = asked[-1] if asked else "offer_what"
    if turn.heard.meaning not in SAYS_NOTHING:
        if question == "name" and turn.talk.state == State.OFFERING:
            said["called"] = _name_in(turn)
        else:
            said = saying.heard(said, turn.reading, turn.heard.text)
        if question == "where":
            said = saying.placed(said, turn.network, turn.heard.text)
    go_on_offering(turn, said, asked)


@deed
def publish_offer(turn: Turn) -> None:
    """The offer goes up."""
    draft = saying.offer_draft(turn.held["said"], network=turn.network, language=turn.talk.language)
    put_up(
        network=turn.network,
        member=_giver(turn, draft),
        draft=draft,
        source=SOURCES[turn.inbound.sort],
        source_key=str(turn.inbound.pk),
    )
    turn.go(State.IDLE)
    turn.say("say_offered")


def forget_offer(turn: Turn) -> None:
    """It is not to go up."""
    turn.go(State.IDLE)
    turn.say("say_forgotten")


def go_on_offering(turn: Turn, said: Said, asked: list[str]) -> None:
    """Ask for the next thing that is missing: what, a name for who is new, where; or read back what there is."""
    known = {
        "offer_what": "category" in said,
        "name": bool(said.get("called") or turn.there.members),
        "where": bool(said.get("area") or said.get("cell")) or len(areas_of(turn.network)) < 2,
    }
    question = next((what for what, is_known in known.items() if not is_known and what not in asked), "")
    if not known["offer_what"] and question != "offer_what":
        turn.go(State.IDLE)
        turn.talk.told_at = None
        unclear(turn)
    elif question:
        turn.go(State.OFFERING, said=said, asked=[*asked, question])
        turn.say(f"say_{question}")
    else:
        read = saying.read_back(said, network=turn.network, now=turn.now)
        turn.go(State.PROMISING, said=said, asked=asked)
        turn.say("say_offer_back", what=", ".join(filter(None, [short(read["title"]), short(read["where"])])))


def _name_in(turn: Turn) -> str:
    reading = turn.reading
    if reading.called and saying.sure(reading.called):
        return reading.called.value[: saying.LONGEST_NAME]
    return turn.heard.text[: saying.LONGEST_NAME]


def _giver(turn: Turn, draft: OfferDraft) -> Member:
    """The member at this number, of whom several share one the named one; or somebody new."""
    members = turn.there.members
    named = [member for member in members if member.name.casefold() == draft.name.casefold()]
    if members:
        return (named or members)[0]
    return join(
        network=turn.network,
        name=draft.name or _("A neighbour"),
        contact=turn.contact,
        languages=draft.languages,
        language=draft.language,
    )
