"""Whether what comes in looks like an ask that is here already, and by what one can tell."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, utils

from commonweal.base import clock
from commonweal.base.crypto import blind_index
from commonweal.exchange.lifecycle import CLOSED
from commonweal.exchange.models import Ask
from commonweal.networks.models import Network

SHOWN = 3
LOOKED_THROUGH = 200
LEAST_WORDS = 3
SAME_WORDS, SAME_PLACE, SAME_NAME = 80, 90, 90
ENOUGH = 3.0
# By what two asks can be told to be one, with how much that weighs. One of what is needed has to be among them.
WEIGHTS = {
    "phone": 2.0,
    "member": 2.0,
    "place": 2.0,
    "area": 0.5,
    "household": 1.0,
    "people": 0.5,
    "category": 1.0,
    "words": 1.5,
}
NEED = ("category", "words")
IN_WORDS: dict[str, str | Promise] = {
    "phone": _("the same phone number or address"),
    "member": _("the same member"),
    "place": _("the same place"),
    "area": _("the same area"),
    "household": _("the same name"),
    "people": _("as many people"),
    "category": _("the same kind of thing"),
    "words": _("nearly the same words"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is known of something that comes in, as far as it is; ``contact`` is as it is stored."""

    contact: str = ""
    member: uuid.UUID | None = None
    category: uuid.UUID | None = None
    area: uuid.UUID | None = None
    cell: tuple[int, int] | None = None
    place: str = ""
    words: str = ""
    called: str = ""
    people: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """An ask that looks like it; ``signs`` are keys of WEIGHTS, the weightiest first."""

    ask: Ask
    signs: tuple[str, ...]

    @property
    def reasons(self) -> list[str]:
        """By what one can tell, in words."""
        return [str(IN_WORDS[sign]) for sign in self.signs]


def looks_like(network: Network, said: Said, *, but: uuid.UUID | None = None) -> list[Twin]:
    """The asks of the last days (the policy says how many) that this may be once more, the likeliest first.

    Open ones, and those that were closed in that time. A phone number is compared by its keyed index. ``but`` is the
    ask that is looked at itself.
    """
    found = [
        (sum(WEIGHTS[sign] for sign in signs), Twin(ask=ask, signs=signs))
        for ask in _candidates(network, said, but)
        if (signs := signs_of(said, ask)) and is_alike(signs)
    ]
    found.sort(key=lambda pair: (-pair[0], pair[1].ask.state in CLOSED, -pair[1].ask.created_at.timestamp()))
    return [twin for _weight, twin in found[:SHOWN]]


def is_alike(signs: Sequence[str]) -> bool:
    """Whether these signs are enough: who or where, and what."""
    return sum(WEIGHTS[sign] for sign in signs) >= ENOUGH and any(sign in NEED for sign in signs)


def signs_of(said: Said, ask: Ask) -> tuple[str, ...]:
    """By what an ask looks like what is said, the weightiest first."""
    signs = {
        "phone": bool(said.contact) and ask.contact_index == blind_index(said.contact, "contact"),
        "member": said.member is not None and ask.by_id == said.member,
        "place": _same_place(said, ask),
        "area": said.area is not None and ask.area_id == said.area,
        "household": _alike(said.called, ask.called, SAME_NAME),
        "people": said.people > 1 and ask.people == said.people,
        "category": said.category is not None and ask.category_id == said.category,
        "words": min(len(said.words.split()), len(ask.words.split())) >= LEAST_WORDS
        and _alike(said.words, ask.words, SAME_WORDS),
    }
    return tuple(sorted((sign for sign, holds in signs.items() if holds), key=lambda sign: -WEIGHTS[sign]))


def of_draft(draft: Any, *, member: uuid.UUID | None = None) -> Said:
    """What a draft of an ask says."""
    return Said(
        contact=draft.contact, member=member, category=draft.category, area=draft.area, cell=draft.cell,
        place=draft.place.get("text", ""), words=draft.words, called=draft.called, people=draft.people,
    )  # fmt: skip


def of_ask(ask: Ask) -> Said:
    """What an ask says that is here already."""
    return Said(
        contact=ask.contact, member=ask.by_id, category=ask.category_id, area=ask.area_id,
        place=ask.place.get("text", ""), words=ask.words, called=ask.called, people=ask.people,
    )  # fmt: skip


def _candidates(network: Network, said: Said, but: uuid.UUID | None) -> Sequence[Ask]:
    since = clock.now() - network.policy.span("twin_days")
    who = Q(pk__in=[])
    if said.contact:
        who |= Q(contact_index=blind_index(said.contact, "contact"))
    if said.member:
        who |= Q(by=said.member)
    if said.area:
        who |= Q(area=said.area)
    if said.cell:
        who |= Q(cell_y=said.cell[0], cell_x=said.cell[1])
    asks = Ask.objects.filter(who, network=network, created_at__gte=since, merged_into__isnull=True)
    found = (
        asks.exclude(pk=but).select_related("category", "area", "network")
        if but
        else asks.select_related("category", "area", "network")
    )
    return list(found.order_by("-created_at", "-id")[:LOOKED_THROUGH])


def _same_place(said: Said, ask: Ask) -> bool:
    return _alike(said.place, ask.place.get("text", ""), SAME_PLACE)


def _alike(one: str, other: str, least: int) -> bool:
    if not one or not other:
        return False
    return fuzz.token_sort_ratio(one, other, processor=utils.default_process, score_cutoff=least) > 0
