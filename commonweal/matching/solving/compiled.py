"""Where the engine keeps its machine code from one run to the next: in a folder named for what it is compiled from.

Numba looks at a function's own file only. After an upgrade, or while somebody works on the engine, code that was
compiled against other modules must not be found again.
"""

import hashlib
import shutil
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from commonweal import algorithms

SOURCES = Path(algorithms.__file__).parent


def folder() -> Path:
    """The folder for the engine as it is; those of other engines are removed."""
    kept = Path(settings.COMMONWEAL_DATA) / "engine"
    mine = kept / _digest()
    if not mine.is_dir():
        shutil.rmtree(kept, ignore_errors=True)
        mine.mkdir(parents=True, exist_ok=True)
    return mine


@cache
def _digest() -> str:
    """A mark of everything the machine code depends on: the sources, and what compiles them."""
    mark = hashlib.sha256(f"{version('numba')} {version('numpy')}".encode())
    for path in sorted(SOURCES.rglob("*.py")):
        mark.update(path.read_bytes())
    return mark.hexdigest()[:16]
