"""Three weeks in the life of a made-up network, lived through the program's own actions under a stopped clock.

Nothing is written behind the program's back: every ask was published, every helper invited with reasons, every
handover said, so that figures, timelines and the desk are as true as those of a real network.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base import bus, clock
from commonweal.base.errors import Refused
from commonweal.base.eventlog import By
from commonweal.exchange.actions import (
    accept_invitation,
    advance_ask,
    call_note,
    decline_invitation,
    drop_out,
    publish_ask,
    publish_offer,
    report_handover,
    search_again,
    withdraw_ask,
)
from commonweal.exchange.drafts import AskDraft, OfferDraft
from commonweal.exchange.lifecycle import State, Step
from commonweal.exchange.models import Ask, Handover, Match
from commonweal.gatherings.actions import plan_shift, start_shift
from commonweal.matching.actions import search_for
from commonweal.members.actions import join
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.messaging.actions import settle_past
from commonweal.networks.actions import add_areas, areas_of_map, create_network
from commonweal.networks.models import Area, Category, Network
from commonweal.networks.places.maps import area_map
from commonweal.web.demo.people import ASKS, HELPERS, NEWCOMERS, PAST_ASKS

SEED = 20261122
DAYS = 21
STEP = timedelta(hours=2)
OPENS, CLOSES = 7, 21
HELPING_AREAS = 9
Progress = Callable[[int, int], None]


@dataclass(slots=True, kw_only=True)
class Town:
    """The network while it is being filled."""

    network: Network
    areas: list[Area]
    categories: dict[str, Category]
    chance: random.Random
    dispatcher: Member


def fill_demonstration(*, progress: Progress) -> Network:
    """Make the demonstration's network and let three weeks pass in it, up to this moment. About ten seconds."""
    ends_at = clock.now()
    with bus.muted(), transaction.atomic():
        with clock.frozen(ends_at - timedelta(days=DAYS + 1)) as hand:
            network, chance = _network(), random.Random(SEED)
            areas = _middle(list(Area.objects.filter(network=network)))
            categories = {category.slug: category for category in Category.objects.filter(network=network)}
            members = [_helper(network, areas, categories, chance, about) for about in HELPERS]
            town = Town(
                network=network, areas=areas, categories=categories, chance=chance, dispatcher=members[0]
            )
            _offices(members)
            for day in range(DAYS):
                progress(day, DAYS)
                _live_a_day(town, hand, _share(PAST_ASKS, day, DAYS))
            hand.move_to(max(clock.now(), ends_at - timedelta(hours=9)))
            _live_today(town, hand, ends_at)
            for about in NEWCOMERS:
                _helper(network, areas, categories, chance, about)
        settle_past(network=town.network)
    _on_shift(members)
    progress(DAYS, DAYS)
    return town.network


def _network() -> Network:
    network = create_network(
        slug="demo",
        name="Highlandtown Neighbours",
        tagline="a made-up mutual aid network in Baltimore",
        time_zone="America/New_York",
        country="US",
        languages=["en", "es", "ar"],
        phone="410 555 0100",
        paper="at the pantry, Conkling Street, Thursdays 4–7",
        emergency="If a life is in danger, call 911 first.",
        map_name="baltimore",
        is_demo=True,
    )
    drawn = area_map(network.map_name)
    add_areas(network=network, areas=areas_of_map(drawn) if drawn else [])
    return network


def _middle(areas: Sequence[Area]) -> list[Area]:
    """The areas where the made-up people live: those nearest to the middle of Highlandtown."""
    heart = next((area for area in areas if area.slug == "highlandtown"), areas[0])

    def away(area: Area) -> int:
        return abs(area.cell_y - heart.cell_y) + abs(area.cell_x - heart.cell_x)

    return sorted(areas, key=away)[:HELPING_AREAS]


def _somewhere(areas: Sequence[Area], chance: random.Random) -> tuple[Area, tuple[int, int]]:
    area = chance.choice(areas)
    return area, (area.cell_y + chance.randint(-1, 1), area.cell_x + chance.randint(-1, 1))


def _helper(
    network: Network,
    areas: Sequence[Area],
    categories: dict[str, Category],
    chance: random.Random,
    about: dict[str, Any],
) -> Member:
    slug = "".join(char for char in about["name"].lower() if char.isascii() and char.isalpha())
    member = join(
        network=network,
        name=about["name"],
        contact=Contact(kind="email", value=f"{slug}@example.org"),
        languages=about["languages"],
        per_week=about["per_week"],
    )
    area, cell = _somewhere(areas, chance)
    draft = OfferDraft(
        categories=tuple(categories[slug].pk for slug in about["what"]),
        radius_m=about["radius_m"],
        slots=about["slots"],
        vehicle=about["vehicle"],
        carries=about["carries"],
        able=("stairs",) if about["carries"] > 1 else (),
        area=area.pk,
        cell=cell,
        per_week=about["per_week"],
        languages=about["languages"],
        name=about["name"],
    )
    publish_offer(network=network, member=member, draft=draft)
    return member


def _offices(members: Sequence[Member]) -> None:
    """Two dispatchers and a steward, with mandates that end."""
    until = clock.now() + timedelta(days=200)
    reason = "Chosen at the members' meeting."
    for member, role in ((members[0], "DISPATCHER"), (members[6], "DISPATCHER"), (members[0], "STEWARD")):
        give_mandate(member=member, role=Mandate.Role[role], until=until, reason=reason)


def _on_shift(members: Sequence[Member]) -> None:
    """Somebody is at the desk now, and somebody after them."""
    until = clock.now() + timedelta(hours=6)
    start_shift(member=members[0], until=until)
    plan_shift(member=members[6], starts_at=until, ends_at=until + timedelta(hours=4))


def _share(items: Sequence[Any], part: int, parts: int) -> Sequence[Any]:
    return items[len(items) * part // parts : len(items) * (part + 1) // parts]


def _live_a_day(town: Town, hand: clock.FrozenClock, asks: Sequence[Any]) -> None:
    """One day from morning to evening: asks come, people are asked and answer, things are done and said."""
    morning = datetime.combine(
        clock.now().astimezone(town.network.zone).date() + timedelta(days=1), time(OPENS), town.network.zone
    )
    waiting = list(asks)
    for hour in range(OPENS, CLOSES, 2):
        hand.move_to(max(clock.now(), morning + timedelta(hours=hour - OPENS)))
        while waiting and town.chance.random() < 0.6:
            _ask(town, waiting.pop())
        _pass(town)


def _live_today(town: Town, hand: clock.FrozenClock, until: datetime) -> None:
    """The asks that the visitor finds open, from a few hours ago until just now."""
    gap = (until - clock.now()) / (len(ASKS) + 2)
    for number, about in enumerate(ASKS):
        hand.advance(gap)
        _ask(town, about)
        _pass(town, answering=number < len(ASKS) - 6)
    hand.advance(gap)
    _pass(town, answering=False)
    hand.move_to(until)


def _ask(town: Town, about: tuple[str, int, str, str, str, dict[str, Any]]) -> None:
    slug, people, words, called, language, more = about
    area, cell = _somewhere(town.areas, town.chance)
    starts = clock.now() + timedelta(hours=town.chance.choice([3, 6, 20, 26]))
    ends = starts + timedelta(hours=town.chance.choice([6, 24, 48, 72]))
    draft = AskDraft(
        category=town.categories[slug].pk,
        words=words,
        people=people,
        hands=more.get("hands", 1),
        quantity=more.get("quantity", 0),
        unit=more.get("unit", ""),
        destination=more.get("destination", ""),
        returns_at=ends + timedelta(days=more["loan_days"]) if "loan_days" in more else None,
        repeat_days=1 << starts.astimezone(town.network.zone).weekday() if more.get("weekly") else 0,
        urgency=more.get("urgency", int(Ask.Urgency.SOON)),
        area=area.pk,
        cell=cell,
        starts_at=starts,
        ends_at=ends,
        languages=(language,) if language != "en" else (),
        called=called,
        contact_kind="phone",
        contact=f"+1410555{town.chance.randint(100, 199):04d}",
    )
    publish_ask(network=town.network, draft=draft)


def _pass(town: Town, *, answering: bool = True) -> None:
    """People answer what they were asked some time ago; then what is due happens."""
    if answering:
        _answer(town)
        _look_after_the_desk(town)
    _say_how(town)
    for ask in Ask.objects.filter(network=town.network, next_step_at__lte=clock.now()).order_by(
        "next_step_at"
    ):
        advance_ask(ask_id=ask.pk, network_id=town.network.pk)
        if ask.next_step == Step.SEARCH:
            search_for(network_id=town.network.pk, ask_id=ask.pk, at=clock.now())


def _look_after_the_desk(town: Town) -> None:
    """A person on shift calls: some have found help elsewhere, for others it can be at another time."""
    for ask in Ask.objects.filter(network=town.network, state=State.DESK).order_by("desk_at"):
        mood = town.chance.random()
        try:
            if mood < 0.25:
                withdraw_ask(ask=ask, said_by=By.DISPATCHER, why="found_help", actor=town.dispatcher.pk)
            elif mood < 0.8:
                call_note(ask=ask, dispatcher=town.dispatcher, text="Called. Any day this week would do.")
                search_again(ask=ask, dispatcher=town.dispatcher)
        except Refused:
            continue


def _answer(town: Town) -> None:
    """Of ten who were asked, seven say yes, two say no, one says nothing."""
    for match in Match.objects.filter(network=town.network, state=Match.State.INVITED).order_by(
        "created_at", "id"
    ):
        mood = town.chance.random()
        try:
            if mood < 0.7:
                accept_invitation(match=match)
            elif mood < 0.9:
                decline_invitation(match=match)
        except Refused:
            continue


def _say_how(town: Town) -> None:
    """What was agreed and has passed is mostly said to be done; a few fall short, one in twenty drops out before."""
    agreed = Match.objects.filter(network=town.network, state=Match.State.ACCEPTED).order_by(
        "created_at", "id"
    )
    for match in agreed.select_related("ask"):
        mood = town.chance.random()
        try:
            if match.meets_until and match.meets_until <= clock.now():
                outcome = Handover.Outcome.DONE if mood < 0.9 else Handover.Outcome.MISSED
                report_handover(match=match, outcome=outcome, said_by=By.HELPER, actor=match.member_id)
            elif mood < 0.01:
                drop_out(match=match, actor=match.member_id)
        except Refused:
            continue
