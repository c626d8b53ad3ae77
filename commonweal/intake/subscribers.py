"""What intake does about news from the rooms below."""

from commonweal.base.bus import subscribe
from commonweal.exchange.events import AskErased
from commonweal.intake.actions.forgetting import forget_messages_of


@subscribe(AskErased)
def forget_what_was_written(news: AskErased) -> None:
    """An asker wants their ask gone: what they wrote to us about it goes too."""
    forget_messages_of(network_id=news.network, ask=news.ask)
