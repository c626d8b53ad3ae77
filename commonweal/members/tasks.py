"""What this room does in the background."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore

from commonweal.base import clock
from commonweal.base.schedule import every
from commonweal.members import actions
from commonweal.networks.models import Network


@every(timedelta(minutes=10), name="members.end_pauses")
def end_pauses() -> None:
    """Bring back whose break is over."""
    actions.end_pauses(at=clock.now())


@every(timedelta(hours=1), name="members.end_shutting_out")
def end_shutting_out() -> None:
    """Let those in again whose suspension or removal is over."""
    actions.end_shutting_out(at=clock.now())


@every(timedelta(hours=1), name="members.forget_confirmations")
def forget_confirmations() -> None:
    """Forget codes that ran out, with what was filled in and never confirmed."""
    actions.forget_confirmations(at=clock.now())


@every(timedelta(days=1), name="members.forget_sessions")
def forget_sessions() -> None:
    """Delete sessions that ran out, and what the lists of their members say of them."""
    SessionStore.clear_expired()
    for network in Network.objects.all():
        actions.shorten_sign_ins(network=network)
    actions.forget_sign_ins(at=clock.now())


@every(timedelta(minutes=1), name="members.reckon_levels", wanted=actions.is_reckoning_due)
def reckon_levels() -> None:
    """Reckon anew how well everybody is vouched for, where something has changed."""
    actions.reckon_due(at=clock.now())


@every(timedelta(days=1), name="members.forget_vouch_codes")
def forget_vouch_codes() -> None:
    """Forget codes to vouch by that ran out, and blocks of contacts of two years ago."""
    actions.forget_vouch_codes(at=clock.now())
