"""A worker that is killed at every step, and started again: the child process of ``test_killed``.

Each round has numbers of its own. Its story is told by a process that is killed, with SIGKILL, just before its n-th
step: a statement that writes, a commit, a hand-over to the provider, an answer to the door. Then another process goes
on, as a restart would, and the round is looked over. The rounds end when a process comes through without reaching its
step.
"""

import json
import os
import signal
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from commonweal.base import clock
from commonweal.base.models import Event
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import MONDAY, Town, found_town
from commonweal.intake.actions import receive
from commonweal.intake.actions.conversing import converse_due
from commonweal.intake.conversations import turning
from commonweal.intake.models import Inbound
from commonweal.intake.tests import talking
from commonweal.members.actions import join
from commonweal.members.contacts import Contact
from commonweal.members.queries import contact_points, member_for_contact
from commonweal.messaging.models import Message
from commonweal.messaging.port import OutgoingMessage
from commonweal.messaging.sending import send_due
from commonweal.networks.models import Network

LATER = timedelta(minutes=10)  # any lease has run out by then
FOLDER = Path(os.environ.get("COMMONWEAL_DATA", "."))
SENT, TAKEN = FOLDER / "provider.txt", FOLDER / "acknowledged.txt"
WRITES = ("INSERT", "UPDATE", "DELETE")


class Steps:
    """Counts the steps of this process, and ends it before one of them."""

    def __init__(self, deadly: int) -> None:
        self.count, self.deadly = 0, deadly

    def step(self) -> None:
        """One step is about to be taken."""
        self.count += 1
        if self.count == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    def around_statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """A wrapper around every statement."""
        if sql.lstrip("( ").upper().startswith(WRITES):
            self.step()
        return execute(sql, params, many, context)


steps = Steps(0)


class Provider:
    """Takes messages as a provider does: what it has said yes to stands in a file."""

    kinds = frozenset({"phone", "email"})

    def send(self, message: OutgoingMessage) -> str:
        """Take it; the process may die before and after."""
        steps.step()
        _note(SENT, f"{message.to.value} {message.id} {message.template}")
        steps.step()
        return str(message.id)

    def close(self) -> None:
        """Nothing is kept open."""


def _note(path: Path, line: str) -> None:
    with path.open("a") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def _lines(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def story(number: int) -> list[tuple[str, str]]:
    """Who sends what in a round: somebody asks, a helper says yes, somebody wants no messages."""
    asker, helper, other = (f"+1410{kind}{number:04}" for kind in ("201", "202", "203"))
    return [
        (asker, "food for 4 in Abell today"),
        (asker, "yes"),
        (helper, "1"),
        (other, "STOP"),
        (asker, "status"),
    ]


def prepare(town: Town, number: int) -> None:
    """Somebody is invited, and everything that is due has been sent."""
    contact = Contact(kind="phone", value=story(number)[2][0])
    helper = join(network=town.network, name="Noor", contact=contact, languages=("en",))
    town.invited(town.ask(contact="", contact_kind=""), helper)
    while send_due():
        pass


def tell(network: Network, number: int) -> None:
    """The provider hands over what was not acknowledged yet; the worker does what is due."""
    acknowledged = {line[0] for line in _lines(TAKEN)}
    for place, (sender, text) in enumerate(story(number)):
        provider_id = f"{number}-{place}"
        if provider_id not in acknowledged:
            receive(
                network=network,
                channel="test",
                provider_id=provider_id,
                sender=Contact(kind="phone", value=sender),
                text=text,
                at=clock.now() - timedelta(seconds=10 - place),
            )
            steps.step()
            _note(TAKEN, provider_id)
    while converse_due():
        pass
    while send_due():
        pass


def look_over(network: Network, number: int) -> list[str]:
    """What is wrong after a round; nothing, if all is well."""
    asker, helper, other = (story(number)[place][0] for place in (0, 2, 3))
    wrong = []
    inbound = Inbound.objects.filter(network=network, provider_id__startswith=f"{number}-")
    if inbound.count() != len(story(number)) or inbound.exclude(due_at=None).exists():
        wrong.append(f"inbound: {Counter(inbound.values_list('state', flat=True))}")
    asks = [ask for ask in Ask.objects.filter(network=network, source="sms") if ask.contact == asker]
    published = Event.objects.filter(network=network, verb="published", thing_id__in=[ask.pk for ask in asks])
    if len(asks) != 1 or published.count() != 1:
        wrong.append(f"asks: {len(asks)}, published {published.count()}")
    matches = Match.objects.filter(network=network, member__contact_points__in=_points(network, helper))
    accepted = Event.objects.filter(network=network, verb="accepted", thing_id__in=matches.values("ask_id"))
    if [match.state for match in matches] != ["accepted"] or accepted.count() != 1:
        wrong.append(f"matches: {[match.state for match in matches]}, accepted {accepted.count()}")
    due = Message.objects.filter(network=network, due_at__lte=clock.now())
    if due.exists():
        wrong.append(f"not sent: {list(due.values_list('template', 'state'))}")
    return wrong + _heard_twice({asker, helper, other}, _expected(asker, helper, other))


def _points(network: Network, number: str) -> list[Any]:
    member = member_for_contact(network, Contact(kind="phone", value=number))
    return [point.pk for point in contact_points(member)] if member else []


def _expected(asker: str, helper: str, other: str) -> Counter[tuple[str, str]]:
    texts = [(asker, "say_read_back"), (asker, "ask_received"), (asker, "say_status"), (helper, "invitation")]
    return Counter([*texts, (helper, "agreed_helper"), (other, "stopped")])


def _heard_twice(numbers: set[str], expected: Counter[tuple[str, str]]) -> list[str]:
    """What each person got, once for each id: by the id a provider drops the second copy."""
    got = {(to, key, template) for to, key, template in _lines(SENT) if to in numbers}
    counted = Counter((to, template) for to, _key, template in got)
    return (
        [] if counted == expected else [f"got {counted - expected} too much, {expected - counted} too little"]
    )


def in_a_child(work: Any) -> tuple[bool, Any]:
    """Do something in a process of its own; whether it was killed, and what it said."""
    connections.close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        said = work()
        connections.close_all()
        os.write(writer, json.dumps(said).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        said = file.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True, None
    return False, json.loads(said) if said else "the process failed"


def run(first: int, stride: int) -> dict[str, Any]:
    """Every ``stride``-th step from ``first`` on; returns how many rounds there were, and what was wrong in which."""
    turning.read_message = talking.read_message  # type: ignore[attr-defined]
    settings.COMMONWEAL_CHANNELS = dict.fromkeys(("phone", "email"), f"{__name__}.Provider")
    commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]

    def counted_commit(self: BaseDatabaseWrapper) -> Any:
        steps.step()
        return commit(self)

    BaseDatabaseWrapper._commit = counted_commit  # type: ignore[attr-defined]
    with clock.frozen(MONDAY):
        town = found_town()

    wrong: dict[int, Any] = {}
    number, rounds = first, 0
    while True:
        killed, said = in_a_child(partial(_killed, town, number))
        rounds += 1
        _again, found = in_a_child(partial(_restarted, town.network, number))
        if found or (not killed and said is not True):
            wrong[number] = [found, said]
        if not killed:
            return {"rounds": rounds, "wrong": wrong}
        number += stride


def _killed(town: Town, number: int) -> bool:
    with clock.frozen(MONDAY):
        prepare(town, number)
        steps.count, steps.deadly = 0, number
        with connection.execute_wrapper(steps.around_statement):
            tell(town.network, number)
    return True


def _restarted(network: Network, number: int) -> list[str]:
    with clock.frozen(MONDAY + LATER):
        tell(network, number)
        return look_over(network, number)
