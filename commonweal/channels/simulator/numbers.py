"""Numbers that belong to nobody: made-up people have them in films, and here."""

import re
import secrets

from django.utils.translation import gettext_lazy as _

from commonweal.members.contacts import PHONE, Contact, ContactUnclear, read_contact

# 555-0100 to 555-0199 of every area code of the North American plan are kept free for fiction.
_FICTIONAL = re.compile(r"\+1[2-9]\d{2}55501\d{2}")
# Area codes in use, so that a number made up passes wherever a number is read.
_AREA_CODES = ("202", "212", "305", "312", "410", "415", "504", "602", "617", "718")


def is_fictional(number: str) -> bool:
    """Whether a number in E.164 form is one that can be nobody's."""
    return _FICTIONAL.fullmatch(number) is not None


def read_fictional(typed: str, country: str) -> Contact | None:
    """The made-up number that somebody typed; None for what is none. Raises ContactUnclear for what is no number."""
    contact = read_contact(typed, country)
    if contact.kind != PHONE:
        raise ContactUnclear(_("Type a phone number."), code="phone")
    return contact if is_fictional(contact.value) else None


def invented() -> str:
    """One of a thousand made-up numbers, by chance."""
    return f"+1{secrets.choice(_AREA_CODES)}55501{secrets.randbelow(100):02d}"
