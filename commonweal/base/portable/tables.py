"""Which tables belong to a network, and how a row is written down and read back."""

import json
import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from commonweal.base.tenancy import TenantModel


def root_model() -> type[models.Model]:
    """The model of a network."""
    return apps.get_model(settings.TENANT_MODEL)


def tables() -> list[type[TenantModel]]:
    """Every table of a network's rows that travels, named rooms in order; what is only on its way stays behind."""
    found = [
        model
        for model in apps.get_models()
        if issubclass(model, TenantModel) and model.travels
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns of a table that are written: all but keyed indexes, which another key makes anew."""
    return [field for field in model._meta.concrete_fields if not hasattr(field, "of")]


def written(model: type[models.Model], row: models.Model) -> dict[str, Any]:
    """A row as plain JSON values by column name; personal data is readable in it."""
    return {field.attname: _plain(getattr(row, field.attname)) for field in columns(model)}


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def read(model: type[models.Model], data: dict[str, Any]) -> models.Model:
    """A row made from what was written; unknown columns raise KeyError, bad values ValidationError."""
    fields = {field.attname: field for field in columns(model)}
    unknown = set(data) - set(fields)
    if unknown:
        raise KeyError(f"{model._meta.label_lower} has no column {min(unknown)}")
    values = {name: _value(fields[name], value) for name, value in data.items()}
    return model(**values)


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return target.to_python(value)


def cell(value: Any) -> str:
    """A value as one cell of a sheet. A text that a spreadsheet would run as a formula is marked as text."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def rows_of(model: type[TenantModel], network_id: uuid.UUID) -> Iterator[TenantModel]:
    """All rows of a network in one table, oldest first, without holding them all in memory."""
    rows = model._default_manager.filter(network_id=network_id).order_by("pk")
    yield from rows.iterator(chunk_size=2000)
