"""Ending sign-ins, and what goes with them, within whatever calls for it."""

import uuid

from commonweal.members.entrances import Passkey, SignIn
from commonweal.members.models import Member, PushDevice


def end_sign_ins(locked: Member, *, but: uuid.UUID | None = None) -> None:
    """Sign a locked member out in every browser, and begin a new epoch; ``but`` is the one that may go on into it."""
    locked.epoch += 1
    locked.save(update_fields=["epoch"])
    mine = SignIn.objects.filter(network_id=locked.network_id, member=locked)
    (mine.exclude(pk=but) if but else mine).delete()
    told = PushDevice.objects.filter(network_id=locked.network_id, member=locked)
    (told.exclude(place=but) if but else told).delete()


def tell_no_more(*, network_id: uuid.UUID, place: uuid.UUID) -> None:
    """Tell nobody anything in a browser in which they are not signed in any more."""
    PushDevice.objects.filter(network_id=network_id, place=place).delete()


def erase_entrances(locked: Member) -> None:
    """Forget where a member is signed in and told things, and their passkeys."""
    for model in (SignIn, Passkey, PushDevice):
        model._default_manager.filter(network_id=locked.network_id, member=locked).delete()
