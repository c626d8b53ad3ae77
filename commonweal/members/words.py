"""What the network keeps about a member and what is on record, in words for the member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonweal.members.models import ContactPoint, Member
from commonweal.members.queries import Entry
from commonweal.networks.languages import language_name

STORY: dict[str, str | Promise] = {
    "joined": gettext_lazy("You joined the network."),
    "profile_changed": gettext_lazy("You changed your profile."),
    "signed_in": gettext_lazy("Somebody signed in as you, with a code sent to you."),
    "signed_out_everywhere": gettext_lazy("You signed out on every device."),
    "paused": gettext_lazy("You took a break."),
    "came_back": gettext_lazy("Your break was over."),
    "contact_added": gettext_lazy("A way to reach you was added."),
    "contact_put_first": gettext_lazy("You chose where messages go first."),
    "contact_removed": gettext_lazy("A way to reach you was taken away."),
    "blocked": gettext_lazy("You asked not to be brought together with somebody."),
    "unblocked": gettext_lazy("You took that back."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of a story."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One thing that is kept about a member: what it is, its value, who sees it, and why."""

    what: str
    value: str
    seen_by: str
    why: str


def told_of(story: Sequence[Entry]) -> list[Told]:
    """The story in words; what has no words (it is not the member's to read about) is left out."""
    return [Told(at=entry.at, text=str(STORY[entry.verb])) for entry in story if entry.verb in STORY]


def spoken(member: Member) -> str:
    """The languages a member speaks, in words; empty where they said nothing."""
    return ", ".join(language_name(code) for code in member.languages)


def about(member: Member, points: Sequence[ContactPoint]) -> list[dict[str, str]]:
    """What a member says about themselves, each with where to change it."""
    change, reach = reverse("members:change"), reverse("members:reach")
    return [
        {"label": _("Name"), "value": member.name, "url": change},
        {
            "label": _("How we reach you"),
            "value": "\n".join(point.as_contact.shown for point in points),
            "url": reach,
        },
        {"label": _("You speak"), "value": spoken(member), "url": change},
        {"label": _("We write to you in"), "value": language_name(member.language), "url": change},
        {"label": _("Most times a week"), "value": str(member.per_week), "url": change},
        {"label": _("Your area"), "value": member.area.name if member.area else "", "url": change},
    ]


def kept_about(member: Member, points: Sequence[ContactPoint]) -> list[Kept]:
    """Everything personal that is kept about a member as such. All of it is erased when they leave."""
    matched = _("You, who is matched with you, who is on shift")
    return [
        Kept(
            what=_("Your name"),
            value=member.name,
            seen_by=matched,
            why=_("So that people know whom they meet."),
        ),
        Kept(
            what=_("How to reach you"),
            value="\n".join(point.as_contact.shown for point in points),
            seen_by=_("You; who you agreed something with, until it is done; who is on shift"),
            why=_("To let you in, to ask you, and to let two people who agreed find each other."),
        ),
        Kept(
            what=_("What you speak"),
            value=spoken(member),
            seen_by=matched,
            why=_("So that two people can talk."),
        ),
        Kept(
            what=_("Where you start from"),
            value=_place(member),
            seen_by=_("Only as a square of about 300 metres, by the program"),
            why=_("To find who is near."),
        ),
        Kept(
            what=_("How often you want to help"),
            value=str(member.per_week),
            seen_by=_("You and who is on shift"),
            why=_("So that nobody asks too much of you."),
        ),
    ]


def _place(member: Member) -> str:
    if member.place:
        return str(member.place.get("text", ""))
    return member.area.name if member.area else ""
