"""Putting on record who saw how to reach whom, and forgetting it in time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.exchange.models import Ask, Look, Match
from commonweal.members.models import Member
from commonweal.networks.models import Network
from commonweal.networks.threat import coarse

LOOK_AGAIN = timedelta(hours=1)
LONGEST_REASON = 200
ASKER, HELPER = By.ASKER.value, By.HELPER.value


@transaction.atomic
def record_look(
    *,
    ask: Ask,
    by: By,
    actor: UUID | None,
    what: Sequence[str],
    match: Match | None = None,
    why: str = Look.Why.AGREED,
    words: str = "",
) -> None:
    """Put on record that somebody saw how to reach the other side; one line an hour for one looker and one reason.

    ``what`` are the codes of what was seen: nothing seen is nothing recorded. ``match`` is whose contact was seen by
    the asker, or by whose commitment the helper saw the asker's; None on the desk, where ``why`` is said and perhaps
    ``words`` beyond it. Everybody concerned reads it on their page. The log itself keeps no words.
    """
    if not what:
        return
    seen_helper = by == By.ASKER and match is not None
    whose = match.member_id if seen_helper and match else ask.by_id
    known: dict[str, Any] = {
        "network_id": ask.network_id,
        "ask": ask,
        "match": match,
        "side": HELPER if seen_helper else ASKER,
        "of_id": whose,
        "by": by.value,
        "actor_id": actor,
        "why": Look.Why(why).value,
    }
    if _put_down(known, what, words, network=ask.network):
        seen = str(match.pk) if match else ""
        who = None if ask.network.threat_since is not None else actor
        record(ask, "looked", by=by, actor=who, match=seen, what=sorted(what), why=known["why"])


@transaction.atomic
def record_look_at_draft(
    *, network_id: UUID, draft: UUID, dispatcher: Member, what: Sequence[str], why: str, words: str = ""
) -> bool:
    """The same for the sender of a message at the desk, who has no ask yet; False where it stood there already."""
    known: dict[str, Any] = {
        "network_id": network_id,
        "draft": draft,
        "side": ASKER,
        "by": By.DISPATCHER.value,
        "actor_id": dispatcher.pk,
        "why": Look.Why(why).value,
    }
    return _put_down(known, what, words, network=dispatcher.network)


@transaction.atomic
def give_looks_to(*, ask: Ask, draft: UUID) -> int:
    """A message has become an ask: whoever looked at its sender stands on the asker's page; returns how many."""
    looks = Look.objects.filter(network_id=ask.network_id, draft=draft, ask=None)
    return looks.update(ask=ask, of=ask.by)


def forget_ask(network_id: UUID, ask_id: UUID) -> None:
    """An ask is erased: who looked at a member stands on their page still, without the ask and without words."""
    looks = Look.objects.filter(network_id=network_id, ask=ask_id)
    looks.filter(of=None).delete()
    looks.update(ask=None, match=None, words="")


def erase_looks() -> int:
    """Forget who saw what, once nobody needs to know it any more, or whoever it concerns has left; returns how many."""
    over = Q(erase_at__lte=clock.now()) | Q(of__state=Member.State.LEFT)
    return Look.objects.filter(over).delete()[0]


def _put_down(known: dict[str, Any], what: Sequence[str], words: str, *, network: Network) -> bool:
    """One row; somebody who looks again within the hour moves it on instead. Returns whether it is a new one."""
    now = clock.now()
    if network.threat_since is not None:
        # In worse times it is kept that somebody looked, on which day and why: no list of who met whom.
        known, words, now = {**known, "actor_id": None}, "", coarse(now)
    kept_for = network.policy.span("look_days")
    lately = Look.objects.select_for_update().filter(**known, last_at__gt=now - LOOK_AGAIN)
    again = next((look for look in lately.order_by("-at") if set(what) <= set(look.what)), None)
    if again is not None:
        again.last_at, again.words = now, words[:LONGEST_REASON] or again.words
        again.save(update_fields=["last_at", "words"])
        return False
    Look.objects.create(
        **known, what=sorted(what), words=words[:LONGEST_REASON], at=now, last_at=now, erase_at=now + kept_for
    )
    return True
