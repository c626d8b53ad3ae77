"""The cast: Amina asks; Rosa, Lee and Sam can help; Jo is on shift. Bo belongs to another network.

A Monday in November, ten in the morning by the network's clock.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from commonweal.base.eventlog import story_of
from commonweal.base.tenancy import TenantModel
from commonweal.exchange import actions
from commonweal.exchange.drafts import AskDraft, Candidate, OfferDraft
from commonweal.exchange.models import Ask, Match, Offer
from commonweal.members.actions import join
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.messaging.models import Message
from commonweal.networks.actions import add_areas, create_network
from commonweal.networks.models import Area, Category, Network

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


@dataclass(kw_only=True)
class Town:
    """A small network and the people in it."""

    network: Network
    abell: Area
    waverly: Area
    groceries: Category
    borrow: Category
    things: Category
    ride: Category
    rosa: Member
    lee: Member
    sam: Member
    jo: Member

    def draft(self, **changes: Any) -> AskDraft:
        """Groceries on Wednesday between two and six, for Amina in Abell."""
        wednesday = MONDAY + 2 * DAY + 4 * HOUR
        said = {
            "category": self.groceries.pk,
            "starts_at": wednesday,
            "ends_at": wednesday + 4 * HOUR,
            "area": self.abell.pk,
            "cell": (self.abell.cell_y, self.abell.cell_x),
            "place": {"text": "2901 Guilford Avenue", "lat": 39.3, "lon": -76.6},
            "words": "Third floor, no lift.",
            "called": "Amina",
            "contact_kind": "email",
            "contact": "amina@example.org",
        }
        return AskDraft(**{**said, **changes})

    def ask(self, **changes: Any) -> Ask:
        """A published ask."""
        return actions.publish_ask(network=self.network, draft=self.draft(**changes)).ask

    def offer_draft(self, **changes: Any) -> OfferDraft:
        """Groceries from Abell, any time."""
        said = {
            "categories": (self.groceries.pk,),
            "area": self.abell.pk,
            "cell": (self.abell.cell_y, self.abell.cell_x),
        }
        return OfferDraft(**{**said, **changes})

    def offer(self, member: Member, **changes: Any) -> Offer:
        """A published offer."""
        return actions.publish_offer(network=self.network, member=member, draft=self.offer_draft(**changes))

    def invited(self, ask: Ask, member: Member, **about: Any) -> Match:
        """An invitation on its way to ``member``, sent by a dispatcher."""
        match = actions.invite(ask=ask, candidate=Candidate(member_id=member.pk, **about), by=self.jo)
        assert match is not None
        return match

    def agreed(self, ask: Ask, member: Member, **about: Any) -> Match:
        """A commitment."""
        return actions.accept_invitation(match=self.invited(ask, member, **about))


def member_of(network: Network, name: str, **about: Any) -> Member:
    """A member reached by e-mail."""
    contact = Contact(kind="email", value=f"{name.lower()}@example.org")
    return join(network=network, name=name, contact=contact, **{"languages": ("en",), **about})


def found_town(slug: str = "remington") -> Town:
    """The network of the cast."""
    network = create_network(slug=slug, name="Remington Neighbours", time_zone="America/New_York")
    abell, waverly = add_areas(
        network=network,
        areas=[
            {"slug": "abell", "name": "Abell", "cell_y": 15731, "cell_x": -24515},
            {"slug": "waverly", "name": "Waverly", "cell_y": 15733, "cell_x": -24512},
        ],
    )
    named = {category.slug: category for category in Category.objects.filter(network=network)}
    rosa, lee, sam, jo = (member_of(network, name, per_week=3) for name in ("Rosa", "Lee", "Sam", "Jo"))
    return Town(
        network=network,
        abell=abell,
        waverly=waverly,
        groceries=named["groceries"],
        borrow=named["borrow"],
        things=named["things"],
        ride=named["ride"],
        rosa=rosa,
        lee=lee,
        sam=sam,
        jo=jo,
    )


def fresh(thing: Any) -> Any:
    """The row as it is now."""
    return type(thing).objects.get(pk=thing.pk)


def verbs(thing: TenantModel) -> list[str]:
    """What happened to a thing, oldest first."""
    return [event.verb for event in story_of(thing)]


def letters(template: str) -> QuerySet[Message]:
    """The messages of a template that were not taken back."""
    return Message.objects.filter(template=template).exclude(state=Message.State.CANCELLED)
