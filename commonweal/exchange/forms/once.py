"""A form that counts once, however often its button is pressed."""

import hashlib

from django import forms
from django.http import QueryDict


class OnceFields(forms.Form):
    """A hidden key that is new with every page."""

    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def source_key(self) -> str:
        """The same for two presses of one form with the same content, else another; empty without a key."""
        if not self.cleaned_data["key"] or not isinstance(self.data, QueryDict):
            return ""
        said = sorted((name, values) for name, values in self.data.lists() if name != "csrfmiddlewaretoken")
        return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()
