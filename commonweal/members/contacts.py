"""E-mail addresses and phone numbers: read from what people type, and kept in one form each."""

import unicodedata
from dataclasses import dataclass
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from commonweal.base.forms import LineField

# A device is no contact that anybody types: messages know it by the same form.
EMAIL, PHONE, PUSH = "email", "phone", "push"
LONGEST = 254  # of an e-mail address (RFC 5321)
MASKED = 6  # so many digits at least are left over when an area code is shown
LONGEST_MAILBOX = 64  # of the part before the @

_is_email = EmailValidator(allowlist=[])


class ContactUnclear(ValidationError):
    """What was typed is neither an e-mail address nor a phone number that can be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A way to reach somebody: an e-mail address in lower case with its host in ASCII, or a number in E.164."""

    kind: str
    value: str

    @property
    def shown(self) -> str:
        """As people read it: a phone number with its usual gaps, a host name in its own script."""
        if self.kind == PHONE:
            try:
                number = phonenumbers.parse(self.value)
            except phonenumbers.NumberParseException:
                # A short code, a name instead of a number, or a caller who keeps theirs to themselves.
                return self.value
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        mailbox, _at, host = self.value.rpartition("@")
        try:
            return f"{mailbox}@{host.encode().decode('idna')}"
        except UnicodeError:
            return self.value

    @property
    def masked(self) -> str:
        """As much of it as its owner knows it by, and nobody can use: "+1 410 ••• ••23", "n•••@•••.org"."""
        if self.kind != PHONE:
            mailbox, _at, host = self.value.rpartition("@")
            return f"{mailbox[:1]}•••@•••.{host.rpartition('.')[2]}"
        try:
            number = phonenumbers.parse(self.value)
        except phonenumbers.NumberParseException:
            return "•••"
        whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        country, _gap, rest = whole.partition(" ")
        shown = phonenumbers.length_of_geographical_area_code(number)
        digits = sum(char.isdigit() for char in rest)
        return f"{country} {_covered(rest, shown if digits - shown > MASKED else 0, digits)}"


def _covered(number: str, first: int, digits: int) -> str:
    """A number with its last two digits and its ``first`` ones, and a dot for each of the others."""
    covered, place = "", 0
    for char in number:
        if not char.isdigit():
            covered += " "
            continue
        covered += char if place < first or place >= digits - 2 else "•"
        place += 1
    return " ".join(covered.split())


def read_contact(typed: str, country: str) -> Contact:
    """The contact that somebody typed; ``country`` (ISO 3166 alpha-2) is where a number without a prefix is dialled.

    Raises ContactUnclear with words for the field.
    """
    # Numbers copied from an address book carry invisible marks of writing direction.
    text = "".join(char for char in typed if unicodedata.category(char) != "Cf").strip()
    if not text:
        raise ContactUnclear(_("Type an e-mail address or a phone number."), code="required")
    if "@" in text:
        return Contact(kind=EMAIL, value=_read_email(text))
    return Contact(kind=PHONE, value=_read_phone(text, country))


def _read_email(text: str) -> str:
    unclear = ContactUnclear(
        _("This e-mail address can't be right. It looks like name@example.org."), code="email"
    )
    mailbox, _at, host = text.lower().rpartition("@")
    try:
        value = f"{mailbox}@{host.encode('idna').decode('ascii')}"
        _is_email(value)
    except (UnicodeError, ValidationError):
        raise unclear from None
    if len(mailbox) > LONGEST_MAILBOX or len(value) > LONGEST or host.startswith("["):
        raise unclear
    return value


def _read_phone(text: str, country: str) -> str:
    if not any(char.isdigit() for char in text):
        raise ContactUnclear(_("Type an e-mail address or a phone number."), code="neither")
    unclear = ContactUnclear(
        _(
            "This phone number can't be right. Type all its digits: the area code too, and + and the country if abroad."
        ),
        code="phone",
    )
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise unclear from None
    if number.extension:
        raise ContactUnclear(
            _("A number with an extension can't get messages. Is there a direct one?"), code="extension"
        )
    if not phonenumbers.is_valid_number(number):
        raise unclear
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class ContactField(LineField):
    """An e-mail address or a phone number, as a Contact. ``country`` is set by the form that knows its network."""

    widget = forms.TextInput(
        attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "dir": "auto"}
    )

    def __init__(self, *, country: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST)
        kwargs.setdefault("label", _("Your e-mail address or phone number"))
        self.country = country
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The Contact, or None for a field that may stay empty; raises ContactUnclear with words for the field."""
        text = super().clean(value)
        return read_contact(text, self.country) if text else None

    def prepare_value(self, value: Any) -> Any:
        """A Contact as people read it; anything typed as it was typed."""
        return value.shown if isinstance(value, Contact) else value
