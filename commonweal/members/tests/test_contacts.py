"""E-mail addresses and phone numbers as people type them."""

import pytest
from django import forms

from commonweal.members.contacts import EMAIL, PHONE, Contact, ContactField, ContactUnclear, read_contact


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("alma@example.org", "alma@example.org"),
        ("  Alma@Example.ORG ", "alma@example.org"),
        ("\u202aalma@example.org\u202c", "alma@example.org"),
        ("alma@bücher.example", "alma@xn--bcher-kva.example"),
        ("alma+help@example.co.uk", "alma+help@example.co.uk"),
        ("\u212airk@example.org", "kirk@example.org"),
    ],
)
def test_email_is_kept_in_one_form(typed, value):
    assert read_contact(typed, "US") == Contact(kind=EMAIL, value=value)


@pytest.mark.parametrize(
    ("typed", "country", "value"),
    [
        ("410 555 0123", "US", "+14105550123"),
        ("(410) 555-0123", "US", "+14105550123"),
        ("+1 410-555-0123", "DE", "+14105550123"),
        ("\u202a+1 (410) 555-0123\u202c", "US", "+14105550123"),
        ("٠٣٠ ٢٣١٢٥ ٠٠٠", "DE", "+493023125000"),
        ("030 23125000", "DE", "+493023125000"),
        ("0043 1 25044", "DE", "+43125044"),
    ],
)
def test_phone_number_is_read_as_dialled_there(typed, country, value):
    assert read_contact(typed, country) == Contact(kind=PHONE, value=value)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "required"),
        ("   \u200b", "required"),
        ("alma", "neither"),
        ("alma@", "email"),
        ("@example.org", "email"),
        ("alma@example", "email"),
        ("alma@localhost", "email"),
        ("alma@[127.0.0.1]", "email"),
        ("alma@exa mple.org", "email"),
        ("al\x00ma@example.org", "email"),
        ("alma@example..org", "email"),
        ("alma@" + "a" * 64 + ".org", "email"),
        ("a" * 65 + "@example.org", "email"),
        ("alma@" + ".".join(["a" * 60] * 5), "email"),
        ("alma@example.org\nbcc: ben@example.org", "email"),
        ("123", "phone"),
        ("0" * 200, "phone"),
        ("1" * 400, "phone"),
        ("+999 1234567", "phone"),
        ("410 555 0123 ext. 7", "extension"),
        ("\ud800", "neither"),
        ("alma@\ud800.org", "email"),
    ],
)
def test_what_cannot_be_reached_is_refused_with_words(typed, why):
    with pytest.raises(ContactUnclear) as refusal:
        read_contact(typed, "US")

    assert refusal.value.code == why
    assert str(refusal.value.messages[0])


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (Contact(kind=EMAIL, value="alma@example.org"), "alma@example.org"),
        (Contact(kind=EMAIL, value="alma@xn--bcher-kva.example"), "alma@bücher.example"),
        (Contact(kind=EMAIL, value="alma@xn--\u1e9e.example"), "alma@xn--\u1e9e.example"),
        (Contact(kind=PHONE, value="+14105550123"), "+1 410-555-0123"),
    ],
)
def test_contact_is_shown_as_people_read_it(contact, shown):
    assert contact.shown == shown


class OneField(forms.Form):
    contact = ContactField(country="US", required=False)


def test_field_gives_a_contact_and_keeps_what_was_typed():
    form = OneField({"contact": "410 555 0123"})

    assert form.is_valid()
    assert form.cleaned_data["contact"] == Contact(kind=PHONE, value="+14105550123")
    assert 'value="410 555 0123"' in str(form["contact"])


def test_field_shows_a_contact_as_people_read_it():
    form = OneField(initial={"contact": Contact(kind=PHONE, value="+14105550123")})

    assert 'value="+1 410-555-0123"' in str(form["contact"])


@pytest.mark.parametrize("typed", ["a" * 255 + "@example.org", "alma@", "12", "\ud800\ud800", "\x00 alma"])
def test_field_says_what_is_wrong_at_the_field(typed):
    form = OneField({"contact": typed})

    assert not form.is_valid()
    assert list(form.errors) == ["contact"]


def test_field_may_stay_empty():
    form = OneField({"contact": " "})

    assert form.is_valid()
    assert form.cleaned_data["contact"] is None
