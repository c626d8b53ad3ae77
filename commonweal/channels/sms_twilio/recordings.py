"""Fetching voice messages from the provider, so that only the network has them."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from commonweal.base import clock
from commonweal.channels.models import Recording
from commonweal.channels.sms_twilio.account import Account
from commonweal.intake.actions import LARGEST_MEDIA, attach
from commonweal.messaging.errors import DeliveryFailed
from commonweal.networks.threat import is_threatened

# A recording is not always ready at once.
PAUSES = tuple(timedelta(seconds=pause) for pause in (30, 120, 600, 3600, 6 * 3600))
LEASE = timedelta(minutes=2)
AT_ONCE = 20


def recordings_are_due() -> bool:
    """Whether any is to be fetched now."""
    return _due().exists()


def fetch_due() -> int:
    """Fetch what is due, store it encrypted, and have the provider forget it; returns how many came."""
    return sum(_fetch(recording) for recording in _claim())


def _due() -> QuerySet[Recording]:
    return Recording.objects.filter(due_at__lte=clock.now()).order_by("due_at", "id")


def _claim() -> list[Recording]:
    """Take what is due for a while; who is stopped in the middle leaves it to the next turn."""
    with transaction.atomic():
        rows = list(
            _due()
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("setup", "inbound")[:AT_ONCE]
        )
        for row in rows:
            row.tries += 1
            row.due_at = clock.now() + LEASE
            row.save(update_fields=["tries", "due_at"])
    return rows


def _fetch(recording: Recording) -> bool:
    account = Account.of(recording.setup)
    if is_threatened(recording.network_id):
        # In worse times nobody's voice is kept: what the provider wrote down of it has to do.
        recording.delete()
        _forget(account, recording.sid)
        return False
    try:
        answer = account.call("GET", f"/Recordings/{recording.sid}.mp3", most=LARGEST_MEDIA)
    except DeliveryFailed:
        return _later(recording)
    if answer.status != 200 or not answer.body:
        return _later(recording)
    with transaction.atomic():
        attach(inbound=recording.inbound, position=0, content=answer.body)
        recording.delete()
    _forget(account, recording.sid)
    return True


def _later(recording: Recording) -> bool:
    """Try again later; after the last time the desk has to listen to it at the provider, by its link."""
    if recording.tries > len(PAUSES):
        recording.delete()
    else:
        recording.due_at = clock.now() + PAUSES[recording.tries - 1]
        recording.save(update_fields=["due_at"])
    return False


def _forget(account: Account, sid: str) -> None:
    """Ask the provider to remove its copy. If it does not, the call is all that is lost."""
    try:
        account.call("DELETE", f"/Recordings/{sid}.json")
    except DeliveryFailed:
        return
