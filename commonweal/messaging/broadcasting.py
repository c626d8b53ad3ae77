"""News to many members at once: whom it reaches, what it costs, and putting it into the outbox bit by bit."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.members.models import ContactPoint, Member
from commonweal.members.queries import by_preference
from commonweal.messaging.actions import cancel_messages, queue_message
from commonweal.messaging.models import Broadcast, Stop
from commonweal.messaging.port import Address
from commonweal.messaging.segments import Segments, segments
from commonweal.messaging.writing import write
from commonweal.networks.models import Area, Network

AT_ONCE = 200
TEMPLATE = "news"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What goes out in one language: to how many people, to how many of them by text, and how one text is counted."""

    language: str
    people: int
    texts: int
    counted: Segments


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a broadcast will be. ``resting`` take a break and ``stopped`` want no messages: neither is written to.

    ``cost`` is in thousandths of the network's currency; ``days`` is how many days the texts take under the daily
    limit, None where the limit is nought.
    """

    parts: tuple[Part, ...]
    resting: int
    stopped: int
    unreachable: int
    cost: int
    days: int | None

    @property
    def people(self) -> int:
        """To how many people it goes."""
        return sum(part.people for part in self.parts)

    @property
    def texts(self) -> int:
        """How many of them get it as a text message."""
        return sum(part.texts for part in self.parts)

    @property
    def charged(self) -> int:
        """How many parts of text messages that is."""
        return sum(part.texts * part.counted.parts for part in self.parts)


def estimate(*, network: Network, area: Area | None, words: Mapping[str, str]) -> Estimate:
    """Whom news reaches and what it costs, before anything is sent. Two queries for every two thousand members."""
    people, texts, missing = Counter[str](), Counter[str](), Counter[str]()
    stops = set(Stop.objects.filter(network=network).values_list("contact_index", flat=True))
    for member in _members(network, area, closed=True).iterator(AT_ONCE * 10):
        point = _way(member)
        if member.state == Member.State.PAUSED:
            missing["resting"] += 1
        elif point is None:
            missing["unreachable"] += 1
        elif point.value_index in stops:
            missing["stopped"] += 1
        else:
            language = _language(member, words)
            people[language] += 1
            texts[language] += point.kind == ContactPoint.Kind.PHONE
    parts = tuple(
        Part(
            language=language,
            people=people[language],
            texts=texts[language],
            counted=_count(network, language, said),
        )
        for language, said in words.items()
        if people[language]
    )
    sent, charged = sum(texts.values()), sum(part.texts * part.counted.parts for part in parts)
    limit = network.policy.most_texts_day
    return Estimate(
        parts=parts,
        resting=missing["resting"],
        stopped=missing["stopped"],
        unreachable=missing["unreachable"],
        cost=charged * network.policy.text_part_price,
        days=-(-sent // limit) if limit else (None if sent else 0),
    )


@transaction.atomic
def send_broadcast(
    *, network: Network, by: Member, area: Area | None, words: Mapping[str, str], told: Estimate, key: str
) -> Broadcast:
    """Write news down to be sent; the worker puts it into the outbox. The same ``key`` gives what is there already.

    ``told`` is the estimate of the same news, as whoever sends it was shown it.
    """
    now = clock.now()
    broadcast = Broadcast(
        network=network, words=dict(words), area=area, by=by, key=key, at=now,
        people=told.people, texts=told.texts, parts=told.charged, cost=told.cost,
        erase_at=now + network.policy.span("erase_days"),
    )  # fmt: skip
    Broadcast.objects.bulk_create([broadcast], ignore_conflicts=True)
    stored = Broadcast.objects.get(network=network, key=key)
    if stored.pk == broadcast.pk:
        record(stored, "announced", by=By.DISPATCHER, actor=by.pk, people=told.people, parts=told.charged)
    return stored


@transaction.atomic
def stop_broadcast(*, broadcast: Broadcast, by: Member) -> int:
    """Take back what has not gone out; returns how many messages that were. What is sent is sent."""
    mine = Broadcast.objects.select_for_update().get(network_id=broadcast.network_id, pk=broadcast.pk)
    if mine.stopped_at is None:
        mine.stopped_at = clock.now()
        mine.save(update_fields=["stopped_at"])
        record(mine, "called_off", by=By.DISPATCHER, actor=by.pk)
    return cancel_messages(about=mine)


def broadcasts_are_due() -> bool:
    """Whether one is not wholly in the outbox yet."""
    return _unfilled().exists()


def fill_next() -> int:
    """Put the next members' messages of the oldest broadcast into the outbox; returns how many, 0 when all is done.

    One transaction for each bit, so that a worker that is killed loses none and writes to nobody twice.
    """
    with transaction.atomic():
        broadcast = (
            _unfilled()
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("network", "area")
            .first()
        )
        if broadcast is None:
            return 0
        members = _members(broadcast.network, broadcast.area, after=broadcast.filled_to)
        batch = list(members.filter(state=Member.State.ACTIVE)[:AT_ONCE])
        for member in batch:
            _queue(broadcast, member)
        if batch:
            broadcast.filled_to = batch[-1].pk
        if len(batch) < AT_ONCE:
            broadcast.filled_at = clock.now()
        broadcast.save(update_fields=["filled_to", "filled_at"])
    return len(batch)


def erase_broadcasts() -> int:
    """Forget the words of news whose time is over; returns of how many."""
    return Broadcast.objects.filter(erase_at__lte=clock.now()).update(words={}, erase_at=None)


def _unfilled() -> QuerySet[Broadcast]:
    return Broadcast.objects.filter(filled_at__isnull=True, stopped_at__isnull=True).order_by("at", "id")


def _members(
    network: Network, area: Area | None, *, after: uuid.UUID | None = None, closed: bool = False
) -> QuerySet[Member]:
    """Members by id, each with the ways to reach them by preference; ``closed`` leaves encrypted values unread."""
    points = by_preference(ContactPoint.objects.filter(network=network))
    members = Member.objects.filter(network=network).exclude(state=Member.State.LEFT).order_by("id")
    if area is not None:
        members = members.filter(area=area)
    if after is not None:
        members = members.filter(id__gt=after)
    members = members.only("network_id", "language", "state")
    if closed:
        return members.prefetch_related(Prefetch("contact_points", queryset=points.defer("value")))
    return members.prefetch_related(Prefetch("contact_points", queryset=points), "push_devices")


def _way(member: Member) -> ContactPoint | None:
    return next(iter(member.contact_points.all()), None)


def _language(member: Member, words: Mapping[str, str]) -> str:
    """The member's own where it is among them, else the one that stands first."""
    return member.language if member.language in words else next(iter(words))


def _queue(broadcast: Broadcast, member: Member) -> None:
    point = _way(member)
    if point is None:
        return
    language = _language(member, broadcast.words)
    others = [further.as_contact for further in list(member.contact_points.all())[1:]]
    others += [device.as_contact for device in member.push_devices.all()]
    queue_message(
        network=broadcast.network,
        to=Address(kind=point.kind, value=point.value, language=language),
        template=TEMPLATE,
        context={"words": broadcast.words[language], "network": broadcast.network.name},
        key=f"broadcast:{broadcast.pk}:{member.pk}",
        about=broadcast,
        others=others,
    )


def _count(network: Network, language: str, said: str) -> Segments:
    known = {"words": said, "network": network.name}
    return segments(write(TEMPLATE, language, known, network=network.name).text)
