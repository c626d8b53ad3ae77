"""What this room tells the outbox when the program starts, and what it listens to."""

from commonweal.base.bus import subscribe
from commonweal.channels import tasks
from commonweal.channels.events import ChannelTried
from commonweal.channels.routing import routes_of
from commonweal.messaging.port import use_router

use_router(routes_of)


@subscribe(ChannelTried, at_once=True)
def try_channel(event: ChannelTried) -> None:
    """Have it tried out in the background: no page waits for somebody else's server."""
    tasks.try_channel.enqueue(
        str(event.network), str(event.setup), str(event.member), event.send, event.language
    )
