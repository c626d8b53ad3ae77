"""One ask as the desk shows it: what, who could and why, who agreed, and the one best thing to do next."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from commonweal.base import clock
from commonweal.base.lists import in_a_row, side_by_side
from commonweal.exchange.lifecycle import SEARCHING, State
from commonweal.exchange.models import STATE_LABELS, Ask
from commonweal.exchange.needs import asked_of
from commonweal.exchange.notices import asker, asker_name
from commonweal.exchange.queries import timeline
from commonweal.exchange.reasons import language_in_words
from commonweal.exchange.titles import ask_kind, ask_title
from commonweal.exchange.whens import moment, when_asked
from commonweal.matching.queries import CandidateRow, RefusalRow, WhoCould, who_could
from commonweal.members.models import Member
from commonweal.web.desk.involved import involved_in
from commonweal.web.desk.rows import next_words

SHOWN = 8
# Suggestions may have been overtaken by people who came since: so many more are looked through for them.
SPARE = 8
NOBODY = WhoCould(candidates=[], more=0, refusals=[])
PLACES = ("reach", "again", "hold", "release", "note", "close", "invite", "take")
# What may be closed for the asker: all that is open, but what is lent has to come back first.
CLOSABLE = frozenset(State) - {State.DONE, State.WITHDRAWN, State.RESTED, State.OUT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How to reach an asker, for a dispatcher who said that they look."""

    called: str
    contact: str
    link: str
    place: str
    destination: str
    seen: tuple[str, ...]


def reach_of(ask: Ask) -> Reach:
    """How to reach the asker. The caller puts the look on record, with what is ``seen``."""
    contact, place = asker(ask).contact, ask.place.get("text", "")
    shown = {"place": place, "destination": ask.destination}
    scheme = "tel" if contact and contact.kind == "phone" else "mailto"
    return Reach(
        called=asker_name(ask),
        contact=contact.shown if contact else "",
        link=f"{scheme}:{contact.value}" if contact else "",
        place=place,
        destination=ask.destination,
        seen=(*((contact.kind,) if contact else ()), *(code for code, value in shown.items() if value)),
    )


def one_ask(ask: Ask, *, viewer: Member) -> dict[str, Any]:
    """One ask for the template. ``viewer`` sees who else holds it, and then may do nothing but take it over."""
    found = _found(ask)
    involved = involved_in(ask)
    busy = any(row.is_asked or row.is_unclear for row in involved)
    best = found.candidates[0] if found.candidates and not busy else None
    head = _head(ask, viewer)
    mine_to_do = not head["held_by"]
    return {
        "one": {**head, "best": best, "primary": _primary(ask, best, head["held_by"]), "may": mine_to_do},
        "candidates": [_candidate(row, ask, mine_to_do=mine_to_do) for row in found.candidates],
        "more": found.more,
        "refusals": [_refusal(row, ask, mine_to_do=mine_to_do) for row in found.refusals],
        "involved": involved,
        "story": timeline(ask),
    }


def _found(ask: Ask) -> WhoCould:
    """Who could: first whom the plan for the whole network has for it, then those the program suggested."""
    if not ask.is_searching:
        return NOBODY
    found = who_could(ask, SHOWN + SPARE)
    rows = sorted(found.candidates, key=lambda row: (not row.is_planned, row.match_id is None))
    return WhoCould(candidates=rows[:SHOWN], more=found.more + len(rows[SHOWN:]), refusals=found.refusals)


def _primary(ask: Ask, best: CandidateRow | None, held_by: str) -> str:
    """The best next step, the only filled button: "ask" them, "reach" the asker, search "again", or go "on"."""
    if held_by:
        return "on"
    if ask.state == State.PAUSED or (ask.state == State.RESTED and ask.token_hash):
        return "again"
    if not ask.is_open:
        return "on"
    return "ask" if best else "reach"


def _candidate(row: CandidateRow, ask: Ask, *, mine_to_do: bool) -> dict[str, Any]:
    return {
        "name": row.name,
        "reasons": row.reasons,
        "against": row.against,
        "url": reverse("desk:invite", args=[ask.code]) if mine_to_do else "",
        "action_label": _("Confirm") if row.match_id else pgettext("somebody who could help", "Ask"),
        "fields": {"member": row.member_id, "version": ask.version},
    }


def _refusal(row: RefusalRow, ask: Ask, *, mine_to_do: bool) -> dict[str, Any]:
    """Why some can't; whom only the want of vouches holds back can be asked all the same, and the desk says why."""
    return {
        "words": capfirst(row.words),
        "who": _who(row),
        "url": reverse("desk:invite", args=[ask.code]) if mine_to_do else "",
        "version": ask.version,
        "may_ask": [{"member": member, "name": name} for member, name in row.may_ask],
    }


def _who(row: RefusalRow) -> str:
    """The nearest of those held back by one rule, and how many others."""
    names = in_a_row(row.names)
    if not row.others:
        return names
    return ngettext("%(names)s and %(n)d other", "%(names)s and %(n)d others", row.others) % {
        "names": names,
        "n": row.others,
    }


def _head(ask: Ask, viewer: Member) -> dict[str, Any]:
    held = ask.held_by if ask.held_until and ask.held_until > clock.now() else None
    is_mine = held is not None and held.pk == viewer.pk
    network = ask.network
    return {
        "code": ask.shown_code,
        "title": ask_title(ask),
        "kind": f"{ask.category.name} · {ask_kind(ask)}" if ask.summary else ask_kind(ask),
        "since": moment(ask.created_at, network),
        "words": ask.words,
        "facts": side_by_side(*_facts(ask)),
        "state": dict(STATE_LABELS)[ask.state],
        "next": _next_with_time(ask),
        "is_open": ask.is_open,
        "is_searching": ask.is_searching,
        "may_close": ask.state in CLOSABLE,
        "may_take": ask.is_searching and ask.state != State.DESK,
        "again": _again_words(ask),
        "call": _call_words(ask),
        "repeats": bool(ask.repeat_days),
        "is_late": ask.desk_at is not None and ask.desk_at <= clock.now(),
        "version": ask.version,
        "mine_until": moment(ask.held_until, network) if is_mine and ask.held_until else "",
        "held_by": held.name if held and not is_mine else "",
        "held_since": ask.held_until - network.policy.span("hold_minutes") if ask.held_until else None,
        **{f"{name}_url": reverse(f"desk:{name}", args=[ask.code]) for name in PLACES},
    }


def _again_words(ask: Ask) -> str:
    """What it is called to look for helpers anew, where that is possible."""
    if ask.state in SEARCHING:
        on_board = ask.network.policy.mode == "board"
        return _("Put it on the board again") if on_board else _("Look for helpers again")
    if ask.state == State.PAUSED:
        return _("Go on looking for helpers")
    return _("It is needed again") if ask.state == State.RESTED and ask.token_hash else ""


def _call_words(ask: Ask) -> str:
    """What it is called to reach the asker; nothing once how to is erased."""
    if not ask.token_hash:
        return ""
    words = {"phone": _("Call the asker"), "email": _("Write to the asker")}
    return words.get(ask.contact_kind, _("How to reach the asker"))


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
    if ask.quantity:
        promised = {"taken": ask.quantity_taken, "wanted": ask.quantity, "unit": ask.unit}
        facts.append(_("%(taken)d of %(wanted)d %(unit)s promised") % promised)
    if ask.returns_at:
        day = date_format(ask.returns_at.astimezone(ask.network.zone), "j F")
        facts.append(_("comes back %(day)s") % {"day": day})
    if ask.languages:
        spoken = in_a_row(language_in_words(code) for code in ask.languages)
        facts.append(_("speaks %(languages)s") % {"languages": spoken})
    return facts + asked_of(ask)
