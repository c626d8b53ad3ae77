"""Sending somebody their private link once more."""

from django.db import transaction

from commonweal.base import clock
from commonweal.base.crypto import blind_index
from commonweal.base.eventlog import By, record
from commonweal.exchange import notices
from commonweal.exchange.models import Ask
from commonweal.members.contacts import Contact
from commonweal.networks.models import Network


@transaction.atomic
def send_link(*, network: Network, code: str, contact: Contact) -> bool:
    """Send the private link of the ask with this code (as stored) to ``contact``, if that is what was given with it.

    At most once an hour for one ask. Returns whether the two belong together, which is nobody's business but the
    log's: a page answers the same either way.
    """
    asks = Ask.objects.select_related("network", "category", "area", "by")
    ask = asks.filter(network=network, code=code, contact_index=blind_index(contact.value, "contact")).first()
    if ask is None or not ask.token_box:
        return False
    record(ask, "link_sent", by=By.ASKER)
    notices.link_again(ask, occasion=f"{clock.now():%y%m%d%H}")
    return True
