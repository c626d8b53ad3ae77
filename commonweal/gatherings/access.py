"""Who is on duty."""

from datetime import datetime

from commonweal.gatherings.queries import shift_of
from commonweal.members.models import Member


def on_shift(member: Member | None, at: datetime | None = None) -> bool:
    """Whether a member is on shift now (or at ``at``)."""
    return member is not None and shift_of(member, at) is not None
