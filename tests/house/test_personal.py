"""Whatever is kept about people is declared, with its purpose, its readers and its end."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from commonweal.base.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from commonweal.base.personal import SPANS, declared, registry
from commonweal.members.models import Member
from commonweal.networks.policy import Policy
from tests.house import kept

# Texts, keys and lists that say nothing about a person, and why.
PLAIN = {
    "assembly.Decision": {"what"},
    "assembly.Deed": {"code"},
    "intake.Attachment": {"kind"},
    "members.PushDevice": {"place"},  # the id of a sign-in
    "base.Pulse": {"worker", "machine", "doing"},  # a process of ours
    "base.Rekeying": {"table", "after"},  # how far it is
    "base.Schedule": {"name", "worker", "last_error"},
    "base.Tally": {"key"},  # a fingerprint that is gone within the hour
    "channels.ChannelSetup": {"adapter", "name", "carries", "last_error"},
    "exchange.Ask": {"code", "unit", "series", "next_step", "source", "closed_why"},
    "exchange.Handover": {"said_by"},  # a side: asker, helper, dispatcher
    "exchange.Look": {"side", "by"},
    "exchange.Offer": {"source"},
    "exchange.PassedOn": {"by"},
    "intake.Conversation": {"kind", "state"},
    "intake.Draft": {"why"},
    "intake.Inbound": {"channel", "sender_kind", "answers"},
    "intake.OwnTriage": {"choices"},  # ids of categories
    "matching.Plan": {"costs"},
    "matching.PolicyProposal": {"trial", "changes", "figures"},
    "matching.PolicyTrial": {"changes", "figures"},
    "messaging.Message": {"kind", "template", "about", "carried_by", "passed"},
    "messaging.Stop": {"kind"},
    # A network's own: its places, kinds of help, rules and front page.
    "networks.Area": {"slug", "name", "cell_y", "cell_x", "outline"},
    "networks.Category": {"slug", "names", "hints", "icon"},
    "networks.Network": {
        "slug", "domain", "name", "tagline", "time_zone", "country", "languages", "currency", "phone", "paper",
        "emergency", "map_name", "policy_values", "care_outside",
    },
    "networks.PolicyVersion": {"values", "decision"},
}  # fmt: skip
ENCRYPTED = (EncryptedTextField, EncryptedJSONField, BlindIndexField)
NUMBERS = (
    models.DateField, models.BooleanField, models.IntegerField, models.FloatField, models.GeneratedField,
)  # fmt: skip
# Numbers that are a place.
PLACES = {"cell_y", "cell_x"}


def ours() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if model.__module__.startswith("commonweal."))


def may_tell(field: models.Field[Any, Any]) -> bool:
    """Whether a field could hold something about a person."""
    if isinstance(field, ENCRYPTED):
        return True
    if isinstance(field, models.ForeignKey):
        return field.related_model is Member
    if field.primary_key or field.choices:
        return False
    return not isinstance(field, NUMBERS) or field.name in PLACES


def test_every_field_that_could_tell_of_a_person_is_declared_or_known_to_tell_nothing() -> None:
    declared_of = {one.model: one.fields for one in registry()}
    missing = [
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in model._meta.concrete_fields
        if may_tell(field)
        and field.name not in declared_of.get(model, set())
        and field.name not in PLAIN.get(model._meta.label, set())
    ]
    assert missing == []


def test_what_is_said_to_tell_nothing_is_there_and_neither_encrypted_nor_declared() -> None:
    declared_of = {one.model._meta.label: one.fields for one in registry()}
    for label, names in PLAIN.items():
        fields = {field.name: field for field in apps.get_model(label)._meta.concrete_fields}
        assert names <= set(fields), label
        assert not names & declared_of.get(label, set()), label
        assert not [name for name in names if isinstance(fields[name], ENCRYPTED)], label


def test_every_thing_has_a_name_a_purpose_a_reader_and_an_end_in_words() -> None:
    for model, thing in declared():
        words = thing.until(Policy())
        assert all((thing.what, thing.why, thing.readers, words)), model._meta.label
        assert "%" not in words, model._meta.label


def test_the_ends_that_wait_do_so_for_a_setting_of_the_policy() -> None:
    policy = Policy()
    assert all(policy.span(setting).days >= 1 for setting in SPANS.values())


def test_the_page_of_personal_fields_is_what_is_declared() -> None:
    """Where this fails: `python -m tests.house.kept`, and read what it changed."""
    assert kept.PAGE.read_text("utf-8").endswith(f"{kept.table()}\n")
