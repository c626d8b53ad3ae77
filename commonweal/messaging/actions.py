"""Putting messages in the outbox, taking them back, and seeing to those that were given up."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.base.tenancy import TenantModel
from commonweal.messaging.catalogue import CATALOGUE
from commonweal.messaging.errors import NoLongerDead, UnknownTemplate
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address
from commonweal.networks.models import Network

State = Message.State


def queue_message(
    *,
    network: Network,
    to: Address,
    template: str,
    context: Mapping[str, Any],
    key: str,
    about: TenantModel | None = None,
    send_after: datetime | None = None,
) -> Message:
    """Put one message in the outbox, in the caller's transaction: it goes out if, and only if, that commits.

    ``context`` holds JSON values, exactly those that the catalogue names for ``template`` (UnknownTemplate otherwise).
    ``key`` names the occasion ("invitation:ID"): queueing the same key of one network again returns the message that
    is already there, unchanged. ``send_after`` keeps it until then.
    """
    spec = CATALOGUE.get(template)
    if spec is None or spec.needs != set(context):
        raise UnknownTemplate(
            f"{template} needs {sorted(spec.needs) if spec else 'a template'}, got {sorted(context)}"
        )
    now = clock.now()
    due_at = max(now, send_after) if send_after else now
    message = Message(
        network=network,
        kind=to.kind,
        to=to.value,
        language=to.language,
        template=template,
        context=dict(context),
        key=key,
        about=(about._meta.model_name or "") if about else "",
        about_id=about.pk if about else None,
        priority=spec.priority,
        due_at=due_at,
        useful_until=due_at + spec.useful_for if spec.useful_for else None,
        created_at=now,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    stored = Message.objects.get(network=network, key=key)
    return message if stored.pk == message.pk else stored


def cancel_messages(*, about: TenantModel, templates: Collection[str] | None = None) -> int:
    """Take back what has not gone out about ``about``: all of it, or only these templates; returns how many.

    A message that a worker is handing over at this moment may still arrive; it is not tried again.
    """
    mine = Message.objects.filter(
        network_id=about.network_id, about=about._meta.model_name, about_id=about.pk, due_at__isnull=False
    )
    if templates is not None:
        mine = mine.filter(template__in=templates)
    return _take_off(mine)


@transaction.atomic
def retry_message(*, message: Message, by: uuid.UUID | None, part: By = By.DISPATCHER) -> None:
    """Put a dead letter back in the outbox, to be tried at once and from the start; raises NoLongerDead."""
    changed = (
        _dead(message)
        .exclude(to_index="")
        .update(
            state=State.QUEUED,
            attempts=0,
            due_at=clock.now(),
            useful_until=None,
            died_at=None,
            erase_at=None,
            last_error="",
            last_detail="",
        )
    )
    if not changed:
        raise NoLongerDead
    record(message, "retried", by=part, actor=by, template=message.template)


@transaction.atomic
def drop_message(*, message: Message, by: uuid.UUID | None, why: str, part: By = By.DISPATCHER) -> None:
    """Take a dead letter off the list for good, saying why (a short word: ``called``, ``wrong address``).

    Its address and words are emptied. Raises NoLongerDead.
    """
    if not _take_off(_dead(message)):
        raise NoLongerDead
    record(message, "dropped", by=part, actor=by, template=message.template, why=why[:40])


def settle_past(*, network: Network, but: Collection[uuid.UUID] = ()) -> int:
    """Call everything sent that was due by now: for a network whose past is filled in, where nobody was written to.

    ``but`` are the ids of those that stay in the outbox. Returns how many. Only a demonstration has such a past.
    """
    now = clock.now()
    erase_at = now + network.policy.span("erase_days")
    past = Message.objects.filter(network=network, due_at__lte=now).exclude(pk__in=but)
    return past.update(state=State.SENT, sent_at=F("created_at"), due_at=None, erase_at=erase_at)


def erase_old() -> int:
    """Forget address and words of every message whose time to keep them is over; returns how many."""
    return Message.objects.filter(erase_at__lte=clock.now()).update(
        to="", to_index="", context={}, erase_at=None
    )


def _dead(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(network_id=message.network_id, pk=message.pk, died_at__isnull=False)


def _take_off(messages: QuerySet[Message]) -> int:
    return messages.update(
        state=State.CANCELLED, due_at=None, died_at=None, erase_at=None, to="", to_index="", context={}
    )
