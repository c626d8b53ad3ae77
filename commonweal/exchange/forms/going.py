"""Who goes along, and when a helper wants to be back."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commonweal.base import clock
from commonweal.base.forms import LineField
from commonweal.exchange.actions.going import Watch
from commonweal.exchange.forms.choices import CHOOSE, give_choices
from commonweal.exchange.models import CheckIn
from commonweal.members.contacts import ContactField
from commonweal.networks.models import Network

Watcher = CheckIn.Watcher
SPANS = (
    ("30", _("in half an hour")),
    ("60", _("in an hour")),
    ("120", _("in two hours")),
    ("180", _("in three hours")),
    ("300", _("in five hours")),
    ("480", _("in eight hours")),
)


class BuddyForm(forms.Form):
    """A first name."""

    name = LineField(
        label=_("Who goes along?"),
        max_length=60,
        help_text=_("A first name is enough. Who asked for help is told that two will come."),
        error_messages={"required": _("Type a first name.")},
    )


class WayForm(forms.Form):
    """A helper sets out."""

    use_required_attribute = False

    span = forms.ChoiceField(
        label=_("When do you want to be back?"), choices=SPANS, initial="120", widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip
    watcher = forms.ChoiceField(
        label=_("Who should be told if you aren't?"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    contact = ContactField(
        label=_("How do we reach them?"),
        required=False,
        help_text=_("Only for somebody you name. Erased when you are back."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, *args: Any, network: Network, has_buddy: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"watcher": Watcher.DESK}, **kwargs})
        chosen = [choice for choice in Watcher.choices if has_buddy or choice[0] != Watcher.BUDDY]
        give_choices(self.fields["watcher"], chosen)
        contact = self.fields["contact"]
        assert isinstance(contact, ContactField)
        contact.country = network.country

    def clean(self) -> dict[str, Any] | None:
        """Somebody who is named is reached somehow."""
        cleaned = super().clean()
        said = self.cleaned_data
        if said.get("watcher") == Watcher.OTHER and not said.get("contact") and "contact" not in self.errors:
            self.add_error(
                "contact", ValidationError(_("Type an e-mail address or a phone number."), code="required")
            )
        return cleaned

    def back_by(self) -> datetime:
        """The moment they want to be back by."""
        return clock.now() + timedelta(minutes=int(self.cleaned_data["span"]))

    def watch(self) -> Watch:
        """Who is told; only after ``is_valid``."""
        said = self.cleaned_data
        is_other = said["watcher"] == Watcher.OTHER
        return Watch(watcher=said["watcher"], contact=said["contact"] if is_other else None)
