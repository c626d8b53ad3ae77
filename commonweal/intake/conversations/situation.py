"""Who is at this number, and what is open between them and the network.

A number may be several people's: everybody who is reached by it is meant, until a code or a name says who.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import F, Q, QuerySet

from commonweal.base import crypto
from commonweal.base.eventlog import By
from commonweal.exchange.lifecycle import SEARCHING, State
from commonweal.exchange.models import Ask, CheckIn, Handover, Match, Offer
from commonweal.exchange.titles import ask_title, offer_title
from commonweal.intake.conversations.meanings import plain
from commonweal.members.contacts import Contact
from commonweal.members.models import ContactPoint, Member
from commonweal.networks.models import Network

MOST = 12
# An answer to an invitation that is older than this means something else.
RECENT = timedelta(days=7)
WEEK_BEFORE = timedelta(days=7)
S = Match.State
ASKED_ANEW = {State.PAUSED, State.BEYOND, State.RESTED}
CLOSED = (State.DONE, State.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that was put to this number and not answered: ``kind`` is "invitation", "how", "back" (a lent
    thing), "way" (not back yet), "still" or "stands".

    ``thing`` is the match, ask or offer that it is about; ``part`` is whose side of it is meant.
    """

    kind: str
    thing: Match | Ask | Offer
    part: By
    code: str
    title: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Situation:
    """What one contact has to do with the network at this moment; everything is read when it is first asked for."""

    network: Network
    contact: Contact
    now: datetime

    @cached_property
    def index(self) -> str:
        """By which the contact is found."""
        return crypto.blind_index(self.contact.value, "contact")

    @cached_property
    def members(self) -> Sequence[Member]:
        """Everybody who is reached here, who confirmed it first."""
        points = ContactPoint.objects.filter(network=self.network, value_index=self.index)
        points = points.exclude(member__state=Member.State.LEFT).select_related("member")
        ordered = points.order_by(F("confirmed_at").asc(nulls_last=True), "created_at", "id")
        return [point.member for point in ordered[:MOST]]

    @cached_property
    def asks(self) -> Sequence[Ask]:
        """What was asked for from here, or by a member who is reached here, and is not over; the newest first."""
        mine = Q(contact_index=self.index)
        if self.members:
            mine |= Q(by__in=[member.pk for member in self.members])
        asks = Ask.objects.filter(mine, network=self.network).exclude(state__in=CLOSED)
        return list(
            asks.select_related("category", "area", "network", "by").order_by("-created_at", "-id")[:MOST]
        )

    @cached_property
    def helping(self) -> Sequence[Match]:
        """What those who are reached here are asked to do, or have agreed to; the newest first."""
        if not self.members:
            return []
        states = (S.INVITED, S.ACCEPTED, S.SILENT, S.LENT)
        return list(self._matches(states, member__in=[member.pk for member in self.members])[:MOST])

    @cached_property
    def helped(self) -> Sequence[Match]:
        """Who has agreed to help with what was asked for from here."""
        if not self.asks:
            return []
        return list(
            self._matches((S.ACCEPTED, S.SILENT, S.LENT), ask__in=[ask.pk for ask in self.asks])[:MOST]
        )

    @cached_property
    def latest(self) -> Match | None:
        """The last that anybody here was asked, whatever became of it."""
        if not self.members:
            return None
        asked = self._matches(S.values, member__in=[member.pk for member in self.members])
        return asked.filter(invited_at__gte=self.now - RECENT).order_by("-invited_at", "-id").first()

    def _matches(self, states: Iterable[str], **of: object) -> QuerySet[Match]:
        matches = Match.objects.filter(network=self.network, state__in=[*states], **of)
        rows = matches.select_related(
            "ask", "ask__category", "ask__area", "ask__network", "ask__by", "member", "network"
        )
        return rows.order_by("-created_at", "-id")

    @cached_property
    def names(self) -> frozenset[str]:
        """What those are called who share this number, as plain words."""
        called = [member.name for member in self.members] + [ask.called for ask in self.asks]
        return frozenset(filter(None, map(plain, called)))

    def invitations(self) -> list[Question]:
        """What somebody here was asked to do and has not answered."""
        return [
            invitation_to(match)
            for match in self.helping
            if match.state == S.INVITED and match.ask.state in SEARCHING
        ]

    def commitments(self, *, over: bool | None = None) -> list[Question]:
        """What was agreed, on either side, and nobody here has told the end of; ``over``: whose time has gone by."""
        sides = [
            *((match, By.HELPER) for match in self.helping),
            *((match, By.ASKER) for match in self.helped),
        ]
        agreed = [(match, part) for match, part in sides if match.state in (S.ACCEPTED, S.SILENT)]
        told = self._told([match for match, _part in agreed]) if agreed else set()
        return [
            _about(match, "how", part)
            for match, part in agreed
            if (match.pk, part.value) not in told
            and (over is None or (match.meets_until is not None and match.meets_until <= self.now) == over)
        ]

    def lent(self) -> list[Question]:
        """What is lent and not back, on either side."""
        sides = [
            *((match, By.HELPER) for match in self.helping),
            *((match, By.ASKER) for match in self.helped),
        ]
        return [_about(match, "back", part) for match, part in sides if match.state == S.LENT]

    @cached_property
    def ways(self) -> Sequence[Question]:
        """Where somebody here is on the way to, and not back."""
        matches = {match.pk: match for match in self.helping}
        away = CheckIn.objects.filter(network=self.network, match__in=matches, over_at=None)
        rows = away.order_by("-set_out_at", "-id").values_list("match", flat=True) if matches else []
        return [_about(matches[key], "way", By.HELPER) for key in rows]

    def _told(self, matches: Sequence[Match]) -> set[tuple[object, str]]:
        said = Handover.objects.filter(network=self.network, match__in=[match.pk for match in matches])
        ends = said.exclude(outcome=Handover.Outcome.RESCHEDULED)
        return set(ends.values_list("match_id", "said_by"))

    def own(self) -> list[Question]:
        """What was asked for from here and is still open or rests."""
        return [_of_ask(ask) for ask in self.asks]

    def doubted(self) -> list[Question]:
        """Of these, the ones of which we have asked whether they are still needed."""
        return [
            _of_ask(ask)
            for ask in self.asks
            if ask.state in ASKED_ANEW or (ask.state in SEARCHING and ask.ends_at <= self.now)
        ]

    def offers(self) -> list[Question]:
        """What is offered from here and was asked about: does it still stand?"""
        if not self.members:
            return []
        asked_from = self.now - self.network.policy.span("offer_days") + WEEK_BEFORE
        offers = Offer.objects.filter(
            network=self.network,
            member__in=[member.pk for member in self.members],
            confirmed_at__lte=asked_from,
        )
        rows = (
            offers.exclude(state=Offer.State.WITHDRAWN)
            .select_related("member", "network")
            .order_by("-id")[:MOST]
        )
        return [_of_offer(offer) for offer in rows]


def meant(questions: Sequence[Question], *, code: str, text: str) -> list[Question]:
    """Those that a code or a name in the text means; else all of them."""
    return named_in(questions, code=code, text=text) or ([] if code else list(questions))


def named_in(questions: Sequence[Question], *, code: str, text: str) -> list[Question]:
    """Those that a code means; without one, those that belong to a name that stands in the text."""
    if code:
        return [question for question in questions if question.code == code]
    words = f" {plain(text)} "
    return [question for question in questions if any(is_named(name, words) for name in question.names)]


def is_named(name: str, words: str) -> bool:
    """Whether a name stands in plain words (with a blank at both ends), also as in "Bea's"."""
    bare = plain(name)
    return bool(bare) and (f" {bare} " in words or f" {bare}s " in words)


def invitation_to(match: Match) -> Question:
    """Whether somebody can help with it."""
    return _about(match, "invitation", By.HELPER)


def _about(match: Match, kind: str, part: By) -> Question:
    ask = match.ask
    asker = ask.called or (ask.by.name if ask.by else "")
    names = (asker,) if kind == "invitation" else (asker, match.member.name)
    title = ask_title(ask)
    return Question(kind=kind, thing=match, part=part, code=ask.code, title=title, names=names)


def _of_ask(ask: Ask) -> Question:
    asker = ask.called or (ask.by.name if ask.by else "")
    return Question(
        kind="still", thing=ask, part=By.ASKER, code=ask.code, title=ask_title(ask), names=(asker,)
    )


def _of_offer(offer: Offer) -> Question:
    names = [link.category.name for link in offer.categories.select_related("category")]
    title = offer_title(offer, names)
    return Question(
        kind="stands", thing=offer, part=By.MEMBER, code="", title=title, names=(offer.member.name,)
    )
