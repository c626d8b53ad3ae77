"""What the desk shows of an ask, made ready for its templates."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonweal.base import clock
from commonweal.exchange.lifecycle import State, Step
from commonweal.exchange.models import STATE_LABELS, Ask, Match
from commonweal.exchange.needs import asked
from commonweal.exchange.queries import DeskRow, count_by_state, live_matches, timeline
from commonweal.exchange.titles import ask_kind, ask_title
from commonweal.exchange.whens import moment, when_asked, when_met
from commonweal.matching.queries import CandidateRow, RefusalRow, WhoCould, who_could
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.networks.models import Network

SHOWN = [State.NEAR, State.WIDE, State.DESK, State.BEYOND, State.AGREED, State.AFTER, State.OUT, State.PAUSED]
PAST = [State.DONE, State.WITHDRAWN, State.RESTED]
CANDIDATES = 8
BUTTONS = ("reach", "again", "hold", "release", "note", "close")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How to reach an asker, for a dispatcher who said that they look."""

    called: str
    contact: str
    value: str
    scheme: str
    place: str


def reach_of(ask: Ask) -> Reach:
    """How to reach the asker of ``ask``. The caller has put the look on record."""
    contact = Contact(kind=ask.contact_kind, value=ask.contact) if ask.contact else None
    return Reach(
        called=ask.called,
        contact=contact.shown if contact else "",
        value=contact.value if contact else "",
        scheme="tel" if ask.contact_kind == "phone" else "mailto",
        place=ask.place.get("text", ""),
    )


def state_named(text: str) -> str:
    """The state that an address names, or the first one."""
    return text if text in {*SHOWN, *PAST} else State.NEAR


def state_tabs(network: Network, current: str) -> list[dict[str, Any]]:
    """A tab for every state, with how many open asks stand there."""
    counts = count_by_state(network)
    labels = dict(STATE_LABELS)
    return [
        {
            "label": labels[state],
            "url": f"{reverse('desk:board')}?state={state}",
            "is_current": state == current,
            "count": counts.get(state, 0) if state in SHOWN else None,
        }
        for state in (*SHOWN, *PAST)
    ]


def queue_row(row: DeskRow, *, current: str) -> dict[str, Any]:
    """One line of what needs a person."""
    return {
        "due_at": row.due_at,
        "title": row.title,
        "detail": " · ".join(part for part in (row.where, row.why, row.shown_code) if part),
        "url": reverse("desk:ask", args=[row.code]) + "#ask",
        "is_current": row.code == current,
        "held_by": row.held_by,
    }


def board_row(ask: Ask) -> dict[str, Any]:
    """One line of the board by state."""
    return {
        "url": reverse("desk:ask", args=[ask.code]),
        "code": ask.shown_code,
        "title": ask_title(ask),
        "where": ask.area.name if ask.area else _("area not said"),
        "when": when_asked(ask, ask.network),
        "next": next_words(ask),
        "due_at": ask.next_step_at,
        "created_at": ask.created_at,
    }


def next_words(ask: Ask) -> str:
    """What happens next to an ask, in a few words."""
    return {
        Step.SEARCH: _("search goes on"),
        Step.CALL: _("a person looks"),
        Step.ASK_HOW: _("both are asked how it went"),
        Step.CHASE: _("both are asked again"),
        Step.ASK_BACK: _("both are asked whether it is back"),
        Step.CHECK_PAUSE: _("the asker is asked whether it is still paused"),
    }.get(Step(ask.next_step), "")


def one_ask(ask: Ask, *, viewer: Member) -> dict[str, Any]:
    """One ask as the desk shows it to ``viewer``: what, who could and why, who could not, the story."""
    nobody = WhoCould(candidates=[], more=0, refusals=[])
    found = who_could(ask, CANDIDATES) if ask.is_searching else nobody
    invite_url = reverse("desk:invite", args=[ask.code])
    return {
        "one": {**_head(ask, viewer), "invite_url": invite_url, "best": _best(found.candidates, ask)},
        "candidates": [_candidate(row, invite_url) for row in found.candidates],
        "more": found.more,
        "refusals": [{"words": capfirst(row.words), "who": _who(row)} for row in found.refusals],
        "story": timeline(ask),
    }


def _candidate(row: CandidateRow, url: str) -> dict[str, Any]:
    return {
        "name": row.name,
        "reasons": row.reasons,
        "url": url,
        "action_label": _("Confirm") if row.match_id else _("Ask"),
        "fields": {"member": row.member_id},
    }


def _who(row: RefusalRow) -> str:
    """The nearest of those held back by one rule, and how many others."""
    names = ", ".join(row.names)
    if not row.others:
        return names
    return ngettext("%(names)s and %(n)d other", "%(names)s and %(n)d others", row.others) % {
        "names": names,
        "n": row.others,
    }


def _best(candidates: list[CandidateRow], ask: Ask) -> CandidateRow | None:
    """The first candidate, unless somebody is being asked right now or nobody is there."""
    if not candidates or any(match.state == Match.State.INVITED for match in live_matches(ask)):
        return None
    return candidates[0]


def _head(ask: Ask, viewer: Member) -> dict[str, Any]:
    held = ask.held_by if ask.held_until and ask.held_until > clock.now() else None
    network = ask.network
    return {
        "code": ask.shown_code,
        "title": ask_title(ask),
        "kind": f"{ask_kind(ask)}, {ask.category.name}",
        "since": moment(ask.created_at, network),
        "words": ask.words,
        "facts": _facts(ask),
        "state": dict(STATE_LABELS)[ask.state],
        "next": _next_with_time(ask),
        "is_open": ask.is_open,
        "is_searching": ask.is_searching,
        "version": ask.version,
        "mine": held is not None and held.pk == viewer.pk,
        "held_by": held.name if held and held.pk != viewer.pk else "",
        "held_since": ask.held_until - network.policy.span("hold_minutes") if ask.held_until else None,
        "commitments": [
            {"name": match.member.name, "when": when_met(match.meets_at, match.meets_until, network)}
            for match in live_matches(ask)
            if match.state == Match.State.ACCEPTED and match.meets_at and match.meets_until
        ],
        **{f"{name}_url": reverse(f"desk:{name}", args=[ask.code]) for name in BUTTONS},
    }


def _next_with_time(ask: Ask) -> str:
    if ask.desk_at is not None:
        return _("A look is promised by %(moment)s") % {"moment": moment(ask.desk_at, ask.network)}
    words = next_words(ask)
    if not words or ask.next_step_at is None:
        return ""
    return capfirst(f"{words} {moment(ask.next_step_at, ask.network)}")


def _facts(ask: Ask) -> list[str]:
    """What a helper would have to know, without who it is for."""
    facts = [ask.area.name if ask.area else _("area not said"), when_asked(ask, ask.network)]
    if ask.people > 1:
        facts.append(ngettext("for %(n)d person", "for %(n)d people", ask.people) % {"n": ask.people})
    if ask.hands > 1:
        facts.append(_("%(taken)d of %(wanted)d hands") % {"taken": ask.hands_taken, "wanted": ask.hands})
    if ask.quantity:
        facts.append(
            _("%(taken)d of %(wanted)d %(unit)s")
            % {"taken": ask.quantity_taken, "wanted": ask.quantity, "unit": ask.unit}
        )
    if ask.destination:
        facts.append(_("to %(place)s") % {"place": ask.destination})
    if ask.returns_at:
        facts.append(
            _("comes back %(day)s") % {"day": date_format(ask.returns_at.astimezone(ask.network.zone), "j F")}
        )
    return facts + [str(asked(code)) for code in ask.needs]
