"""The encrypted columns of all tables, and their ciphertexts as they stand."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Func, Q

from commonweal.base.fields import BlindIndexField, CopiedIndexField, EncryptedJSONField, EncryptedTextField

BEFORE = "stored_"


def encrypted_tables() -> list[type[models.Model]]:
    """Every model with an encrypted field, by its table's name."""
    return sorted(
        (model for model in apps.get_models() if names(model)), key=lambda model: model._meta.db_table
    )


def names(model: type[models.Model]) -> list[str]:
    """The encrypted fields of a model."""
    kinds = (EncryptedTextField, EncryptedJSONField)
    return [field.name for field in model._meta.local_concrete_fields if isinstance(field, kinds)]


def indexes(model: type[models.Model]) -> list[BlindIndexField]:
    """The keyed indexes of a model."""
    return [field for field in model._meta.local_concrete_fields if isinstance(field, BlindIndexField)]


def copies() -> Iterator[tuple[type[models.Model], str]]:
    """Every column into which indexes of other rows are copied."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, CopiedIndexField):
                yield model, field.name


def sealed(model: type[models.Model]) -> "models.QuerySet[Any]":
    """The rows of a table that hold a ciphertext, each column unopened as ``stored_NAME``."""
    holds = Q()
    for name in names(model):
        holds |= ~Q(**{name: ""}) & Q(**{f"{name}__isnull": False})
    return as_stored(model, model._base_manager.filter(holds))


def as_stored(model: type[models.Model], rows: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
    """The rows with each encrypted column unopened: a bare function around it keeps the field from opening it."""
    annotated: models.QuerySet[Any] = rows.annotate(
        **{
            BEFORE + name: Func(F(name), template="%(expressions)s", output_field=models.TextField())
            for name in names(model)
        }
    )
    return annotated


def in_batches(model: type[models.Model], size: int, after: Any = None) -> Iterator[list[dict[str, Any]]]:
    """Rows in the order of their keys, as ``{"pk", "stored_NAME", …}``, from behind ``after``."""
    wanted = ["pk", *(BEFORE + name for name in names(model))]
    while True:
        rows = sealed(model).order_by("pk")
        batch = list((rows if after is None else rows.filter(pk__gt=after)).values(*wanted)[:size])
        if not batch:
            return
        yield batch
        after = batch[-1]["pk"]
