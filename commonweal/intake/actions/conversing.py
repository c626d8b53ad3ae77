"""Working on what came in: each message once, in its sender's order, whatever happens to the worker."""

import contextlib
import logging
import math
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.intake.models import Conversation, Inbound
from commonweal.networks.models import Network
from commonweal.networks.queries import areas_of, categories_of

logger = logging.getLogger(__name__)
# What came in meanwhile is taken up by the next round: what waits to be sent has its turn between two.
ROUND_SECONDS = 1.0
AT_ONCE = 100
# Messages that change nothing but their own conversation share a transaction, for no longer than this: on SQLite
# nobody else can write meanwhile, and a door is to answer in a tenth of a second. Who waits there looks again every
# millisecond, and is let in before the next transaction begins.
TOGETHER, TOGETHER_SECONDS, LET_IN_SECONDS = 10, {"sqlite": 0.012}, {"sqlite": 0.002}
# What could not be worked on is tried again after these; then a person gets it as it is.
WAITS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
Key = tuple[uuid.UUID, uuid.UUID]
Sender = tuple[uuid.UUID, str]
Talker = tuple[uuid.UUID, str, str]
# What a turn may change of a conversation.
TOLD = [
    "language", "chosen", "state", "held", "replies", "replies_since", "last_mark", "same", "told_at", "last_at",
    "erase_at",
]  # fmt: skip


class Alone(Exception):
    """What this message asks for takes locks of its own, so that it needs a transaction of its own."""


def messages_wait() -> bool:
    """Whether anything that came in is to be worked on now: one look at a partial index."""
    return _due().exists()


def converse_due(limit: int = 5000) -> int:
    """Work on up to ``limit`` messages that came in, each sender's in the order in which they were sent.

    A round lasts a second at most. Returns how many were worked on.
    """
    began, done = time.monotonic(), 0
    while done < limit and time.monotonic() - began < ROUND_SECONDS:
        due = list(_due().values_list("network_id", "id", "sender_index")[:AT_ONCE])
        _keep_at_hand({network_id for network_id, _key, _sender in due})
        # What follows a message that can't be worked on waits for it; so does what follows one of this turn.
        firsts: dict[Sender, Key] = {}
        for network_id, inbound_id, sender in due:
            firsts.setdefault((network_id, sender), (network_id, inbound_id))
        stuck = _stuck()
        worked = work_on([key for sender, key in firsts.items() if sender not in stuck])
        done += worked
        if not worked:
            break
    return done


def _stuck() -> set[Sender]:
    """Whose earlier message failed and waits to be tried again."""
    late = Inbound.objects.filter(due_at__gt=clock.now(), tries__gt=0)
    return {(network_id, sender) for network_id, sender in late.values_list("network_id", "sender_index")}


def _keep_at_hand(networks: set[uuid.UUID]) -> None:
    """Read areas and categories before the transactions begin: within one they are read anew each time."""
    for network in Network.objects.filter(pk__in=networks):
        areas_of(network), categories_of(network)


def work_on(keys: Sequence[Key]) -> int:
    """Work on these messages, of which no two are of one sender; returns how many need nothing more.

    Most change nothing but their own conversation: they are worked on several in one transaction, each behind a
    savepoint. Whatever takes an ask has a transaction of its own, so that the order of locks holds, and so has what
    failed among others. What was worked on by somebody else meanwhile is left as it is.
    """
    done, waiting = 0, list(keys)
    while waiting:
        turn, waiting = waiting[:TOGETHER], waiting[TOGETHER:]
        time.sleep(LET_IN_SECONDS.get(connection.vendor, 0))
        try:
            taken, alone = _work_together(turn)
        except Exception as fault:  # noqa: BLE001 - each of them is tried alone
            logger.warning("messages could not be worked on together: %s", type(fault).__name__)
            taken, alone = set(turn), turn
        waiting = [key for key in turn if key not in taken] + waiting
        done += len(taken) - len(alone)
        done += sum(map(_works_alone, alone))
    return done


def _work_together(keys: Sequence[Key]) -> tuple[set[Key], list[Key]]:
    """Which of them were taken in hand before the time was over, and which of those need a transaction each."""
    taken: set[Key] = set()
    alone: list[Key] = []
    with _lightly_committed():
        began = time.monotonic()
        inbounds = _locked(keys)
        talks = _locked_talks(inbounds)
        for inbound in inbounds:
            key = (inbound.network_id, inbound.pk)
            taken.add(key)
            try:
                with transaction.atomic():
                    _work(inbound, talks[_sender(inbound)], may_lock=False)
            except Exception as fault:
                if not isinstance(fault, Alone):
                    logger.debug("where it stopped", exc_info=True)
                alone.append(key)
            if time.monotonic() - began > TOGETHER_SECONDS.get(connection.vendor, math.inf):
                return taken, alone
    return set(keys), alone


def _works_alone(key: Key) -> bool:
    """Work on one message in a transaction of its own; False where it has to wait for another time."""
    try:
        with _lightly_committed():
            for inbound in _locked([key]):
                _work(inbound, _locked_talks([inbound])[_sender(inbound)], may_lock=True)
    except Exception as fault:
        # Only the kind of the fault: its words may quote what somebody wrote.
        logger.error("message %s could not be worked on: %s", key[1], type(fault).__name__)
        logger.debug("where it stopped", exc_info=True)
        _put_off(key)
        return False
    return True


def _work(inbound: Inbound, talk: Conversation, *, may_lock: bool) -> None:
    """Answer, and note it as worked on: all of it or nothing. Message and conversation are locked."""
    from commonweal.intake.conversations.turning import answer

    answer(inbound, talk, may_lock=may_lock)
    now = clock.now()
    inbound.due_at, inbound.handled_at = None, now
    inbound.save(update_fields=["state", "due_at", "handled_at", "conversation", "ask"])
    talk.erase_at = now + inbound.network.policy.span("erase_days")
    talk.save(update_fields=TOLD)


@contextlib.contextmanager
def _lightly_committed() -> Iterator[None]:
    """A transaction that does not wait for the disk at its end.

    What is lost with the power is still waiting, and is worked on again. Whatever is sent because of it is noted as
    being sent by a commit that does wait, and that writes this one too: on both databases one log holds all commits in
    their order.
    """
    # SQLite takes the setting for a connection, and only between two transactions.
    is_sqlite = connection.vendor == "sqlite" and not connection.in_atomic_block
    if is_sqlite:
        _set("PRAGMA synchronous=NORMAL")
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                _set("SET LOCAL synchronous_commit TO OFF")
            yield
    finally:
        if is_sqlite:
            _set("PRAGMA synchronous=FULL")


def _set(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _locked(keys: Sequence[Key]) -> list[Inbound]:
    """Those of them that still wait, locked before anything else is; what another worker has in hand is left to it."""
    rows = _waiting().select_for_update(
        of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
    )
    networks, ids = {key[0] for key in keys}, [key[1] for key in keys]
    found = list(rows.filter(network__in=networks, pk__in=ids))
    # One network for all of them, so that its policy is read once.
    seen: dict[uuid.UUID, Network] = {}
    for inbound in found:
        inbound.network = seen.setdefault(inbound.network_id, inbound.network)
    return found


def _locked_talks(inbounds: Sequence[Inbound]) -> dict[Talker, Conversation]:
    """The conversations with these senders, locked in the order of their ids; begun where there are none."""
    found = _talks_of(inbounds)
    new = {_sender(inbound): inbound for inbound in inbounds if _sender(inbound) not in found}
    if new:
        Conversation.objects.bulk_create([_begun(inbound) for inbound in new.values()], ignore_conflicts=True)
        found |= _talks_of(list(new.values()))
    return found


def _talks_of(inbounds: Sequence[Inbound]) -> dict[Talker, Conversation]:
    talks = Conversation.objects.select_for_update().filter(
        network__in={inbound.network_id for inbound in inbounds},
        kind__in={inbound.sender_kind for inbound in inbounds},
        contact_index__in=[inbound.sender_index for inbound in inbounds],
    )
    return {(talk.network_id, talk.kind, talk.contact_index): talk for talk in talks.order_by("id")}


def _begun(inbound: Inbound) -> Conversation:
    from commonweal.intake.conversations.turning import language_of

    now = clock.now()
    return Conversation(
        network=inbound.network, kind=inbound.sender_kind, contact=inbound.sender,
        language=language_of(inbound.network), replies_since=now, first_at=now, last_at=now,
    )  # fmt: skip


def _sender(inbound: Inbound) -> Talker:
    return inbound.network_id, inbound.sender_kind, inbound.sender_index


@transaction.atomic
def _put_off(key: Key) -> None:
    """Try again later; after the last of the waits a person gets it."""
    from commonweal.intake.actions.drafts import make_draft
    from commonweal.intake.reading.model import Found, Reading

    inbound = _waiting().select_for_update(of=("self",)).filter(network=key[0], pk=key[1]).first()
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


def _waiting() -> QuerySet[Inbound]:
    waiting = Inbound.objects.select_related("network").filter(due_at__isnull=False)
    return waiting.order_by("said_at", "id")


def _due() -> QuerySet[Inbound]:
    return Inbound.objects.filter(due_at__lte=clock.now()).order_by("said_at", "id")
