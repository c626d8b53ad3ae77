"""What the desk reads: what needs a person, the asks by state, one ask's story."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonweal.base import clock
from commonweal.base.eventlog import By, story_of
from commonweal.base.lists import in_a_row
from commonweal.base.models import Event
from commonweal.base.paging import Cursor, Page, page_of
from commonweal.exchange.actions.unchecked import UNCHECKED
from commonweal.exchange.lifecycle import OPEN, State
from commonweal.exchange.models import LIVE, Ask, CallNote, Handover, Match
from commonweal.exchange.titles import ask_title
from commonweal.members.models import Member
from commonweal.networks.models import Network

S = Match.State
MOST = 100
LASTS = 20
# What a line of the queue reads; nothing encrypted but the name of who holds it.
OF_ASK = (
    "network_id", "code", "category", "area_id", "state", "state_since", "summary", "people", "quantity", "unit",
    "ends_at", "desk_at", "held_by", "held_until", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRow:
    """One thing that needs a person. ``due_at`` is what was promised; ``held_by`` the dispatcher who is on it."""

    code: str
    shown_code: str
    due_at: datetime
    title: str
    where: str
    why: str
    held_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """One thing that happened, in words for the desk."""

    at: datetime
    text: str


def desk_queue(network: Network, at: datetime, limit: int = MOST) -> list[DeskRow]:
    """What needs a person, the oldest promise first, in two queries."""
    needing = Ask.objects.filter(network=network, desk_at__isnull=False).select_related(
        "category", "area", "held_by"
    )
    fields = (*OF_ASK, "category__names", "category__slug", "area__name", "held_by__name")
    asks = list(needing.only(*fields).order_by("desk_at", "id")[:limit])
    counts: dict[uuid.UUID, Counter[str]] = defaultdict(Counter)
    matches = Match.objects.filter(network=network, ask__in=[ask.pk for ask in asks])
    for ask_id, state, count in (
        matches.values_list("ask", "state").annotate(Count("id")).order_by() if asks else ()
    ):
        counts[ask_id][state] = count
    return [_row(ask, counts[ask.pk], at) for ask in asks]


def count_needing_a_person(network: Network, at: datetime) -> int:
    """How many asks a person is to look at."""
    return Ask.objects.filter(network=network, desk_at__isnull=False).count()


def count_by_state(network: Network) -> Mapping[str, int]:
    """How many open asks stand in each state; counted anew every twenty seconds."""
    key = f"exchange.states.{network.pk}"
    found: dict[str, int] | None = cache.get(key)
    if found is None:
        asks = Ask.objects.filter(network=network, state__in=sorted(OPEN))
        found = dict(asks.values_list("state").annotate(Count("id")).order_by())
        cache.set(key, found, LASTS)
    return found


def asks_from(network: Network, source: str, keys: Collection[str]) -> Sequence[Ask]:
    """The asks that these lines of a source became (a sheet's rows), with what a title needs, in one query."""
    asks = Ask.objects.filter(network=network, source=source, source_key__in=keys)
    return list(asks.select_related("category", "area", "network"))


def asks_by_state(network: Network, state: str, cursor: Cursor | None = None, limit: int = 50) -> Page[Ask]:
    """The asks of one state, newest first, with category, area and network."""
    asks = Ask.objects.filter(network=network, state=state).select_related("category", "area", "network")
    return page_of(asks, cursor, limit)


def live_matches(ask: Ask) -> list[Match]:
    """Who is suggested, invited, has agreed or lent, with names; the oldest first."""
    live = Match.objects.filter(network_id=ask.network_id, ask=ask, state__in=LIVE)
    return list(live.select_related("member").order_by("created_at", "id"))


def timeline(ask: Ask) -> list[StoryRow]:
    """All that happened to the ask and was noted about it, oldest first, with the names that the desk may know."""
    events = list(story_of(ask))
    notes = list(CallNote.objects.filter(network_id=ask.network_id, ask=ask).select_related("member"))
    wanted = {key for event in events for key in _members_in(event)}
    people = Member.objects.filter(network_id=ask.network_id, pk__in=wanted).only("network_id", "name")
    names = {str(person.pk): person.name for person in people}
    rows = [StoryRow(at=event.at, text=text) for event in events if (text := _told(event, names))]
    rows += [
        StoryRow(at=note.at, text=_("%(name)s: “%(text)s”") % {"name": _name(note.member), "text": note.text})
        for note in notes
    ]
    return sorted(rows, key=lambda row: row.at)


def _row(ask: Ask, counts: Counter[str], at: datetime) -> DeskRow:
    held = ask.held_by if ask.held_until and ask.held_until > at else None
    return DeskRow(
        code=ask.code,
        shown_code=ask.shown_code,
        due_at=ask.desk_at or at,
        title=ask_title(ask),
        where=ask.area.name if ask.area else "",
        why=_why(ask, counts),
        held_by=held.name if held else "",
    )


def _why(ask: Ask, counts: Counter[str]) -> str:
    """Why a person is needed, in a few words."""
    if ask.state == State.OUT:
        return _("lent, and not said to be back")
    if counts[S.SILENT]:
        return _("nobody said how it went")
    if ask.state == State.DESK and counts[S.DONE] + counts[S.MISSED] + counts[S.PARTLY]:
        return _("not clear how it went")
    if counts[S.PROPOSED]:
        number = counts[S.PROPOSED]
        return ngettext("%(n)d person suggested", "%(n)d people suggested", number) % {"n": number}
    if ask.source == UNCHECKED and not counts:
        return _("came in a rush, perhaps from a machine; nobody is asked before you look")
    if ask.ends_at <= clock.now():
        return _("its time went by and nobody came")
    if ask.state == State.BEYOND:
        return _("nobody found in the whole network")
    if counts[S.DECLINED]:
        return ngettext("%(n)d said no", "%(n)d said no", counts[S.DECLINED]) % {"n": counts[S.DECLINED]}
    return _("nobody near by could")


def _name(member: Member | None) -> str:
    return member.name if member else _("somebody who has left")


def _members_in(event: Event) -> list[str]:
    data = event.data
    named = [data.get("invited"), data.get("helper"), *data.get("members", []), event.actor]
    return [str(key) for key in named if key]


def _told(event: Event, names: Mapping[str, str]) -> str:
    """An event in words; an empty text for one that says nothing to a person."""
    data, gone = event.data, _("somebody who has left")
    actor = names.get(str(event.actor), gone) if event.actor else _who(event.by)
    helper = names.get(data.get("invited") or data.get("helper") or "", gone)
    if event.verb == "searched":
        return _("%(name)s was asked") % {"name": helper} if data.get("invited") else ""
    if event.verb == "nobody_left":
        return _WIDENED.get(data.get("to", ""), lambda: "")()
    if event.verb == "reported":
        outcome = dict(Handover.Outcome.choices).get(data.get("outcome"), "")
        return _("%(who)s: %(outcome)s") % {"who": actor, "outcome": outcome}
    if event.verb == "overruled":
        said = {"name": actor, "helper": helper, "why": dict(Match.Instead.choices).get(data.get("why"), "")}
        return _("%(name)s chose %(helper)s instead of whom the program suggested: %(why)s") % said
    if event.verb == "proposed":
        return _("%(names)s suggested") % {"names": in_a_row(names.get(key, gone) for key in data["members"])}
    words = _TOLD.get(event.verb)
    return words() % {"name": actor, "helper": helper} if words else ""


def _who(by: str) -> str:
    return {By.ASKER: _("The asker"), By.HELPER: _("The helper")}.get(By(by), _("The program"))


_WIDENED = {
    State.WIDE: lambda: _("Nobody near by; the whole network is asked"),
    State.DESK: lambda: _("Nobody in the network; passed to the desk"),
    State.BEYOND: lambda: _("Looking beyond the network"),
}
_TOLD = {
    "published": lambda: _("Asked"),
    "time_passed": lambda: _("Its time went by and nobody had said yes; passed to the desk"),
    "person_wanted": lambda: _("%(name)s wants a person to look"),
    "called": lambda: _("%(name)s looked after it"),
    "late": lambda: _("Nobody had looked in the time promised; the desk was told"),
    "accepted": lambda: _("%(name)s said yes"),
    "declined": lambda: _("%(name)s said no"),
    "lapsed": lambda: _("%(helper)s did not answer"),
    "taken_back": lambda: _("%(helper)s takes a break; others are asked"),
    "filled": lambda: _("Enough have said yes"),
    "helper_dropped": lambda: _("%(helper)s can't come; looking again, ahead of others"),
    "time_came": lambda: _("Its time has come; both are asked how it went"),
    "chased": lambda: _("Both were asked again how it went"),
    "silent": lambda: _("Nobody said how it went; passed to the desk"),
    "went_well": lambda: _("It is done"),
    "fell_short": lambda: _("Not all of it; looking again, ahead of others"),
    "disputed": lambda: _("The two sides say different things; passed to the desk"),
    "disagreed": lambda: _("The two sides say different things about an earlier helper"),
    "rescheduled": lambda: _("Another time was agreed"),
    "lent": lambda: _("The thing is with the asker"),
    "asked_back": lambda: _("Both were asked whether it is back"),
    "extended": lambda: _("It may stay longer"),
    "returned": lambda: _("It came back"),
    "changed": lambda: _("%(name)s changed it; looking again"),
    "paused": lambda: _("%(name)s paused it"),
    "resumed": lambda: _("%(name)s goes on with it"),
    "still_asked": lambda: _("The asker was asked whether it is still needed"),
    "kept": lambda: _("%(name)s says that it is still needed"),
    "unanswered": lambda: _("Nobody answered; it rests"),
    "withdrawn": lambda: _("%(name)s withdrew it"),
    "woken": lambda: _("%(name)s woke it"),
    "merged": lambda: _("%(name)s put it together with another ask, in which it goes on"),
    "unmerged": lambda: _("%(name)s took the two apart again; looking for helpers"),
    "merged_in": lambda: _("%(name)s put another ask together with this one"),
    "unmerged_from": lambda: _("%(name)s took another ask out of this one again"),
    "held": lambda: _("%(name)s took it up"),
    "looked": lambda: _("%(name)s looked up how to reach them"),
    "words_reported": lambda: _("%(name)s showed the desk what the other side said"),
    "erased": lambda: _("Names, places and words were erased"),
}
