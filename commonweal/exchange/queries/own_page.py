"""What a member's own page says: what they agreed to, are asked, offer and asked for, in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from commonweal.base import clock
from commonweal.base.lists import side_by_side
from commonweal.exchange.models import HELPED, Ask, Match, Offer
from commonweal.exchange.notices import asker_name
from commonweal.exchange.queries.invitation import is_due
from commonweal.exchange.queries.mine import asks_of, commitments_of, offers_of
from commonweal.exchange.reasons import reasons_in_words
from commonweal.exchange.slots import slots_in_words
from commonweal.exchange.titles import ask_title, offer_title
from commonweal.exchange.whens import meeting, moment, week_of, when_asked, when_met
from commonweal.members.models import Member

S = Match.State
ASKED_ABOUT = timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the page, with the page behind it. ``state`` says in a word what it waits for, or is empty."""

    title: str
    detail: str
    url: str
    state: str = ""
    reasons: Sequence[str] = ()


Asking = Callable[[Member], Sequence[Line]]
_further: list[Asking] = []


def also_asked(read: Asking) -> Asking:
    """Register what a room above asks of members: its lines stand on their own page, above the invitations."""
    _further.append(read)
    return read


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOffer:
    """An offer of one's own. ``is_asked``: it is to be said soon whether it still stands."""

    offer: Offer
    title: str
    detail: str
    is_asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """A member's page. ``agreed_this_week`` of ``per_week`` is what they have given away of the week that runs."""

    agreed: Sequence[Line]
    asked: Sequence[Line]
    offers: Sequence[OwnOffer]
    asks: Sequence[Line]
    agreed_this_week: int
    per_week: int


def own_page(member: Member) -> OwnPage:
    """Everything of a member's own, in six queries and those of the rooms above."""
    matches = commitments_of(member)
    further = [line for read in _further for line in read(member)]
    return OwnPage(
        agreed=[_commitment(match) for match in matches if match.state != S.INVITED],
        asked=[*further, *(_invitation(match) for match in matches if match.state == S.INVITED)],
        offers=[_offer(offer) for offer in offers_of(member)],
        asks=[_ask(ask) for ask in asks_of(member)],
        agreed_this_week=_agreed_this_week(member),
        per_week=member.per_week,
    )


def _commitment(match: Match) -> Line:
    starts, ends = meeting(match)
    state = _("How did it go?") if is_due(match, clock.now()) else ""
    if match.state == S.LENT:
        state = _("Lent, to come back")
    who = _("with %(name)s") % {"name": asker_name(match.ask)}
    detail = side_by_side(who, _where(match.ask), when_met(starts, ends, match.network))
    return Line(title=ask_title(match.ask), detail=detail, url=_link(match), state=state)


def _invitation(match: Match) -> Line:
    answer_by = moment(match.answer_by, match.network) if match.answer_by else ""
    return Line(
        title=ask_title(match.ask),
        detail=side_by_side(_where(match.ask), when_asked(match.ask, match.network)),
        url=_link(match),
        state=_("Please answer by %(when)s") % {"when": answer_by} if answer_by else "",
        reasons=reasons_in_words(match.reasons, to_helper=True),
    )


def _offer(offer: Offer) -> OwnOffer:
    names = [link.category.name for link in offer.categories.all()]
    is_open = offer.state == Offer.State.OPEN
    return OwnOffer(
        offer=offer,
        title=offer_title(offer, names),
        detail=side_by_side("" if is_open else offer.get_state_display(), offer.area.name if offer.area else "",
                            slots_in_words(offer.slots)),
        is_asked=is_open and offer.check_at <= clock.now() + ASKED_ABOUT and offer.confirmed_at < clock.now(),
    )  # fmt: skip


def _ask(ask: Ask) -> Line:
    return Line(
        title=ask_title(ask),
        detail=side_by_side(ask.shown_code, when_asked(ask, ask.network)),
        url=reverse("exchange:status", args=[ask.token_box]),
        state=ask.get_state_display(),
    )


def _agreed_this_week(member: Member) -> int:
    first, last = week_of(clock.now(), member.network.zone)
    return Match.objects.filter(
        network_id=member.network_id, member=member, state__in=HELPED, meets_at__gte=first, meets_at__lt=last
    ).count()


def _link(match: Match) -> str:
    return reverse("exchange:invitation", args=[match.token_box])


def _where(ask: Ask) -> str:
    return ask.area.name if ask.area else ""
