"""The rows and forms of the messages at the desk."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonweal.base import clock
from commonweal.base.forms import LineField, ProseField
from commonweal.base.lists import side_by_side
from commonweal.exchange.forms.careful import CarefulFields
from commonweal.exchange.forms.choices import CHOOSE
from commonweal.exchange.reasons import language_in_words
from commonweal.intake.actions.deskwork import LONGEST_ANSWER, LONGEST_NOTE
from commonweal.intake.models import Draft, Inbound
from commonweal.intake.reading import storing
from commonweal.networks.models import Network

EXCERPT = 90
WHY: dict[str, str | Promise] = {
    "danger": gettext_lazy("sounds like danger to life"),
    "unclear": gettext_lazy("not understood"),
    "wanted": gettext_lazy("asks for a person"),
    "flood": gettext_lazy("far too many messages"),
    "loop": gettext_lazy("perhaps a machine"),
    "stopped": gettext_lazy("wants no messages from us"),
    "failed": gettext_lazy("could not be worked on"),
}
HOURS = [(1, gettext_lazy("In an hour")), (4, gettext_lazy("In four hours")), (24, gettext_lazy("In a day"))]


class FilterForm(forms.Form):
    """Which messages are shown."""

    sort = forms.ChoiceField(
        label=gettext_lazy("By which door"),
        required=False,
        choices=[("", gettext_lazy("All")), *Inbound.Sort.choices],
    )
    only = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[
            ("", gettext_lazy("To be read")),
            ("follow", gettext_lazy("Needs follow-up")),
            ("read", gettext_lazy("Seen to")),
        ],
    )
    sender = LineField(label=gettext_lazy("From a number or address"), required=False, max_length=254)


class AnswerForm(forms.Form):
    """A few words to whoever wrote."""

    text = ProseField(
        label=gettext_lazy("Your answer"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It goes the way the message came, and takes it off the list."),
    )


class FollowForm(CarefulFields):
    """When to look again, and what to know then."""

    careful = ("note",)
    network: Network

    hours = forms.TypedChoiceField(
        label=gettext_lazy("When?"), coerce=int, choices=HOURS, initial=4,
        widget=forms.RadioSelect, error_messages=CHOOSE,
    )  # fmt: skip
    note = ProseField(
        label=gettext_lazy("For whoever is on shift then"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def row_of(draft: Draft, *, viewer: str) -> dict[str, Any]:
    """One line of the list, for the dispatcher of the name ``viewer``."""
    inbound, reading = draft.inbound, storing.from_json(draft.reading)
    held = draft.held_by if draft.held_until and draft.held_until > clock.now() else None
    words = " ".join(f"{inbound.subject} {inbound.text}".split())
    language = language_in_words(reading.language.value) if reading.language.value else ""
    return {
        "id": f"message-{draft.pk}",
        "due_at": draft.due_at or draft.closed_at,
        "title": f"“{words[:EXCERPT]}{'…' if len(words) > EXCERPT else ''}”" if words else _("No words"),
        "detail": side_by_side(
            "" if draft.why == inbound.sort else str(WHY.get(draft.why, draft.why)),
            str(Inbound.Sort(inbound.sort).label),
            language,
            _("needs follow-up") if draft.is_followed_up and draft.is_waiting else "",
            "" if draft.is_waiting else str(Draft.State(draft.state).label),
        ),
        "url": reverse("desk:message", args=[draft.pk]),
        "is_current": False,
        "held_by": held.name if held and held.name != viewer else "",
        "is_danger": draft.is_danger and draft.is_waiting,
    }
