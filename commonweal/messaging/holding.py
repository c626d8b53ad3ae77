"""What keeps a message that is due waiting: the night, for what nobody asked for, and the day's number of texts."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import F

from commonweal.algorithms.pacing import quiet_until
from commonweal.base import bus, clock
from commonweal.base.eventlog import By, record
from commonweal.messaging.catalogue import CATALOGUE, URGENT, Template
from commonweal.messaging.events import TextsUsedUp
from commonweal.messaging.models import Message, TextsOfDay
from commonweal.networks.models import Network

Trouble = Message.Trouble


def hold_until(message: Message) -> tuple[datetime, str] | None:
    """Until when a due message waits and why (empty for the night), or None where it may go.

    Called while the message is locked; a text message that may go is counted in the same transaction, here where a
    limit holds it, and else with the others (``count_unlimited``).
    """
    spec, now = CATALOGUE.get(message.template), clock.now()
    if spec is None:
        return None
    policy, zone = message.network.policy, message.network.zone
    if spec.by_day:
        morning = quiet_until(now, starts=policy.quiet_from, ends=policy.quiet_until, zone=zone)
        if morning > now:
            return morning, ""
    limit = _limit(spec, message.network)
    if not _is_counted(message) or limit is None:
        return None
    today = _today(message.network)
    if _count(message.network, today, most=limit):
        return None
    tomorrow = datetime.combine(today + timedelta(days=1), time(policy.quiet_until), tzinfo=zone)
    return tomorrow.astimezone(UTC), Trouble.LIMIT


def count_unlimited(messages: Iterable[Message]) -> None:
    """Count those of them that no limit holds, before they are taken in hand."""
    for network, texts in _texts(messages).items():
        free = sum(1 for text in texts if _limit(CATALOGUE[text.template], network) is None)
        if free:
            _count(network, _today(network), most=None, texts=free)


def uncount(messages: Iterable[Message]) -> None:
    """Take these off the count again: they were handed back untried."""
    for network, texts in _texts(messages).items():
        row = TextsOfDay.objects.filter(network=network, day=_today(network), texts__gte=len(texts))
        row.update(texts=F("texts") - len(texts))


def forget_days() -> int:
    """Drop the counts of days that are long over; returns how many."""
    return TextsOfDay.objects.filter(day__lt=(clock.now() - timedelta(days=90)).date()).delete()[0]


def _texts(messages: Iterable[Message]) -> dict[Network, list[Message]]:
    """Those that count, by their network."""
    found: dict[Network, list[Message]] = {}
    for message in messages:
        if message.template in CATALOGUE and _is_counted(message):
            found.setdefault(message.network, []).append(message)
    return found


def _is_counted(message: Message) -> bool:
    return message.kind == "phone" and not message.attempts


def _today(network: Network) -> date:
    return clock.now().astimezone(network.zone).date()


def _limit(spec: Template, network: Network) -> int | None:
    """The most texts of a day that this one may be among; None where no limit holds it."""
    return None if spec.priority == URGENT or spec.answers else network.policy.most_texts_day


def _count(network: Network, day: date, *, most: int | None, texts: int = 1) -> bool:
    """Count one text, or several without a limit; False, uncounted, where the day is full.

    The first time that happens goes on record.
    """
    mine = TextsOfDay.objects.filter(network=network, day=day)
    room = mine if most is None else mine.filter(texts__lt=most)
    if room.update(texts=F("texts") + texts):
        return True
    # The first of the day, or one too many.
    row, _ = TextsOfDay.objects.get_or_create(network=network, day=day)
    if room.update(texts=F("texts") + texts):
        return True
    if mine.filter(full_at__isnull=True).update(full_at=clock.now()):
        record(row, "texts_used_up", by=By.PROGRAM, most=most)
        bus.publish(TextsUsedUp(network=network.pk, day=row.pk))
    return False
