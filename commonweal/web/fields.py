"""What a form field needs beyond what Django knows of it: how it looks, and what the reader's device may help with."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

#: What browsers and phones know to fill in or which keys to show, by the last word of the field's name.
DEVICE: dict[str, dict[str, str | bool]] = {
    "email": {
        "dir": "ltr",
        "autocomplete": "email",
        "inputmode": "email",
        "autocapitalize": "none",
        "spellcheck": "false",
    },
    "phone": {"dir": "ltr", "autocomplete": "tel", "inputmode": "tel"},
    "called": {"autocomplete": "nickname", "spellcheck": "false"},
    "name": {"autocomplete": "name", "spellcheck": "false"},
    "nickname": {"autocomplete": "nickname", "spellcheck": "false"},
    "street": {"autocomplete": "street-address", "spellcheck": "false"},
    "address": {"autocomplete": "street-address", "spellcheck": "false"},
    "postcode": {"autocomplete": "postal-code", "autocapitalize": "characters", "spellcheck": "false"},
    "code": {
        "dir": "ltr",
        "autocomplete": "one-time-code",
        "autocapitalize": "characters",
        "spellcheck": "false",
    },
    "search": {"enterkeyhint": "search"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldParts:
    """A bound field taken apart for its template.

    `look` is one of `input`, `tick` (one checkbox), `ticks` (a list of them), `chips`, `slots`, `group` (several
    inputs that make one answer); all but the first two stand in a fieldset with a legend.
    """

    field: BoundField
    look: str
    control: SafeString

    @property
    def is_group(self) -> bool:
        return self.look not in ("input", "tick")

    @property
    def wrong(self) -> list[str]:
        """What is wrong with it, in words."""
        return words_of(self.field)

    @property
    def slot_rows(self) -> list[tuple[str, list[forms.boundfield.BoundWidget]]]:
        """The checkboxes of a field with grouped choices, a row for each group."""
        boxes = iter(self.field.subwidgets)
        return [(str(name), [next(boxes) for _ in group]) for name, group in self.field.field.choices]  # type: ignore[attr-defined]

    @property
    def slot_columns(self) -> list[str]:
        """The names of the columns: the choices of the first group."""
        return [str(label) for _, label in self.field.field.choices[0][1]]  # type: ignore[attr-defined]


def look_of(field: BoundField) -> str:
    """How a field looks unless its page says otherwise."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "ticks"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "group" if widget.use_fieldset else "input"


def device_attributes(field: BoundField) -> dict[str, str | bool]:
    """The attributes that let the reader's device help with this field; what the form set itself is left alone."""
    widget = field.field.widget
    wanted = dict(DEVICE.get(field.name.rpartition("_")[2], {}))
    if isinstance(field.field, forms.EmailField):
        wanted |= DEVICE["email"]
    if isinstance(widget, forms.NumberInput) or isinstance(field.field, forms.IntegerField):
        wanted |= {"inputmode": "numeric", "class": "short"}
    return {key: value for key, value in wanted.items() if key not in widget.attrs}


#: Our words for what Django says of its own accord; a form that has words of its own keeps them.
OUR_WORDS: dict[int, str | Promise] = {
    id(MinValueValidator.message): _("At least %(limit_value)s, please."),
    id(MaxValueValidator.message): _("At most %(limit_value)s, please."),
    id(MaxLengthValidator.message): _("That is too long: %(show_value)s letters, and %(limit_value)s fit."),
    id(EmailValidator.message): _("That doesn't look like an e-mail address."),
    id(forms.IntegerField.default_error_messages["invalid"]): _("Please write a number."),
    id(forms.DateField.default_error_messages["invalid"]): _(
        "That day doesn't exist. Please write it again."
    ),
    id(forms.TimeField.default_error_messages["invalid"]): _(
        "That time doesn't exist. Please write it again."
    ),
    id(forms.ChoiceField.default_error_messages["invalid_choice"]): _("Please choose from the list."),
    id(forms.MultipleChoiceField.default_error_messages["invalid_choice"]): _("Please choose from the list."),
    id(forms.ModelChoiceField.default_error_messages["invalid_choice"]): _("Please choose from the list."),
}
REQUIRED = forms.Field.default_error_messages["required"]


def words_of(field: BoundField) -> list[str]:
    """What is wrong with a field, in plain words."""
    return [words for error in field.errors.as_data() for words in _words(field, error)]


def _words(field: BoundField, error: ValidationError) -> list[str]:
    message = getattr(error, "message", None)
    if message is REQUIRED:
        chosen = look_of(field) == "ticks" or isinstance(field.field.widget, forms.Select)
        return [gettext("Please choose.") if chosen else gettext("Please fill this in.")]
    if id(message) in OUR_WORDS:
        return [str(OUR_WORDS[id(message)]) % (error.params or {})]
    return error.messages


def errors_of(form: forms.BaseForm) -> list[tuple[str, str]]:
    """What is wrong with a form: the id of the field to go to ("" for the form as a whole) and the words."""
    if not form.is_bound:
        return []
    found = [("", str(error)) for error in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else bound.id_for_label or f"{bound.auto_id}_0"
        found += [(target, _in_one_line(str(bound.label), words)) for words in words_of(bound)]
    return found


def _in_one_line(label: str, words: str) -> str:
    return f"{label} {words}" if label.endswith(("?", "؟", ".", ":")) else f"{label}: {words}"


def take_apart(field: BoundField, look: str = "") -> FieldParts:
    """The parts of `field` for `web/components/field.html`."""
    look = look or look_of(field)
    if look in ("chips", "ticks", "slots"):
        return FieldParts(field=field, look=look, control=SafeString())
    attrs = (
        device_attributes(field)
        if look == "input" and not isinstance(field.field.widget, forms.Select)
        else {}
    )
    return FieldParts(field=field, look=look, control=field.as_widget(attrs=attrs))
