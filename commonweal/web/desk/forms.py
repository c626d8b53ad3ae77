"""The desk's few forms."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonweal.assembly.models import Mandate
from commonweal.assembly.queries import mandates_in_force
from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.base.forms import LineField, ProseField
from commonweal.exchange.actions.looking import LONGEST_REASON
from commonweal.exchange.forms.careful import CarefulFields
from commonweal.exchange.forms.choices import CHOOSE, give_choices
from commonweal.exchange.models import Look, Match
from commonweal.gatherings.actions import FURTHEST
from commonweal.members.models import Member
from commonweal.networks.models import Network

HOURS = [(1, _("One hour")), (2, _("Two hours")), (4, _("Four hours")), (8, _("Eight hours"))]
EVENING, MORNING = time(18), time(9)
Follow = tuple[str, str | Promise]


def refuse(form: forms.Form, refusal: Refused) -> None:
    """Say a refusal on the form as a whole."""
    form.add_error(None, ValidationError(str(refusal), code="refused"))


class ReasonForm(CarefulFields):
    """Why a dispatcher wants to see how somebody is reached. The one concerned reads it, and nobody else."""

    careful = ("reason",)
    network: Network

    why = forms.ChoiceField(
        label=_("What do you need it for?"),
        choices=[(why.value, why.label) for why in Look.Why if why not in (Look.Why.AGREED, Look.Why.READ)],
        widget=forms.RadioSelect,
        error_messages={**CHOOSE, "required": _("Choose what you need it for; then it is shown.")},
    )
    reason = LineField(
        label=_("In your own words"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("They read it on their page."),
    )

    def clean(self) -> dict[str, Any] | None:
        """Another reason is one that is said."""
        cleaned = super().clean()
        if self.cleaned_data.get("why") == Look.Why.OTHER and not self.cleaned_data.get("reason"):
            self.add_error("reason", ValidationError(_("Please say in a few words which."), code="required"))
        return cleaned


def reason_in(data: QueryDict, network: Network) -> ReasonForm:
    """The form with what was said; an open question where nothing was said yet."""
    form = ReasonForm(data if "why" in data or "reason" in data else None)
    form.network = network
    return form


class _Hours(forms.Form):
    """How long a shift shall be."""

    hours = forms.TypedChoiceField(
        label=_("How long?"), coerce=int, choices=HOURS, initial=2, widget=forms.RadioSelect, error_messages=CHOOSE
    )  # fmt: skip

    @property
    def length(self) -> timedelta:
        """As long as was chosen."""
        return timedelta(hours=self.cleaned_data["hours"])


class StartForm(_Hours):
    """A shift that begins now."""


class PlanForm(_Hours):
    """A shift to come, by the network's calendar and clock."""

    day = forms.DateField(
        label=_("Which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    from_time = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs={"type": "time", "class": "short"}, format="%H:%M")
    )
    field_order = ("day", "from_time", "hours")

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.network = network

    def clean_day(self) -> date:
        """A day that is neither over nor farther away than a shift may be planned."""
        day: date = self.cleaned_data["day"]
        today = clock.now().astimezone(self.network.zone).date()
        if not today <= day <= today + FURTHEST:
            raise ValidationError(_("Choose a day from today on, within a year."))
        return day

    @property
    def starts_at(self) -> datetime:
        """When it begins; only after ``is_valid``."""
        said = self.cleaned_data
        return datetime.combine(said["day"], said["from_time"], self.network.zone)


class HandOverForm(forms.Form):
    """Who takes the shift over: another dispatcher of the network."""

    to = forms.ChoiceField(label=_("Who takes over?"), error_messages=CHOOSE)

    def __init__(self, *args: Any, network: Network, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [mandate for mandate in mandates_in_force(network) if mandate.role == Mandate.Role.DISPATCHER]
        self.others: dict[str, Member] = {
            str(mandate.member_id): mandate.member for mandate in held if mandate.member_id != by.pk
        }
        give_choices(self.fields["to"], [(key, member.name) for key, member in self.others.items()])

    def clean_to(self) -> Member:
        """The member who was chosen."""
        return self.others[str(self.cleaned_data["to"])]


class NoteForm(CarefulFields):
    """What was said on the phone, or done, and when a person looks again."""

    careful = ("text",)

    text = ProseField(
        label=_("What was said or done"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "data-private": True}),
        help_text=_("Only the desk reads this. It is erased with the ask."),
    )
    again = forms.ChoiceField(
        label=_("When does a person look again?"), initial="due", widget=forms.RadioSelect, error_messages=CHOOSE
    )  # fmt: skip

    def __init__(self, *args: Any, network: Network, is_open: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.network = network
        now = clock.now()
        self._here = now.astimezone(network.zone)
        self._moments = {"hour": now + timedelta(hours=1), "tomorrow": self._at(MORNING, days=1)}
        choices: list[Follow] = [("due", _("When it is due")), ("hour", _("In an hour"))]
        if self._at(EVENING) > now:
            self._moments["evening"] = self._at(EVENING)
            choices.append(("evening", _("This evening at six")))
        choices.append(("tomorrow", _("Tomorrow at nine")))
        give_choices(self.fields["again"], choices)
        if not is_open:
            del self.fields["again"]

    @property
    def follow_up_at(self) -> datetime | None:
        """When a person looks again; None for whenever it is due anyway."""
        return self._moments.get(self.cleaned_data.get("again", ""))

    def _at(self, hour: time, *, days: int = 0) -> datetime:
        return datetime.combine(self._here.date() + timedelta(days=days), hour, self._here.tzinfo)


class CloseForm(forms.Form):
    """What the asker said on the phone, so that nothing more has to be done."""

    why = forms.ChoiceField(
        label=_("What did they say?"),
        choices=[
            ("met", _("Somebody has helped already")),
            ("not_needed", _("It is not needed any more")),
            ("other", _("Something else")),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    only_this = forms.BooleanField(label=_("Only this time. The next one goes on."), required=False)


class InsteadForm(CarefulFields):
    """Why somebody else is asked than the program suggested."""

    careful = ("note",)
    network: Network

    why = forms.ChoiceField(
        label=_("Why them?"), choices=Match.Instead.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    note = LineField(
        label=_("In a few words"),
        required=False,
        max_length=200,
        help_text=_("Only the desk reads this. It is erased with the ask."),
    )
    member = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any] | None:
        """Another reason wants words."""
        cleaned = super().clean()
        if self.cleaned_data.get("why") == Match.Instead.OTHER and not self.cleaned_data.get("note"):
            self.add_error("note", _("Please say in a few words what it is."))
        return cleaned


class FindForm(forms.Form):
    """Looking for one ask by its code."""

    code = LineField(label=_("Find by code"), max_length=20, required=False)
