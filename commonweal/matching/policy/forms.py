"""What a member sets to try other rules, and the reason that goes with what is saved."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonweal.base.forms import LineField
from commonweal.matching.policy.sections import sections
from commonweal.matching.policy.words import value_in_words
from commonweal.networks.actions import LONGEST_REASON
from commonweal.networks.models import Network, PolicyVersion
from commonweal.networks.policy import Policy, settings_by_name
from commonweal.networks.setting import Setting

HIGHEST_NUMBER = 2**31 - 1
TICKS = 4


class Slider(forms.NumberInput):
    """A range with its scale under it, which is read without a script, and its value in words, which a script keeps."""

    input_type = "range"
    template_name = "matching/policy/slider.html"

    def __init__(self, setting: Setting, words: str, *, step: int, plain: bool) -> None:
        super().__init__({"step": step, "class": "slide"})
        self.setting, self.words, self.plain = setting, words, plain

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The input with its scale."""
        context = super().get_context(name, value, attrs)
        ticks = [self.setting.most * tick // TICKS for tick in range(TICKS + 1)]
        return {**context, "ticks": ticks, "words": self.words, "plain": self.plain}


class TryForm(forms.Form):
    """Every setting of the policy with its limits.

    ``number`` is of the policy that the page showed, so that nobody changes rules they have not seen.
    """

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=HIGHEST_NUMBER)

    def __init__(self, data: QueryDict | dict[str, Any] | None = None, *, network: Network) -> None:
        self.policy = network.policy
        now = {name: getattr(self.policy, name) for name in settings_by_name()}
        super().__init__(data, initial={**now, "number": network.policy_number})
        for name, setting in settings_by_name().items():
            self.fields[name] = _field(name, setting, self.policy)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The sections with their fields."""
        return [
            {"section": section, "fields": [self[name] for name in section.names]} for section in sections()
        ]

    def changes(self) -> dict[str, Any]:
        """The values of all settings, once the form is valid."""
        return {name: self.cleaned_data[name] for name in settings_by_name()}


class ReasonForm(forms.Form):
    """Why, for everybody to read, and the number of the policy that was seen."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=HIGHEST_NUMBER)
    reason = LineField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Everybody reads this: what was decided, where and when."),
        max_length=LONGEST_REASON,
    )


def merged(stale: TryForm, network: Network) -> TryForm:
    """The form of somebody who was overtaken: the rules as they are now, with what they themselves had changed."""
    seen = PolicyVersion.objects.filter(network=network, number=stale.cleaned_data["number"]).first()
    old = Policy.read(seen.values if seen else {})
    mine = {name: value for name, value in stale.changes().items() if value != getattr(old, name)}
    form = TryForm(network=network)
    form.initial.update(mine)
    return form


def _field(name: str, setting: Setting, policy: Policy) -> forms.Field:
    now: Mapping[str, Any] = {
        "now": value_in_words(name, getattr(policy, name), policy),
        "least": setting.least,
        "most": setting.most,
        "reason": setting.reason,
    }
    if setting.choices:
        choices = list(setting.choices.items())
        return forms.ChoiceField(label=str(setting.label), choices=choices, widget=forms.RadioSelect)
    if setting.step:
        hint = _("In force: %(now)s. At first: %(reason)s") % now
        # A value between two steps would be moved to one of them by the browser, unseen.
        step = setting.step if getattr(policy, name) % setting.step == 0 else 1
        slider = Slider(setting, now["now"], step=step, plain=name == "per_100_m")
        return forms.IntegerField(
            label=str(setting.label), help_text=hint, min_value=0, max_value=setting.most, widget=slider
        )
    return forms.IntegerField(
        label=str(setting.label),
        help_text=_("%(least)s to %(most)s. %(reason)s") % now,
        min_value=setting.least,
        max_value=setting.most,
    )
