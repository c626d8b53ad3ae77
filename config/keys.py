"""Where the keys come from.

``COMMONWEAL_KEYS`` (comma-separated, newest first) when it is set, so that a group can keep its keys away from its
data. Otherwise a file that only its owner can read, made at the first start: nobody is asked, and no default key
exists that two installations could share.
"""

import os
import secrets
from pathlib import Path

from config import env

LEAST_LENGTH = 32


def load_keys(data: Path) -> list[str]:
    """The secrets from which every key is derived, newest first. Each is at least 32 characters."""
    given = env.names("COMMONWEAL_KEYS")
    if given:
        return given
    path = data / "keys"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    return [line.strip() for line in path.read_text().splitlines() if line.strip()]


def _write_once(path: Path, secret: str) -> None:
    """Make the key file without ever replacing one: of two processes that start together, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"keys.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
