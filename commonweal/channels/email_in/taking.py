"""What is done with an e-mail that came in, by whichever door."""

import hashlib

from commonweal.channels.email_in.parsing import read_mail
from commonweal.channels.models import ChannelSetup
from commonweal.intake.actions import receive
from commonweal.members.contacts import EMAIL, ContactUnclear, read_contact
from commonweal.messaging.actions import note_delivery

KEY = "email"


class NoSender(Exception):
    """It names nobody who could have written it; keeping it would serve nobody."""


def take_mail(setup: ChannelSetup, raw: bytes) -> None:
    """Store an e-mail, or note what became of a letter of ours. The same one twice is one. Raises NoSender."""
    mail = read_mail(raw)
    if mail.bounce:
        note_delivery(
            network=setup.network,
            receipt=mail.bounce.receipt,
            arrived=mail.bounce.arrived,
            detail=mail.bounce.status,
        )
        return
    try:
        sender = read_contact(mail.sender, setup.network.country)
    except ContactUnclear:
        raise NoSender from None
    if sender.kind != EMAIL:
        raise NoSender
    receive(
        network=setup.network,
        channel=KEY,
        provider_id=fingerprint(mail.message_id),
        sender=sender,
        ours=mail.to,
        subject=mail.subject,
        text=mail.text or mail.subject,
        media=mail.media,
        sort="email",
        automatic=mail.automatic,
    )


def fingerprint(message_id: str) -> str:
    """By which a mail is known again. Its own id names the sender's computer, and often the sender."""
    return hashlib.sha256(message_id.encode()).hexdigest()
