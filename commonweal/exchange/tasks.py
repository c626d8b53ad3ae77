"""What the exchange does by itself, in the background: each piece calls actions."""

import json
import logging
import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet
from django_tasks import task

from commonweal.base import clock, crypto
from commonweal.base.schedule import every
from commonweal.exchange import actions
from commonweal.exchange.actions import (
    advance_ask,
    check_offer,
    erase_closed,
    erase_looks,
    erase_passed_on,
    let_go,
)
from commonweal.exchange.models import LIVE, Ask, CheckIn, Match, Offer
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.networks.models import Network

logger = logging.getLogger(__name__)
BATCH = 200
ROUNDS = 25
Key = tuple[uuid.UUID, uuid.UUID]


@every(timedelta(seconds=20), name="exchange.advance_due", wanted=lambda: _due_asks(1) != [])
def advance_due() -> int:
    """Take every ask that is due one step on, those ahead of others first, each in its own small transaction.

    An ask that can't be advanced is put down in the log and does not hold up the others; it stays due.
    """
    done = 0
    stuck: set[Key] = set()
    for _round in range(ROUNDS):
        batch = [key for key in _due_asks(BATCH + len(stuck)) if key not in stuck]
        if not batch:
            break
        for network_id, ask_id in batch:
            if _advanced(network_id, ask_id):
                done += 1
            else:
                stuck.add((network_id, ask_id))
    return done


def _due_asks(limit: int) -> list[Key]:
    due = Ask.objects.filter(next_step_at__lte=clock.now()).order_by("-ahead", "next_step_at")
    return list(due.values_list("network_id", "id")[:limit])


def _advanced(network_id: uuid.UUID, ask_id: uuid.UUID) -> bool:
    try:
        advance_ask(network_id=network_id, ask_id=ask_id)
    except Exception:
        logger.exception("ask %s could not be advanced", ask_id)
        return False
    return not Ask.objects.filter(network_id=network_id, pk=ask_id, next_step_at__lte=clock.now()).exists()


@every(timedelta(hours=24), name="exchange.erase_closed")
def erase_due() -> int:
    """Erase what nobody needs any more, until nothing is left to erase."""
    done = 0
    while erased := erase_closed():
        done += erased
    return done


@every(timedelta(hours=24), name="exchange.erase_contact")
def erase_contact() -> int:
    """Forget who saw how to reach whom, and what was handed on between two, when their time is over."""
    return erase_looks() + erase_passed_on()


@every(timedelta(hours=1), name="exchange.check_offers", wanted=lambda: _due_offers(1) != [])
def check_offers() -> int:
    """Ask the owners of offers that have stood for long whether they still do."""
    return _each(_due_offers(BATCH * ROUNDS))


def _due_offers(limit: int) -> list[Key]:
    due = Offer.objects.filter(check_at__lte=clock.now()).order_by("check_at")
    return list(due.values_list("network_id", "id")[:limit])


def _each(keys: Iterable[Key]) -> int:
    done = 0
    for network_id, offer_id in keys:
        check_offer(network_id=network_id, offer_id=offer_id)
        done += 1
    return done


@every(timedelta(hours=24), name="exchange.let_go")
def let_go_of_those_who_left() -> int:
    """Finish what the news of a member's leaving may not have finished: a process can die between the two."""
    held = Match.objects.filter(member__state=Member.State.LEFT, state__in=set(LIVE) - {Match.State.LENT})
    offered = Offer.objects.filter(member__state=Member.State.LEFT).exclude(state=Offer.State.WITHDRAWN)
    left = set(held.values_list("member", flat=True)) | set(offered.values_list("member", flat=True))
    for member in Member.objects.filter(pk__in=left):
        let_go(member=member)
    return len(left)


@every(timedelta(minutes=1), name="exchange.watch_late", wanted=lambda: _late().exists())
def watch_late() -> int:
    """Ask helpers who aren't back, and then tell those they chose."""
    return actions.watch_late()


@every(timedelta(hours=24), name="exchange.forget_ways")
def forget_ways() -> int:
    """Forget who was on the way, and who went along."""
    return actions.forget_ways()


def _late() -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(next_at__lte=clock.now())


def want_link(network: Network, *, code: str, contact: Contact) -> None:
    """Have a private link sent again to ``contact``, if that is what was given with the ask of this code.

    Whether it was is found out in the background: a page that asks for it takes the same steps and says the same words
    whether it fits or not. What was typed waits encrypted.
    """
    said = json.dumps({"code": code, "kind": contact.kind, "value": contact.value})
    send_link.enqueue(str(network.pk), crypto.encrypt(said))


@task()
def send_link(network_id: str, sealed: str) -> None:
    """Send it, or nothing."""
    said = json.loads(crypto.decrypt(sealed))
    actions.send_link(
        network=Network.objects.get(pk=uuid.UUID(network_id)),
        code=said["code"],
        contact=Contact(kind=said["kind"], value=said["value"]),
    )
