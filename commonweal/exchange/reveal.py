"""When the two who are matched see how to reach one another, and the exact place: a window, and a mask outside of it.

docs/explanation/contact.md lists every place in the code where a contact, an exact place or somebody's words are shown.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from commonweal.base import clock
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.whens import meeting, moment
from commonweal.members.contacts import Contact
from commonweal.members.models import Member, Reached

S = Match.State
# What ended well enough for a word of thanks, or for what was forgotten.
HELPED_NOW = (S.DONE, S.PARTLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when until when two see how to reach one another; without an end as long as something is lent."""

    opens_at: datetime
    closes_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it is open at a moment."""
        return self.opens_at <= at and (self.closes_at is None or at < self.closes_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Who somebody is to the one they are matched with, and how to reach them.

    ``contact`` is None where they left none, where it is closed and where the network hands words on; ``masked`` is
    what is left of it then. ``place``, ``destination`` and ``words`` are empty while it is closed. ``is_place_held``:
    the exact place waits until somebody goes along. ``is_relayed``: words and calls go through the network. ``closed``
    says why nothing is shown, in a sentence; empty while it is open.
    """

    name: str
    contact: Contact | None = None
    masked: str = ""
    place: str = ""
    words: str = ""
    destination: str = ""
    is_place_held: bool = False
    is_relayed: bool = False
    closed: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the two can reach one another at this moment."""
        return not self.closed

    @property
    def seen(self) -> tuple[str, ...]:
        """What whoever looks at it sees, as codes for the record."""
        shown = {"place": self.place, "destination": self.destination, "words": self.words}
        kinds = (self.contact.kind,) if self.contact else ()
        return (*kinds, *(code for code, value in shown.items() if value))


def window_of(match: Match) -> Window | None:
    """When the two see how to reach one another, by the network's policy; None where they never may, or no longer."""
    if match.state not in (S.ACCEPTED, S.LENT, S.SILENT, *HELPED_NOW):
        return None
    policy, (starts, ends) = match.network.policy, meeting(match)
    agreed_at = match.answered_at or match.created_at
    before, after = policy.span("reveal_before_hours"), policy.span("reveal_after_hours")
    opens_at = max(agreed_at, starts - before) if before else agreed_at
    if match.state == S.LENT:
        return Window(opens_at=agreed_at, closes_at=None)
    if match.state in HELPED_NOW and match.ended_at:
        return Window(opens_at=min(opens_at, match.ended_at), closes_at=match.ended_at + after)
    return Window(opens_at=opens_at, closes_at=ends + after)


def is_open(match: Match, at: datetime | None = None) -> bool:
    """Whether the two see how to reach one another, now or at a moment."""
    window = window_of(match)
    return window is not None and window.holds(at or clock.now())


def is_relayed(match: Match) -> bool:
    """Whether words and calls between the two go through the network: it is enough that one of them wants it."""
    usual = match.network.policy.reached
    return Reached.RELAYED in (_wish(match.ask) or usual, match.member.reached or usual)


def reach_in(
    match: Match, *, name: str, contact: Contact | None, about: Ask | None = None, is_place_held: bool = False
) -> Reach:
    """How to reach one side of a match, as far as the other side may see it now.

    ``about`` adds place and words; ``is_place_held`` leaves the place out, for a helper who must not go there alone.
    """
    closed, relayed = _closed(match, clock.now()), is_relayed(match)
    if closed:
        return Reach(name=name, masked=contact.masked if contact else "", closed=closed, is_relayed=relayed)
    return Reach(
        name=name,
        contact=None if relayed else contact,
        masked=contact.masked if contact and relayed else "",
        place=about.place.get("text", "") if about and not is_place_held else "",
        words=about.words if about else "",
        destination=about.destination if about else "",
        is_place_held=is_place_held,
        is_relayed=relayed,
    )


def _closed(match: Match, at: datetime) -> str:
    """Why nothing is shown, in a sentence; empty where it is open."""
    window = window_of(match)
    if window is not None and window.holds(at):
        return ""
    if window is not None and at < window.opens_at:
        return _("It opens %(when)s.") % {"when": moment(window.opens_at, match.network)}
    return _("It is closed again, because the agreed time is over.")


def _wish(ask: Ask) -> str:
    by: Member | None = ask.by
    return ask.reached or (by.reached if by else "")
