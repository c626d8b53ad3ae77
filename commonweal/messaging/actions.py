"""Putting messages in the outbox, taking them back, hearing what became of them, and leaving people in peace."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import F, QuerySet

from commonweal.base import clock, crypto
from commonweal.base.eventlog import By, record
from commonweal.base.tenancy import TenantModel
from commonweal.members.contacts import Contact
from commonweal.messaging import failing
from commonweal.messaging.catalogue import CATALOGUE
from commonweal.messaging.errors import NoLongerDead, UnknownTemplate
from commonweal.messaging.models import Message, Stop
from commonweal.messaging.port import Address
from commonweal.messaging.stopping import put_on_stop_list
from commonweal.networks.models import Network

State, Delivery = Message.State, Message.Delivery


class Further(TypedDict, total=False):
    """What else may be said of a message: what it is about, when it goes out at the earliest, and the further ways that
    its reader allows, in their order: each takes over when the one before it is in vain."""

    about: TenantModel | None
    send_after: datetime | None
    others: Sequence[Contact]


def queue_message(
    *,
    network: Network,
    to: Address,
    template: str,
    context: Mapping[str, Any],
    key: str,
    **further: Unpack[Further],
) -> Message:
    """Put one message in the outbox, in the caller's transaction: it goes out if, and only if, that commits.

    ``context`` holds JSON values, exactly those that the catalogue names for ``template`` (UnknownTemplate otherwise).
    ``key`` names the occasion ("invitation:ID"): queueing the same key of one network again returns the message that
    is already there, unchanged.
    """
    spec = CATALOGUE.get(template)
    if spec is None or spec.needs != set(context):
        needs = sorted(spec.needs) if spec else "a template"
        raise UnknownTemplate(f"{template} needs {needs}, got {sorted(context)}")
    now = clock.now()
    about, due_at = further.get("about"), max(now, further.get("send_after") or now)
    message = Message(
        network=network,
        kind=to.kind,
        to=to.value,
        others=_ways(further.get("others", ()), to),
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
    same = Message.objects.filter(network=network, key=key)
    # Nearly always it is the one just made: its id is looked at, and nothing decrypted.
    return message if same.values_list("pk", flat=True).get() == message.pk else same.get()


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
            turn=F("turn") + 1,
            passed=[],
            carried_by="",
            receipt="",
            delivery="",
            unsure=False,
            bounced=False,
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


@transaction.atomic
def note_delivery(*, network: Network, receipt: str, arrived: bool, detail: str = "", ours: str = "") -> bool:
    """What the other side tells of a message after it took it: it arrived, or it did not; returns whether we know it.

    ``receipt`` is the one that sending returned, ``ours`` the id that it went out with: the news may overtake the
    receipt. What did not arrive goes out by the next way, once; what then fails again, or was first said to have
    arrived, is a dead letter. Told twice, it is heard once. ``detail`` must hold no personal data.
    """
    names = {name[:120] for name in (receipt, ours) if name}
    rows = Message.objects.filter(network=network, receipt__in=names).select_related("network")
    message = rows.select_for_update(of=("self",)).defer("to", "context", "others").first()
    if message is None:
        return False
    before, news = message.delivery, Delivery.ARRIVED if arrived else Delivery.FAILED
    if news == before:
        return True
    mine = failing.row_of(message)
    mine.update(delivery=news)
    if arrived:
        # It came through after all, while it was on its way to another address or given up.
        given_up = mine.filter(state__in=[State.QUEUED, State.FAILED, State.DEAD])
        given_up.update(
            state=State.SENT,
            due_at=None,
            died_at=None,
            sent_at=clock.now(),
            erase_at=failing.erase_at(message),
        )
    elif message.state == State.SENT:
        message.bounced = message.bounced or before == Delivery.ARRIVED
        failing.did_not_arrive(message, detail)
    return True


@transaction.atomic
def stop_contact(
    *, network: Network, contact: Contact, language: str, words: str = "", confirm: bool = True
) -> bool:
    """Write to a contact no more, from now on and whatever waits; ``words`` are those that said so.

    One confirmation goes out (unless told not to), and nothing after it. Returns False, and writes nothing, where the
    contact was stopped already.
    """
    stop = put_on_stop_list(network=network, contact=contact, words=words)
    if stop is not None and confirm:
        queue_message(
            network=network,
            to=Address(kind=contact.kind, value=contact.value, language=language),
            template="stopped",
            context={"network": network.name},
            key=f"stopped:{stop.pk}",
        )
    return stop is not None


@transaction.atomic
def start_contact(*, network: Network, contact: Contact) -> bool:
    """Write to a contact again, which its owner asked for; False where it was not stopped."""
    index = crypto.blind_index(contact.value, "contact")
    stop = Stop.objects.select_for_update().filter(network=network, contact_index=index).first()
    if stop is None:
        return False
    record(stop, "started", by=By.MEMBER)
    stop.delete()
    return True


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
    return Message.objects.filter(erase_at__lte=clock.now()).update(**failing.EMPTIED)


def _ways(others: Sequence[Contact], to: Address) -> list[dict[str, str]]:
    return [{"kind": other.kind, "value": other.value} for other in others if other.value != to.value]


def _dead(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(network_id=message.network_id, pk=message.pk, died_at__isnull=False)


def forget_letters(*, network_id: uuid.UUID, to_index: str, about: Collection[uuid.UUID]) -> int:
    """Take back and empty every message to one contact about these things; returns how many held something."""
    mine = Message.objects.filter(network_id=network_id, to_index=to_index, about_id__in=about).exclude(
        to_index=""
    )
    waiting = _take_off(mine.filter(due_at__isnull=False))
    return waiting + mine.update(**failing.EMPTIED)


def _take_off(messages: QuerySet[Message]) -> int:
    return messages.update(state=State.CANCELLED, due_at=None, died_at=None, **failing.EMPTIED)
