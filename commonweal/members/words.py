"""What the network keeps about a member and what is on record, in words for the member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonweal.base.lists import in_a_row
from commonweal.members.models import ContactPoint, Member
from commonweal.members.queries import Entry
from commonweal.networks.languages import language_name

STORY: dict[str, str | Promise] = {
    "joined": gettext_lazy("You joined the network."),
    "profile_changed": gettext_lazy("You changed your profile."),
    "signed_in": gettext_lazy("Somebody signed in as you, with a code sent to you."),
    "signed_in_by_passkey": gettext_lazy("Somebody signed in as you, with a passkey."),
    "proved": gettext_lazy("You showed anew that it is you, with a code."),
    "signed_out_there": gettext_lazy("You signed out in another browser."),
    "passkey_added": gettext_lazy("A passkey was added."),
    "passkey_removed": gettext_lazy("A passkey was taken away."),
    "passkey_copied": gettext_lazy("A passkey seemed to be copied, and lets nobody in any more."),
    "signed_out_everywhere": gettext_lazy("You signed out on every device."),
    "paused": gettext_lazy("You took a break."),
    "came_back": gettext_lazy("Your break was over."),
    "contact_added": gettext_lazy("A way to reach you was added."),
    "contact_put_first": gettext_lazy("You chose where messages go first."),
    "contact_removed": gettext_lazy("A way to reach you was taken away."),
    "push_switched_on": gettext_lazy("You asked to be told on a device."),
    "push_switched_off": gettext_lazy("A device of yours is not told any more."),
    "vouched": gettext_lazy("You said that you know somebody."),
    "vouch_taken_back": gettext_lazy("You took a vouch back."),
    "blocked": gettext_lazy("You asked not to be brought together with somebody."),
    "unblocked": gettext_lazy("You took that back."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of a story."""

    at: datetime
    text: str


def told_of(story: Sequence[Entry]) -> list[Told]:
    """The story in words; what has no words (it is not the member's to read about) is left out."""
    return [Told(at=entry.at, text=str(STORY[entry.verb])) for entry in story if entry.verb in STORY]


def spoken(member: Member) -> str:
    """The languages a member speaks, in words; empty where they said nothing."""
    return in_a_row(language_name(code) for code in member.languages)


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
        {
            "label": _("A word about yourself"),
            "value": member.get_goes_as_display() or _("Not said"),
            "url": change,
        },
        {"label": _("Where you start from"), "value": _place(member), "url": change},
    ]


def kept_about() -> list[dict[str, str]]:
    """What is kept about a member as such, who sees it, and why. All of it is erased when they leave."""
    matched = _("Seen by whom you are matched with, and by who is on shift.")
    return [
        {"label": _("Your name"), "value": matched + "\n" + _("So that people know whom they meet.")},
        {
            "label": _("How to reach you"),
            "value": _("Seen by whom you agreed something with, until it is done, and by who is on shift.")
            + "\n"
            + _("To let you in, to ask you, and so that two people who agreed find each other."),
        },
        {"label": _("What you speak"), "value": matched + "\n" + _("So that two people can talk.")},
        {
            "label": _("Where you start from"),
            "value": _("Seen by nobody; the program knows a square of about 300 metres.")
            + "\n"
            + _("To find who is near."),
        },
        {
            "label": _("Most times a week"),
            "value": _("Seen by who is on shift.") + "\n" + _("So that nobody asks too much of you."),
        },
        {
            "label": _("A word about yourself"),
            "value": _("Seen by nobody; the program reads it.")
            + "\n"
            + _("Only where somebody asks that a woman or a man comes."),
        },
    ]


def _place(member: Member) -> str:
    if member.place:
        return str(member.place.get("text", ""))
    return member.area.name if member.area else ""
