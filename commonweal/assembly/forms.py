"""What a steward types to change the rules."""

import dataclasses
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from commonweal.base.forms import LineField
from commonweal.networks.actions import LONGEST_REASON
from commonweal.networks.models import Network
from commonweal.networks.policy import Setting, settings_by_name

HIGHEST_NUMBER = 2**31 - 1


class PolicyForm(forms.Form):
    """Every setting of the policy with its limits, and the reason for the change.

    ``number`` is of the policy that the page showed, so that nobody changes rules they have not seen.
    """

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=HIGHEST_NUMBER)
    reason = LineField(
        label=_("Why?"),
        help_text=_("Everybody reads this: what was decided, where and when."),
        max_length=LONGEST_REASON,
    )

    field_order = (*settings_by_name(), "reason", "number")

    def __init__(self, data: QueryDict | None = None, *, network: Network) -> None:
        now = dataclasses.asdict(network.policy)
        super().__init__(data, initial={**now, "number": network.policy_number})
        self.fields |= {name: _field(setting) for name, setting in settings_by_name().items()}
        self.order_fields(self.field_order)

    def changes(self) -> dict[str, Any]:
        """The values of all settings, once the form is valid."""
        return {name: self.cleaned_data[name] for name in settings_by_name()}


def _field(setting: Setting) -> forms.Field:
    if setting.choices:
        choices = [(value, words) for value, words in setting.choices.items()]
        return forms.ChoiceField(label=str(setting.label), choices=choices, widget=forms.RadioSelect)
    hint = _("%(least)s to %(most)s. %(reason)s") % {
        "least": setting.least,
        "most": setting.most,
        "reason": setting.reason,
    }
    return forms.IntegerField(
        label=str(setting.label), help_text=hint, min_value=setting.least, max_value=setting.most
    )
