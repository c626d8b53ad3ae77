"""What shall be printed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonweal.exchange.forms.choices import CHOOSE, NUMBER, give_choices
from commonweal.networks.models import Network
from commonweal.web.paper.printing import MOST_LANGUAGES
from commonweal.web.paper.words import tongues_of

LETTER_COUNTRIES = {"US", "CA", "MX", "CL", "CO", "CR", "GT", "NI", "PA", "PH", "PR", "SV", "VE"}
MOST_SHEETS = 50


class PaperForm(forms.Form):
    """A kind of page, its languages, the size of the paper, and how many."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What shall it be?"),
        choices=[
            ("tear", _("A poster with strips to tear off")),
            ("poster", _("A poster")),
            ("strips", _("A page of strips")),
            ("sheet", _("Sheets for asks, for a table at the door")),
        ],
        initial="tear",
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    languages = forms.MultipleChoiceField(
        label=_("In which languages?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Three at most."),
        error_messages={**CHOOSE, "required": _("Choose at least one language.")},
    )
    size = forms.ChoiceField(
        label=_("On which paper?"),
        choices=[("a4", "A4"), ("us-letter", _("Letter"))],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    count = forms.IntegerField(
        label=_("How many sheets for asks?"),
        required=False,
        min_value=1,
        max_value=MOST_SHEETS,
        error_messages=NUMBER,
        help_text=_("Each has a code of its own: print new ones instead of copying them."),
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        tongues = tongues_of(network)
        kwargs.setdefault(
            "initial",
            {
                "kind": "tear",
                "languages": [code for code, _name in tongues[:MOST_LANGUAGES]],
                "size": "us-letter" if network.country in LETTER_COUNTRIES else "a4",
                "count": 5,
            },
        )
        super().__init__(*args, **kwargs)
        give_choices(self.fields["languages"], tongues)

    def clean_languages(self) -> list[str]:
        """The languages, three at most."""
        chosen: list[str] = self.cleaned_data["languages"]
        if len(chosen) > MOST_LANGUAGES:
            raise forms.ValidationError(_("Three at most, or nobody can read it from the street."))
        return chosen
