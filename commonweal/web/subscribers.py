"""What the frame does about news from the rooms below."""

from commonweal.base.bus import subscribe
from commonweal.networks.events import ThreatBegan
from commonweal.web.threat import shortening


@subscribe(ThreatBegan)
def keep_less(news: ThreatBegan) -> None:
    """Worse times have begun: what only waits for its days to pass goes now."""
    shortening.shorten(network=news.network)
    shortening.erase_now()
