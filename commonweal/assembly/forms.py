"""What founders write when they decide, and how the pages of this room are searched."""

from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from commonweal.assembly.actions.deeds import BY_COMMAND
from commonweal.assembly.actions.mandates import LONGEST, LONGEST_REASON
from commonweal.assembly.models import Deed, Mandate, Standing
from commonweal.assembly.queries import who_stands
from commonweal.base import clock
from commonweal.base.forms import LineField
from commonweal.networks.models import Network

USUAL_LENGTH = timedelta(days=365)


class ReasonForm(forms.Form):
    """Why, for every member to read."""

    reason = LineField(
        label=_("Why?"),
        help_text=_(
            "Every member reads this, for good: say where and when it was decided, and nothing private."
        ),
        max_length=LONGEST_REASON,
    )


class GiveForm(ReasonForm):
    """Who is to hold which role, until when, and why."""

    who = forms.ChoiceField(
        label=_("Who"),
        help_text=_("Those who said on the page of roles that they would take one."),
        widget=forms.RadioSelect,
    )
    last_day = forms.DateField(
        label=_("Until the end of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    field_order = ["who", "last_day", "reason"]

    def __init__(self, data: QueryDict | None = None, *, network: Network) -> None:
        usual = (clock.now() + USUAL_LENGTH).astimezone(network.zone).date()
        super().__init__(data, initial={"last_day": usual})
        self.network = network
        self.standing = {str(one.pk): one for one in who_stands(network)}
        field = self.fields["who"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (key, _("%(role)s: %(name)s") % {"role": one.get_role_display(), "name": one.member.name})
            for key, one in self.standing.items()
        ]

    def clean_last_day(self) -> datetime:
        """The moment at which the day is over in the network's zone; raises ValidationError."""
        day, now = self.cleaned_data["last_day"], clock.now()
        today = now.astimezone(self.network.zone).date()
        if not today <= day < today + LONGEST:
            raise ValidationError(_("A mandate ends at a time to come, within two years."))
        return datetime.combine(day + timedelta(days=1), time.min, self.network.zone)

    @property
    def chosen(self) -> Standing:
        """Who was chosen, once the form is valid."""
        return self.standing[self.cleaned_data["who"]]


class DeedForm(ReasonForm):
    """What is to be done that takes two, and why."""

    what = forms.ChoiceField(
        label=_("What is to be done?"),
        choices=[(what.value, what.label) for what in Deed.What if what in BY_COMMAND],
        widget=forms.RadioSelect,
    )
    field_order = ["what", "reason"]


class RolesForm(forms.Form):
    """Which roles to show."""

    search = LineField(label=_("Name or reason"), required=False, max_length=60)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("All roles")), *Mandate.Role.choices]
    )
