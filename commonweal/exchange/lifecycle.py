"""The life of an ask, as a table.

Every state of an open ask has a next step, and every transition says which step comes next and when. Nothing else in
the program moves an ask from one state to another. The drawing in docs/explanation/life-of-an-ask.md is made from
this table by ``commonweal lifecycle`` and a test compares the two.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from commonweal.networks.policy import Policy


class State(StrEnum):
    """Where an ask stands."""

    NEAR = "near"  # asking neighbours near by
    WIDE = "wide"  # asking the whole network
    DESK = "desk"  # a person on shift takes it up
    BEYOND = "beyond"  # neighbouring networks and formal services, and a fresh look every day
    AGREED = "agreed"  # enough people have said yes
    AFTER = "after"  # its time has come; how did it go?
    OUT = "out"  # a lent thing is with the asker
    PAUSED = "paused"  # by the asker
    DONE = "done"
    WITHDRAWN = "withdrawn"
    RESTED = "rested"  # nobody answered whether it is still needed; one press wakes it


class Step(StrEnum):
    """What happens next to an open ask, by itself, at a time."""

    SEARCH = "search"  # look for people and invite, propose or wait
    CALL = "call"  # a person on shift looks at it
    ASK_HOW = "ask_how"  # ask both how it went
    CHASE = "chase"  # ask again, then a person calls
    ASK_BACK = "ask_back"  # is the lent thing back?
    CHECK_PAUSE = "check_pause"  # is the pause still wanted?
    NONE = ""


class Trigger(StrEnum):
    """What can happen to an ask."""

    PUBLISHED = "published"
    SEARCHED = "searched"  # somebody was invited or suggested, or the ask waits on the board
    NOBODY_LEFT = "nobody_left"  # everyone who could has been asked, or the time for this ring is over
    TIME_PASSED = "time_passed"  # its time is over and nobody had said yes
    PERSON_WANTED = "person_wanted"  # somebody puts it to the desk
    CALLED = "called"  # a person on shift looked after it
    LATE = "late"  # no person looked in the time promised
    FILLED = "filled"
    HELPER_DROPPED = "helper_dropped"
    TIME_CAME = "time_came"
    CHASED = "chased"
    SILENT = "silent"  # nobody said how it went, twice
    WENT_WELL = "went_well"
    FELL_SHORT = "fell_short"  # partly, or it didn't happen
    DISPUTED = "disputed"  # the two sides say different things
    RESCHEDULED = "rescheduled"
    LENT = "lent"
    ASKED_BACK = "asked_back"
    EXTENDED = "extended"  # the lent thing may stay longer
    RETURNED = "returned"
    CHANGED = "changed"  # the asker changed what, where or when
    PAUSED = "paused"
    RESUMED = "resumed"
    STILL_ASKED = "still_asked"  # asked whether it is still needed
    KEPT = "kept"  # the asker says it is
    UNANSWERED = "unanswered"  # asked so three times in vain
    WITHDRAWN = "withdrawn"
    WOKEN = "woken"
    MERGED = "merged"  # it is the same as another ask, and goes on there
    UNMERGED = "unmerged"  # it was not the same after all


CLOSED = frozenset({State.DONE, State.WITHDRAWN, State.RESTED})
SEARCHING = frozenset({State.NEAR, State.WIDE, State.DESK, State.BEYOND})
OPEN = frozenset(State) - CLOSED
# The settings that are shorter for an ask that is pressing, and by what they are divided.
PRESSING = {"answer_minutes": 1, "near_hours": 4, "wide_hours": 4, "desk_minutes": 2, "beyond_hours": 4}
# How often something is asked in vain before the next step is taken.
MOST_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One row of the table: from these states, on this trigger, to that state, with that next step.

    ``after`` names the policy setting that says how long until the step; empty means at once. The moment is counted
    from ``since``: now, the moment the present state began, the end of the agreed time, or the day a lent thing comes
    back. ``ahead`` lets the ask go ahead of others that wait. ``again`` counts one more try of the same step; every
    other row begins to count anew.
    """

    trigger: Trigger
    sources: frozenset[State]
    target: State
    step: Step = Step.NONE
    after: str = ""
    since: str = "now"
    ahead: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """What a due time is counted from. ``ends`` is the end of the agreed time, or of the ask's own where none is."""

    now: datetime
    since: datetime
    ends: datetime
    returns: datetime | None = None


def _row(
    trigger: Trigger,
    sources: State | frozenset[State],
    target: State,
    step: Step = Step.NONE,
    /,
    **further: Any,
) -> Transition:
    froms = frozenset({sources}) if isinstance(sources, State) else sources
    return Transition(trigger=trigger, sources=froms, target=target, step=step, **further)


_MET = frozenset({State.AGREED, State.AFTER})
_START: frozenset[State] = frozenset()

TRANSITIONS: tuple[Transition, ...] = (
    _row(Trigger.PUBLISHED, _START, State.NEAR, Step.SEARCH),
    _row(Trigger.SEARCHED, State.NEAR, State.NEAR, Step.SEARCH, after="answer_minutes"),
    _row(Trigger.SEARCHED, State.WIDE, State.WIDE, Step.SEARCH, after="answer_minutes"),
    _row(Trigger.SEARCHED, State.DESK, State.DESK, Step.CALL, after="answer_minutes"),
    _row(Trigger.SEARCHED, State.BEYOND, State.BEYOND, Step.SEARCH, after="beyond_hours"),
    _row(Trigger.NOBODY_LEFT, State.NEAR, State.WIDE, Step.SEARCH),
    _row(Trigger.NOBODY_LEFT, State.WIDE, State.DESK, Step.CALL, after="desk_minutes"),
    _row(Trigger.NOBODY_LEFT, State.DESK, State.BEYOND, Step.SEARCH),
    _row(Trigger.NOBODY_LEFT, State.BEYOND, State.BEYOND, Step.SEARCH, after="beyond_hours"),
    _row(
        Trigger.TIME_PASSED, frozenset({State.NEAR, State.WIDE}), State.DESK, Step.CALL, after="desk_minutes"
    ),
    _row(Trigger.PERSON_WANTED, SEARCHING, State.DESK, Step.CALL, after="desk_minutes"),
    _row(Trigger.CALLED, State.DESK, State.DESK, Step.CALL, after="beyond_hours"),
    _row(Trigger.LATE, State.DESK, State.DESK, Step.CALL, after="beyond_hours", since="state", again=True),
    _row(Trigger.FILLED, SEARCHING, State.AGREED, Step.ASK_HOW, after="ask_how_hours", since="end"),
    _row(Trigger.HELPER_DROPPED, _MET | SEARCHING, State.NEAR, Step.SEARCH, ahead=True),
    _row(Trigger.TIME_CAME, SEARCHING | {State.AGREED}, State.AFTER, Step.CHASE, after="chase_hours"),
    _row(Trigger.CHASED, State.AFTER, State.AFTER, Step.CHASE, after="chase_hours", again=True),
    _row(Trigger.SILENT, State.AFTER, State.DESK, Step.CALL, after="desk_minutes"),
    _row(Trigger.WENT_WELL, _MET | SEARCHING, State.DONE),
    _row(Trigger.FELL_SHORT, _MET | SEARCHING, State.NEAR, Step.SEARCH, ahead=True),
    _row(
        Trigger.DISPUTED,
        _MET | SEARCHING | {State.DONE},
        State.DESK,
        Step.CALL,
        after="desk_minutes",
        ahead=True,
    ),
    _row(Trigger.RESCHEDULED, _MET, State.AGREED, Step.ASK_HOW, after="ask_how_hours", since="end"),
    _row(Trigger.LENT, _MET | SEARCHING, State.OUT, Step.ASK_BACK, since="return"),
    _row(Trigger.ASKED_BACK, State.OUT, State.OUT, Step.ASK_BACK, after="chase_hours", again=True),
    _row(Trigger.EXTENDED, State.OUT, State.OUT, Step.ASK_BACK, since="return"),
    _row(Trigger.RETURNED, State.OUT, State.DONE),
    _row(Trigger.CHANGED, SEARCHING, State.NEAR, Step.SEARCH),
    _row(Trigger.CHANGED, State.AGREED, State.AGREED, Step.ASK_HOW, after="ask_how_hours", since="end"),
    _row(Trigger.PAUSED, SEARCHING | {State.AGREED}, State.PAUSED, Step.CHECK_PAUSE, after="pause_days"),
    _row(Trigger.RESUMED, State.PAUSED, State.NEAR, Step.SEARCH),
    _row(Trigger.STILL_ASKED, State.PAUSED, State.PAUSED, Step.CHECK_PAUSE, after="pause_days", again=True),
    _row(Trigger.STILL_ASKED, State.BEYOND, State.BEYOND, Step.SEARCH, after="beyond_hours", again=True),
    _row(Trigger.KEPT, State.PAUSED, State.PAUSED, Step.CHECK_PAUSE, after="pause_days"),
    _row(Trigger.UNANSWERED, frozenset({State.BEYOND, State.PAUSED}), State.RESTED),
    _row(Trigger.WITHDRAWN, OPEN - {State.OUT}, State.WITHDRAWN),
    _row(Trigger.WOKEN, State.RESTED, State.NEAR, Step.SEARCH),
    _row(Trigger.MERGED, SEARCHING | {State.PAUSED}, State.WITHDRAWN),
    _row(Trigger.UNMERGED, State.WITHDRAWN, State.NEAR, Step.SEARCH),
)

_BY_KEY = {(source, row.trigger): row for row in TRANSITIONS for source in (row.sources or {None})}


def transition(state: State | None, trigger: Trigger) -> Transition | None:
    """The row for this state and trigger, or None where the table has none: then it cannot happen."""
    return _BY_KEY.get((state, trigger))


def span(policy: Policy, name: str, *, pressing: bool) -> timedelta:
    """How long a setting lasts for an ask; a pressing one must not wait as long.

    Answers are awaited for the network's own "urgent" minutes. The rings last a quarter, the desk's promise half, so
    that by the defaults a person looks after a search of two and a half hours instead of ten.
    """
    if not pressing or name not in PRESSING:
        return policy.span(name)
    return (
        policy.span("urgent_answer_minutes")
        if name == "answer_minutes"
        else policy.span(name) / PRESSING[name]
    )


def due_at(row: Transition, *, policy: Policy, moments: Moments, pressing: bool = False) -> datetime | None:
    """When the step of ``row`` is due; None for a closed state. Never before now."""
    if not row.step:
        return None
    start = {
        "now": moments.now,
        "state": moments.since,
        "end": moments.ends,
        "return": moments.returns or moments.ends,
    }[row.since]
    wait = span(policy, row.after, pressing=pressing) if row.after else timedelta(0)
    return max(start + wait, moments.now)
