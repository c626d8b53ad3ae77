"""Asking a steward for what a channel needs."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonweal.base.forms import LineField
from commonweal.channels.calling import check_address
from commonweal.channels.models import ChannelSetup


class AddressField(LineField):
    """The base address of somebody's server, which this program may call."""

    widget = forms.URLInput(attrs={"dir": "ltr", "autocapitalize": "none", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """The address without a slash at its end; raises AddressRefused with words for the field."""
        text: str = super().clean(value).rstrip("/")
        if text:
            check_address(text)
        return text


class SecretField(forms.CharField):
    """Something that is stored encrypted and never shown again."""

    widget = forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        super().__init__(**kwargs)


class SettingUp(forms.Form):
    """The fields of one adapter: what is a SecretField goes to the credentials, the others to the options.

    A secret that is left empty on a later visit stays as it is stored.
    """

    name = LineField(
        label=_("What you call it"),
        help_text=_("For the list of channels, like “The phone at the pantry”."),
        max_length=60,
    )

    def __init__(self, *args: Any, setup: ChannelSetup | None = None, **kwargs: Any) -> None:
        self.setup = setup
        if setup:
            kwargs.setdefault("initial", {**setup.options, "name": setup.name, "carries": setup.carries})
        super().__init__(*args, **kwargs)
        for name in self._secret_names():
            if setup and setup.credentials.get(name):
                self.fields[name].required = False
                self.fields[name].help_text = _("It is stored and not shown. Leave this empty to keep it.")

    def options(self) -> dict[str, Any]:
        """What may be shown again."""
        hidden = {"name", *self._secret_names()}
        return {name: value for name, value in self.cleaned_data.items() if name not in hidden}

    def credentials(self) -> Mapping[str, str]:
        """What is typed anew of what is never shown."""
        return {name: self.cleaned_data[name] for name in self._secret_names() if self.cleaned_data[name]}

    def _secret_names(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, SecretField)]
