"""The people of the tests: Alma and Ben belong to Harbor, Cleo to Hills."""

from django.test import Client

from commonweal.members import queries, sessions
from commonweal.members.actions import join, keep_sign_in
from commonweal.members.contacts import EMAIL, PHONE, Contact
from commonweal.members.models import ContactPoint, Member
from commonweal.networks.models import Network

ALMA = Contact(kind=EMAIL, value="alma@example.org")
BEN = Contact(kind=PHONE, value="+14105550123")
CLEO = Contact(kind=EMAIL, value="cleo@example.org")
HERE = "203.0.113.9"


def alma(network: Network) -> Member:
    """A member who is reached by e-mail."""
    return join(network=network, name="Alma", contact=ALMA, languages=["en", "es"])


def ben(network: Network) -> Member:
    """A member who is reached by phone."""
    return join(network=network, name="Ben", contact=BEN, languages=["en"])


def cleo(network: Network) -> Member:
    """A member of the other network."""
    return join(network=network, name="Cleo", contact=CLEO, languages=["en"])


def reach(member: Member) -> ContactPoint:
    """Where messages to somebody go who can be reached."""
    point = queries.reach_of(member)
    assert point is not None
    return point


def sign_in(client: Client, member: Member) -> None:
    """Make a test's browser the member's, as if they had typed a code."""
    session = client.session
    session[sessions.MEMBER], session[sessions.NETWORK] = member.pk.hex, member.network_id.hex
    kept = keep_sign_in(member=member, place=None, user_agent="")
    session[sessions.PLACE] = kept.pk.hex
    session.save()
