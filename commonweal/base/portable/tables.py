"""Which tables belong to a network, and how a row is written down and read back."""

import json
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from commonweal.base.fields import BlindIndexField
from commonweal.base.tenancy import TenantModel

Row = dict[str, Any]
# What makes a spreadsheet take a text for a formula, in narrow letters and in wide ones.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class UnknownColumn(ValueError):
    """The row has a column that the table here has not."""


def root_model() -> type[models.Model]:
    """The model of a network."""
    return apps.get_model(settings.TENANT_MODEL)


def tables() -> list[type[TenantModel]]:
    """Every table of a network's rows that travels, by name; what is only on its way stays behind."""
    found = [model for model in apps.get_models() if issubclass(model, TenantModel) and model.travels]
    return sorted(found, key=name_of)


def name_of(model: type[models.Model]) -> str:
    """What the table is called in an export: "exchange.ask"."""
    return model._meta.label_lower


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns that are written: all but what the database works out, and keyed indexes, which follow the key."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.generated and not isinstance(field, BlindIndexField)
    ]


def written(model: type[models.Model], row: models.Model) -> Row:
    """A row as plain JSON values by column name; personal data is readable in it."""
    return {field.attname: _plain(getattr(row, field.attname)) for field in columns(model)}


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def read(model: type[models.Model], data: Row) -> models.Model:
    """A row made from what was written; raises UnknownColumn, and ValidationError for a bad value."""
    fields = {field.attname: field for field in columns(model)}
    unknown = sorted(set(data) - set(fields))
    if unknown:
        raise UnknownColumn(f"{name_of(model)} has no column {unknown[0]}")
    return model(**{name: _value(fields[name], value) for name, value in data.items()})


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    return (field.target_field if isinstance(field, models.ForeignKey) else field).to_python(value)


def cell(value: Any) -> str:
    """A value as one cell of a sheet. A text that a spreadsheet would run as a formula is marked as text."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def rows_of(model: type[TenantModel], network_id: uuid.UUID) -> Iterator[TenantModel]:
    """All rows of a network in one table, oldest first, without holding them all in memory."""
    rows = model._default_manager.filter(network_id=network_id).order_by("pk")
    yield from rows.iterator(chunk_size=2000)
