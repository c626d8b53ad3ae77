"""What an asker sees behind their private link: where it stands, what happens next by itself and when, who looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonweal.base import clock
from commonweal.exchange import reveal
from commonweal.exchange.actions.moving import RINGS, is_over, pressing, ring_ends_at
from commonweal.exchange.lifecycle import CLOSED, SEARCHING, State, Step, Trigger, span, transition
from commonweal.exchange.merged import where_it_went
from commonweal.exchange.models import COMMITTED, STATE_LABELS, Ask, Match
from commonweal.exchange.notices import member
from commonweal.exchange.queries.invitation import is_due
from commonweal.exchange.queries.looks import LookRow, looks_at_ask
from commonweal.exchange.quiet import invites_from
from commonweal.exchange.whens import meeting, moment, when_met
from commonweal.gatherings.queries import shift_now

S = Match.State
DONE, NOW, LATER = "done", "now", "later"
SHOWN = (*COMMITTED, S.INVITED, S.SILENT, *reveal.HELPED_NOW)
REACHED = {State.AGREED: 2, State.AFTER: 3, State.OUT: 3, State.DONE: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusStep:
    """One step of the way; ``state`` is "done", "now" or "later"."""

    state: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """A helper who said yes, and how to reach them. ``is_due``: it can be said how it went."""

    match: Match
    reach: reveal.Reach
    when: str
    is_due: bool
    is_lent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskStatus:
    """The page of an asker. Names of helpers are in ``commitments`` only, and those only hold who agreed.

    ``next_sentence`` says what happens next by itself and when; ``backstop_title`` and ``backstop`` what happens if
    nobody comes forward (empty where that is not the question). ``to_report`` are those of whom it is to be said how
    it went; ``helped`` those who have just helped and can still be reached. ``may`` holds the verbs
    possible now: change, pause, resume, withdraw, keep, wake, call (a person, please).
    """

    steps: Sequence[StatusStep]
    next_sentence: str
    backstop_title: str
    backstop: str
    commitments: Sequence[Commitment]
    to_report: Sequence[Commitment]
    helped: Sequence[Commitment]
    who_looked: Sequence[LookRow]
    may: frozenset[str]
    is_over: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """What the sentences are made of."""

    ask: Ask
    asked: int
    waiting: Match | None
    dispatcher: str

    def at(self, moment_: datetime | None) -> str:
        """A moment in words, by the network's clock."""
        return moment(moment_ or clock.now(), self.ask.network)


def ask_status(ask: Ask) -> AskStatus:
    """Where an ask stands, for its asker."""
    matches = list(
        Match.objects.filter(network_id=ask.network_id, ask=ask, state__in=SHOWN)
        .select_related("member", "network")
        .order_by("created_at", "id")
    )
    for match in matches:
        match.ask = ask
    asked = Match.objects.filter(network_id=ask.network_id, ask=ask, invited_at__isnull=False).aggregate(
        n=Count("id")
    )["n"]
    on_shift = shift_now(ask.network, clock.now()) if ask.state in SEARCHING else []
    known = _Known(
        ask,
        asked,
        next((match for match in matches if match.state == S.INVITED), None),
        on_shift[0].member.name if on_shift else "",
    )
    commitments = [_commitment(match) for match in matches if match.state in COMMITTED]
    title, words = _backstop(known)
    return AskStatus(
        steps=_steps(known),
        next_sentence=_next(known),
        backstop_title=title,
        backstop=words,
        commitments=commitments,
        to_report=[entry for entry in commitments if entry.is_due]
        + [_commitment(match) for match in matches if match.state == S.SILENT],
        helped=[
            _commitment(match)
            for match in matches
            if match.state in reveal.HELPED_NOW and reveal.is_open(match)
        ],
        who_looked=looks_at_ask(ask),
        may=_may(ask),
        is_over=ask.state in CLOSED,
    )


def _commitment(match: Match) -> Commitment:
    starts, ends = meeting(match)
    return Commitment(
        match=match,
        reach=reveal.reach_in(match, name=match.member.name, contact=member(match.member).contact),
        when=when_met(starts, ends, match.network),
        is_due=is_due(match, clock.now()),
        is_lent=match.state == S.LENT,
    )


def _may(ask: Ask) -> frozenset[str]:
    verbs = {
        "change": Trigger.CHANGED,
        "pause": Trigger.PAUSED,
        "resume": Trigger.RESUMED,
        "withdraw": Trigger.WITHDRAWN,
        "wake": Trigger.WOKEN,
        "call": Trigger.PERSON_WANTED,
    }
    may = {verb for verb, trigger in verbs.items() if transition(State(ask.state), trigger)}
    if ask.state == State.PAUSED or (ask.state in SEARCHING and is_over(ask) and not ask.taken):
        may.add("keep")
    if ask.state == State.DESK:
        may.discard("call")
    return frozenset(may)


def _steps(known: _Known) -> list[StatusStep]:
    """Four steps, the same for every ask: we have it, we look, you meet, how it went."""
    ask = known.ask
    if ask.merged_into_id:
        return _steps_together(known)
    at = REACHED.get(State(ask.state), 1)
    looking = _looking(known) if at == 1 else (_asked(known.asked) or _("Somebody came forward"), "")
    found = ask.agreed_at if at > 1 else None
    rows = [
        (_("We have it"), known.at(ask.created_at)),
        (looking[0], looking[1] or (known.at(found) if found else "")),
        (_("You meet"), _("You will both see how to reach one another, not before") if at < 2 else ""),
        _ending(known),
    ]
    if ask.state in (State.WITHDRAWN, State.RESTED, State.PAUSED):
        label = {
            State.WITHDRAWN: _("You took it back"),
            State.RESTED: _("It rests"),
            State.PAUSED: _("You paused it"),
        }[State(ask.state)]
        return [
            StatusStep(state=DONE, title=rows[0][0], detail=rows[0][1]),
            StatusStep(state=NOW, title=label, detail=known.at(ask.state_since)),
        ]
    return [
        StatusStep(state=DONE if place < at else NOW if place == at else LATER, title=title, detail=detail)
        for place, (title, detail) in enumerate(rows)
    ]


def _steps_together(known: _Known) -> list[StatusStep]:
    """An ask that goes on in another: which one, and how far that is. Whose it is stays between them and the desk."""
    ask, other = known.ask, where_it_went(known.ask)
    title = _("It goes on together with another ask, %(code)s") % {"code": other.shown_code}
    further = "" if other.state in CLOSED else _next(_Known(other, 0, None, ""))
    return [
        StatusStep(state=DONE, title=_("We have it"), detail=known.at(ask.created_at)),
        StatusStep(state=DONE, title=title, detail=known.at(ask.state_since)),
        StatusStep(state=NOW, title=str(dict(STATE_LABELS)[other.state]), detail=further),
    ]


def _asked(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(n)d neighbour was asked", "%(n)d neighbours were asked", count) % {"n": count}


def _looking(known: _Known) -> tuple[str, str]:
    """The step of looking, and what happens next by itself."""
    ask = known.ask
    if known.waiting and known.waiting.invited_at:
        title = (
            _("A neighbour was asked %(when)s")
            if known.asked == 1
            else _("Another neighbour was asked %(when)s")
        )
        return title % {"when": known.at(known.waiting.invited_at)}, _next(known)
    if ask.taken and ask.hands > 1:
        words = ngettext("%(n)d of %(all)d has said yes", "%(n)d of %(all)d have said yes", ask.hands_taken)
        return words % {"n": ask.hands_taken, "all": ask.hands}, _next(known)
    titles = {
        State.NEAR: _("We are asking near by"),
        State.WIDE: _("We are asking the whole network"),
        State.DESK: _("A person on shift takes it up"),
        State.BEYOND: _("We are looking beyond the network"),
    }
    return titles.get(State(ask.state), _("We are looking")), _next(known)


def _ending(known: _Known) -> tuple[str, str]:
    ask = known.ask
    if ask.state == State.DONE:
        return _("It is done"), known.at(ask.closed_at)
    if ask.state == State.OUT:
        return _("It goes back"), known.at(ask.returns_at) if ask.returns_at else ""
    return _("You say how it went"), _next(known) if ask.state == State.AFTER else ""


def _next(known: _Known) -> str:
    """What happens next by itself, and when."""
    ask = known.ask
    when = known.at(ask.next_step_at)
    if ask.state in SEARCHING and is_over(ask) and not ask.taken:
        return _("Its time has gone by. Press “still needed” and we go on looking.")
    if ask.next_step == Step.SEARCH:
        return _next_search(known)
    return {
        Step.CALL: _("A person looks at it by %(when)s, without you doing anything."),
        Step.ASK_HOW: _("Afterwards, %(when)s, we ask you both how it went."),
        Step.CHASE: _("Please say how it went. If nobody does by %(when)s, a person calls."),
        Step.ASK_BACK: _("We ask you both %(when)s whether it is back."),
        Step.CHECK_PAUSE: _("We ask you %(when)s whether it is still paused."),
        Step.NONE: "",
    }[Step(ask.next_step)] % {"when": when}


def _next_search(known: _Known) -> str:
    ask = known.ask
    if known.waiting and known.waiting.answer_by:
        words = _("If no answer comes, the next is asked %(when)s, without you doing anything.")
        return words % {"when": known.at(known.waiting.answer_by)}
    now = clock.now()
    if ask.state in RINGS and (morning := invites_from(ask, now)) > now:
        return _("Nobody is woken for it; we go on asking %(when)s.") % {"when": known.at(morning)}
    ring = ring_ends_at(ask)
    if ask.state == State.NEAR:
        return _("If nobody near by can, the whole network is asked %(when)s.") % {"when": known.at(ring)}
    if ask.state == State.WIDE:
        return _("If nobody can, a person on shift takes it up %(when)s.") % {"when": known.at(ring)}
    return _("We look again %(when)s, and every day.") % {"when": known.at(ask.next_step_at)}


def _backstop(known: _Known) -> tuple[str, str]:
    """What happens if nobody comes forward."""
    ask = known.ask
    ring, policy = ring_ends_at(ask), ask.network.policy
    if ring is None or is_over(ask):
        return "", ""
    wide = span(policy, "wide_hours", pressing=pressing(ask)) if ask.state == State.NEAR else timedelta(0)
    title = _("Nobody by %(when)s?") % {"when": known.at(min(ring + wide, ask.ends_at))}
    if known.dispatcher:
        words = _(
            "Then a person on shift calls you; right now that is %(name)s. You don't have to do anything."
        )
        return title, words % {"name": known.dispatcher}
    return title, _("Then a person on shift looks after it. You don't have to do anything.")
