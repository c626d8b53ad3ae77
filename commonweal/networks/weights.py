"""The weights of matching: how much each thing counts when it is worked out who is asked, in points.

Each has the name and the default that it has in `algorithms.matching`; matching reads them by that name.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from commonweal.networks.setting import number, weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each thing counts. docs/explanation/matching.md says what every one of them does."""

    served: int = weight(
        1000,
        5000,
        100,
        _("An ask that is met is worth more than any way that is saved"),
        _("More than all the rest together: somebody who comes from far is better than nobody."),
    )
    urgent: int = weight(
        100,
        1000,
        25,
        _("What hurries goes first: each step of hurry counts"),
        _("Two steps for what is for today, one for what is for soon."),
    )
    waiting: int = weight(
        10,
        100,
        5,
        _("Those who waited longer go first: each day they waited counts"),
        _("After ten days somebody is one step of hurry ahead."),
    )
    waiting_most_d: int = number(
        60,
        0,
        365,
        _("Most days of waiting that count"),
        _("Two months, so that nothing old holds up all else."),
    )
    ahead: int = weight(
        50,
        400,
        10,
        _("An ask that came back, since somebody dropped out, goes first"),
        _("It was promised once already."),
    )
    per_100_m: int = weight(
        4,
        20,
        1,
        _("Being nearer counts: each 100 m of way costs"),
        _("Neighbours first, but not at any price."),
    )
    unknown_m: int = number(
        3000,
        0,
        20_000,
        _("Metres that are reckoned where a place is not known"),
        _("Farther than most, so that nobody has to say where they live to be asked."),
    )
    language: int = weight(
        60, 400, 10, _("A language in common counts"), _("A good walk is worth being understood.")
    )
    interpreter: int = weight(
        150,
        400,
        10,
        _("Without a language in common, somebody has to interpret: that costs"),
        _("It takes two."),
    )
    tired: int = weight(
        120,
        400,
        10,
        _("People who were asked a short while ago are spared"),
        _("Being asked tires people, and wears off."),
    )
    rested_after_h: int = number(
        336, 1, 2000, _("Hours until somebody who was asked is quite rested"), _("Two weeks.")
    )
    week: int = weight(
        160,
        400,
        10,
        _("People who have helped this week already are spared"),
        _("So that it is shared out, and not always the same three."),
    )
    preferred: int = weight(
        10_000,
        10_000,
        500,
        _("Whoever came the last times comes again, if both wish so"),
        _("More than anything: the two of them have chosen."),
    )
    known: int = weight(
        40, 400, 10, _("Known faces for what goes on, or is about talking"), _("Trust grows with time.")
    )
    new_tie: int = weight(
        20, 400, 10, _("New faces otherwise, so that people get to know one another"), _("A little.")
    )
    comfort: int = weight(
        30, 400, 10, _("For heavy things: who carries with ease, or has wheels"), _("A kindness to backs.")
    )
    covers: int = weight(
        120,
        400,
        10,
        _("Whoever has enough of what is wanted, so that one handover will do"),
        _("One door to open instead of three."),
    )
    switch: int = weight(
        20,
        400,
        10,
        _("Leaving with somebody what was suggested to them, when news comes in"),
        _("Half a kilometre: the desk is not handed another name for every small gain."),
    )
    wait_calm: int = weight(
        5, 200, 5, _("Each day until they could meet costs, where there is no hurry"), _("A little.")
    )
    wait_soon: int = weight(15, 200, 5, _("The same, where it is for soon"), _("Three times as much."))
    wait_today: int = weight(60, 200, 5, _("The same, where it is for today"), _("Hardly ever a day later."))
    areas: int = weight(
        400,
        1000,
        25,
        _("Parts of town where less is answered go first"),
        _("So that who gets least is not left for the end; it costs hardly any way."),
    )
    languages: int = weight(
        200,
        1000,
        25,
        _("Languages in which less is answered go first"),
        _("So that who gets least is not left for the end; it costs hardly any way."),
    )
    access: int = weight(
        200,
        1000,
        25,
        _("Access needs for which less is answered go first"),
        _("So that who gets least is not left for the end; it costs hardly any way."),
    )
