"""Text messages onto the screens of made-up phones; every other number is printed where the program was started."""

from commonweal.channels.console.channel import Channel as Console
from commonweal.channels.simulator.actions import keep_sent
from commonweal.channels.simulator.numbers import is_fictional
from commonweal.messaging.port import OutgoingMessage


class Channel:
    """The embedded default for phones. What goes to a number that may be somebody's is stored nowhere here."""

    kinds = frozenset({"phone"})

    def __init__(self) -> None:
        self._console = Console()

    def send(self, message: OutgoingMessage) -> str:
        """Put it on the screen of its phone, once however often it is tried; the receipt is our own id."""
        if message.network and is_fictional(message.to.value):
            keep_sent(
                network=message.network,
                number=message.to.value,
                key=str(message.id),
                text=message.written.text,
            )
        self._console.send(message)
        return str(message.id)

    def close(self) -> None:
        """Nothing is kept open."""
