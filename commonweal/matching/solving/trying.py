"""Whether the engine can run on this machine."""

from commonweal.algorithms.matching.instance import Asks, Helpers, Instance
from commonweal.matching.solving.messages import request_of
from commonweal.matching.solving.running import run
from commonweal.networks.policy import Policy


def try_engine() -> None:
    """Ask for the plan of one ask and one helper. Raises NoEngine."""
    pair = Instance.of(Asks.of(1, lat=0.0, lon=0.0), Helpers.of(1, lat=0.0, lon=0.0, categories=1, person=0))
    run(request_of("plan", pair, policy=Policy(), seed=0))
