"""Which of a network's channels carries a message, and how it is with each of them."""

from collections.abc import Callable
from datetime import timedelta

from commonweal.base import clock
from commonweal.channels import health
from commonweal.channels.adapters import adapters
from commonweal.channels.models import BAD_FROM, ChannelSetup
from commonweal.messaging.errors import RetryableFailure
from commonweal.messaging.port import Channel, OutgoingMessage, Route
from commonweal.networks.models import Network

# One that is broken comes last for so long after each failure; then it is tried first again.
REST = timedelta(minutes=5)


class Watched:
    """A channel of one setup, whose successes and failures are noted down with it.

    It is opened at its first message: keys that can't be read keep back what it should carry, and nothing else.
    """

    def __init__(self, setup: ChannelSetup, open_it: Callable[[], Channel]) -> None:
        self.kinds = frozenset(setup.carries)
        self._setup, self._open = setup, open_it
        self._channel: Channel | None = None
        self._went_well = False

    def send(self, message: OutgoingMessage) -> str:
        """Send it; what fails on the other side's part is noted at once, what goes well at the end of the round."""
        self._channel = self._channel or self._open()
        try:
            receipt = self._channel.send(message)
        except RetryableFailure as failure:
            health.note_failure(self._setup, str(failure))
            self._went_well = False
            raise
        if self._setup.failures_in_row:
            health.note_success(self._setup)
        self._went_well = True
        return receipt

    def close(self) -> None:
        """Note that it went well, and let go."""
        if self._went_well:
            health.note_success(self._setup)
            self._went_well = False
        if self._channel is not None:
            self._channel.close()


def routes_of(network: Network, kind: str) -> tuple[Route, ...] | None:
    """The network's own channels for a kind of address, those that are broken last.

    None where it has set up none for it, so that the installation's own serves; none at all where it has and switched
    every one off: what is meant for real people's phones must not end on the console.
    """
    rows = ChannelSetup.objects.filter(network=network).defer("credentials", "token")
    setups = [setup for setup in rows if kind in setup.carries]
    if not setups:
        return None
    usable = [setup for setup in setups if setup.is_on and setup.adapter in adapters()]
    return tuple(_route(setup) for setup in sorted(usable, key=_rests))


def _rests(setup: ChannelSetup) -> bool:
    recently = setup.failed_at is not None and setup.failed_at > clock.now() - REST
    return recently and setup.failures_in_row >= BAD_FROM


def _route(setup: ChannelSetup) -> Route:
    make = adapters()[setup.adapter].channel
    if make is None:
        raise TypeError(f"{setup.adapter} carries nothing out")
    return Route(key=setup.key, channel=Watched(setup, lambda: make(_whole(setup))))


def _whole(setup: ChannelSetup) -> ChannelSetup:
    """The same with its keys; raises crypto.Unreadable."""
    return ChannelSetup.objects.select_related("network").get(network_id=setup.network_id, pk=setup.pk)
