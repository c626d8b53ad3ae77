"""Every template, what it must be given, how urgent it is, and how long it is of use.

The words stand in ``templates/messaging/KEY.{subject,body,text}.txt``; of a short one there is only the text.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from commonweal.members.codes import LASTS

URGENT, ORDINARY = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One kind of message. ``needs`` are the names its context holds, no more and no fewer.

    ``useful_for``: a message not delivered in this time is not worth sending any more (None: it always is).
    ``unasked``: it comes again and again without the reader having just done something, so it says where to stop it.
    ``by_day``: it waits for the morning. ``answers``: it answers what the reader has done this minute, or calls a
    person on shift, so no daily limit holds it. ``short``: a reply within a conversation, for which there is only
    ``KEY.text.txt``.
    """

    key: str
    needs: frozenset[str]
    priority: int = ORDINARY
    useful_for: timedelta | None = None
    unasked: bool = False
    by_day: bool = False
    answers: bool = False
    short: bool = False


def _template(key: str, needs: str, **more: Any) -> tuple[str, Template]:
    return key, Template(key=key, needs=frozenset(needs.split()), **more)


def _reply(key: str, needs: str) -> tuple[str, Template]:
    """What a conversation answers: short, and at once."""
    return _template(key, needs, answers=True, short=True)


DAY = timedelta(days=1)
# News of a member's ways in (members.courier): each may be the first that somebody hears of an intruder.
WAYS_IN = ("contact_added", "contact_removed", "passkey_added", "passkey_removed", "passkey_copied")
# The replies of conversations (intake), and what each must be given.
REPLIES = {
    "say_help": "phone network",
    "say_started": "network",
    "say_danger": "emergency network",
    "say_person": "minutes network",
    "say_too_many": "minutes network",
    "say_language": "network",
    "say_status": "lines network",
    "say_nothing_open": "network",
    "say_not_member": "network",
    "say_paused": "until network",
    "say_back": "network",
    "say_what": "examples network",
    "say_where": "network",
    "say_when": "network",
    "say_read_back": "what network",
    "say_forgotten": "network",
    "say_offer_what": "network",
    "say_name": "network",
    "say_offer_back": "what network",
    "say_offered": "network",
    "say_agreed": "title network",
    "say_declined": "network",
    "say_taken": "network",
    "say_week_full": "network",
    "say_over": "network",
    "say_which": "lines network",
    "say_reported": "network",
    "say_dropped": "network",
    "say_kept": "title network",
    "say_withdrawn": "title network",
    "say_stands": "network",
    "say_gone": "network",
    "say_not_now": "network",
    "say_prove": "network",
    "say_change": "title network",
    "say_changed": "what network",
    "say_on_way": "until network",
    "say_in_twos": "network",
    "say_home": "network",
    "say_passed_on": "name network",
    "say_answer": "words network",
}
CATALOGUE: dict[str, Template] = dict(
    (
        _template("code", "code minutes open_at network", priority=URGENT, useful_for=LASTS),
        *(_template(key, "link network", answers=True) for key in WAYS_IN),
        _template("ask_received", "title code link network", answers=True),
        _template("ask_link", "title code link network", answers=True),
        _template(
            "invitation", "name title where when reasons link answer_by network", useful_for=DAY, unasked=True
        ),
        _template(
            "ring",
            "name if_all title where when own_title own_when link answer_by network",
            useful_for=DAY,
            unasked=True,
        ),
        _template("ring_void", "title own_title network", useful_for=DAY),
        _template("invitation_taken_back", "title network", useful_for=DAY),
        _template("agreed_asker", "title helper reach relayed when link network", answers=True),
        _template("agreed_helper", "title asker reach relayed when link network", answers=True),
        _template("reminder_asker", "title helper reach relayed when link network", useful_for=DAY),
        _template("reminder_helper", "title asker reach relayed when link network", useful_for=DAY),
        _template("passed_on", "name words title link network", useful_for=DAY, answers=True),
        _template("ask_changed", "title when link network"),
        _template("how_did_it_go", "title link network"),
        _template("dropped_asker", "title link network"),
        _template("ask_merged", "title code link network"),
        _template("ask_unmerged", "title code link network"),
        _template("still_needed", "title link network"),
        _template("return_due", "title when link network"),
        _template("loan_returned", "title link network"),
        _template("offer_check", "title until link network", unasked=True, by_day=True),
        _template("desk_alert", "title link network", useful_for=DAY, answers=True),
        _template("mandate_given", "role until link network"),
        _template("mandate_ends", "role until link network", by_day=True),
        _template("mandate_of_other_ends", "name role until link network", by_day=True),
        _template("second_wanted", "name what until link network", by_day=True),
        _template("news", "words network", unasked=True, by_day=True),
        _template("care_waiting", "until link network", priority=URGENT, answers=True),
        _template("care_overdue", "what link network"),
        _template("care_passed", "name link network"),
        _template("care_news", "link network"),
        _template("care_homes", "until words network"),
        _template("care_held", "until words network"),
        _template("care_out", "until words link network", answers=True),
        _template("care_back", "network"),
        _template("care_answered", "link network"),
        _template("care_second", "link network"),
        _template("buddy_comes", "helper name title link network", answers=True),
        _template("late_reminder", "title until link network", priority=URGENT, useful_for=DAY, answers=True),
        _template(
            "late_alarm", "name phone where until network", priority=URGENT, useful_for=DAY, answers=True
        ),
        _template("stopped", "network", answers=True, short=True),
        _template("channel_test", "network", answers=True, short=True),
        *(_reply(key, needs) for key, needs in REPLIES.items()),
    )
)
