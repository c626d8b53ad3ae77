"""Alma tells, of Ben; Carol and Dora are care-givers, Fran founded the network, Gus is at the desk."""

from datetime import timedelta

from commonweal.assembly.care import actions
from commonweal.assembly.care.actions import Draft
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.members.actions import join
from commonweal.members.contacts import EMAIL, Contact
from commonweal.members.models import Member

Role = Mandate.Role
DAY = timedelta(days=1)
SECRET = "he shouted at the door"


def person(network, name, *roles):
    """A member with the roles; they are held for a year."""
    contact = Contact(kind=EMAIL, value=f"{name.lower()}@example.org")
    member = join(network=network, name=name, contact=contact, languages=["en"])
    hold(member, *roles)
    return member


def hold(member, *roles):
    """Give a member roles, as founders or the keeper of the machine do."""
    now = clock.now()
    for role in roles:
        Mandate.objects.create(
            network_id=member.network_id, member=member, role=role, reason="Assembly", starts_at=now,
            ends_at=now + 365 * DAY,
        )  # fmt: skip


def told(network, reader, *, by=None, about=None, **said):
    """A report."""
    draft = Draft(**{"kind": "unsafe", "words": SECRET, "wish": "act", "about": about, **said})
    return actions.tell(network=network, draft=draft, reader=reader, by=by).report


def fresh(thing):
    """The row as it is now."""
    return type(thing).objects.get(pk=thing.pk)


def walk(report, *steps, how="done"):
    """Take the steps of the path, one after the other."""
    for step in steps:
        report = actions.take_step(
            report=report, by=Member.objects.get(pk=report.reader_id), step=step, how=how
        )
    return report
