"""Who has to do with an ask already: who is being asked, who said yes, and what can be said of them on the phone."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.base.lists import side_by_side
from commonweal.exchange.going import needs_buddy
from commonweal.exchange.lifecycle import SEARCHING, State
from commonweal.exchange.models import COMMITTED, Ask, Handover, Match
from commonweal.exchange.whens import meeting, moment, when_met

S = Match.State
# What was said once can be set right while the ask is with a person on shift.
SAID = (S.DONE, S.PARTLY, S.MISSED)
SHOWN = (S.INVITED, *COMMITTED, S.SILENT, *SAID)
STEPS_BACK = (*SEARCHING, State.AGREED, State.AFTER)
Sides = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Involved:
    """Somebody who was asked or said yes, and when they meet, answer or get their thing back.

    ``said`` is what either side said of how it went, where the desk has to settle it. ``can_say`` how it went,
    ``can_drop`` out, ``is_lent``: what can be said of them now; each goes to an address of its own. ``is_alone``:
    nobody goes along yet, where the members want it. ``is_unclear``: nobody said how it went, or the two sides say
    different things.
    """

    name: str
    state: str
    when: str
    said: str
    is_asked: bool
    is_unclear: bool
    can_say: bool
    can_drop: bool
    is_lent: bool
    is_alone: bool
    how_url: str
    went_url: str
    twos_url: str
    drop_url: str
    back_url: str
    longer_url: str

    @property
    def has_verbs(self) -> bool:
        """Whether there is anything to say."""
        return self.can_say or self.can_drop or self.is_lent or self.is_alone


def involved_in(ask: Ask) -> list[Involved]:
    """Who said yes, and then who is being asked, each the oldest first; in at most two queries."""
    found = Match.objects.filter(network_id=ask.network_id, ask=ask, state__in=SHOWN).select_related("member")
    matches = sorted(found.order_by("created_at", "id"), key=lambda match: match.state == S.INVITED)
    settled = [match.pk for match in matches if match.state in SAID] if ask.state == State.DESK else []
    said = _said(ask, settled)
    return [_row(ask, match, said[match.pk]) for match in matches]


def _said(ask: Ask, matches: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Sides]:
    """What each side said last of each of these matches."""
    said: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    if matches:
        reports = Handover.objects.filter(
            network_id=ask.network_id, match__in=[*matches], outcome__in=[state.value for state in SAID]
        )
        for match, side, outcome in reports.order_by("at", "id").values_list("match", "said_by", "outcome"):
            said[match][side] = outcome
    return said


def _row(ask: Ask, match: Match, said: Sides) -> Involved:
    match.ask = ask
    urls = {
        f"{name}_url": reverse(f"desk:{name}", args=[ask.code, match.pk])
        for name in ("how", "went", "twos", "drop", "back", "longer")
    }
    return Involved(
        name=match.member.name,
        state=match.get_state_display(),
        when=_when(match),
        said=side_by_side(*_in_words(said)),
        is_asked=match.state == S.INVITED,
        is_unclear=match.state == S.SILENT or len(set(said.values())) > 1,
        can_say=match.state == S.SILENT
        or (match.state == S.ACCEPTED and meeting(match)[0] <= clock.now())
        or (match.state in SAID and ask.state == State.DESK),
        can_drop=match.state == S.ACCEPTED and ask.state in STEPS_BACK,
        is_lent=match.state == S.LENT,
        is_alone=match.state == S.ACCEPTED and needs_buddy(match),
        **urls,
    )


def _when(match: Match) -> str:
    network = match.ask.network
    if match.state == S.INVITED and match.answer_by:
        return _("may answer until %(moment)s") % {"moment": moment(match.answer_by, network)}
    if match.state == S.LENT and match.ask.returns_at:
        return _("to be back %(moment)s") % {"moment": moment(match.ask.returns_at, network)}
    return when_met(*meeting(match), network)


def _in_words(said: Sides) -> list[str]:
    sides = {
        By.ASKER.value: _("The asker"),
        By.HELPER.value: _("The helper"),
        By.DISPATCHER.value: _("The desk"),
    }
    outcomes = dict(Handover.Outcome.choices)
    return [
        _("%(who)s: %(outcome)s") % {"who": sides[side], "outcome": outcomes[outcome]}
        for side, outcome in said.items()
        if side in sides
    ]
