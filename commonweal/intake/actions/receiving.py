"""Taking a message in at the door: stored for good, and queued, before anybody is told that it arrived."""

import base64
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction

from commonweal.base import clock
from commonweal.base.ids import new_id
from commonweal.intake.models import Attachment, Inbound
from commonweal.members.contacts import Contact
from commonweal.networks.models import Network

LONGEST_TEXT = 10_000
LONGEST_SUBJECT = 300
LONGEST_ID = 200
LONGEST_ADDRESS = 254
MOST_MEDIA = 10
# Of one recording or picture; what is larger is kept by its link only.
LARGEST_MEDIA = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Something that came with a message: ``kind`` is "audio", "image" or "other".

    ``content`` is None for what was not fetched; ``length_s`` is how long a recording is, in seconds.
    """

    kind: str
    content: bytes | None = None
    url: str = ""
    name: str = ""
    length_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A stored message, and whether it is here for the first time."""

    inbound: Inbound
    is_new: bool


class Further(TypedDict, total=False):
    """What else may be known of a message: to which of our numbers it came, its subject, what came with it, by what
    sort of door, whether a machine wrote it, whether it is proven to be from who it says (as it is unless said
    otherwise), what it answers, when it was sent, and the language its sender chose."""

    ours: str
    subject: str
    media: Sequence[Media]
    sort: str
    automatic: bool
    proven: bool
    answers: uuid.UUID | None
    at: datetime | None
    language: str


def receive(
    *,
    network: Network,
    channel: str,
    provider_id: str,
    sender: Contact,
    text: str,
    **further: Unpack[Further],
) -> Received:
    """Store a message that came in, and with it the work on it: one durable commit. A door says "here" after this.

    The same ``provider_id`` on one channel gives the message that is here already; without one a replay can't be known.
    Odd texts are taken as far as they can be written down: without NUL and half characters, cut at 10,000.
    """
    inbound = _written(network, channel, provider_id, sender, text, further)
    contents = [
        Attachment(
            network=network,
            inbound=inbound,
            position=place,
            content=base64.b64encode(entry.content).decode(),
        )
        for place, entry in enumerate(further.get("media", ())[:MOST_MEDIA])
        if entry.content and len(entry.content) <= LARGEST_MEDIA
    ]
    # Nearly every message is new. So it is written at once, and looked up where the database knows it already.
    try:
        with transaction.atomic():
            inbound.save(force_insert=True)
            if contents:
                Attachment.objects.bulk_create(contents)
    except IntegrityError:
        known = Inbound.objects.filter(
            network=network, channel=inbound.channel, provider_id=inbound.provider_id
        ).first()
        if known is None:
            raise
        return Received(inbound=known, is_new=False)
    return Received(inbound=inbound, is_new=True)


def _written(
    network: Network, channel: str, provider_id: str, sender: Contact, text: str, further: Further
) -> Inbound:
    now = clock.now()
    at = further.get("at")
    return Inbound(
        network=network,
        channel=channel[:40],
        provider_id=_provider_id(provider_id),
        sort=Inbound.Sort(further.get("sort", "text")),
        sender_kind=sender.kind,
        sender=_clean(sender.value, LONGEST_ADDRESS),
        ours=_clean(further.get("ours", ""), LONGEST_ADDRESS),
        language=further.get("language", "")[:8],
        subject=" ".join(_clean(further.get("subject", ""), LONGEST_SUBJECT).split()),
        text=_clean(text, LONGEST_TEXT),
        media=[_described(entry) for entry in further.get("media", ())[:MOST_MEDIA]],
        automatic=further.get("automatic", False),
        proven=further.get("proven", True),
        answers=further.get("answers"),
        due_at=now,
        said_at=min(at, now) if at else now,
        received_at=now,
        erase_at=now + network.policy.span("erase_days"),
    )


def _provider_id(given: str) -> str:
    """The other side's id for it, in a form that can be stored; one of our own where it has none."""
    if not given:
        return f"ours-{new_id()}"
    written = _clean(given, len(given))
    if len(written) <= LONGEST_ID:
        return written
    return hashlib.sha256(written.encode()).hexdigest()


def _clean(text: str, most: int) -> str:
    """The text without what no database writes down: NUL, and halves of characters."""
    return text[:most].encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _described(entry: Media) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "url": _clean(entry.url, 2000),
        "name": _clean(entry.name, 120),
        "length_s": max(0, entry.length_s),
    }
