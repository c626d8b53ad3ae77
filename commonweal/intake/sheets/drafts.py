"""From the cells of one row to a draft of an ask or an offer."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from commonweal.base import lasting
from commonweal.exchange.drafts import AskDraft, OfferDraft
from commonweal.exchange.models import Ask, Offer
from commonweal.intake.sheets.mapping import SheetMap, folded
from commonweal.intake.sheets.reading import Row
from commonweal.intake.sheets.values import CellUnreadable, count, languages, moment
from commonweal.members.contacts import Contact, ContactUnclear, read_contact
from commonweal.networks.models import Area, Category, Network

LONGEST_WORDS = 2000
DOUBTFUL_COUNT = 1_000_000
CLOSED_WORDS = frozenset(
    {"closed", "done", "complete", "completed", "fulfilled", "met", "resolved", "cancelled", "canceled", "withdrawn",
     "yes", "true", "x", "cerrado", "hecho", "completado", "resuelto", "cancelado", "si"}
)  # fmt: skip
WISHED = {
    "woman": "woman",
    "a woman": "woman",
    "mujer": "woman",
    "man": "man",
    "a man": "man",
    "hombre": "man",
}
URGENT_WORDS = {
    "today": 2,
    "now": 2,
    "urgent": 2,
    "high": 2,
    "hoy": 2,
    "urgente": 2,
    "alta": 2,
    "low": 0,
    "baja": 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What rows are read against: the network's categories and areas by folded name, and the moment of reading."""

    network: Network
    categories: Mapping[str, Category]
    areas: Mapping[str, Area]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAsk:
    """A row that became a draft; ``late`` that its time had passed, ``remark`` what looks doubtful in it."""

    draft: AskDraft
    created_at: datetime
    late: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOffer:
    """A row that became a draft; ``giver`` is whose it is, by the sheet's own name or number for them."""

    draft: OfferDraft
    giver: str
    contact: Contact | None
    created_at: datetime
    remark: str = ""


def key_of(sheet_map: SheetMap, row: Row) -> str:
    """What makes this row the same row on a second run: the columns of ``key``, else every cell. As a fingerprint."""
    columns = sheet_map.columns.get("key") or tuple(row.cells)
    text = "\x1f".join(" ".join(row.cells.get(column, "").split()) for column in columns)
    return lasting.fingerprint(f"{sheet_map.kind}\x1f{text}", "sheet")


def member_id(network: Network, giver: str) -> uuid.UUID:
    """The id of a member who came by a sheet, made from the sheet's own name for them: a second run finds them."""
    return uuid.UUID(lasting.fingerprint(f"{network.pk}\x1f{giver}", "giver"))


def read_ask(sheet_map: SheetMap, row: Row, known: Known) -> ReadAsk:
    """The draft of an ask; raises CellUnreadable with the field and why."""
    value = _reader(sheet_map, row)
    category = _category(sheet_map, value("category"), known)
    created = _moment(sheet_map, "created", value("created"), known) or known.now
    starts, ends, late = _window(sheet_map, value, created, known)
    quantity = count("quantity", value("quantity"), default=0, least=0)
    contact = _contact(value, known)
    draft = AskDraft(
        category=category.pk,
        words=_words(value("words")),
        people=count("people", value("people"), default=1, least=1, most=1000),
        hands=count("hands", value("hands"), default=1, least=1, most=500),
        quantity=quantity,
        unit=value("unit")[:30],
        area=_area(value("area"), known),
        place={"text": value("place")[:200]} if value("place") else {},
        starts_at=starts,
        ends_at=ends,
        urgency=_urgency(value("urgency")),
        languages=tuple(languages(value("languages"))),
        wish=WISHED.get(folded(value("wish")), ""),
        called=(value("name") or value("asker"))[:60],
        contact_kind=contact.kind if contact else "",
        contact=contact.value if contact else "",
    )
    return ReadAsk(draft=draft, created_at=min(created, known.now), late=late, remark=_remark(quantity))


def read_offer(sheet_map: SheetMap, row: Row, known: Known) -> ReadOffer:
    """The draft of an offer; raises CellUnreadable with the field and why."""
    value = _reader(sheet_map, row)
    words = [part for part in re.split(r"[;,|]", value("category")) if part.strip()]
    if not words:
        raise CellUnreadable("category", "the row does not say what is offered")
    categories = tuple(dict.fromkeys(_category(sheet_map, word, known) for word in words))
    created = _moment(sheet_map, "created", value("created"), known) or known.now
    quantity = count("quantity", value("quantity"), default=0, least=0)
    contact = _contact(value, known)
    giver = value("giver") or (contact.value if contact else "") or value("name") or key_of(sheet_map, row)
    draft = OfferDraft(
        categories=tuple(category.pk for category in categories),
        words=_words(value("words")),
        name=(value("name") or value("giver"))[:60] or "?",
        quantity=quantity,
        unit=value("unit")[:30],
        area=_area(value("area"), known),
        place={"text": value("place")[:200]} if value("place") else {},
        radius_m=count("radius", value("radius"), default=50_000, least=100, most=1_000_000),
        per_week=count(
            "per_week", value("per_week"), default=known.network.policy.week_cap, least=1, most=50
        ),
        vehicle=_vehicle(value("vehicle")),
        languages=tuple(languages(value("languages"))),
    )
    return ReadOffer(
        draft=draft, giver=giver, contact=contact,
        created_at=min(created, known.now), remark=_remark(quantity),
    )  # fmt: skip


class _reader:  # noqa: N801 - reads as a function: value("category")
    """One row's values by field, refusing rows of a wrong shape and rows that the sheet calls closed."""

    def __init__(self, sheet_map: SheetMap, row: Row) -> None:
        if row.problem:
            raise CellUnreadable("row", row.problem)
        self.sheet_map, self.row = sheet_map, row
        status = self("status")
        if folded(status) in CLOSED_WORDS:
            raise CellUnreadable("status", f"the sheet says it is over (“{status[:30]}”)")

    def __call__(self, name: str) -> str:
        return self.sheet_map.value(name, self.row.cells)


def _category(sheet_map: SheetMap, text: str, known: Known) -> Category:
    word = folded(text)
    if not word:
        raise CellUnreadable("category", "the row does not say what it is about")
    slug = sheet_map.categories.get(word)
    found = known.categories.get(folded(slug)) if slug else known.categories.get(word)
    if found is None:
        raise CellUnreadable("category", f"no category fits “{text[:40]}”; name one under [categories]")
    return found


def _area(text: str, known: Known) -> uuid.UUID | None:
    area = known.areas.get(folded(text))
    return area.pk if area else None


def _moment(sheet_map: SheetMap, name: str, text: str, known: Known) -> datetime | None:
    return moment(name, text, zone=known.network.zone, day_first=sheet_map.day_first)


def _window(
    sheet_map: SheetMap, value: "_reader", created: datetime, known: Known
) -> tuple[datetime, datetime, bool]:
    """When the ask may happen. A time that has passed begins anew today: the ask still stands in the sheet."""
    span = known.network.policy.span("flexible_days")
    starts = _moment(sheet_map, "starts", value("starts"), known) or created
    ends = _moment(sheet_map, "ends", value("ends"), known)
    if ends is not None and ends <= starts:
        raise CellUnreadable("ends", "the end lies before the beginning")
    if (ends or starts + span) <= known.now:
        return known.now, known.now + span, True
    starts = max(starts, known.now)
    return starts, max(ends or starts + span, starts + timedelta(minutes=15)), False


def _contact(value: "_reader", known: Known) -> Contact | None:
    for name in ("phone", "email", "contact"):
        text = value(name)
        if text:
            try:
                return read_contact(text, known.network.country)
            except ContactUnclear:
                raise CellUnreadable(name, "this is neither an e-mail address nor a phone number") from None
    return None


def _words(text: str) -> str:
    if len(text) > LONGEST_WORDS:
        raise CellUnreadable("words", f"the text is longer than {LONGEST_WORDS} letters")
    return text


def _urgency(text: str) -> int:
    return URGENT_WORDS.get(folded(text), int(Ask.Urgency.SOON))


def _vehicle(text: str) -> str:
    word = folded(text)
    if word in Offer.Vehicle.values:
        return word
    return Offer.Vehicle.CAR if word in {"yes", "true", "si", "auto", "coche"} else Offer.Vehicle.FOOT


def _remark(quantity: int) -> str:
    return (
        f"the quantity {quantity} looks like a mistake; taken as it stands"
        if quantity > DOUBTFUL_COUNT
        else ""
    )
