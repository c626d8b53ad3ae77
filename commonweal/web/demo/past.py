"""Ordinary weeks: asks come by chance, from a fixed seed, and a person on shift looks after what nobody answered."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.exchange.actions import call_note, search_again, withdraw_ask
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Ask, CallNote
from commonweal.web.demo.people import PAST, PAST_ASKS
from commonweal.web.demo.town import Town, publish

DAYS = 21
ROUNDS = (7, 10, 13, 16, 19)
# From so long before the end on only the scenes ask for anything, so that nothing is left over.
QUIET = timedelta(hours=40)


def rounds(town: Town, ends_at: datetime) -> Iterator[datetime]:
    """Five times a day, by the network's clock, until just before the end."""
    day = (ends_at - timedelta(days=DAYS)).astimezone(town.network.zone).date()
    for number in range(DAYS + 1):
        for hour in ROUNDS:
            at = datetime.combine(day + timedelta(days=number), time(hour), town.network.zone)
            if clock.now() < at < ends_at:
                yield at


def go_round(town: Town, ends_at: datetime) -> None:
    """One round: some ask for something, and the desk is looked after."""
    _look_after_the_desk(town)
    left = ends_at - QUIET - clock.now()
    if left > timedelta(0):
        for _ in range(_asking(town, left)):
            _ask(town)


def _asking(town: Town, left: timedelta) -> int:
    """How many ask in this round, so that all of them will have asked in the end."""
    to_come = PAST_ASKS - Ask.objects.filter(network=town.network, summary="").count()
    rounds_left = left / timedelta(days=1) * len(ROUNDS)
    return min(to_come, round(to_come / max(rounds_left, 1) + town.chance.random() - 0.5))


def _ask(town: Town) -> None:
    category, people, words, called = town.chance.choice(PAST)
    starts = clock.now() + timedelta(hours=town.chance.choice([3, 6, 20, 26]))
    publish(
        town, category, people=people, words=words, called=called, starts_at=starts,
        ends_at=starts + timedelta(hours=town.chance.choice([6, 24, 48])),
    )  # fmt: skip


def _look_after_the_desk(town: Town) -> None:
    """A person on shift calls: it may be at another time; who is called again has found help elsewhere."""
    asks = Ask.objects.filter(network=town.network, desk_at__isnull=False).select_related("network")
    for ask in asks.order_by("desk_at", "id"):
        if town.manners_of(ask):
            continue
        noted = CallNote.objects.filter(network=town.network, ask=ask).exists()
        if ask.state == State.DESK and not noted:
            call_note(ask=ask, dispatcher=town.dispatcher, text="Called. Any day this week would do.")
            search_again(ask=ask, dispatcher=town.dispatcher)
        else:
            withdraw_ask(ask=ask, said_by=By.DISPATCHER, why="found_help", actor=town.dispatcher.pk)
