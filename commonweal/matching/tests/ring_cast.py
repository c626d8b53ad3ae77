"""A ring of three: Rosa shops and wants a ride, Lee drives and wants company, Sam keeps company and wants groceries."""

from dataclasses import dataclass
from typing import Any

from commonweal.exchange import actions
from commonweal.exchange.models import Ask, Offer
from commonweal.exchange.tests.cast import DAY, MONDAY, Town
from commonweal.matching.models import Ring, RingPlace
from commonweal.matching.rings.queries import places_of
from commonweal.matching.rings.tasks import offer_rings
from commonweal.members.models import Member
from commonweal.networks.models import Category


@dataclass(kw_only=True)
class Circle:
    """The three, what they ask for and offer, and the ring that comes of it."""

    town: Town
    asks: dict[str, Ask]
    offers: dict[str, Offer]

    def offer(self, at=MONDAY) -> Ring | None:
        """Look for rings as the morning does; the one that was offered, or None."""
        offer_rings(self.town.network, at=at)
        return Ring.objects.filter(network=self.town.network).order_by("-id").first()

    def place(self, ring: Ring, name: str) -> RingPlace:
        """Somebody's place in it."""
        return next(place for place in places_of(ring) if place.member.name == name)


def own_ask(town: Town, member: Member, **changes: Any) -> Ask:
    """An ask of a member, for some time this week; reached as a member."""
    said = {
        "starts_at": MONDAY,
        "ends_at": MONDAY + 6 * DAY,
        "called": "",
        "contact": "",
        "contact_kind": "",
        "words": "Third floor.",
    }
    return actions.publish_ask(network=town.network, draft=town.draft(**{**said, **changes}), by=member).ask


def found_circle(town: Town) -> Circle:
    """What the three ask for and offer."""
    named = {category.slug: category.pk for category in Category.objects.filter(network=town.network)}
    wanted = {"Rosa": "ride", "Lee": "company", "Sam": "groceries"}
    given = {"Rosa": "groceries", "Lee": "ride", "Sam": "company"}
    people = {"Rosa": town.rosa, "Lee": town.lee, "Sam": town.sam}
    return Circle(
        town=town,
        asks={name: own_ask(town, people[name], category=named[slug]) for name, slug in wanted.items()},
        offers={
            name: town.offer(people[name], categories=(named[slug],), vehicle="car")
            for name, slug in given.items()
        },
    )
