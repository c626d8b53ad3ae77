"""The life of an ask, as a table.

Every state of an open ask has a next step, and every transition says which step comes next and when. Nothing else in
the program moves an ask from one state to another. The drawing in docs/explanation/life-of-an-ask.md is made from
this table by ``commonweal lifecycle`` and a test compares the two.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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
    SEARCHED = "searched"  # somebody was invited or proposed, or the ask waits on the board
    NOBODY_LEFT = "nobody_left"  # everyone who could has been asked, or the time for this ring is over
    FILLED = "filled"
    HELPER_DROPPED = "helper_dropped"
    TIME_CAME = "time_came"
    CHASED = "chased"
    SILENT = "silent"  # nobody said how it went, twice
    WENT_WELL = "went_well"
    LENT = "lent"
    RETURNED = "returned"
    ASKED_BACK = "asked_back"
    FELL_SHORT = "fell_short"  # partly, or it didn't happen
    RESCHEDULED = "rescheduled"
    CHANGED = "changed"  # the asker changed what, where or when
    PAUSED = "paused"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"
    UNANSWERED = "unanswered"  # three times asked whether it is still needed
    WOKEN = "woken"


CLOSED = frozenset({State.DONE, State.WITHDRAWN, State.RESTED})
SEARCHING = frozenset({State.NEAR, State.WIDE, State.DESK, State.BEYOND})
OPEN = frozenset(State) - CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One row of the table: from these states, on this trigger, to that state, with that next step.

    ``after`` names the policy setting that says how long until the step; empty means at once. The moment is counted
    from ``since``: now, the end of the agreed time, or the day a lent thing comes back.
    """

    trigger: Trigger
    sources: frozenset[State]
    target: State
    step: Step = Step.NONE
    after: str = ""
    since: str = "now"
    ahead: bool = False  # goes ahead of others that wait


def _row(
    trigger: Trigger, sources: State | frozenset[State], target: State, step: Step = Step.NONE,
    after: str = "", since: str = "now", ahead: bool = False,
) -> Transition:
    froms = frozenset({sources}) if isinstance(sources, State) else sources
    return Transition(trigger=trigger, sources=froms, target=target, step=step, after=after, since=since, ahead=ahead)


_MET = frozenset({State.AGREED, State.AFTER})
_START: frozenset[State] = frozenset()

TRANSITIONS: tuple[Transition, ...] = (
    _row(Trigger.PUBLISHED, _START, State.NEAR, Step.SEARCH),
    _row(Trigger.SEARCHED, State.NEAR, State.NEAR, Step.SEARCH, "answer_minutes"),
    _row(Trigger.SEARCHED, State.WIDE, State.WIDE, Step.SEARCH, "answer_minutes"),
    _row(Trigger.SEARCHED, State.DESK, State.DESK, Step.CALL, "answer_minutes"),
    _row(Trigger.SEARCHED, State.BEYOND, State.BEYOND, Step.SEARCH, "beyond_hours"),
    _row(Trigger.NOBODY_LEFT, State.NEAR, State.WIDE, Step.SEARCH),
    _row(Trigger.NOBODY_LEFT, State.WIDE, State.DESK, Step.CALL, "desk_minutes"),
    _row(Trigger.NOBODY_LEFT, State.DESK, State.BEYOND, Step.SEARCH),
    _row(Trigger.NOBODY_LEFT, State.BEYOND, State.BEYOND, Step.SEARCH, "beyond_hours"),
    _row(Trigger.FILLED, SEARCHING, State.AGREED, Step.ASK_HOW, "ask_how_hours", "after_end"),
    _row(Trigger.HELPER_DROPPED, _MET, State.NEAR, Step.SEARCH, ahead=True),
    _row(Trigger.TIME_CAME, SEARCHING | {State.AGREED}, State.AFTER, Step.CHASE, "chase_hours"),
    _row(Trigger.CHASED, State.AFTER, State.AFTER, Step.CHASE, "chase_hours"),
    _row(Trigger.SILENT, State.AFTER, State.DESK, Step.CALL, "desk_minutes"),
    _row(Trigger.WENT_WELL, _MET | SEARCHING, State.DONE),
    _row(Trigger.LENT, _MET, State.OUT, Step.ASK_BACK, since="return"),
    _row(Trigger.ASKED_BACK, State.OUT, State.OUT, Step.ASK_BACK, "chase_hours"),
    _row(Trigger.RETURNED, State.OUT, State.DONE),
    _row(Trigger.FELL_SHORT, _MET | SEARCHING, State.NEAR, Step.SEARCH, ahead=True),
    _row(Trigger.RESCHEDULED, _MET, State.AGREED, Step.ASK_HOW, "ask_how_hours", "after_end"),
    _row(Trigger.CHANGED, SEARCHING, State.NEAR, Step.SEARCH),
    _row(Trigger.PAUSED, SEARCHING | {State.AGREED}, State.PAUSED, Step.CHECK_PAUSE, "pause_days"),
    _row(Trigger.RESUMED, State.PAUSED, State.NEAR, Step.SEARCH),
    _row(Trigger.WITHDRAWN, OPEN - {State.OUT}, State.WITHDRAWN),
    _row(Trigger.UNANSWERED, frozenset({State.BEYOND, State.PAUSED}), State.RESTED),
    _row(Trigger.WOKEN, State.RESTED, State.NEAR, Step.SEARCH),
)

_BY_KEY = {
    (source, row.trigger): row for row in TRANSITIONS for source in (row.sources or {None})
}


def transition(state: State | None, trigger: Trigger) -> Transition | None:
    """The row for this state and trigger, or None where the table has none: then it cannot happen."""
    return _BY_KEY.get((state, trigger))


def due_at(
    row: Transition, *, policy: Policy, now: datetime, ends: datetime, returns: datetime | None = None
) -> datetime | None:
    """When the step of ``row`` is due; None for a closed state. Never before ``now``.

    ``ends`` is the end of the agreed time (the latest of the commitments), or of the ask's own time where none is.
    """
    if not row.step:
        return None
    span = policy.span(row.after) if row.after else timedelta(0)
    moment = {
        "now": now + span,
        "after_end": ends + span,
        "return": (returns or ends) + span,
    }[row.since]
    return max(moment, now)
