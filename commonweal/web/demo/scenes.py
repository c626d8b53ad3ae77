"""What a visitor shall find, told as it came about: who asked for what, so long before this moment, and who answered.

A line says how long before the end something happens. The program does the rest by itself, at its own times.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from commonweal.base.eventlog import By
from commonweal.exchange.actions import call_note, decline_invitation, pause_ask, send_to_desk
from commonweal.exchange.models import Ask, Match
from commonweal.gatherings.actions import plan_shift, start_shift
from commonweal.members.actions import come_back, pause
from commonweal.web.demo import care
from commonweal.web.demo.people import HELPERS, NEWCOMERS
from commonweal.web.demo.town import Manners, Town, pick, publish, settle_in

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
Act = Callable[[Town, datetime], object]
Window = tuple[timedelta, timedelta] | tuple[int, int, int]
SOON = (8 * HOUR, 6 * DAY)
ANY_DAY = (HOUR, 8 * DAY)
NOBODY_SAYS = Manners(is_said=False)


def asks(
    name: str, category: str, summary: str, window: Window, manners: Manners | None = None, **said: Any
) -> Act:
    """Somebody asks for something.

    ``window`` is from so long after the end until so long after it (before it, where negative), or (days after it,
    hour, hour) by the network's clock. ``back_in`` is when a lent thing comes back; ``is_weekly`` repeats it.
    """

    def act(town: Town, ends_at: datetime) -> None:
        starts, ends = _moments(window, town, ends_at)
        about = {key: value for key, value in said.items() if key not in ("back_in", "is_weekly")}
        if "back_in" in said:
            about["returns_at"] = ends_at + said["back_in"]
        if said.get("is_weekly"):
            about["repeat_days"] = 1 << starts.astimezone(town.network.zone).weekday()
        ask = publish(town, category, summary=summary, starts_at=starts, ends_at=ends, **about)
        town.asks[name] = ask
        town.manners[ask.series or ask.pk] = manners or Manners()

    return act


def _moments(window: Window, town: Town, ends_at: datetime) -> tuple[datetime, datetime]:
    if len(window) == 2:
        return ends_at + window[0], ends_at + window[1]
    days, first, last = window
    day = ends_at.astimezone(town.network.zone).date() + timedelta(days=days)
    return (
        datetime.combine(day, time(first), town.network.zone),
        datetime.combine(day, time(last), town.network.zone),
    )


def in_turn(*acts: Act) -> Act:
    """One thing at once after the other, before the program does anything by itself."""

    def act(town: Town, ends_at: datetime) -> None:
        for each in acts:
            each(town, ends_at)

    return act


def picks(name: str, *who: str, quantity: int = 0) -> Act:
    """Somebody takes it from the board."""
    return lambda town, _ends_at: pick(town, name, who, quantity)


def wants_a_person(name: str) -> Act:
    """Whoever was being asked says no, and the asker would like somebody to call."""

    def act(town: Town, ends_at: datetime) -> None:
        ask = town.fresh(name)
        for match in Match.objects.filter(network=town.network, ask=ask, state=Match.State.INVITED):
            decline_invitation(match=match)
        send_to_desk(ask=ask, said_by=By.ASKER)

    return act


def pauses(name: str) -> Act:
    """The asker lets it rest for a while."""
    return lambda town, _ends_at: pause_ask(ask=town.fresh(name))


def notes(name: str, text: str, again: timedelta) -> Act:
    """The dispatcher called, and looks again so long after the end."""
    return lambda town, ends_at: call_note(
        ask=town.fresh(name), dispatcher=town.dispatcher, text=text, follow_up_at=ends_at + again
    )


def away(name: str) -> Act:
    """Somebody takes a break."""
    return lambda town, _ends_at: pause(member=town.people[name])


def back(name: str) -> Act:
    """Their break is over."""
    return lambda town, _ends_at: come_back(member=town.people[name])


def newcomers(town: Town, ends_at: datetime) -> None:
    """Some join who could help with what waits at the desk."""
    for helper in NEWCOMERS:
        settle_in(town, helper)


def at_the_desk(town: Town, ends_at: datetime) -> None:
    """One dispatcher is on shift, and another comes after them."""
    first, second = (town.people[helper.name] for helper in HELPERS[:2])
    start_shift(member=first, until=ends_at + 6 * HOUR)
    plan_shift(member=second, starts_at=ends_at + 6 * HOUR, ends_at=ends_at + 10 * HOUR)


# An invitation to this one was answered by nobody: its letter is the one that did not go out in time.
UNANSWERED = "kettle"

WEEKLY: tuple[tuple[timedelta, Act], ...] = (
    # What comes every week, with the same helper.
    (6 * DAY, in_turn(
        asks(
            "walk", "company", "A walk together", (-5, 14, 16), Manners(answers=("yes",)), is_weekly=True,
            called="Henry", street="South Linwood Avenue", words="I don't like to go alone since the fall.",
        ),
        picks("walk", "Old Pete", "Eileen"),
    )),
)  # fmt: skip
LENT: tuple[tuple[timedelta, Act], ...] = (
    # One thing is with the asker, another should be back.
    (5 * DAY, in_turn(
        asks(
            "drill", "borrow", "A drill for a day", (-5 * DAY, -4 * DAY), back_in=-5 * MINUTE, called="Gwen",
            words="A shelf, four holes.",
        ),
        picks("drill", "Tomasz", "Winston", "Gabe"),
    )),
    (26 * HOUR, in_turn(
        asks(
            "ladder", "borrow", "A ladder of three metres", (-24 * HOUR, -20 * HOUR), back_in=2 * DAY, called="Cyril",
            words="The gutter leaks.",
        ),
        picks("ladder", "Winston", "Tomasz", "Gabe"),
    )),
)  # fmt: skip
AFTERWARDS: tuple[tuple[timedelta, Act], ...] = (
    # How did it go? Of one nothing was heard, of the other they have just been asked.
    (3 * DAY, in_turn(
        asks(
            "call", "listening", "A call in the evening", (-53 * HOUR, -50 * HOUR - 25 * MINUTE), NOBODY_SAYS,
            called="A.", words="It has been a hard month.",
        ),
        picks("call", "Ms. Dorothy", "Eileen"),
    )),
    (2 * DAY, in_turn(
        asks(
            "interview", "childcare", "Two children for two hours", (-5 * HOUR, -3 * HOUR), NOBODY_SAYS, people=2,
            called="Nadia", spoken="ar", words="4 and 6, while I am at an interview.",
        ),
        picks("interview", "Thandi", "Carmen"),
    )),
)  # fmt: skip
AGREED: tuple[tuple[timedelta, Act], ...] = (
    # Somebody is coming.
    (50 * HOUR, asks(
        UNANSWERED, "things", "A kettle", ANY_DAY, Manners(answers=("never", "yes")), called="D.", words="Any will do."
    )),
    (5 * HOUR, in_turn(
        asks(
            "court", "ride", "To the courthouse, nine o'clock", (20 * HOUR, 24 * HOUR), people=2, called="Marcus",
            words="I have to be there at nine.", destination="The courthouse downtown",
        ),
        picks("court", "Ruth", "Keisha", "Loretta"),
    )),
    (2 * HOUR, in_turn(
        asks(
            "medicine", "errand", "Medicine from the pharmacy", (HOUR, 5 * HOUR), urgency=2, called="Mrs. Green",
            words="Before it closes.",
        ),
        picks("medicine", "Amina", "Fatuma", "Sam"),
    )),
)  # fmt: skip
WAITING: tuple[tuple[timedelta, Act], ...] = (
    # A work party, a counted thing and ordinary asks wait for an answer.
    (100 * MINUTE, asks(
        "piano", "moving", "A piano and a family, two streets up", (DAY, 8 * DAY),
        hands=8, people=3, called="The Johnsons",
        words="Eight hands would do it.",
    )),
    (95 * MINUTE, picks("piano", "Thandi", "Carmen")),
    (92 * MINUTE, picks("piano", "Lee", "Samir")),
    (60 * MINUTE, picks("piano", "Yuki", "Mei")),
    (90 * MINUTE, asks(
        "nappies", "things", "Nappies, size 4", ANY_DAY, people=2, quantity=60, unit="nappies", called="Tasha",
        words="And wipes, if you have any.",
    )),
    (88 * MINUTE, picks("nappies", "The Okafors", "Big Mike", quantity=24)),
    (50 * MINUTE, asks(
        "bread", "groceries", "Bread, milk, cat food", SOON, called="Ilse", words="I can pay.", street="Fait Avenue"
    )),
    (40 * MINUTE, asks(
        "dinner", "meals", "Something warm for five", SOON, people=5, called="The Riveras", spoken="es",
        words="New baby; anything warm.",
    )),
    (30 * MINUTE, asks("slip", "errand", "To the post office", SOON, called="Otto", words="I have the slip.")),
    (15 * MINUTE, asks(
        "letter", "papers", "A letter from the housing office", SOON, called="Abdi", words="I don't understand it."
    )),
    (30 * HOUR, asks("tap", "repair", "A kitchen tap", ANY_DAY, called="Gwen", words="It does not close any more.")),
    (28 * HOUR, pauses("tap")),
)  # fmt: skip
AT_THE_DESK: tuple[tuple[timedelta, Act], ...] = (
    # What needs a person now, and at last somebody who could.
    (33 * HOUR, asks(
        "school", "other", "Somebody who signs", (-32 * HOUR, 6 * DAY), needs=("sign",), called="Bela",
        words="A meeting at my son's school.",
    )),
    (8 * HOUR, notes("school", "Spoke to the school: they look for an interpreter too.", 15 * HOUR)),
    (21 * DAY, away("Rosa")),
    (200 * MINUTE, asks(
        "halal", "groceries", "Shopping for four, halal", (3, 15, 19), Manners(answers=("no",), minutes=80), people=4,
        is_weekly=True, called="Lucía", spoken="es", needs=("stairs",), street="South Conkling Street",
        words="Somos cuatro, comida halal. Tercer piso, sin ascensor.",
    )),
    (2 * HOUR, at_the_desk),
    (72 * MINUTE, wants_a_person("halal")),
    (70 * MINUTE, asks(
        "clinic", "ride", "Ride to the clinic, wheelchair", SOON, needs=("wheelchair",), called="Mr. Hall",
        words="There and back, about an hour.", destination="The clinic in Bayview", street="Fleet Street",
    )),
    (25 * MINUTE, notes("clinic", "Called Mr. Hall: any day between ten and four is fine.", 20 * MINUTE)),
    (5 * MINUTE, asks(
        "video", "other", "Someone to show me video calls", ANY_DAY, called="Bernice",
        words="My daughter lives far away.",
    )),
    (2 * MINUTE, newcomers),
    (2 * MINUTE, back("Rosa")),
)  # fmt: skip


def lines() -> list[tuple[timedelta, Act]]:
    """The whole script, what happens first coming first."""
    script = (*WEEKLY, *LENT, *AFTERWARDS, *AGREED, *WAITING, *AT_THE_DESK, *care.LINES)
    return sorted(script, key=lambda line: line[0], reverse=True)


def unanswered(town: Town) -> Sequence[Match]:
    """The invitation that nobody answered, if there was one."""
    asked = Match.objects.filter(network=town.network, ask=town.asks[UNANSWERED])
    return list(asked.filter(state=Match.State.LAPSED).order_by("created_at", "id")[:1])


def told(town: Town) -> dict[str, Ask]:
    """The asks of the scenes as they are now, by name."""
    return {name: town.fresh(name) for name in town.asks}
