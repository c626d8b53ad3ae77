"""What is done with an e-mail that came in, by whichever door."""

import hashlib

from commonweal.channels.email_in.parsing import read_mail
from commonweal.channels.models import ChannelSetup
from commonweal.intake.actions import receive
from commonweal.members.contacts import EMAIL, ContactUnclear, read_contact
from commonweal.messaging.actions import note_delivery
from commonweal.messaging.queries import message_to

KEY = "email"


class NoSender(Exception):
    """It names nobody who could have written it; keeping it would serve nobody."""


def take_mail(setup: ChannelSetup, raw: bytes) -> None:
    """Store an e-mail, or note what became of a letter of ours. The same one twice is one. Raises NoSender.

    It is proven to be from who it says when it answers a letter of ours to this very address, or when our own mail
    server vouches for it.
    """
    mail = read_mail(raw, setup.options.get("vouching_server", ""))
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
    answered = message_to(setup.network, sender, receipts=mail.answers)
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
        proven=mail.vouched or answered is not None,
        answers=answered.about_id if answered else None,
    )


def fingerprint(message_id: str) -> str:
    """By which a mail is known again. Its own id names the sender's computer, and often the sender."""
    return hashlib.sha256(message_id.encode()).hexdigest()
