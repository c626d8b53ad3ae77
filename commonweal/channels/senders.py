"""Who wrote or called: numbers as providers write them."""

from commonweal.members.contacts import PHONE, Contact, ContactUnclear, read_contact
from commonweal.networks.models import Network

LONGEST = 40
# What providers put in the place of a number that a caller keeps to themselves (the last spells it in digits).
WITHHELD = {
    "",
    "anonymous",
    "restricted",
    "unknown",
    "unavailable",
    "private",
    "blocked",
    "+266696687",
    "266696687",
}


def phone_sender(network: Network, raw: str) -> tuple[Contact, bool]:
    """Whose number this is, and whether somebody can be written to there.

    A short code or a name instead of a number is kept as it came; a number that is withheld is an empty one.
    """
    text = " ".join(raw.split())[:LONGEST]
    if text.lower() in WITHHELD:
        return Contact(kind=PHONE, value=""), False
    try:
        return read_contact(text, network.country), True
    except ContactUnclear:
        return Contact(kind=PHONE, value=text), False
