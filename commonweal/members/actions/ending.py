"""Ending all the sign-ins of a locked member, within whatever calls for it."""

import uuid

from commonweal.members.entrances import Passkey, SignIn
from commonweal.members.models import Member


def end_sign_ins(locked: Member, *, but: uuid.UUID | None = None) -> None:
    """Sign a locked member out in every browser, and begin a new epoch; ``but`` is the one that may go on into it."""
    locked.epoch += 1
    locked.save(update_fields=["epoch"])
    SignIn.objects.filter(network_id=locked.network_id, member=locked).exclude(pk=but).delete()


def erase_entrances(locked: Member) -> None:
    """Forget where a member is signed in, and their passkeys."""
    for model in (SignIn, Passkey):
        model._default_manager.filter(network_id=locked.network_id, member=locked).delete()
