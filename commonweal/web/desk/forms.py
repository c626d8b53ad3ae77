"""The desk's few forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonweal.assembly.models import Mandate
from commonweal.assembly.queries import mandates_in_force
from commonweal.base.forms import ProseField
from commonweal.members.models import Member
from commonweal.networks.models import Network


class StartForm(forms.Form):
    """For how long a shift shall be."""

    hours = forms.TypedChoiceField(
        label=_("How long?"),
        coerce=int,
        choices=[(1, _("One hour")), (2, _("Two hours")), (4, _("Four hours")), (8, _("Eight hours"))],
        initial=2,
        widget=forms.RadioSelect,
    )


class HandOverForm(forms.Form):
    """Who takes the shift over: another dispatcher of the network."""

    to = forms.ChoiceField(label=_("Who takes over?"))

    def __init__(self, *args: Any, network: Network, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [mandate for mandate in mandates_in_force(network) if mandate.role == Mandate.Role.DISPATCHER]
        self.others: dict[str, Member] = {
            str(mandate.member_id): mandate.member for mandate in held if mandate.member_id != by.pk
        }
        self.fields["to"].choices = [(key, member.name) for key, member in self.others.items()]  # type: ignore[attr-defined]

    def clean_to(self) -> Member:
        """The member who was chosen."""
        return self.others[str(self.cleaned_data["to"])]


class NoteForm(forms.Form):
    """What was said on the phone, or done."""

    text = ProseField(
        label=_("What was said or done"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "data-private": True}),
        help_text=_("Only the desk reads this. It is erased with the ask."),
    )


class CloseForm(forms.Form):
    """Why an ask is taken back for the asker."""

    why = forms.ChoiceField(
        label=_("What did they say?"),
        choices=[
            ("found_help", _("They found help elsewhere")),
            ("not_needed", _("It is not needed any more")),
            ("other", _("Something else")),
        ],
        widget=forms.RadioSelect,
    )


class FindForm(forms.Form):
    """Looking for one ask by its code."""

    code = forms.CharField(label=_("Code"), max_length=20, required=False)
