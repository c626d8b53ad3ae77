"""The gate of every yes: whether this member may come to this ask at all, whichever way the two were brought together.

Matching asks the same of everybody beforehand; this holds where nobody was matched (a pick from the board) and where
things have changed since (an invitation that is answered late). Called under the locks of the ask and the member.
"""

from commonweal.exchange.errors import CantBeTogether, NewHere, NotVouchedFor
from commonweal.exchange.homes import AT_HOME
from commonweal.exchange.models import Match
from commonweal.exchange.queries.apart import apart_from
from commonweal.exchange.queries.newcomers import new_and_full
from commonweal.members.errors import HeldFromHomes
from commonweal.members.models import Member

# What a match carries whose helper a person on shift had asked although they are not vouched for as the kind of thing
# wants: a code like those of its reasons, which has no words.
WAIVED = "vouch_waived"


def check_together(match: Match, member: Member) -> None:
    """Raises HeldFromHomes, CantBeTogether, NotVouchedFor and NewHere. Of the second nobody can tell why it is.

    Who picks from the board is told the same where the asker would rather have a woman or a man come.
    """
    ask = match.ask
    if ask.nature in AT_HOME and member.is_held_from_homes:
        raise HeldFromHomes
    is_other = match.origin == Match.Origin.BOARD and ask.wish and ask.wish != member.goes_as
    if is_other or member.pk in apart_from(ask):
        raise CantBeTogether
    if member.vouched < ask.category.vouched and not is_waived(match):
        raise NotVouchedFor
    if new_and_full(ask.network, [member.pk], but=match):
        raise NewHere


def is_waived(match: Match) -> bool:
    """Whether a person on shift had them asked all the same, and said why."""
    return any(reason.get("code") == WAIVED for reason in match.reasons)
