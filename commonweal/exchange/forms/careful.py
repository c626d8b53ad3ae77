"""Forms that ask once before they keep more about somebody than they have to."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commonweal.base.lists import in_a_row
from commonweal.exchange.scanning import KINDS, Finding, pieces_of, scan, without
from commonweal.networks.models import Network

# Beside the name of a field: that its words stay as they are, and the button that leaves out what was found.
KEPT, LEAVE = "-kept", "-leave"


class CarefulFields(forms.Form):
    """A form whose notes are looked through for what need not be said, before they are kept.

    What is found is shown once, marked, with the words as they were typed; a second press keeps them, another button
    leaves out what was marked. Nothing is ever refused for good. ``careful`` names the fields; where the form knows its
    ``network``, its numbers and streets are known too.
    """

    careful: Sequence[str] = ()

    def _post_clean(self) -> None:
        """Ask about what was found, or do as was answered; after everything else, which reads the words too."""
        super()._post_clean()  # type: ignore[misc]
        for name in self.careful:
            typed = self.cleaned_data.get(name)
            if not typed or typed == self.initial.get(name):
                continue
            network: Network | None = getattr(self, "network", None)
            if found := scan(typed, country=network.country if network else "", network=network):
                self._answered(name, typed, found)

    def _answered(self, name: str, typed: str, found: Sequence[Finding]) -> None:
        sent = self.add_prefix(name)
        if sent + LEAVE in self.data:
            self.cleaned_data[name] = without(typed, found)
        elif sent + KEPT not in self.data:
            field = self.fields[name]
            field.widget = _Marked(field.widget, sent, pieces_of(typed, found))
            kinds = in_a_row(str(KINDS[kind]) for kind in dict.fromkeys(one.kind for one in found))
            words = _(
                "This may say more than it has to: %(kinds)s. Leave it out, or send it once more as it is."
            )
            self.add_error(name, ValidationError(words % {"kinds": kinds}, code="careful"))


class _Marked(forms.Widget):
    """A field as it was, and under it the words with what was found in them marked, and the two answers."""

    def __init__(self, inner: forms.Widget, sent: str, pieces: Sequence[tuple[str, Any]]) -> None:
        super().__init__(inner.attrs)
        self.inner, self.sent, self.pieces = inner, sent, pieces
        self.is_required = inner.is_required

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The field, the marked words, and the buttons."""
        context = {"kept": self.sent + KEPT, "leave": self.sent + LEAVE, "pieces": self.pieces}
        shown = self.inner.render(name, value, attrs, renderer)
        return SafeString(shown + render_to_string("exchange/_careful.html", context))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was typed."""
        return self.inner.value_from_datadict(data, files, name)
