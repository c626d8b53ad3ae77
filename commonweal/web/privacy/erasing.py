"""Erasing a person on their own wish, at once."""

from django.db import transaction

from commonweal.exchange.actions import erase_on_wish
from commonweal.exchange.errors import NotPossibleNow
from commonweal.exchange.models import Ask, Match
from commonweal.members.actions import leave
from commonweal.members.models import Member


@transaction.atomic
def erase_member(*, member: Member) -> None:
    """Erase a member's asks and then the member; who counted on them is told, and others are looked for.

    Raises NotPossibleNow with nothing changed while something is lent to them, or by them: somebody has to be able to
    reach them until it is back.
    """
    if Match.objects.filter(network_id=member.network_id, member=member, state=Match.State.LENT).exists():
        raise NotPossibleNow
    for ask in Ask.objects.filter(network_id=member.network_id, by=member).order_by("pk"):
        ask.refresh_from_db()
        if ask.by_id is not None:  # a series was erased with its first
            erase_on_wish(ask=ask)
    leave(member=member)
