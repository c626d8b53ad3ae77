"""What a helper sees behind their link: before the yes what is needed and roughly where, after it also who."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commonweal.base import clock
from commonweal.exchange import reveal
from commonweal.exchange.going import needs_buddy
from commonweal.exchange.lifecycle import SEARCHING, State
from commonweal.exchange.models import COMMITTED, Match
from commonweal.exchange.needs import asked_of
from commonweal.exchange.notices import asker, asker_name
from commonweal.exchange.reasons import reasons_in_words
from commonweal.exchange.titles import ask_kind, ask_title
from commonweal.exchange.whens import meeting, moment, when_asked, when_met

S = Match.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation or commitment as its helper may see it.

    ``reach`` is None unless the two have agreed, and nothing else here says who asks or where exactly; outside of the
    policy's window it holds a mask only, and without the place where somebody is to go along first. ``is_open``: a
    yes or a no is still welcome. ``is_on``: agreed and not over. ``is_due``: its time has come, so that it can be said
    how it went. ``is_lent``: a thing is to come back. ``needs_buddy``: nobody goes along yet, where somebody is to.
    """

    title: str
    kind: str
    where: str
    when: str
    needs: Sequence[str]
    reasons: Sequence[str]
    people: int
    quantity: int
    unit: str
    answer_by: str
    returns: str
    version: int
    state: str
    is_open: bool
    is_on: bool
    is_due: bool
    is_lent: bool
    is_met_by_others: bool
    needs_buddy: bool
    reach: reveal.Reach | None


def invitation(match: Match) -> Invitation:
    """The page behind a helper's link. The caller puts the look on record where ``reach`` is shown."""
    ask, network = match.ask, match.network
    is_on = match.state in COMMITTED
    is_shown = is_on or reveal.is_open(match)
    is_alone = is_shown and needs_buddy(match)
    meets_at, meets_until = meeting(match)
    is_open = match.state in (S.INVITED, S.LAPSED) and ask.state in SEARCHING and not ask.is_filled
    return Invitation(
        title=ask_title(ask),
        kind=ask_kind(ask),
        where=ask.area.name if ask.area else "",
        when=when_met(meets_at, meets_until, network) if match.meets_at else when_asked(ask, network),
        needs=asked_of(ask),
        reasons=reasons_in_words(match.reasons, to_helper=True),
        people=ask.people,
        quantity=match.quantity if is_on else (match.quantity or ask.places_left if ask.quantity else 0),
        unit=ask.unit,
        answer_by=moment(match.answer_by, network) if match.state == S.INVITED and match.answer_by else "",
        returns=moment(ask.returns_at, network) if ask.returns_at else "",
        version=ask.version,
        state=match.state,
        is_open=is_open,
        is_on=is_on,
        is_due=is_due(match, clock.now()),
        is_lent=match.state == S.LENT,
        is_met_by_others=match.state in (S.INVITED, S.LAPSED, S.TAKEN_BACK)
        and ask.state in (State.AGREED, State.AFTER),
        needs_buddy=is_alone,
        reach=_reach(match, is_place_held=is_alone) if is_shown else None,
    )


def is_due(match: Match, now: datetime) -> bool:
    """Whether it can be said how it went: its time has begun, or went by without a word."""
    return match.state == S.SILENT or (match.state == S.ACCEPTED and meeting(match)[0] <= now)


def _reach(match: Match, *, is_place_held: bool) -> reveal.Reach:
    ask = match.ask
    return reveal.reach_in(
        match, name=asker_name(ask), contact=asker(ask).contact, about=ask, is_place_held=is_place_held
    )
