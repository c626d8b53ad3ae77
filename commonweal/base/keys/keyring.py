"""The file of keys, where it is ours; where the keys come from the environment, what to set there."""

import contextlib
import os
import secrets
from pathlib import Path

from django.conf import settings

from commonweal.base.errors import Refused

NAME = "keys"


class NotOurs(Refused):
    """The keys come from COMMONWEAL_KEYS: whoever sets it has to change it. The words say to what, without old keys."""


def add_key() -> str:
    """A new key in front of those of the file; returns its text, for who keeps copies. Raises NotOurs with a new key.

    Programs that are running read it as soon as they come across something written under it.
    """
    new = secrets.token_urlsafe(48)
    if not _is_ours():
        raise NotOurs(
            f"The keys come from COMMONWEAL_KEYS. Put this one in front, with a comma after it, wherever it is set, "
            f"then stop every server and worker, and start them again:\n{new}"
        )
    _write([new, *settings.COMMONWEAL_KEYS])
    return new


def drop_oldest() -> None:
    """Take the last key out of the file. Raises NotOurs, where whoever sets COMMONWEAL_KEYS has to take it out."""
    if not _is_ours():
        raise NotOurs(
            "Everything is under the newer keys now. Take the last key out of COMMONWEAL_KEYS before the program is "
            "started again."
        )
    _write(settings.COMMONWEAL_KEYS[:-1])


def _path() -> Path:
    return Path(settings.COMMONWEAL_DATA) / NAME


def _is_ours() -> bool:
    """Whether the keys in use are those of the file."""
    if os.environ.get("COMMONWEAL_KEYS") or not _path().exists():
        return False
    return [line.strip() for line in _path().read_text().splitlines() if line.strip()] == list(
        settings.COMMONWEAL_KEYS
    )


def _write(keys: list[str]) -> None:
    """Replace the file as a whole: after a power cut it is the old one or the new one."""
    draft = _path().with_name(f"{NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write("".join(f"{key}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(_path())
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
    settings.COMMONWEAL_KEYS = list(keys)
