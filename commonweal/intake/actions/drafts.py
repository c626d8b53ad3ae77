"""Putting a message on the desk, with a time by which a person looks."""

from django.db import transaction

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.exchange.lifecycle import span
from commonweal.exchange.models import Ask
from commonweal.intake.models import Draft, Inbound
from commonweal.intake.reading import storing
from commonweal.intake.reading.model import Reading
from commonweal.networks.models import Network

DANGER = "danger"


@transaction.atomic
def make_draft(*, network: Network, inbound: Inbound, reading: Reading, why: str) -> Draft:
    """Put a message on the desk; a message is there once, whatever puts it there.

    ``why`` is a word for the reason: "danger", "unclear", "voice", "wanted", "flood", … A person looks in the minutes
    that the policy promises, in half of them where it sounds urgent or like danger to life.
    """
    is_danger = why == DANGER or reading.danger is not None
    is_pressing = is_danger or (reading.urgency is not None and reading.urgency.value == Ask.Urgency.TODAY)
    draft, is_new = Draft.objects.get_or_create(
        network=network,
        inbound=inbound,
        defaults={
            "why": why[:16],
            "is_danger": is_danger,
            "reading": storing.to_json(reading),
            "due_at": clock.now() + span(network.policy, "desk_minutes", pressing=is_pressing),
        },
    )
    if is_new:
        record(draft, "drafted", by=By.PROGRAM, why=draft.why, danger=is_danger)
    return draft
