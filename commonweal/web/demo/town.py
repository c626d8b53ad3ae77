"""The network of the demonstration while it is being filled, and how its people ask, are asked, and answer."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from commonweal.algorithms.places import Cell, cell_of
from commonweal.assembly.actions import give_mandate, stand
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.exchange.actions import pick_from_board, publish_ask, publish_offer
from commonweal.exchange.drafts import AskDraft, OfferDraft
from commonweal.exchange.models import Ask
from commonweal.members.actions import join, reckon_levels, vouch
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.members.trusting import Vouch
from commonweal.networks.actions import add_areas, areas_of_map, change_policy, create_network
from commonweal.networks.models import Area, Category, Network
from commonweal.networks.places.maps import area_map
from commonweal.networks.queries import find_places
from commonweal.web.demo.people import HELPERS, Helper

SEED = 20261122
HELPING_AREAS = 9
# So long at most the mandates of the made-up officers last.
IN_OFFICE = timedelta(days=365)
READ = ("en", "es", "ar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How people answer an ask of the scenes: ``answers`` in turn ("yes", "no" or "never"; the last one goes on).

    ``minutes`` after being asked they do; ``is_said``: afterwards it is said that it was done.
    """

    answers: Sequence[str] = ("never",)
    minutes: int = 30
    is_said: bool = True


@dataclass(slots=True, kw_only=True)
class Town:
    """The network, its people by name, and the asks of the scenes by theirs."""

    network: Network
    areas: Sequence[Area]
    categories: dict[str, Category]
    chance: random.Random
    hand: clock.FrozenClock
    people: dict[str, Member] = field(default_factory=dict)
    asks: dict[str, Ask] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    manners: dict[uuid.UUID, "Manners"] = field(default_factory=dict)

    @property
    def dispatcher(self) -> Member:
        """Who is at the desk."""
        return self.people[HELPERS[0].name]

    def manners_of(self, ask: Ask) -> "Manners | None":
        """How people answer an ask of the scenes, or the occurrence of a series; None where chance says it."""
        return self.manners.get(ask.series or ask.pk)

    def fresh(self, name: str) -> Ask:
        """The ask of a scene as it is now; of a series the occurrence that came last."""
        first = self.asks[name]
        asks = Ask.objects.filter(network=self.network).select_related("network", "category", "area", "by")
        if first.series:
            return asks.filter(series=first.series).order_by("-created_at", "-id")[0]
        return asks.get(pk=first.pk)


def found_town(hand: clock.FrozenClock) -> Town:
    """The network with its areas and the helpers who are there from the start."""
    network = create_network(
        slug="demo",
        name="Highlandtown Neighbours",
        tagline="a made-up mutual aid network in Baltimore",
        time_zone="America/New_York",
        country="US",
        languages=[*READ],
        phone="410 555 0100",
        paper="at the pantry, Conkling Street, Thursdays 4–7",
        emergency="If a life is in danger, call 911 first.",
        map_name="baltimore",
        is_demo=True,
    )
    drawn = area_map(network.map_name)
    assert drawn is not None, "the map of the demonstration comes with the program"
    add_areas(network=network, areas=areas_of_map(drawn))
    # Whoever looks in at three at night is to find the town awake: with both hours alike there is no night.
    awake = {"quiet_from": 0, "quiet_until": 0}
    change_policy(network=network, changes=awake, reason="So that it can be looked at at any hour.")
    town = Town(
        network=network,
        areas=_middle(list(Area.objects.filter(network=network))),
        categories={category.slug: category for category in Category.objects.filter(network=network)},
        chance=random.Random(SEED),
        hand=hand,
    )
    for helper in HELPERS:
        settle_in(town, helper)
    _give_offices(town)
    _vouch(town)
    return town


def _middle(areas: list[Area]) -> list[Area]:
    """The areas where the made-up people live: those nearest to the middle of Highlandtown, itself first."""
    heart = next(area for area in areas if area.slug == "highlandtown")
    return sorted(areas, key=lambda area: abs(area.cell_y - heart.cell_y) + abs(area.cell_x - heart.cell_x))[
        :HELPING_AREAS
    ]


def _give_offices(town: Town) -> None:
    """Somebody for every role, two at the desk, with mandates that end; and one more who would take one."""
    first, second, third, fourth = (town.people[helper.name] for helper in HELPERS[:4])
    until = clock.now() + IN_OFFICE
    reason = "Chosen at the members' meeting."
    for member, role in (
        (first, Mandate.Role.DISPATCHER),
        (second, Mandate.Role.DISPATCHER),
        (first, Mandate.Role.STEWARD),
        (first, Mandate.Role.FOUNDER),
        (second, Mandate.Role.TREASURER),
        (third, Mandate.Role.CARE_GIVER),
        (town.people["Marguerite"], Mandate.Role.CARE_GIVER),
    ):
        give_mandate(member=member, role=role, until=until, reason=reason)
    stand(member=fourth, role=Mandate.Role.DISPATCHER)


def _vouch(town: Town) -> None:
    """Those who look after children are known to two who hold a role; Jasmine to one of them only."""
    first, known = town.people[HELPERS[0].name], town.people["Marguerite"]
    for name in ("Carmen", "Ana and Luz", "Thandi", "Amina"):
        for giver in (first, known):
            if giver != town.people[name]:
                vouch(giver=giver, taker=town.people[name], how=Vouch.How.NEIGHBOUR)
    vouch(giver=town.people["Carmen"], taker=town.people["Jasmine"], how=Vouch.How.FRIEND)
    reckon_levels(network=town.network)


def settle_in(town: Town, helper: Helper) -> None:
    """Somebody joins and offers what they can."""
    area, cell, _place = _home(town, helper.street)
    member = join(
        network=town.network,
        name=helper.name,
        contact=Contact(kind="email", value=helper.email),
        languages=helper.languages,
        per_week=helper.per_week,
    )
    draft = OfferDraft(
        categories=tuple(town.categories[slug].pk for slug in helper.what),
        radius_m=helper.radius_m,
        slots=helper.slots,
        vehicle=helper.vehicle,
        carries=helper.carries,
        able=helper.able,
        area=area.pk,
        cell=cell,
        per_week=helper.per_week,
        languages=helper.languages,
        name=helper.name,
    )
    publish_offer(network=town.network, member=member, draft=draft)
    town.people[helper.name] = member


def _home(town: Town, street: str) -> tuple[Area, Cell, dict[str, Any]]:
    """Where somebody lives: on that street, or in some corner of an area where people help one another."""
    area = town.chance.choice(town.areas)
    cell = (area.cell_y + town.chance.randint(-1, 1), area.cell_x + town.chance.randint(-1, 1))
    for place in find_places(town.network, street, limit=1) if street else ():
        areas = {each.slug: each for each in town.areas}
        exactly = {"text": place.label, "lat": place.lat, "lon": place.lon}
        return areas.get(place.area_slug or "", area), cell_of(place.lat, place.lon), exactly
    return area, cell, {}


def publish(town: Town, category: str, *, street: str = "", spoken: str = "en", **said: Any) -> Ask:
    """Somebody asks. ``street`` is a real one of the map, ``spoken`` the language they speak and, if we can, read."""
    area, cell, place = _home(town, street)
    draft = AskDraft(
        category=town.categories[category].pk,
        area=area.pk,
        cell=cell,
        place=place,
        languages=(spoken,),
        language=spoken if spoken in READ else "en",
        contact_kind="phone",
        contact=_number(town, said.get("called", "")),
        **said,
    )
    return publish_ask(network=town.network, draft=draft).ask


def _number(town: Town, called: str) -> str:
    """The made-up phone number of somebody, the same each time: these hundred numbers belong to nobody."""
    return town.numbers.setdefault(called, f"+1410555{100 + len(town.numbers):04d}")


def pick(town: Town, name: str, who: Sequence[str], quantity: int = 0) -> None:
    """The first of ``who``, else of everybody, whose week has room takes an ask from the board."""
    everyone = [helper.name for helper in HELPERS]
    for person in (*who, *everyone):
        try:
            pick_from_board(ask=town.fresh(name), member=town.people[person], quantity=quantity)
        except Refused:
            continue
        return
