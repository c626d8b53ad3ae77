"""An ask or an offer while it is being said: what is known, what is missing, and how it reads so far."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from commonweal.exchange.drafts import AskDraft, OfferDraft
from commonweal.exchange.models import Ask
from commonweal.exchange.titles import ask_title
from commonweal.exchange.whens import when_asked
from commonweal.intake.conversations.meanings import plain
from commonweal.intake.reading.model import Found, Reading
from commonweal.members.contacts import Contact
from commonweal.networks.models import Area, Category, Network
from commonweal.networks.queries import area_with, areas_of, category_with

Said = dict[str, Any]
# How sure a thing must be before it is taken for said. Whatever is taken is read back before it counts.
SURE = 0.5
LONGEST_WORDS = 600
LONGEST_NAME = 40
LONGEST_PLACE = 120
MOST_PEOPLE = 99
DAY = timedelta(days=1)
TODAY = Ask.Urgency.TODAY


def sure(found: Found[Any] | None) -> bool:
    """Whether something was said clearly enough."""
    return found is not None and found.confidence >= SURE


def heard(said: Mapping[str, Any], reading: Reading, text: str) -> Said:
    """What is known once this text was read too. What it says anew stands for what was said before."""
    known = dict(said)
    known["words"] = " ".join(filter(None, [said.get("words", ""), text]))[:LONGEST_WORDS]
    if reading.category and sure(reading.category):
        known["category"] = str(reading.category.value)
    if reading.area and sure(reading.area):
        known["area"] = str(reading.area.value)
    if reading.place and sure(reading.place):
        known["place"] = reading.place.value[:LONGEST_PLACE]
    if reading.cell:
        known["cell"] = list(reading.cell)
    if reading.span and sure(reading.span):
        known["starts"], known["ends"] = (moment.isoformat() for moment in reading.span.value)
    if reading.urgency and sure(reading.urgency):
        known["urgency"] = reading.urgency.value
    if reading.people and sure(reading.people):
        known["people"] = min(max(reading.people.value, 1), MOST_PEOPLE)
    if reading.called and sure(reading.called):
        known["called"] = reading.called.value[:LONGEST_NAME]
    return known


def facts(said: Mapping[str, Any]) -> Said:
    """What is said without the words themselves: whether two readings say the same."""
    return {name: value for name, value in said.items() if name != "words"}


def placed(said: Mapping[str, Any], network: Network, text: str) -> Said:
    """What is known once the answer to "where?" was heard: an area by its name, else the place as it was put."""
    known = dict(said)
    if known.get("area") or known.get("place"):
        return known
    name = plain(text)
    area = next((area for area in areas_of(network) if plain(area.name) == name), None)
    if area:
        known["area"] = str(area.pk)
    elif name:
        known["place"] = text[:LONGEST_PLACE]
    return known


def missing(said: Mapping[str, Any], network: Network, asked: list[str]) -> str:
    """What is to be asked next: "what", "where" or "when"; empty when all is known or was asked once."""
    known = {
        "what": "category" in said,
        "where": bool(said.get("area") or said.get("place") or said.get("cell"))
        or len(areas_of(network)) < 2,
        "when": "starts" in said or said.get("urgency") == TODAY,
    }
    if (
        "category" in said
        and category_with(network, uuid.UUID(said["category"])).nature == Category.Nature.LISTENING
    ):
        known["where"] = True
    return next((what for what, is_known in known.items() if not is_known and what not in asked), "")


def area_of(said: Mapping[str, Any], network: Network) -> Area | None:
    """The area that was said, or the only one there is."""
    if said.get("area"):
        return area_with(network, uuid.UUID(said["area"]))
    areas = areas_of(network)
    return areas[0] if len(areas) == 1 else None


def ask_draft(
    said: Mapping[str, Any], *, network: Network, contact: Contact, language: str, now: datetime
) -> AskDraft:
    """The ask as it was said; what nobody said is as open as it can be."""
    area = area_of(said, network)
    urgency = int(said.get("urgency", Ask.Urgency.SOON))
    starts_at, ends_at = _span(said, network, urgency, now)
    cell = said.get("cell") or ([area.cell_y, area.cell_x] if area else None)
    return AskDraft(
        category=uuid.UUID(said["category"]),
        starts_at=starts_at,
        ends_at=ends_at,
        words=said.get("words", ""),
        people=said.get("people", 1),
        area=area.pk if area else None,
        cell=(cell[0], cell[1]) if cell else None,
        place={"text": said["place"]} if said.get("place") else {},
        urgency=urgency,
        languages=(language,),
        language=language,
        called=said.get("called", ""),
        contact_kind=contact.kind,
        contact=contact.value,
    )


def _span(
    said: Mapping[str, Any], network: Network, urgency: int, now: datetime
) -> tuple[datetime, datetime]:
    """When it may happen. A time that has gone by while it was being said becomes a time from now on."""
    if "starts" in said:
        starts_at, ends_at = (datetime.fromisoformat(said[name]) for name in ("starts", "ends"))
        if starts_at < ends_at and ends_at > now:
            return starts_at, ends_at
    return now, now + (DAY if urgency == TODAY else network.policy.span("flexible_days"))


def read_back(said: Mapping[str, Any], *, network: Network, now: datetime) -> dict[str, str]:
    """How the ask reads so far: what, where and when, in the reader's language."""
    draft = ask_draft(said, network=network, contact=Contact(kind="", value=""), language="en", now=now)
    category = category_with(network, draft.category)
    seen = Ask(
        network=network,
        category=category,
        people=draft.people,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
    )
    area = area_of(said, network)
    where = said.get("place") or (area.name if area else "")
    return {"title": ask_title(seen), "where": where[:LONGEST_NAME], "when": when_asked(seen, network)}


def draft_of(ask: Ask) -> AskDraft:
    """An ask that is up, as a draft to be changed."""
    names = (
        "words", "summary", "people", "hands", "quantity", "unit", "destination", "starts_at", "ends_at", "returns_at",
        "urgency", "repeat_days", "wish", "called", "contact_kind", "contact", "language", "place",
    )  # fmt: skip
    return AskDraft(
        category=ask.category_id,
        area=ask.area_id,
        cell=(ask.cell_y, ask.cell_x) if ask.cell_y is not None and ask.cell_x is not None else None,
        languages=tuple(ask.languages),
        needs=tuple(ask.needs),
        **{name: getattr(ask, name) for name in names},
    )


def changed(draft: AskDraft, said: Mapping[str, Any], *, network: Network, text: str) -> AskDraft | None:
    """The draft with what was said anew, and the text added to its words; None where nothing of it was understood."""
    anew: Said = {name: said[name] for name in ("people", "urgency") if name in said}
    if "category" in said:
        anew["category"] = uuid.UUID(said["category"])
    if "starts" in said:
        anew["starts_at"], anew["ends_at"] = (
            datetime.fromisoformat(said[name]) for name in ("starts", "ends")
        )
    if said.get("area"):
        area = area_with(network, uuid.UUID(said["area"]))
        # The old address is not there.
        anew |= {"place": {}, "area": area.pk, "cell": (area.cell_y, area.cell_x)}
    if "place" in said:
        anew["place"] = {"text": said["place"]}
    if "cell" in said:
        anew["cell"] = (said["cell"][0], said["cell"][1])
    if not anew:
        return None
    words = " ".join(filter(None, [draft.words, text]))[:LONGEST_WORDS]
    return replace(draft, **anew, words=words)


def offer_draft(said: Mapping[str, Any], *, network: Network, language: str) -> OfferDraft:
    """The offer as it was said."""
    area = area_of(said, network)
    cell = said.get("cell") or ([area.cell_y, area.cell_x] if area else None)
    return OfferDraft(
        categories=(uuid.UUID(said["category"]),),
        words=said.get("words", ""),
        area=area.pk if area else None,
        cell=(cell[0], cell[1]) if cell else None,
        name=said.get("called", ""),
        languages=(language,),
        language=language,
    )
