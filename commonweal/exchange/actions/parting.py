"""Never again: one of two who were matched does not want to be brought together with the other any more.

The other is told what they would be told anyway (somebody dropped out, the asker would rather have somebody else), and
never that, or why. The block itself stands in the members' room; this finds out whom it is about and ends what is on
its way between the two.
"""

import contextlib
import uuid

from django.db import transaction
from django.db.models import Q

from commonweal.base.eventlog import By
from commonweal.exchange.actions import moving
from commonweal.exchange.actions.leaving import ASKED, take_back
from commonweal.exchange.actions.matches import decline_invitation, drop_out
from commonweal.exchange.actions.series import forget_preferred
from commonweal.exchange.errors import InvitationOver, NotPossibleNow
from commonweal.exchange.models import Match
from commonweal.exchange.queries.met import asker_of
from commonweal.members.actions import block, block_contact
from commonweal.members.contacts import Contact

S = Match.State


def never_again(*, match: Match, by: By) -> None:
    """Keep the two of a match apart from now on; ``by`` the helper or the asker. What they had agreed is called off.

    Where whoever asks left no contact and has no account there is nothing to know them by: then it holds for this ask.
    Done twice it changes nothing. Raises HasLeft for a helper who is gone.
    """
    _keep_apart(match, by)
    with contextlib.suppress(NotPossibleNow, InvitationOver):
        if match.state == S.ACCEPTED:
            drop_out(match=match, said_by=by)
        elif match.state == S.INVITED and by == By.HELPER:
            decline_invitation(match=match)
    part(
        network_id=match.network_id,
        helper=match.member_id,
        asker=match.ask.by_id,
        contact_index=match.ask.contact_index,
    )


def part(
    *, network_id: uuid.UUID, helper: uuid.UUID, asker: uuid.UUID | None, contact_index: str = ""
) -> None:
    """Take back what is suggested or asked of a helper for any ask of this asker; can be done again safely."""
    theirs = Q(ask__by=asker) if asker else Q()
    theirs |= Q(ask__contact_index=contact_index) if contact_index else Q()
    if not theirs:
        return
    on_the_way = Match.objects.filter(theirs, network_id=network_id, member=helper, state__in=ASKED)
    for match in on_the_way.select_related("ask").order_by("id"):
        take_back(match)


@transaction.atomic
def _keep_apart(match: Match, by: By) -> None:
    match = moving.locked_match(match)
    asker = asker_of(match.ask)
    is_helper = by == By.HELPER
    if asker is not None and asker.pk != match.member_id:
        one, other = (match.member, asker) if is_helper else (asker, match.member)
        block(member=one, blocked=other)
    elif asker is None and match.ask.contact:
        contact = Contact(kind=match.ask.contact_kind, value=match.ask.contact)
        block_contact(member=match.member, contact=contact, by_member=is_helper)
    forget_preferred(match)
