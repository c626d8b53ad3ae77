"""What the frame does in the background."""

from datetime import timedelta

from commonweal.base.schedule import every
from commonweal.web.threat import shortening


@every(timedelta(minutes=10), name="web.keep_less", wanted=shortening.is_anywhere)
def keep_less() -> None:
    """In worse times, erase what has served its purpose within minutes instead of at night."""
    for network in shortening.threatened():
        shortening.shorten(network=network)
    shortening.erase_now()
