"""The night of a network: when an invitation may go out, and when an answer may fall due.

What is for today goes out at once, and so does what could not happen any more if it waited for the morning.
"""

from datetime import datetime, timedelta
from typing import Any

from commonweal.algorithms.pacing import awake_after, quiet_until
from commonweal.exchange.lifecycle import span
from commonweal.exchange.models import Ask
from commonweal.networks.models import Network


def invites_from(ask: Ask, at: datetime) -> datetime:
    """The first moment from ``at`` on at which somebody may be invited to this ask: ``at`` itself, or the morning."""
    morning = quiet_until(at, **_night(ask.network))
    return morning if morning > at and _can_wait(ask, morning) else at


def answer_by(ask: Ask, at: datetime, *, pressing: bool) -> datetime:
    """By when somebody answers who is invited at this moment: never in the night, where the ask can wait for it."""
    return invites_from(
        ask, invites_from(ask, at) + span(ask.network.policy, "answer_minutes", pressing=pressing)
    )


def search_ends(ask: Ask, since: datetime, length: timedelta) -> datetime:
    """When so much time of searching has gone by since then; without the nights, where the ask can wait for them."""
    later = awake_after(since, length, **_night(ask.network))
    return later if later > since + length and _can_wait(ask, later) else since + length


def _can_wait(ask: Ask, until: datetime) -> bool:
    """Whether there is still time for an answer if nobody is asked before ``until``."""
    answered = until + ask.network.policy.span("urgent_answer_minutes")
    return ask.urgency != Ask.Urgency.TODAY and answered < ask.ends_at


def _night(network: Network) -> dict[str, Any]:
    policy = network.policy
    return {"starts": policy.quiet_from, "ends": policy.quiet_until, "zone": network.zone}
