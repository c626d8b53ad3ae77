"""Reading one message: everything that can be understood of it, each with how sure that is."""

from datetime import datetime

from commonweal.intake.reading.folding import Folded, fold
from commonweal.intake.reading.language import find_language
from commonweal.intake.reading.model import Found, Reading
from commonweal.intake.reading.names import find_name
from commonweal.intake.reading.people import find_people
from commonweal.intake.reading.places import find_where
from commonweal.intake.reading.signals import find_offer, find_urgency
from commonweal.intake.reading.times import find_span
from commonweal.intake.triage import find_category, find_danger, network_labels
from commonweal.networks.models import Network


def read_message(network: Network, text: str, *, language: str = "", at: datetime) -> Reading:
    """Understand as much of a message as can be; any text can be read, and none raises.

    ``language`` is what the sender chose, where they did; ``at`` is when they wrote it. Nothing is written, and nobody
    outside is asked: areas and streets are the network's own.
    """
    folded = fold(text)
    labels = network_labels(network, text)
    category = find_category(network, labels)
    where = find_where(folded, network)
    return Reading(
        language=_language(folded, network, language),
        is_offer=find_offer(folded),
        category=_by_id(category) if category else None,
        danger=find_danger(text, labels),
        urgency=find_urgency(folded),
        people=find_people(folded),
        area=where.area,
        place=where.place,
        cell=where.cell,
        span=find_span(folded, at=at, zone=network.zone, country=network.country),
        called=find_name(folded),
    )


def _language(folded: Folded, network: Network, chosen: str) -> Found[str]:
    return (
        Found(value=chosen, confidence=1.0) if chosen else find_language(folded, network.languages or ["en"])
    )


def _by_id(category: Found) -> Found:  # type: ignore[type-arg]
    return Found(value=category.value.pk, confidence=category.confidence, words=category.words)
