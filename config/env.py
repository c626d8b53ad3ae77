"""Typed readers for ``COMMONWEAL_*`` environment variables.

Each reader notes the name it was asked for in ``READ``, so that a test can compare the documented table with
what the settings really read. A value that makes no sense stops the start with a sentence that says what to write.
"""

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

READ: dict[str, str] = {}
_IS_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+")


def _raw(name: str, default: str) -> str:
    READ[name] = default
    return os.environ.get(name, default).strip()


def text(name: str, default: str = "") -> str:
    """The value as it stands, without surrounding blanks."""
    return _raw(name, default)


def flag(name: str, default: bool = False) -> bool:
    """A yes or a no; raises ImproperlyConfigured on anything else."""
    value = _raw(name, "yes" if default else "no").lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write yes or no.")


def number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number between ``least`` and ``most``; raises ImproperlyConfigured otherwise."""
    value = _raw(name, str(default))
    try:
        parsed = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number.") from None
    if not least <= parsed <= most:
        raise ImproperlyConfigured(f"{name} is {parsed}; write a number from {least} to {most}.")
    return parsed


def names(name: str, default: str = "") -> list[str]:
    """A list separated by commas; blanks around the parts are dropped, and so are empty parts."""
    return [part.strip() for part in _raw(name, default).split(",") if part.strip()]


def address(name: str) -> str:
    """An e-mail address, or nothing; raises ImproperlyConfigured on anything else."""
    value = _raw(name, "")
    if value and not _IS_ADDRESS.fullmatch(value):
        raise ImproperlyConfigured(f"{name} is {value!r}; write an e-mail address.")
    return value


def folder(name: str, default: Path) -> Path:
    """An absolute folder path."""
    return Path(_raw(name, str(default))).expanduser().absolute()
