"""What is typed on a made-up phone."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commonweal.base.forms import LineField
from commonweal.channels.simulator.actions import LONGEST
from commonweal.channels.simulator.numbers import read_fictional
from commonweal.members.contacts import Contact
from commonweal.networks.models import Network


class NumberForm(forms.Form):
    """Which phone to pick up; nothing means any."""

    number = LineField(
        label=_("A number for the phone"),
        help_text=_("Made up, like 410 555 0123: the numbers 555 0100 to 555 0199 belong to nobody."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: object, network: Network, **kwargs: object) -> None:
        self.network = network
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def clean_number(self) -> Contact | None:
        """The number, or None for any."""
        typed = self.cleaned_data["number"]
        if not typed:
            return None
        found = read_fictional(typed, self.network.country)
        if found is None:
            raise ValidationError(
                _(
                    "This may be somebody's real number. Take one from 555 0100 to 555 0199, with any area code."
                )
            )
        return found


class TextForm(forms.Form):
    """What somebody writes, or says after the tone."""

    text = forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))
