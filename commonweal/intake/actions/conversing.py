"""Working on what came in: each message once, in its sender's order, whatever happens to the worker."""

import logging
import time
import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.intake.models import Conversation, Inbound

logger = logging.getLogger(__name__)
ROUND_SECONDS = 20.0
AT_ONCE = 200
# What could not be worked on is tried again after these; then a person gets it as it is.
WAITS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
Key = tuple[uuid.UUID, uuid.UUID, str]


def messages_wait() -> bool:
    """Whether anything that came in is to be worked on now: one look at a partial index."""
    return _due().exists()


def converse_due(limit: int = 5000) -> int:
    """Work on up to ``limit`` messages that came in, each sender's in the order in which they were sent.

    A round lasts twenty seconds at most. Returns how many were worked on.
    """
    began, done = time.monotonic(), 0
    while done < limit and time.monotonic() - began < ROUND_SECONDS:
        due = list(_due().values_list("network_id", "id", "sender_index")[:AT_ONCE])
        stuck: set[tuple[uuid.UUID, str]] = set()
        worked = 0
        for network_id, inbound_id, sender in due:
            # What follows a message that can't be worked on waits for it.
            if (network_id, sender) in stuck:
                continue
            if work_on(network_id=network_id, inbound_id=inbound_id):
                worked += 1
            else:
                stuck.add((network_id, sender))
        done += worked
        if not worked:
            break
    return done


def work_on(*, network_id: uuid.UUID, inbound_id: uuid.UUID) -> bool:
    """Work on one message in one transaction; False where it has to wait. What was worked on is left as it is."""
    try:
        return _work(network_id, inbound_id)
    except Exception as fault:
        # Only the kind of the fault: its words may quote what somebody wrote.
        logger.error("message %s could not be worked on: %s", inbound_id, type(fault).__name__)
        logger.debug("where it stopped", exc_info=True)
        _put_off(network_id, inbound_id)
        return False


@transaction.atomic
def _work(network_id: uuid.UUID, inbound_id: uuid.UUID) -> bool:
    """Lock the conversation, then the message, answer, and note it as worked on: all of it or nothing."""
    from commonweal.intake.conversations.turning import answer

    _commit_lightly()
    waiting = Inbound.objects.select_related("network")
    seen = waiting.filter(network_id=network_id, pk=inbound_id, due_at__isnull=False).first()
    if seen is None:
        return True
    talk = _locked_talk(seen)
    inbound = (
        waiting.select_for_update(of=("self",))
        .filter(network_id=network_id, pk=inbound_id, due_at__isnull=False)
        .first()
    )
    if inbound is None:
        return True
    answer(inbound, talk, clock.now())
    inbound.due_at, inbound.handled_at = None, clock.now()
    inbound.save(update_fields=["state", "due_at", "handled_at", "conversation", "ask"])
    talk.erase_at = clock.now() + inbound.network.policy.span("erase_days")
    talk.save()
    return True


def _commit_lightly() -> None:
    """Not to wait for the disk at the end: what is lost with the power is still waiting, and is worked on again.

    Whatever is sent because of it is noted as being sent by a commit that does wait, and that writes this one too.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")


def _locked_talk(inbound: Inbound) -> Conversation:
    """The conversation with this sender, locked; begun where there is none."""
    from commonweal.intake.conversations.turning import language_of

    talks = Conversation.objects.select_for_update().filter(
        network_id=inbound.network_id, kind=inbound.sender_kind, contact_index=inbound.sender_index
    )
    talk = talks.first()
    if talk is not None:
        return talk
    now = clock.now()
    begun = Conversation(
        network=inbound.network, kind=inbound.sender_kind, contact=inbound.sender,
        language=language_of(inbound.network), replies_since=now, first_at=now, last_at=now,
    )  # fmt: skip
    Conversation.objects.bulk_create([begun], ignore_conflicts=True)
    return talks.get()


@transaction.atomic
def _put_off(network_id: uuid.UUID, inbound_id: uuid.UUID) -> None:
    """Try again later; after the last of the waits a person gets it."""
    from commonweal.intake.actions.drafts import make_draft
    from commonweal.intake.reading.model import Found, Reading

    rows = Inbound.objects.select_for_update(of=("self",)).select_related("network")
    inbound = rows.filter(network_id=network_id, pk=inbound_id, due_at__isnull=False).first()
    if inbound is None:
        return
    inbound.tries += 1
    if inbound.tries <= len(WAITS):
        inbound.due_at = clock.now() + WAITS[inbound.tries - 1]
        inbound.save(update_fields=["tries", "due_at"])
        return
    inbound.state, inbound.due_at, inbound.handled_at = Inbound.State.PERSON, None, clock.now()
    inbound.save(update_fields=["tries", "state", "due_at", "handled_at"])
    nothing = Reading(language=Found(value="", confidence=0.0), is_offer=Found(value=False, confidence=0.0))
    make_draft(network=inbound.network, inbound=inbound, reading=nothing, why="failed")
    record(inbound, "failed", by=By.PROGRAM, tries=inbound.tries)


def _due() -> QuerySet[Inbound]:
    return Inbound.objects.filter(due_at__lte=clock.now()).order_by("said_at", "id")
