"""Reading who holds which mandate, what was decided, and what takes two."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonweal.assembly.models import Decision, Deed, Mandate, Standing
from commonweal.base import clock
from commonweal.base.paging import Cursor, Page, page_of
from commonweal.members.models import Member
from commonweal.networks.models import Network

Words = str | Promise
Role = Mandate.Role
A_PAGE = 20
#: What each role opens, and nothing else does.
OPENS: dict[str, Words] = {
    Role.FOUNDER: _(
        "Puts forward who holds a role, and agrees to what can't be undone: with a second founder, where there is one."
    ),
    Role.STEWARD: _(
        "Puts changes of the rules in force, and sets up the telephones and mailboxes of the network."
    ),
    Role.DISPATCHER: _(
        "Looks after the desk while on shift: the asks that nobody answered, the messages, and how to reach who asks."
    ),
    Role.TREASURER: _("Is to keep the books of the common fund. It opens no page until there is one."),
    Role.CARE_GIVER: _(
        "Hears what was not right or not safe, from whoever chooses them, and walks the steps towards repair."
    ),
}


def roles_of(member: Member) -> set[str]:
    """The roles that a member holds now; who has left or is shut out holds none."""
    if member.state == Member.State.LEFT or member.is_out:
        return set()
    held = Mandate.objects.in_force(member.network_id, clock.now()).filter(member=member)
    return set(held.values_list("role", flat=True))


def mandates_in_force(network: Network, at: datetime | None = None) -> list[Mandate]:
    """Every mandate held now (or at ``at``) with its member, the first to end first."""
    held = Mandate.objects.in_force(network.pk, at or clock.now())
    return list(held.select_related("member").order_by("ends_at", "id"))


def founders_of(network: Network) -> set[uuid.UUID]:
    """Who the founders are at this moment; who has left is none."""
    held = Mandate.objects.in_force(network.pk, clock.now()).filter(role=Role.FOUNDER)
    return set(held.exclude(member__state=Member.State.LEFT).values_list("member_id", flat=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRole:
    """A role: what it opens, who holds it, and who said that they would take it. Mandates carry their members.

    ``is_mine``: the reader holds it; ``stands``: they would take it, or go on.
    """

    role: str
    label: Words
    opens: Words
    held: tuple[Mandate, ...]
    standing: tuple[Standing, ...]
    is_mine: bool
    stands: bool


def shown_roles(network: Network, reader: Member, *, search: str = "", only: str = "") -> list[ShownRole]:
    """Every role, or only one; ``search`` keeps those people in whose name, or in whose reason, it occurs.

    Names are encrypted, so that they are searched here; there are few who hold a role.
    """
    held = mandates_in_force(network)
    standing = list(Standing.objects.filter(network=network).select_related("member").order_by("said_at"))
    wanted = search.casefold()

    def fits(*texts: str) -> bool:
        return any(wanted in text.casefold() for text in texts)

    return [
        ShownRole(
            role=role,
            label=role.label,
            opens=OPENS[role],
            held=tuple(one for one in held if one.role == role and fits(one.member.name, one.reason)),
            standing=tuple(one for one in standing if one.role == role and fits(one.member.name)),
            is_mine=any(one.role == role and one.member_id == reader.pk for one in held),
            stands=any(one.role == role and one.member_id == reader.pk for one in standing),
        )
        for role in Role
        if only in ("", role)
    ]


def who_stands(network: Network) -> list[Standing]:
    """Everybody who would take a role, with their members, by role and then by when they said so."""
    rows = Standing.objects.filter(network=network).exclude(member__state=Member.State.LEFT)
    return list(rows.select_related("member").order_by("role", "said_at", "id"))


def decisions_of(network: Network, cursor: Cursor | None) -> Page[Decision]:
    """What was decided, newest first, with everybody named in it."""
    rows = Decision.objects.filter(network=network).select_related("member", "by", "agreed_by")
    return page_of(rows, cursor, A_PAGE)


def deeds_of(network: Network, cursor: Cursor | None) -> Page[Deed]:
    """What was asked for that takes two, newest first, with everybody named in it."""
    rows = Deed.objects.filter(network=network).select_related("member", "asked_by", "agreed_by")
    return page_of(rows, cursor, A_PAGE)


def deeds_waiting(network: Network) -> list[Deed]:
    """What waits for a second founder or to be done, the first to run out first."""
    rows = Deed.objects.filter(
        network=network, state__in=(Deed.State.ASKED, Deed.State.AGREED), ends_at__gt=clock.now()
    )
    return list(rows.select_related("member", "asked_by", "agreed_by").order_by("ends_at", "id"))
