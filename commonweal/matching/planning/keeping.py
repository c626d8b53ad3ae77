"""Keeping plans: made where they are due, and mended where something has happened, until it is quiet for a while."""

import time
from collections.abc import Callable

from commonweal.base import clock
from commonweal.matching.models import Plan, PlanChange
from commonweal.matching.planning.due import due_networks, networks_with_news
from commonweal.matching.planning.following import Engine, Follower
from commonweal.matching.planning.making import make_plan
from commonweal.networks.models import Network

# Seconds between two looks, and until it ends where nothing happens. It rests nine times as long as mending took; whole
# plans are made seldom enough by themselves (`due`).
PAUSE, PATIENCE, IDLE = 1.0, 9.0, 120.0
# So many plans are held ready; each takes a process with the engine in it.
MOST_HELD = 2


class Keeper:
    """Makes and mends the plans of all networks of this machine."""

    def __init__(self, start: Callable[[], Engine]) -> None:
        self._start = start
        self._held: dict[object, Follower] = {}

    def keep(
        self,
        *,
        goes_on: Callable[[], bool],
        rest: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Go on until ``goes_on`` says no or two minutes have been quiet. Raises NoEngine."""
        quiet_since = now()
        try:
            while goes_on() and now() - quiet_since < IDLE:
                made, changes = self.make_due(), self.mend()
                if made or changes:
                    quiet_since = now()
                rest(max(PAUSE, PATIENCE * sum(change.seconds for change in changes)))
        finally:
            self.close()

    def make_due(self) -> int:
        """Make the plans that are due; returns how many they are. Raises NoEngine."""
        due = due_networks(clock.now())
        for network in due:
            self._drop(network.pk)
            make_plan(network=network, at=clock.now())
        return len(due)

    def mend(self) -> list[PlanChange]:
        """Answer all that has happened; returns the changes of plans that it came to. Raises NoEngine."""
        news = networks_with_news(clock.now())
        answers = (self._follower(network).follow(at=clock.now()) for network in news)
        return [change for change in answers if change is not None]

    def close(self) -> None:
        """Let all engines go."""
        for key in list(self._held):
            self._drop(key)

    def _follower(self, network: Network) -> Follower:
        """Who has the newest plan of a network in hand; whoever has not been needed for longest makes room."""
        newest = Plan.objects.filter(network=network).order_by("-made_at", "-id")
        held = self._held.get(network.pk)
        if held is None or held.plan.pk != newest.values_list("pk", flat=True)[0]:
            self._drop(network.pk)
            while len(self._held) >= MOST_HELD:
                self._drop(next(iter(self._held)))
            held = Follower.of(newest.select_related("network")[0], self._start())
        else:
            del self._held[network.pk]
        self._held[network.pk] = held
        return held

    def _drop(self, key: object) -> None:
        if key in self._held:
            self._held.pop(key).close()
