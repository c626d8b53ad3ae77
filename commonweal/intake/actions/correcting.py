"""What a person at the desk put right: kept for a while, for the network's own reading of messages to learn from."""

from datetime import timedelta

from django.db import transaction

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.intake.models import Correction
from commonweal.members.models import Member
from commonweal.networks.models import Category, Network

# More text than is read of a message teaches nothing.
LONGEST = 2000


@transaction.atomic
def record_correction(
    *,
    network: Network,
    text: str,
    category: Category,
    supposed: Category | None = None,
    by: Member | None = None,
) -> Correction | None:
    """Keep that a message is about ``category``, whatever was ``supposed``: to confirm teaches as well as to put right.

    It is deleted after the policy's ``erase_days``. A text without words is nothing to learn from: None; in worse times
    nothing is. The event names categories and nothing of the text.
    """
    words = " ".join(text.replace("\x00", "").split())[:LONGEST]
    if network.threat_since is not None or not any(char.isalnum() for char in words):
        return None
    now = clock.now()
    correction = Correction.objects.create(
        network=network, text=words, category=category, supposed=supposed, at=now,
        erase_at=now + timedelta(days=network.policy.erase_days),
    )  # fmt: skip
    record(
        correction, "corrected", by=By.DISPATCHER if by else By.PROGRAM, actor=by.pk if by else None,
        category=category.slug, supposed=supposed.slug if supposed else "",
    )  # fmt: skip
    return correction


def erase_corrections() -> int:
    """Delete the corrections whose time is over; returns how many."""
    return Correction.objects.filter(erase_at__lte=clock.now()).delete()[0]
