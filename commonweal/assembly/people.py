"""Reading people from a command line: ``jo@example.org``, ``+14105550123`` or ``Jo <jo@example.org>``."""

import re

from commonweal.members.actions import join
from commonweal.members.contacts import EMAIL, Contact, read_contact
from commonweal.members.models import Member
from commonweal.members.queries import member_for_contact
from commonweal.networks.models import Network

NAMED = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<contact>[^<>]+)>\s*\Z")


def read_person(typed: str, country: str) -> tuple[str, Contact]:
    """A name (empty where none is said) and a contact; raises ContactUnclear."""
    match = NAMED.match(typed)
    name, contact = (match["name"], match["contact"]) if match else ("", typed)
    return name, read_contact(contact, country)


def member_called(network: Network, typed: str) -> Member:
    """The member with this contact, who joins here and now if there is none. Raises ContactUnclear.

    Whoever keeps the machine vouches for the contact; to come in, its owner types a code all the same.
    """
    name, contact = read_person(typed, network.country)
    known = member_for_contact(network, contact)
    if known:
        return known
    fallback = contact.value.partition("@")[0] if contact.kind == EMAIL else contact.shown
    return join(network=network, name=name or fallback, contact=contact, languages=network.languages[:1])
