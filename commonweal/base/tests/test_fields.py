"""Encrypted fields and their blind indexes, on a model that has all three kinds."""

import re

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from commonweal.base import crypto
from commonweal.base.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from commonweal.base.tests.conftest import NOON, model

pytestmark = pytest.mark.django_db
SMALL_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text("abc"), inside, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def make(alder):
    """A one-time code on its way: its contact is encrypted and indexed, its draft is encrypted JSON."""

    def make(contact="ana@example.org", draft=None):
        return model("members.Confirmation").objects.create(
            network=alder,
            kind="email",
            contact=contact,
            token_hash=crypto.blind_index(contact, str(draft)) * 2,
            code_hash="",
            purpose="test",
            draft=draft or {},
            expires_at=NOON,
        )

    return make


def stored(row, column):
    with connection.cursor() as cursor:
        pk = row.pk.hex if connection.vendor == "sqlite" else row.pk
        cursor.execute(f"SELECT {column} FROM members_confirmation WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_text_is_stored_encrypted(make):
    row = make("ana@example.org")

    assert not re.search(r"\bana\b", stored(row, "contact"))
    assert crypto.decrypt(stored(row, "contact")) == "ana@example.org"
    assert again(row).contact == "ana@example.org"


def test_empty_text_and_empty_value_tell_nothing(make):
    row = make("")

    assert (stored(row, "contact"), stored(row, "contact_index"), stored(row, "draft")) == ("", "", "")
    assert (again(row).contact, again(row).draft) == ("", {})


@given(draft=SMALL_JSON)
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_json_comes_back_as_it_was(make, draft):
    row = make("ana@example.org", {"in": draft})
    kept = again(row).draft
    row.delete()

    assert kept == {"in": draft}


def test_index_finds_the_text(make):
    row = make("ana@example.org")
    make("ben@example.org")
    index = crypto.blind_index("ana@example.org", "contact")

    assert model("members.Confirmation").objects.get(contact_index=index) == row


@pytest.mark.parametrize("update_fields", [None, ["contact"], ["contact", "contact_index"]])
def test_index_is_kept_in_step_on_every_save(make, update_fields):
    row = make("ana@example.org")
    row.contact = "ana@other.example"

    row.save(update_fields=update_fields)

    assert again(row).contact_index == crypto.blind_index("ana@other.example", "contact")


def test_index_is_left_alone_when_its_text_is_not_saved(make):
    row = make("ana@example.org")
    row.contact, row.tries = "ana@other.example", 2

    row.save(update_fields=["tries"])

    assert (again(row).contact, again(row).tries) == ("ana@example.org", 2)
    assert again(row).contact_index == crypto.blind_index("ana@example.org", "contact")


def test_only_emptiness_can_be_asked(make):
    row, empty = make("ana@example.org", {"a": 1}), make("")
    rows = model("members.Confirmation").objects

    assert list(rows.filter(contact="")) == list(rows.filter(draft={})) == [empty]
    assert list(rows.exclude(contact="")) == list(rows.exclude(draft={})) == [row]
    assert not rows.filter(contact__isnull=True).exists()


@pytest.mark.parametrize(
    "question",
    [
        {"contact": "ana@example.org"},
        {"contact__contains": "ana"},
        {"contact__in": ["ana@example.org"]},
        {"draft": {"a": 1}},
        {"draft__contains": "a"},
    ],
)
def test_question_that_could_never_be_answered_is_refused(make, question):
    make("ana@example.org")

    with pytest.raises(TypeError, match="encrypted"):
        list(model("members.Confirmation").objects.filter(**question))


def test_migrations_remember_what_is_indexed():
    _, path, _, kwargs = BlindIndexField(of="contact", use="contact").deconstruct()

    assert path == "commonweal.base.fields.BlindIndexField"
    assert (kwargs["of"], kwargs["use"], kwargs["editable"]) == ("contact", "contact", False)


def test_values_are_taken_as_they_are():
    field = EncryptedJSONField()

    assert [field.to_python(value) for value in ('{"a": 1}', {"a": 1}, "", None)] == [
        {"a": 1},
        {"a": 1},
        {},
        {},
    ]
    assert EncryptedTextField().get_prep_value(None) is None
