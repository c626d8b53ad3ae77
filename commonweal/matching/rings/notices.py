"""What is written to the members of a ring. Called inside the action's transaction."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from commonweal.exchange.notices import member
from commonweal.exchange.titles import ask_title
from commonweal.exchange.whens import moment, when_met
from commonweal.matching.models import RingPlace
from commonweal.matching.rings.queries import IF_ALL, before
from commonweal.messaging.actions import cancel_messages, queue_message
from commonweal.messaging.port import Address


def offered(place: RingPlace, places: list[RingPlace]) -> None:
    """You would do this, somebody else does that for you, if all say yes."""
    reader, theirs = member(place.member), before(places, place)
    with translation.override(reader.language):
        words = {
            "name": place.member.name,
            "if_all": str(IF_ALL[len(places)]),
            "title": ask_title(place.ask),
            "where": place.ask.area.name if place.ask.area else "",
            "when": when_met(place.meets_at, place.meets_until, place.network),
            "own_title": ask_title(theirs.ask),
            "own_when": when_met(theirs.meets_at, theirs.meets_until, theirs.network),
            "answer_by": moment(place.ring.answer_by, place.network),
            "link": settings.COMMONWEAL_BASE_URL + reverse("matching:ring", args=[place.token_box]),
        }
    _queue(place, "ring", words)


def held(place: RingPlace) -> None:
    """All have said yes: what is on its way is stopped, because the exchange tells both sides of each commitment."""
    cancel_messages(about=place)


def void(place: RingPlace, places: list[RingPlace]) -> None:
    """It came to nothing: whoever had said yes is told, and never because of whom."""
    cancel_messages(about=place)
    if place.answer != RingPlace.Answer.YES:
        return
    with translation.override(member(place.member).language):
        words = {"title": ask_title(place.ask), "own_title": ask_title(before(places, place).ask)}
    _queue(place, "ring_void", words)


def _queue(place: RingPlace, template: str, words: dict[str, str]) -> None:
    reader = member(place.member)
    if reader.contact is None:
        return
    queue_message(
        network=place.network,
        to=Address(kind=reader.contact.kind, value=reader.contact.value, language=reader.language),
        template=template,
        context={**words, "network": place.network.name},
        key=f"{template}:{place.pk}",
        about=place,
    )
