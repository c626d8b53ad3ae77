"""What keeps a message that is due waiting: the night, for what nobody asked for, and the day's number of texts."""

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

    Called while the message is locked; a text message that may go is counted in the same transaction.
    """
    spec, now = CATALOGUE.get(message.template), clock.now()
    if spec is None:
        return None
    policy, zone = message.network.policy, message.network.zone
    if spec.by_day:
        morning = quiet_until(now, starts=policy.quiet_from, ends=policy.quiet_until, zone=zone)
        if morning > now:
            return morning, ""
    if message.kind != "phone" or message.attempts:
        return None
    today = now.astimezone(zone).date()
    if _count(message.network, today, most=_limit(spec, message.network)):
        return None
    tomorrow = datetime.combine(today + timedelta(days=1), time(policy.quiet_until), tzinfo=zone)
    return tomorrow.astimezone(UTC), Trouble.LIMIT


def forget_days() -> int:
    """Drop the counts of days that are long over; returns how many."""
    return TextsOfDay.objects.filter(day__lt=(clock.now() - timedelta(days=90)).date()).delete()[0]


def _limit(spec: Template, network: Network) -> int | None:
    """The most texts of a day that this one may be among; None where no limit holds it."""
    return None if spec.priority == URGENT or spec.answers else network.policy.most_texts_day


def _count(network: Network, day: date, *, most: int | None) -> bool:
    """Count one text; False, uncounted, where the day is full. The first time that happens goes on record."""
    mine = TextsOfDay.objects.filter(network=network, day=day)
    room = mine if most is None else mine.filter(texts__lt=most)
    if room.update(texts=F("texts") + 1):
        return True
    # The first of the day, or one too many.
    row, _ = TextsOfDay.objects.get_or_create(network=network, day=day)
    if room.update(texts=F("texts") + 1):
        return True
    if mine.filter(full_at__isnull=True).update(full_at=clock.now()):
        record(row, "texts_used_up", by=By.PROGRAM, most=most)
        bus.publish(TextsUsedUp(network=network.pk, day=row.pk))
    return False
