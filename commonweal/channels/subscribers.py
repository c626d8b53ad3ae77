"""What this room tells the outbox when the program starts."""

from commonweal.channels.routing import routes_of
from commonweal.messaging.port import use_router

use_router(routes_of)
