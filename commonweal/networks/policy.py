"""The settings a network may change, each with a label, a default, its limits, and the reason for the default."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonweal.networks.setting import Setting, number, word
from commonweal.networks.weights import Weights

MODES: dict[str, str | Promise] = {
    "invite": _("the program asks the next best person by itself"),
    "dispatcher": _("a person on shift confirms each suggestion"),
    "board": _("members pick from the noticeboard"),
}
RINGS: dict[str, str | Promise] = {
    "on": _("offered each morning, as an extra"),
    "off": _("not offered"),
}
PROOFS: dict[str, str | Promise] = {
    "near": _("when a lot comes from one address"),
    "always": _("always"),
}
TOGETHER: dict[str, str | Promise] = {
    "on": _("met in one visit, where one person can"),
    "off": _("one visit for each"),
}


REACHED: dict[str, str | Promise] = {
    "direct": _("each sees the other's phone number or e-mail address"),
    "relayed": _("through the network, so that neither learns the other's number"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Weights):
    """The settings in force. Minutes, hours, days and metres are whole numbers; the names say which."""

    mode: str = word(
        "invite",
        MODES,
        _("How helpers are found"),
        _(
            "The program asks the best next person by itself, so that nobody has to be at a desk for help to come."
        ),
    )
    near_m: int = number(
        1500, 100, 50_000, _("How far “near” reaches, in metres"), _("A walk of about twenty minutes.")
    )
    near_hours: int = number(
        4, 1, 168, _("Hours of searching near by before the whole network is asked"), _("An afternoon.")
    )
    wide_hours: int = number(
        6,
        1,
        336,
        _("Hours of searching the whole network before a person takes over"),
        _("Before night falls."),
    )
    desk_minutes: int = number(
        60,
        5,
        2880,
        _("Minutes in which a person on shift looks at an ask"),
        _("A promise a small group can keep."),
    )
    beyond_hours: int = number(
        24, 1, 336, _("Hours at the desk before neighbouring networks and services are tried"), _("One day.")
    )
    answer_minutes: int = number(
        120,
        10,
        2880,
        _("Minutes somebody has to answer an invitation"),
        _("Long enough to finish what one is doing."),
    )
    urgent_answer_minutes: int = number(
        30,
        5,
        1440,
        _("The same, when the ask is for today"),
        _("Short, because the next person needs time too."),
    )
    at_once: int = number(
        1,
        1,
        10,
        _("How many people are asked at once for one place"),
        _("One: being asked in vain tires people."),
    )
    sure_enough: int = number(
        80,
        1,
        99,
        _("How sure a yes must be, in percent, before no more people are asked at once"),
        _("Four in five: to be surer takes many more invitations for few more yeses."),
    )
    quiet_from: int = number(
        21, 0, 23, _("Hour of the evening from which nobody is invited"), _("Nobody wants to be woken by us.")
    )
    quiet_until: int = number(
        8,
        0,
        23,
        _("Hour of the morning until which nobody is invited"),
        _("What is for today does not wait; the same hour twice means no night."),
    )
    rest_hours: int = number(
        20,
        0,
        336,
        _("Hours of rest between two invitations to one person"),
        _("About one invitation a day at most."),
    )
    most_invitations_week: int = number(
        5,
        1,
        50,
        _("Most invitations a week to one person, unless they help more often"),
        _("Who is asked all the time stops reading."),
    )
    most_texts_day: int = number(
        500,
        0,
        100_000,
        _("Most text messages a day"),
        _(
            "They cost money. Codes and answers to what somebody has just done always go out; the rest waits a day."
        ),
    )
    text_part_price: int = number(
        8,
        0,
        10_000,
        _("What one part of a text message costs, in thousandths of the currency"),
        _("About what companies ask in the United States; nothing with a telephone of your own."),
    )
    rest_kind_days: int = number(
        30,
        1,
        365,
        _("Days a no to one kind of thing is respected"),
        _("A month: a no is an answer, and lives change."),
    )
    week_cap: int = number(
        3,
        1,
        50,
        _("Most times a week anyone helps, unless they say otherwise"),
        _("Burn-out is common; limits help."),
    )
    remind_hours: int = number(
        20, 1, 168, _("Hours before the time at which both are reminded"), _("The evening before.")
    )
    ask_how_hours: int = number(
        2, 1, 168, _("Hours after the time at which we ask how it went"), _("While it is fresh.")
    )
    chase_hours: int = number(
        24,
        1,
        336,
        _("Hours of silence before we ask again how it went"),
        _("One reminder a day, and then a person."),
    )
    reveal_before_hours: int = number(
        0,
        0,
        336,
        _(
            "Hours before the agreed time from which the two see how to reach one another (0: from the yes on)"
        ),
        _("From the yes on: who has agreed wants to settle the rest at once."),
    )
    reveal_after_hours: int = number(
        24,
        0,
        336,
        _("Hours after the agreed time, or after it was done, until which they see it"),
        _("A day: for what was forgotten, and for a word of thanks."),
    )
    reached: str = word(
        "direct",
        REACHED,
        _("How the two who are matched reach one another, unless one of them says otherwise"),
        _("Most neighbours want to call one another. Whoever does not says so, and it holds for both."),
    )
    look_days: int = number(
        180,
        30,
        730,
        _("Days for which it is kept who saw how to reach whom"),
        _("Half a year: time enough to wonder about it, and then no list is left of who met whom."),
    )
    flexible_days: int = number(
        7, 1, 90, _("Days an ask without a date may take"), _("One week: long enough for a weekly helper.")
    )
    pause_days: int = number(
        14, 1, 180, _("Days after which we ask whether a paused ask is still paused"), _("Two weeks.")
    )
    twin_days: int = number(
        7,
        1,
        90,
        _("Days in which an ask that looks like an earlier one is pointed out"),
        _("A week: who asks again later mostly needs it again."),
    )
    hold_minutes: int = number(
        15, 2, 240, _("Minutes a dispatcher holds an ask for themselves"), _("Long enough for two calls.")
    )
    shift_hours: int = number(
        4,
        1,
        12,
        _("Hours a shift at the desk lasts, unless its dispatcher says otherwise"),
        _("Half a day tires nobody out."),
    )
    proof: str = word(
        "near",
        PROOFS,
        _("When a stranger’s browser does a small piece of work, so that no machine floods the desk"),
        _("Only in a rush: it costs an old phone seconds. Without a script one waits half a minute instead."),
    )
    erase_days: int = number(
        30,
        1,
        365,
        _("Days after which a closed ask loses names, places and words"),
        _("Time to sort out a mistake."),
    )
    offer_days: int = number(
        180,
        14,
        730,
        _("Days an offer stands before we ask whether it still does"),
        _("Stale offers waste everyone's time."),
    )
    together: str = word(
        "off",
        TOGETHER,
        _("Asks next door to each other"),
        _("Two or three on one way count as one time out of the week. Who says once may mean one errand."),
    )
    rings: str = word(
        "on",
        RINGS,
        _("Exchange rings, in which each does what the next one needs"),
        _("Who gives and gets at once finds it easier to ask. It never delays a search."),
    )
    ring_longest: int = number(
        3,
        2,
        4,
        _("Most people in a ring"),
        _("Three: each further person is one more who may have to say no."),
    )
    ring_hours: int = number(
        24,
        2,
        168,
        _("Hours in which everybody in a ring has to say yes"),
        _("Everybody looks once in a day."),
    )

    vouchers: int = number(
        2,
        1,
        5,
        _("How many members, themselves vouched for, have to know somebody until they count as vouched for"),
        _("Two: one person can be fooled, two who don't ask each other seldom are."),
    )
    most_vouches: int = number(
        50,
        5,
        500,
        _("Most people for whom one member vouches at a time"),
        _("Nobody knows hundreds of people well, and a stolen account can do no more harm than this."),
    )
    new_at_once: int = number(
        0,
        0,
        20,
        _("Most visits that somebody new has agreed to at a time (0: as many as anybody)"),
        _("As many as anybody: who wants to help is welcome. Set it where newcomers come in numbers."),
    )
    new_handovers: int = number(
        3,
        1,
        20,
        _("Handovers after which nobody is new, even if nobody vouches for them"),
        _("Three that went well: that is how neighbours come to know one another."),
    )
    home_pairs: int = number(
        0,
        0,
        20,
        _("First visits to somebody's home for which a new helper brings a buddy"),
        _("None: a small group rarely has two people to send. Three where you have them."),
    )
    late_minutes: int = number(
        30,
        5,
        240,
        _(
            "Minutes after the time said at which a helper who isn't back is asked, and as many again until others are"
        ),
        _("Long enough for a talk at the door, short enough to matter."),
    )
    care_listen_hours: int = number(
        48,
        1,
        168,
        _("Hours in which a care-giver listens to who told them that something was not right"),
        _("Two days: waiting longer feels like no answer."),
    )
    care_step_days: int = number(
        7,
        1,
        60,
        _("Days for each further step a care-giver takes"),
        _("A week: long enough to meet, short enough to remember."),
    )
    care_follow_days: int = number(
        30,
        7,
        180,
        _("Days after an agreement until the care-giver asks how it is"),
        _("A month shows whether it holds."),
    )
    suspend_days: int = number(
        14,
        1,
        60,
        _("Most days a care-giver alone may suspend a member"),
        _("Two weeks: time to listen to everybody, and no punishment."),
    )
    removal_days: int = number(
        180,
        30,
        730,
        _("Most days a removal lasts"),
        _("Half a year: people change, and nobody is put out for ever."),
    )
    care_erase_days: int = number(
        90,
        14,
        365,
        _("Days after which what was told to a care-giver is erased, once it is closed"),
        _("Three months: time for an appeal."),
    )
    notice_days: int = number(
        14,
        2,
        90,
        _("Days before a role ends at which its holder, the founders and the stewards are told"),
        _("Two weeks: time to meet and decide who goes on."),
    )
    agree_days: int = number(
        7,
        1,
        30,
        _("Days in which a second founder agrees, and then days in which it is done"),
        _("A week: long enough to think, short enough to remember why."),
    )

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """The policy for stored values; a value that is unknown or out of its limits falls back to the default."""
        return cls(**{name: values[name] for name in settings_by_name() if is_valid(name, values.get(name))})

    def span(self, name: str) -> timedelta:
        """The duration of a setting, by the unit in its name."""
        unit = name.rsplit("_", 1)[1]
        return timedelta(**{unit: getattr(self, name)})


@cache
def settings_by_name() -> Mapping[str, Setting]:
    """Every setting, in the order in which a page shows them."""
    return {entry.name: entry.metadata["setting"] for entry in dataclasses.fields(Policy)}


def is_valid(name: str, value: Any) -> bool:
    """Whether ``value`` may stand for the setting ``name``."""
    setting = settings_by_name().get(name)
    if setting is None or isinstance(value, bool):
        return False
    if setting.choices:
        return isinstance(value, str) and value in setting.choices
    return isinstance(value, int) and setting.least <= value <= setting.most
