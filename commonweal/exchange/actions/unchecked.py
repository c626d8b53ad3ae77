"""Taking in an ask that a machine may have written: nobody is asked for it before a person has looked."""

from django.db import transaction

from commonweal.base.eventlog import By
from commonweal.exchange.actions.asks import PublishedAsk, publish_ask
from commonweal.exchange.actions.desk import send_to_desk
from commonweal.exchange.drafts import AskDraft
from commonweal.exchange.models import Ask
from commonweal.networks.models import Network

#: The source of an ask that came in a rush, or filled in what no person sees.
UNCHECKED = "web_rush"


@transaction.atomic
def publish_unchecked(*, network: Network, draft: AskDraft, source_key: str = "") -> PublishedAsk:
    """Take it in like any other, and put it to the desk at once instead of searching for somebody.

    A form that was sent before, in calmer times, stays the ask that it became then.
    """
    known = (
        Ask.objects.filter(network=network, source="web", source_key=source_key).first()
        if source_key
        else None
    )
    if known:
        return PublishedAsk(ask=known, token=known.token_box)
    published = publish_ask(network=network, draft=draft, source=UNCHECKED, source_key=source_key)
    send_to_desk(ask=published.ask, said_by=By.PROGRAM)
    return published
