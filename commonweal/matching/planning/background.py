"""Plans are kept beside the worker, by ``commonweal plan --follow``."""

from commonweal.base import clock
from commonweal.matching.beside import Beside
from commonweal.matching.planning.due import due_networks, networks_with_news

keeper = Beside("plan", "--follow")


def planning_is_wanted() -> bool:
    """Whether something is to be planned for and no process of this worker is at it."""
    at = clock.now()
    return not keeper.is_busy and bool(networks_with_news(at) or due_networks(at))
