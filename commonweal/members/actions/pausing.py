"""Taking a break and coming back."""

from datetime import datetime

from django.db import transaction

from commonweal.base import bus, eventlog
from commonweal.base.eventlog import By
from commonweal.members.actions.membership import lock_member
from commonweal.members.errors import HeldBack
from commonweal.members.events import MemberCameBack, MemberPaused
from commonweal.members.models import Member


def pause(*, member: Member, until: datetime | None = None) -> Member:
    """Ask nothing new of a member until ``until``, or until they come back by themselves (None).

    What they have agreed to still stands: it is theirs to keep or to say off. Pausing again moves the end.
    """
    with transaction.atomic():
        locked = lock_member(member)
        if until and locked.is_held:
            until = max(until, locked.held_until or until)
        locked.state, locked.paused_until = Member.State.PAUSED, until
        locked.save(update_fields=["state", "paused_until"])
        eventlog.record(
            locked, "paused", by=By.MEMBER, actor=locked.pk, until=until.isoformat() if until else ""
        )
        bus.publish(MemberPaused(network=locked.network_id, member=locked.pk))
    return locked


def come_back(*, member: Member) -> Member:
    """The break is over. Nothing happens where there was none. Raises HeldBack where care keeps them from helping."""
    with transaction.atomic():
        locked = lock_member(member)
        if locked.is_held:
            raise HeldBack
        if locked.state == Member.State.PAUSED:
            end_pause(locked, By.MEMBER)
    return locked


def end_pauses(*, at: datetime, limit: int = 500) -> int:
    """Bring back everybody whose break ends by ``at``, at most ``limit`` of them; returns how many."""
    ended = 0
    due = Member.objects.filter(state=Member.State.PAUSED, paused_until__lte=at).order_by("paused_until")[
        :limit
    ]
    for member in due:
        with transaction.atomic():
            locked = Member.objects.select_for_update().get(network_id=member.network_id, pk=member.pk)
            # It may have been moved or ended since it was read.
            if locked.state == Member.State.PAUSED and locked.paused_until and locked.paused_until <= at:
                end_pause(locked, By.PROGRAM)
                ended += 1
    return ended


def end_pause(member: Member, by: By) -> None:
    """The break of a locked member is over."""
    member.state, member.paused_until = Member.State.ACTIVE, None
    member.save(update_fields=["state", "paused_until"])
    actor = member.pk if by == By.MEMBER else None
    eventlog.record(member, "came_back", by=by, actor=actor)
    bus.publish(MemberCameBack(network=member.network_id, member=member.pk))
