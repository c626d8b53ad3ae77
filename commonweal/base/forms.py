"""Form fields that take what people type and refuse what no keyboard makes."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def _checked(value: str, *, keep_lines: bool) -> str:
    """Normalised text (NFC) without control characters; raises ValidationError on half characters."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValidationError(
            _("Some of this could not be read. Please type it again."), code="unreadable"
        ) from None
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    allowed = "\n" if keep_lines else ""
    return "".join(
        char if char in allowed or unicodedata.category(char) != "Cc" else " "
        for char in text
        if char != "\x00"
    )


class LineField(forms.CharField):
    """One line of text: blanks are gathered into one."""

    def to_python(self, value: Any) -> str:
        """The cleaned line; raises ValidationError where the text holds half characters."""
        return " ".join(_checked(super().to_python(value) or "", keep_lines=False).split())


class ProseField(forms.CharField):
    """A few lines in somebody's own words."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The cleaned words, with their line breaks; raises ValidationError where they hold half characters."""
        return _checked(super().to_python(value) or "", keep_lines=True).strip()
