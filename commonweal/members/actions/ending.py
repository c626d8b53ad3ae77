"""Ending sign-ins, vouches and what goes with them, within whatever calls for it."""

import uuid

from django.db.models import Q

from commonweal.members.entrances import Passkey, SignIn
from commonweal.members.models import Member, PushDevice
from commonweal.members.trusting import ContactBlock, ReachRun, Vouch, VouchCode


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


def erase_trust(locked: Member) -> None:
    """Forget who vouched for a member and for whom they did, their code, and whom they keep away from by a contact."""
    Vouch.objects.filter(Q(giver=locked) | Q(taker=locked), network_id=locked.network_id).delete()
    VouchCode.objects.filter(network_id=locked.network_id, member=locked).delete()
    ContactBlock.objects.filter(network_id=locked.network_id, member=locked).delete()
    reckon_anew(locked.network_id)


def take_back_vouch(locked: Member, taker: uuid.UUID) -> bool:
    """Whether there was a vouch to take back."""
    mine = Vouch.objects.filter(network_id=locked.network_id, giver=locked, taker=taker)
    if not mine.delete()[0]:
        return False
    reckon_anew(locked.network_id)
    return True


def reckon_anew(network_id: uuid.UUID) -> None:
    """Something has changed on which levels depend; the newest reckoning is old."""
    ReachRun.objects.filter(network_id=network_id, is_stale=False).update(is_stale=True)
