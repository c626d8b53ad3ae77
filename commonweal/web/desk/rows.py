"""The lines of the desk's lists: what needs a person, and the asks by state."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from commonweal.base.lists import side_by_side
from commonweal.exchange.lifecycle import CLOSED, State, Step
from commonweal.exchange.models import STATE_LABELS, Ask, CheckIn
from commonweal.exchange.queries import DeskRow, count_by_state
from commonweal.exchange.titles import ask_title
from commonweal.exchange.whens import when_asked
from commonweal.networks.models import Network

STATES = [*State]


def queue_row(row: DeskRow, *, current: str, viewer: str) -> dict[str, Any]:
    """One line of what needs a person, for the dispatcher of the name ``viewer``; ``current`` is the ask beside it."""
    is_current = row.code == current
    return {
        "id": f"ask-{row.code}",
        "due_at": row.due_at,
        "title": row.title,
        "detail": side_by_side(row.where, row.why, row.shown_code),
        "url": reverse("desk:ask", args=[row.code]),
        "is_current": is_current,
        "held_by": "" if is_current and row.held_by == viewer else row.held_by,
    }


def missed_row(check_in: CheckIn) -> dict[str, Any]:
    """One helper who isn't back: who, since when, and the ask behind which it says how to reach them."""
    match = check_in.match
    return {
        "name": match.member.name,
        "back_by": check_in.back_by,
        "title": ask_title(match.ask),
        "where": match.ask.area.name if match.ask.area else _("area not said"),
        "url": reverse("desk:ask", args=[match.ask.code]),
        "settle_url": reverse("desk:safe", args=[check_in.pk]),
    }


def state_named(text: str) -> State:
    """The state that an address names, or the first one."""
    return State(text) if text in STATES else STATES[0]


def state_tabs(network: Network, current: State) -> list[dict[str, Any]]:
    """A tab for every state, with how many open asks stand there."""
    counts = count_by_state(network)
    labels = dict(STATE_LABELS)
    return [
        {
            "label": labels[state.value],
            "url": board_url(state),
            "is_current": state == current,
            "count": None if state in CLOSED else counts.get(state.value, 0),
        }
        for state in STATES
    ]


def board_url(state: State, after: str = "") -> str:
    """The address of one page of the asks of a state."""
    return f"{reverse('desk:board')}?state={state}" + (f"&after={after}" if after else "")


def board_row(ask: Ask) -> dict[str, Any]:
    """One line of the asks by state."""
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
    """What happens next to an ask by itself, in a few words; nothing for one that is closed."""
    words = {
        Step.SEARCH: _("the search goes on"),
        Step.CALL: _("a person looks"),
        Step.ASK_HOW: _("both are asked how it went"),
        Step.CHASE: _("both are asked again how it went"),
        Step.ASK_BACK: _("both are asked whether it is back"),
        Step.CHECK_PAUSE: _("the asker is asked whether it is still paused"),
        Step.NONE: "",
    }
    return words[Step(ask.next_step)]
