"""The engine's own process: it stays for many requests, and whoever loses it goes on with the next."""

import os
import signal
from datetime import timedelta

import pytest

from commonweal.base import clock
from commonweal.base.tests.site import is_alive, wait_until
from commonweal.base.tests.test_serve import children
from commonweal.exchange.tests.cast import MONDAY, found_town
from commonweal.exchange.tests.test_races import at_once
from commonweal.matching.errors import NoEngine
from commonweal.matching.models import Plan, PlanChange
from commonweal.matching.planning import making
from commonweal.matching.planning.following import Follower
from commonweal.matching.planning.known import newest_plan
from commonweal.matching.planning.making import make_plan, replayed
from commonweal.matching.solving.framing import framed, next_frame
from commonweal.matching.solving.messages import packed
from commonweal.matching.solving.running import EngineProcess
from commonweal.matching.solving.work import answer
from commonweal.matching.tests.engine import AtHand

NEAR = (15731, -24515)
WEEK = {"starts_at": MONDAY, "ends_at": MONDAY + timedelta(days=7)}
MINUTE = timedelta(minutes=1)
# Seconds, where no test before has had the engine compiled.
COMPILING = 240


class Pipe:
    """What came, as a pipe gives it."""

    def __init__(self, content):
        self._content = content

    def read(self, size):
        """At most so many bytes."""
        came, self._content = self._content[:size], self._content[size:]
        return came


def test_messages_follow_one_another():
    pipe = Pipe(framed(b"one") + framed(b"") + framed(b"three"))
    assert [next_frame(pipe) for _ in range(4)] == [b"one", b"", b"three", None]


@pytest.mark.parametrize("broken", [b"\0\0", b"\xff" * 8, framed(b"whole")[:-1]])
def test_what_is_no_message_is_refused(broken):
    with pytest.raises((ValueError, EOFError)):
        next_frame(Pipe(broken))


def test_nothing_is_mended_before_a_plan_is_opened():
    with pytest.raises(ValueError, match="no plan has been opened"):
        answer(packed({"kind.json": "mend"}))


def offered(monkeypatch):
    """Rosa offers, a plan is made, and a minute later somebody asks."""
    monkeypatch.setattr(making, "run", answer)
    monkeypatch.setattr(making, "EngineProcess", AtHand)
    town = found_town()
    town.offer(town.rosa, cell=NEAR, radius_m=9000)
    return town, make_plan(network=town.network, at=MONDAY)


def test_a_process_that_is_killed_is_followed_by_the_next_without_loss(db, monkeypatch, caplog):
    """The real process, twice: the second takes up what the first had answered, to the byte."""
    with clock.frozen(MONDAY) as hand:
        town, plan = offered(monkeypatch)
        first = EngineProcess()
        follower = Follower.of(plan, first)
        hand.advance(MINUTE)
        asks = [town.ask(**WEEK)]
        follower.follow(at=MONDAY + MINUTE)
        os.kill(first.pid, signal.SIGKILL)
        hand.advance(MINUTE)
        asks.append(town.ask(**WEEK))
        with pytest.raises(NoEngine):
            follower.follow(at=MONDAY + 2 * MINUTE)
        assert "ended with code -9" in caplog.text
        follower.close()
        with EngineProcess() as second:
            Follower.of(Plan.objects.get(), second).follow(at=MONDAY + 2 * MINUTE)
        known = newest_plan(town.network, at=MONDAY + 2 * MINUTE)
        assert [known.for_ask(ask.pk) for ask in asks] == [(town.rosa.pk,)] * 2
        assert list(replayed(plan)) == [True, True, True]


def test_of_processes_that_follow_one_plan_in_one_moment_one_writes(shared_database, monkeypatch):
    with clock.frozen(MONDAY) as hand:
        town, plan = offered(monkeypatch)
        followers = [Follower.of(plan, AtHand()) for _ in range(4)]
        hand.advance(MINUTE)
        ask = town.ask(**WEEK)
        at = MONDAY + MINUTE
        assert at_once(*(lambda one=one: one.follow(at=at) for one in followers)) == {
            "PlanChange": 1,
            "NoEngine": 3,
        }
        assert [change.number for change in PlanChange.objects.all()] == [1]
        assert newest_plan(town.network, at=at).for_ask(ask.pk) == (town.rosa.pk,)
        assert all(replayed(plan))


TOWN = """
from commonweal.exchange.tests.cast import found_town
town = found_town()
town.offer(town.rosa, radius_m=9000)
"""
ASK = """
from datetime import timedelta
from commonweal.base import clock
from commonweal.exchange.actions import publish_ask
from commonweal.exchange.drafts import AskDraft
from commonweal.networks.models import Category, Network
network, now = Network.objects.get(), clock.now()
category = Category.objects.get(network=network, slug="groceries").pk
publish_ask(network=network, draft=AskDraft(
    category=category, cell=(15731, -24515), contact_kind="email", contact="amina@example.org",
    starts_at=now + timedelta(hours=1), ends_at=now + timedelta(days=6)))
"""


def test_whoever_is_killed_the_plan_is_kept_up_by_the_next(site):
    """Real processes on a real database: the follower is killed, its engine ends with it, and the next goes on."""
    site.python(TOWN + ASK)
    plans, changes = (
        "SELECT met FROM matching_plan",
        "SELECT number, met FROM matching_planchange ORDER BY number",
    )
    first = site.start("plan", "--follow")
    wait_until(lambda: site.rows(plans) == [(1,)], COMPILING)
    site.python(ASK)
    wait_until(lambda: site.rows(changes) == [(1, 2)], COMPILING)
    [engine] = children(first.pid)
    first.kill()
    first.wait()
    wait_until(lambda: not is_alive(engine))
    site.python(ASK)
    site.start("plan", "--follow")
    wait_until(lambda: site.rows(changes) == [(1, 2), (2, 3)], COMPILING)
