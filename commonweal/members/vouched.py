"""What a member reads about vouching: who vouched for them, for whom they did, what that opens, and how to get there.

It is for their own eyes. Nobody reads of anybody else more than that they are vouched for, where something takes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonweal.base import clock
from commonweal.base.ids import CODE_LETTERS, token_hash
from commonweal.members.actions.vouching import LETTERS
from commonweal.members.apart import blocked_ids
from commonweal.members.errors import VouchCodeOver
from commonweal.members.models import Member
from commonweal.members.trusting import ContactBlock, Vouch, VouchCode
from commonweal.networks.models import Category
from commonweal.networks.queries import open_categories

LEVELS = Category.Vouched


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of help that wants somebody vouched for: its name, how well, and whether this member is."""

    name: str
    wants: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """How a member stands, in words (``where``, and ``further``: what is missing), and all that it comes from."""

    where: str
    further: str
    taken: Sequence[Vouch]
    given: Sequence[Vouch]
    kinds: Sequence[Kind]


def vouched(member: Member) -> Vouched:
    """All that a member reads about their vouches, in three queries."""
    both = Vouch.objects.filter(network_id=member.network_id).order_by("-created_at", "-id")
    taken = list(both.filter(taker=member).select_related("giver"))
    given = list(both.filter(giver=member).select_related("taker"))
    counting = sum(vouch.giver.vouched >= LEVELS.VOUCHED for vouch in taken)
    kinds = [
        Kind(
            name=category.name,
            wants=str(LEVELS(category.vouched).label),
            is_open=member.vouched >= category.vouched,
        )
        for category in open_categories(member.network)
        if category.vouched
    ]
    return Vouched(
        where=_where(member, counting),
        further=_further(member, counting),
        taken=taken,
        given=given,
        kinds=kinds,
    )


def read_vouch_code(typed: str) -> str | None:
    """What somebody typed as a code to vouch by, in stored form, or None if it can't be one."""
    letters = "".join(char for char in typed.upper() if char.isalnum())
    return letters if len(letters) == LETTERS and all(char in CODE_LETTERS for char in letters) else None


def shown_by(reader: Member, typed: str) -> VouchCode:
    """The code that somebody else showed to the reader, with its member.

    Raises VouchCodeOver for one that is made up or has run out, for the reader's own, and where the two are kept apart.
    """
    code = read_vouch_code(typed)
    codes = VouchCode.objects.filter(
        network_id=reader.network_id, expires_at__gt=clock.now(), uses_left__gt=0
    )
    found = codes.filter(code_hash=token_hash(code)).select_related("member").first() if code else None
    if found is None or found.member_id in {reader.pk, *blocked_ids(reader.network, reader.pk)}:
        raise VouchCodeOver
    return found


def contact_blocks_of(member: Member) -> list[ContactBlock]:
    """The people without an account with whom a member does not want to be brought together, newest first."""
    mine = ContactBlock.objects.filter(network_id=member.network_id, member=member, by_member=True)
    return list(mine.order_by("-created_at", "-id"))


def _where(member: Member, counting: int) -> str:
    if member.vouched >= LEVELS.VOUCHED and counting < member.network.policy.vouchers:
        return _("The network knows you itself: you hold a role here, or were among the first.")
    if counting:
        words = ngettext(
            "%(n)d person whom others know has said that they know you.",
            "%(n)d people whom others know have said that they know you.",
            counting,
        )
        return words % {"n": counting}
    return _("Nobody whom others know has said yet that they know you. For most things that does not matter.")


def _further(member: Member, counting: int) -> str:
    if member.vouched >= LEVELS.VOUCHED:
        return ""
    missing = max(member.network.policy.vouchers - counting, 1)
    words = ngettext(
        "If %(n)d more does, you count as vouched for.",
        "If %(n)d more do, you count as vouched for.",
        missing,
    )
    return words % {"n": missing}
