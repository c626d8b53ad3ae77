"""Forgetting what nobody needs any more: names, places, words and contacts of asks that are closed."""

import uuid
from typing import Any

from django.db import transaction

from commonweal.base import bus, clock
from commonweal.base.eventlog import By, record
from commonweal.base.models import Event
from commonweal.exchange.actions.asks import withdraw_ask
from commonweal.exchange.actions.looking import forget_ask
from commonweal.exchange.errors import NotPossibleNow
from commonweal.exchange.events import AskErased
from commonweal.exchange.merged import where_it_went
from commonweal.exchange.models import Ask, CallNote, Handover, Match, PassedOn
from commonweal.messaging.actions import forget_letters
from commonweal.networks.threat import coarse

EMPTY: dict[str, Any] = {
    "words": "", "summary": "", "place": {}, "destination": "", "called": "", "contact": "", "contact_kind": "",
    "contact_index": "", "token_hash": "", "token_box": "", "by": None, "preferred": None, "needs": [], "languages": [],
    "wish": "", "unit": "", "reached": "", "source_key": "", "series": None, "held_by": None, "held_until": None,
    "merged_into": None, "erase_at": None,
}  # fmt: skip


def erase_closed(*, limit: int = 500) -> int:
    """Erase up to ``limit`` asks whose time has come, each in its own transaction; returns how many."""
    due = Ask.objects.filter(erase_at__lte=clock.now()).order_by("erase_at").values_list("network_id", "id")
    found = list(due[:limit])
    for network_id, ask_id in found:
        _erase(network_id, ask_id)
    return len(found)


@transaction.atomic
def erase_on_wish(*, ask: Ask) -> int:
    """Take an ask back and erase it at once, because its asker wants so: with its series, and the letters about it.

    Who was asked or had agreed is told. Returns how many asks were erased. Raises NotPossibleNow for a thing that is
    lent and not back yet: the other one has to be reached until then.
    """
    if ask.is_open:
        ask = withdraw_ask(ask=ask, said_by=By.ASKER, why="other")
    mine = Ask.objects.filter(network_id=ask.network_id, token_hash=ask.token_hash).exclude(token_hash="")
    found = list(mine.select_for_update().order_by("pk"))
    if any(one.is_open for one in found):
        raise NotPossibleNow
    keys = [one.pk for one in found]
    matches = Match.objects.filter(network_id=ask.network_id, ask_id__in=keys).values_list("pk", flat=True)
    forget_letters(network_id=ask.network_id, to_index=ask.contact_index, about=[*keys, *matches])
    mine.filter(merged_into__isnull=False).update(merged_into=None)
    mine.update(erase_at=clock.now())
    for key in keys:
        _erase(ask.network_id, key)
        bus.publish(AskErased(network=ask.network_id, ask=key))
    return len(keys)


def _times(ask: Ask) -> dict[str, Any]:
    """In worse times, the days of what happened to an ask instead of the moments."""
    if ask.network.threat_since is None:
        return {}
    moments = {name: getattr(ask, name) for name in ("created_at", "state_since", "agreed_at", "closed_at")}
    return {name: coarse(at) for name, at in moments.items() if at is not None}


def _goes_on(ask: Ask) -> bool:
    """Whether the ask that this one was merged into is still open, as it was a moment ago."""
    return where_it_went(ask).is_open


@transaction.atomic
def _erase(network_id: uuid.UUID, ask_id: uuid.UUID) -> None:
    """Empty one ask, if it still is to be: what remains says that, where roughly and when something was met."""
    ask = (
        Ask.objects.select_related("network")
        .select_for_update(of=("self",))
        .filter(network_id=network_id, pk=ask_id, erase_at__lte=clock.now())
        .first()
    )
    if ask is None:
        return
    if ask.merged_into_id and _goes_on(ask):
        # Its link still shows where the other stands; both are erased when neither is needed any more.
        ask.erase_at = clock.now() + ask.network.policy.span("erase_days")
        ask.save(update_fields=["erase_at"])
        return
    Ask.objects.filter(network_id=network_id, pk=ask_id).update(**EMPTY, **_times(ask))
    matches = Match.objects.filter(network_id=network_id, ask_id=ask_id)
    matches.update(token_hash="", token_box="", reasons=[])
    said = Handover.objects.filter(network_id=network_id, match__in=matches)
    said.update(note="")
    said.filter(said_by=By.ASKER).update(member=None)
    CallNote.objects.filter(network_id=network_id, ask_id=ask_id).delete()
    PassedOn.objects.filter(network_id=network_id, match__in=matches).delete()
    forget_ask(network_id, ask_id)
    Event.objects.filter(network_id=network_id, thing="ask", thing_id=ask_id, by=By.ASKER).forget_actors()
    record(ask, "erased", by=By.PROGRAM)
