"""Taking many asks in at once, from a sheet that a group has used so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.base.ids import new_code, new_token, token_hash
from commonweal.base.models import Event
from commonweal.exchange.actions.asks import fill_in
from commonweal.exchange.drafts import AskDraft
from commonweal.exchange.lifecycle import State, Trigger
from commonweal.exchange.models import Ask
from commonweal.networks.models import Area, Category, Network

SHEET = "sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetAsk:
    """One row of a sheet: what is asked, when it was first asked, and what makes it the same row another time."""

    draft: AskDraft
    created_at: datetime
    source_key: str


@transaction.atomic
def take_in_asks(*, network: Network, rows: Sequence[SheetAsk]) -> list[Ask]:
    """Put the asks of a sheet up, in one transaction and a handful of statements however many there are.

    Nobody is written to: somebody else read their ask from a sheet. The worker searches for them as it comes by.
    Raises IntegrityError for a key that is here already: the caller asked before, and may ask again.
    """
    categories = {category.pk: category for category in Category.objects.filter(network=network)}
    areas = {area.pk: area for area in Area.objects.filter(network=network).defer("outline")}
    codes = iter(_free_codes(network, len(rows)))
    now = clock.now()
    asks = []
    for row in rows:
        token = new_token()
        ask = Ask(
            network=network, code=next(codes), token_hash=token_hash(token), token_box=token, next_step_at=now,
            state_since=now, source=SHEET, source_key=row.source_key, created_at=row.created_at,
        )  # fmt: skip
        area = areas[row.draft.area] if row.draft.area else None
        fill_in(ask, row.draft, category=categories[row.draft.category], area=area)
        asks.append(ask)
    Ask.objects.bulk_create(asks)
    Event.objects.bulk_create([_published(ask) for ask in asks])
    return asks


def _free_codes(network: Network, wanted: int) -> list[str]:
    """So many codes that no ask of the network has."""
    codes: set[str] = set()
    while len(codes) < wanted:
        more = {new_code() for _ in range(wanted - len(codes))}
        codes |= more - set(Ask.objects.filter(network=network, code__in=more).values_list("code", flat=True))
    return sorted(codes)


def _published(ask: Ask) -> Event:
    return Event(
        network_id=ask.network_id, thing="ask", thing_id=ask.pk, verb=Trigger.PUBLISHED.value, by=By.ASKER,
        at=clock.now(), data={"to": State.NEAR.value, "source": SHEET},
    )  # fmt: skip
