"""Reading rings: the page behind a member's link, and what waits for a member's answer."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonweal.base import clock
from commonweal.base.lists import side_by_side
from commonweal.exchange.lifecycle import SEARCHING
from commonweal.exchange.models import COMMITTED, Ask
from commonweal.exchange.needs import asked
from commonweal.exchange.queries.own_page import Line, also_asked
from commonweal.exchange.reasons import reasons_in_words
from commonweal.exchange.titles import ask_title
from commonweal.exchange.whens import moment, when_met
from commonweal.matching.models import Ring, RingPlace
from commonweal.members.models import Member
from commonweal.networks.models import Network

MORNING = 9
IF_ALL: dict[int, str | Promise] = {
    2: gettext_lazy("If both of you say yes"),
    3: gettext_lazy("If all three of you say yes"),
    4: gettext_lazy("If all four of you say yes"),
}
ALL_SAID: dict[int, str | Promise] = {
    2: gettext_lazy("Both of you said yes"),
    3: gettext_lazy("All three of you said yes"),
    4: gettext_lazy("All four of you said yes"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RingPage:
    """A place in a ring as its member may see it: what they would do and what is done for them, and of nobody a name.

    ``is_open``: a yes is still welcome; ``is_asked``: none has been said yet. ``commitment_url`` and ``ask_url`` lead
    to where names are, once all have said yes and while it is not over.
    """

    if_all: str
    all_said: str
    title: str
    where: str
    when: str
    needs: Sequence[str]
    reasons: Sequence[str]
    own_title: str
    own_when: str
    answer_by: str
    is_open: bool
    is_asked: bool
    is_agreed: bool
    commitment_url: str
    ask_url: str


def ring_page(place: RingPlace) -> RingPage:
    """The page behind a member's link. Three queries."""
    ring, places = place.ring, places_of(place.ring)
    mine, theirs = _mine(places, place.pk)
    is_agreed = ring.state == Ring.State.AGREED
    is_open = ring.state == Ring.State.WAITING and clock.now() < ring.answer_by
    match = place.match if is_agreed else None
    return RingPage(
        if_all=str(IF_ALL[len(places)]),
        all_said=str(ALL_SAID[len(places)]),
        title=ask_title(mine.ask),
        where=mine.ask.area.name if mine.ask.area else "",
        when=when_met(mine.meets_at, mine.meets_until, mine.network),
        needs=[str(asked(code)) for code in mine.ask.needs],
        reasons=reasons_in_words(mine.reasons, to_helper=True),
        own_title=ask_title(theirs.ask),
        own_when=when_met(theirs.meets_at, theirs.meets_until, theirs.network),
        answer_by=moment(ring.answer_by, mine.network),
        is_open=is_open,
        is_asked=is_open and mine.answer == RingPlace.Answer.NONE,
        is_agreed=is_agreed,
        commitment_url=reverse("exchange:invitation", args=[match.token_box])
        if match and match.state in COMMITTED
        else "",
        ask_url=reverse("exchange:status", args=[theirs.ask.token_box])
        if is_agreed and theirs.ask.token_box
        else "",
    )


def places_of(ring: Ring) -> list[RingPlace]:
    """The places in their order, with what is needed to put them into words; each holds this very ring."""
    places = RingPlace.objects.filter(network_id=ring.network_id, ring=ring).select_related(
        "network", "member", "ask", "ask__network", "ask__category", "ask__area", "ask__by"
    )
    found = list(places.order_by("position"))
    for place in found:
        place.ring = ring
    return found


def before(places: Sequence[RingPlace], place: RingPlace) -> RingPlace:
    """The place whose member would do what the one in ``place`` asked for."""
    return places[place.position - 1]


def is_to_be_had(ask: Ask, version: int) -> bool:
    """Whether an ask is still searched for, and as it was when somebody read it."""
    return ask.state in SEARCHING and not ask.taken and ask.version == version


@also_asked
def lines_for(member: Member) -> list[Line]:
    """What waits for a member's answer, as a line of their own page. At most two queries."""
    waiting = RingPlace.objects.filter(
        network_id=member.network_id,
        member=member,
        is_waiting=True,
        answer=RingPlace.Answer.NONE,
        ring__answer_by__gt=clock.now(),
    )
    place = waiting.select_related("ring").first()
    if place is None:
        return []
    places = places_of(place.ring)
    mine, theirs = _mine(places, place.pk)
    done = _("Somebody else does for you: %(title)s") % {"title": ask_title(theirs.ask)}
    when = when_met(mine.meets_at, mine.meets_until, mine.network)
    return [
        Line(
            title=_("%(if_all)s: %(title)s") % {"if_all": IF_ALL[len(places)], "title": ask_title(mine.ask)},
            detail=side_by_side(mine.ask.area.name if mine.ask.area else "", when, done),
            url=reverse("matching:ring", args=[mine.token_box]),
            state=_("Please answer by %(when)s") % {"when": moment(place.ring.answer_by, mine.network)},
            reasons=reasons_in_words(mine.reasons, to_helper=True),
        )
    ]


def waiting_rings(
    network_id: uuid.UUID, *, ask: uuid.UUID | None = None, member: uuid.UUID | None = None
) -> list[Ring]:
    """The rings that wait for answers and hold this ask, or this member."""
    places = RingPlace.objects.filter(
        Q(ask_id=ask) | Q(member_id=member), network_id=network_id, is_waiting=True
    )
    return [place.ring for place in places.select_related("ring").order_by("ring_id")]


def rings_to_look_at(*, limit: int) -> list[Ring]:
    """Rings that wait for answers though their time is over or something in them is gone, in every network."""
    gone = RingPlace.objects.filter(is_waiting=True).filter(
        ~Q(member__state=Member.State.ACTIVE) | ~Q(ask__state__in=sorted(SEARCHING))
    )
    late = Q(answer_by__lte=clock.now()) | Q(pk__in=gone.values("ring"))
    return list(Ring.objects.filter(late, state=Ring.State.WAITING).order_by("answer_by")[:limit])


def networks_at_morning(at: datetime) -> list[Network]:
    """The networks that offer rings and in which it is morning: two hours, so that a late turn finds one of them.

    Nobody is written to at night for something that can wait: it begins at nine, or later where the quiet lasts longer.
    """
    found = []
    for network in Network.objects.order_by("id"):
        began = at.astimezone(network.zone).hour - max(MORNING, network.policy.quiet_until)
        if network.policy.rings == "on" and 0 <= began < 2:
            found.append(network)
    return found


def networks_with_old_rings(at: datetime) -> QuerySet[Network]:
    """The networks in which a ring ended long enough ago that it may be time to forget it."""
    ended = Ring.objects.filter(ended_at__lte=at - timedelta(days=1)).values("network")
    return Network.objects.filter(pk__in=ended)


def _mine(places: Sequence[RingPlace], key: uuid.UUID) -> tuple[RingPlace, RingPlace]:
    """The place with this id, and the one whose member would do what its own member asked for."""
    mine = next(place for place in places if place.pk == key)
    return mine, before(places, mine)
