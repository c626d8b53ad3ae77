"""The list of those who want no messages."""

from commonweal.base import clock, crypto
from commonweal.base.eventlog import By, record
from commonweal.members.contacts import Contact
from commonweal.messaging.models import Stop
from commonweal.networks.models import Network

LONGEST_WORDS = 160


def put_on_stop_list(*, network: Network, contact: Contact, words: str) -> Stop | None:
    """Put a contact on the list, in the caller's transaction; None where it is on it already."""
    stop = Stop(network=network, kind=contact.kind, contact=contact.value, words=words[:LONGEST_WORDS])
    Stop.objects.bulk_create([stop], ignore_conflicts=True)
    index = crypto.blind_index(contact.value, "contact")
    if not Stop.objects.filter(network=network, contact_index=index, pk=stop.pk).exists():
        return None
    record(stop, "stopped", by=By.MEMBER)
    return stop


def forget_words() -> int:
    """Forget by which words somebody stopped; that they did is kept. Returns how many were forgotten."""
    done = 0
    for network in Network.objects.order_by("pk"):
        old = Stop.objects.filter(network=network, at__lte=clock.now() - network.policy.span("erase_days"))
        done += old.exclude(words="").update(words="")
    return done
