"""What channels do in the background."""

import uuid
from datetime import timedelta

from django_tasks import task

from commonweal.base.schedule import every
from commonweal.channels import trying
from commonweal.channels.email_in import mailbox
from commonweal.channels.simulator import actions as simulator
from commonweal.channels.sms_twilio import recordings


@every(timedelta(seconds=5), name="channels.recordings", wanted=recordings.recordings_are_due)
def fetch_recordings() -> None:
    """Fetch the voice messages that are still with a provider."""
    recordings.fetch_due()


@every(timedelta(minutes=15), name="channels.look")
def look_at_watched() -> None:
    """Look after the phones that carry messages: one that is off says nothing by itself."""
    trying.look_at_watched()


@every(timedelta(minutes=1), name="channels.mailboxes", wanted=mailbox.mailboxes_wait)
def fetch_mail() -> None:
    """Look into every mailbox."""
    mailbox.look_into_all()


@every(timedelta(hours=1), name="channels.simulated")
def forget_screens() -> None:
    """Forget what stood on made-up phones days ago."""
    simulator.erase_screens()


@task()
def try_channel(network: str, setup: str, member: str, send: bool, language: str) -> None:
    """Find out whether a channel works, for the steward who asked."""
    trying.try_channel(
        network=uuid.UUID(network),
        setup=uuid.UUID(setup),
        member=uuid.UUID(member),
        send=send,
        language=language,
    )
