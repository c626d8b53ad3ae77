"""Everybody who may come to a door: from outside to a founder, each with one mandate and no more."""

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client

from commonweal.assembly.actions import give_mandate
from commonweal.gatherings.actions import start_shift
from commonweal.members.actions import join
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from tests.access.things import lay_out, value_of
from tests.adversary.cast import MONDAY, OUR_HOST, Side
from tests.adversary.doors import Door, token_of

#: The columns of the table, and what each of them says.
COLUMNS: dict[str, str] = {
    "outsider": "anybody, without an account",
    "asker": "who asked without an account, with the private link of the ask",
    "helper": "who was invited, with the private link of the invitation, not signed in",
    "member": "a member who has no part in what the address is about",
    "own": "the member whose ask, offer, role or report it is, with the link that they were sent",
    "elsewhere": "a member of another network on the same machine, signed in there",
    "on shift": "a dispatcher, on shift",
    "off shift": "a dispatcher, not on shift",
    "treasurer": "a treasurer",
    "steward": "a steward",
    "care-giver": "a care-giver",
    "founder": "a founder",
}
ROLES = {
    "on shift": "dispatcher",
    "off shift": "dispatcher",
    "treasurer": "treasurer",
    "steward": "steward",
    "care-giver": "care_giver",
    "founder": "founder",
}
#: Whose links are whose. The page of a code that was sent is open to whoever asked for the code, from outside. Nobody
#: here is a telephone company: a channel's own address is walked in the tests of channels.
HELD: dict[str, frozenset[str]] = {
    "outsider": frozenset({"sign_in", "offer"}),
    "asker": frozenset({"met"}),
    "helper": frozenset({"agreed", "ring"}),
    "member": frozenset({"buddy"}),
    "own": frozenset({"agreed", "met", "ring", "contact", "prove", "told", "appeal"}),
}
#: Where the walk takes place: browsers keep passkeys only for a host that is served over TLS.
HOME = f"https://{OUR_HOST}"
MADE_UP = "MadeUpMadeUpMadeUpMadeUpMadeUp00"
LONG = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody at our door; ``member`` is None for who is not signed in."""

    column: str
    member: Member | None = None


def visitors(ours: Side, theirs: Side) -> list[Visitor]:
    """One for each column, in the order of the table."""
    people: dict[str, Member | None] = {
        "outsider": None,
        "asker": None,
        "helper": None,
        "member": ours.newcomer,
        "own": ours.helper,
        "elsewhere": theirs.dispatcher,
        **{column: _holder(ours, column, role) for column, role in ROLES.items()},
    }
    on_shift = people["on shift"]
    assert on_shift is not None
    start_shift(member=on_shift, until=MONDAY + timedelta(hours=4))
    lay_out(ours, on_shift)
    return [Visitor(column=column, member=people[column]) for column in COLUMNS]


def _holder(side: Side, column: str, role: str) -> Member:
    name = column.replace(" ", "").replace("-", "")
    member = join(
        network=side.network,
        name=f"{side.mark}{name.capitalize()}",
        contact=Contact(kind="email", value=f"{side.mark}.{name}@example.org".lower()),
        languages=("en",),
    )
    give_mandate(member=member, role=role, until=MONDAY + LONG, reason="One mandate, and no more.")
    return member


def browser_of(visitor: Visitor, door: Door, side: Side) -> Client:
    """A browser in which they are signed in, if they can be. What is a role's own is its holder's."""
    if visitor.column == "own" and door.name == "assembly:give_back":
        return side.browser(side.relief)
    return side.browser(visitor.member)


def address_for(visitor: Visitor, door: Door, side: Side) -> str:
    """The address as this visitor knows it: a private link that they were not given is made up."""
    values = []
    for argument, kind in door.arguments:
        value = value_of(side, door.name, argument, kind)
        if argument == "token" and token_of(door.name) not in HELD.get(visitor.column, frozenset()):
            value = MADE_UP
        values.append([value])
    return next(door.paths(*values))
