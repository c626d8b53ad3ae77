"""Fields for personal data: encrypted in the database, found by a keyed blind index."""

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.lookups import Exact, IsNull

from commonweal.base import crypto


class _IsEmpty(Exact):
    """Equality with nothing: all that can be asked of a ciphertext, which is different each time."""

    def get_prep_lookup(self) -> Any:
        if self.rhs:
            raise TypeError(
                "an encrypted field can only be asked whether it is empty; search by its blind index"
            )
        return super().get_prep_lookup()


def _lookup_of_ciphertext(name: str) -> Any:
    if name not in {"exact", "isnull"}:
        raise TypeError(f"an encrypted field cannot be searched by {name}")
    return IsNull if name == "isnull" else _IsEmpty


class EncryptedTextField(models.TextField[str, str]):
    """A text that only the program can read. An empty text is stored as an empty text, which tells nothing.

    It cannot be searched or sorted: keep a BlindIndexField beside it for exact look-up.
    """

    def get_prep_value(self, value: Any) -> Any:
        """The ciphertext."""
        text = super().get_prep_value(value)
        return crypto.encrypt(text) if text else text

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> str | None:
        """The text; raises crypto.Unreadable when no key fits."""
        return crypto.decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked of a ciphertext; comparing one with a text would never match."""
        return _lookup_of_ciphertext(lookup_name)


class EncryptedJSONField(models.TextField[Any, Any]):
    """A small JSON value (a place, a draft) that only the program can read. None and empty values stay NULL-free."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        """The ciphertext of the value's JSON, or an empty text for an empty value."""
        return crypto.encrypt(json.dumps(value, ensure_ascii=False, sort_keys=True)) if value else ""

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Any:
        """The value; an empty dict when nothing is stored."""
        return json.loads(crypto.decrypt(value)) if value else {}

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked of a ciphertext."""
        return _lookup_of_ciphertext(lookup_name)

    def to_python(self, value: Any) -> Any:
        """Values are taken as they are; a text is JSON."""
        return json.loads(value) if isinstance(value, str) and value else (value or {})


class BlindIndexField(models.CharField[str, str]):
    """The keyed fingerprint of another field of the same row, kept in step with it on every save."""

    def __init__(self, *args: Any, of: str = "", use: str = "", **kwargs: Any) -> None:
        self.of, self.use = of, use
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Migrations remember which field is indexed and for what use."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "use": self.use}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The fingerprint of the field's present text; empty for an empty text."""
        text = getattr(model_instance, self.of)
        value = crypto.blind_index(text, self.use) if text else ""
        setattr(model_instance, self.attname, value)
        return value


class CopiedIndexField(models.CharField[str, str]):
    """A blind index that was copied from another row, as of somebody who may be gone; it follows a change of key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 32)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """For the database it is a text like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
