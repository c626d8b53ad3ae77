"""What was done with power, for every member to read: from the event log, without anything personal.

Who decided or changed something is named, for they hold a role for all to see. Who looked at how to reach somebody is
named by their part only, and at whose is never said here: that is for the person concerned.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonweal.assembly.models import Deed, Mandate
from commonweal.base import clock
from commonweal.base.eventlog import By, story_of
from commonweal.base.lists import in_a_row, side_by_side
from commonweal.base.models import Event
from commonweal.base.paging import Cursor, Page, edges, rows_after
from commonweal.members.models import Member
from commonweal.networks.models import Network
from commonweal.networks.policy import settings_by_name

Words = str | Promise
A_PAGE = 40
KINDS: dict[str, Words] = {
    "roles": gettext_lazy("Roles"),
    "two": gettext_lazy("What takes two"),
    "rules": gettext_lazy("Rules and settings"),
    "looks": gettext_lazy("Looks at how to reach somebody"),
    "messages": gettext_lazy("Messages to everybody"),
    "channels": gettext_lazy("Telephones and mailboxes"),
    "care": gettext_lazy("Care"),
}
#: Of these, who did it is said by their part only.
UNNAMED = frozenset({"looks", "care"})
#: The parts in which somebody has power over others. A member who gives a role back acts as themselves.
POWERS = (By.PROGRAM, By.DISPATCHER, By.STEWARD, By.CARE_GIVER, By.FOUNDER)
PARTS: dict[str, Words] = {
    By.PROGRAM: gettext_lazy("The program, or whoever looks after this machine"),
    By.DISPATCHER: gettext_lazy("A person on shift"),
    By.STEWARD: gettext_lazy("A steward"),
    By.CARE_GIVER: gettext_lazy("A care-giver"),
    By.FOUNDER: gettext_lazy("A founder"),
    By.MEMBER: gettext_lazy("A member"),
}
#: What kind of thing is done by which verb to which row, and how that is said.
DONE: dict[tuple[str, str], tuple[str, Words]] = {
    ("mandate", "given"): ("roles", gettext_lazy("A role was given")),
    ("mandate", "renewed"): ("roles", gettext_lazy("A role was renewed")),
    ("mandate", "ended"): ("roles", gettext_lazy("A role was ended before its date")),
    ("mandate", "given_back"): ("roles", gettext_lazy("A role was given back")),
    ("mandate", "ran_out"): ("roles", gettext_lazy("A role ended by itself")),
    ("policyversion", "threat_began"): ("rules", gettext_lazy("Worse times began: as little as can be is kept")),
    ("policyversion", "threat_ended"): ("rules", gettext_lazy("Worse times ended")),
    ("deed", "asked"): ("two", gettext_lazy("A founder asked for what takes two")),
    ("deed", "agreed"): ("two", gettext_lazy("It was agreed to")),
    ("deed", "done"): ("two", gettext_lazy("It was done")),
    ("deed", "called_off"): ("two", gettext_lazy("It was called off")),
    ("deed", "fell_through"): ("two", gettext_lazy("It was begun, and did not work")),
    ("policyversion", "policy_changed"): ("rules", gettext_lazy("Rules were changed")),
    ("policyversion", "network_created"): ("rules", gettext_lazy("The network began")),
    ("policyversion", "network_changed"): ("rules", gettext_lazy("What is said about the network was changed")),
    ("category", "category_added"): ("rules", gettext_lazy("A category was added")),
    ("category", "vouched_changed"): ("rules", gettext_lazy("How well helpers are to be vouched for was changed")),
    ("category", "pairs_changed"): ("rules", gettext_lazy("Whether helpers go in twos was changed")),
    ("ask", "looked"): ("looks", gettext_lazy("Somebody looked at how to reach a person who asked")),
    ("draft", "looked"): ("looks", gettext_lazy("Somebody looked at how to reach a person who wrote")),
    ("broadcast", "announced"): ("messages", gettext_lazy("A message went to everybody")),
    ("broadcast", "called_off"): ("messages", gettext_lazy("A message to everybody was stopped")),
    ("channelsetup", "channel_added"): ("channels", gettext_lazy("A channel was set up")),
    ("channelsetup", "channel_changed"): ("channels", gettext_lazy("A channel was changed")),
    ("channelsetup", "channel_on"): ("channels", gettext_lazy("A channel was switched on")),
    ("channelsetup", "channel_off"): ("channels", gettext_lazy("A channel was switched off")),
    ("channelsetup", "channel_moved"): ("channels", gettext_lazy("A channel was moved up")),
    ("channelsetup", "channel_removed"): ("channels", gettext_lazy("A channel was removed")),
    ("member", "held_from_homes"): ("care", gettext_lazy("A member was asked not to help at homes for a time")),
    ("member", "held_back"): ("care", gettext_lazy("A member was asked not to help for a time")),
    ("member", "shut_out"): ("care", gettext_lazy("A member was asked to stay away for a time")),
    ("member", "let_back"): ("care", gettext_lazy("A member may take part again")),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One thing that was done with power: when, what, on what (a role, settings), by whom or in what part."""

    at: datetime
    words: Words
    detail: str
    who: Words


class RecordForm(forms.Form):
    """What kind of thing, and since when."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"), required=False, choices=[("", gettext_lazy("Everything")), *KINDS.items()]
    )
    since = forms.TypedChoiceField(
        label=gettext_lazy("Since"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", gettext_lazy("the beginning")),
            ("7", gettext_lazy("seven days ago")),
            ("30", gettext_lazy("thirty days ago")),
            ("365", gettext_lazy("a year ago")),
        ],
    )


def recorded(network: Network, form: RecordForm, cursor: Cursor | None) -> Page[Done]:
    """A page of what was done with power, newest first; a form that is not valid filters nothing."""
    said: dict[str, Any] = form.cleaned_data if form.is_valid() else {"kind": "", "since": None}
    since = clock.now() - timedelta(days=said["since"]) if said["since"] else None
    found = _newest(network, said["kind"], since, cursor)
    shown = found[:A_PAGE]
    if cursor is not None and cursor.back:
        shown.reverse()
    positions = [(event.at, event.pk) for event in shown]
    older, newer = edges(positions, cursor=cursor, more=len(found) > A_PAGE)
    names = _names(network, shown)
    return Page(rows=[_done(event, names) for event in shown], next=older, previous=newer)


def steps_of(deed: Deed) -> list[dict[str, Any]]:
    """What happened with something that takes two, oldest first: the moments, and what and who in words."""
    events = [event for event in story_of(deed) if (event.thing, event.verb) in DONE]
    names = _names(deed.network, events)
    steps = [_done(event, names) for event in events]
    return [{"at": step.at, "text": side_by_side(str(step.words), str(step.who))} for step in steps]


def _newest(network: Network, kind: str, since: datetime | None, cursor: Cursor | None) -> list[Event]:
    """One row more than a page of what was done, nearest to the cursor first.

    Asked for verb by verb, since the log has an index for that: so a page costs the same in a log of millions, most of
    which is no use of power.
    """
    things: dict[str, list[str]] = {}
    for (thing, verb), (its_kind, _words) in DONE.items():
        if kind in ("", its_kind):
            things.setdefault(verb, []).append(thing)
    found: list[Event] = []
    for verb, its_things in things.items():
        # A role is also given back by its holder.
        parts = (*POWERS, By.MEMBER) if verb == "given_back" else POWERS
        rows = Event.objects.filter(network=network, verb=verb, thing__in=its_things, by__in=parts)
        if since is not None:
            rows = rows.filter(at__gte=since)
        found += rows_after(rows, cursor, A_PAGE + 1, moment="at")
    back = cursor is not None and cursor.back
    return sorted(found, key=lambda event: (event.at, event.pk), reverse=not back)[: A_PAGE + 1]


def _names(network: Network, events: Iterable[Event]) -> dict[uuid.UUID, str]:
    """Who did it, by id, where that is said; one query, and none where nobody is named."""
    wanted = {event.actor for event in events if _kind(event) not in UNNAMED and event.actor}
    if not wanted:
        return {}
    return {one.pk: one.name for one in Member.objects.filter(network=network, pk__in=wanted)}


def _done(event: Event, names: dict[uuid.UUID, str]) -> Done:
    named = names.get(event.actor, "") if event.actor else ""
    return Done(
        at=event.at,
        words=DONE[event.thing, event.verb][1],
        detail=_detail(event.data),
        who=named or PARTS[event.by],
    )


def _kind(event: Event) -> str:
    return DONE[event.thing, event.verb][0]


def _detail(data: dict[str, Any]) -> str:
    """The role, what takes two, or the settings that an event is about, in the reader's language."""
    if "role" in data:
        return str(dict(Mandate.Role.choices).get(data["role"], ""))
    if "what" in data and isinstance(data["what"], str):
        return str(dict(Deed.What.choices).get(data["what"], ""))
    if "people" in data:
        return _("To %(count)s members") % {"count": data["people"]}
    known = settings_by_name()
    return in_a_row(str(known[name].label) for name in data.get("settings", ()) if name in known)
