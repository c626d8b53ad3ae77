"""Where machine code is kept from one run to the next: in a folder named for all that it is compiled from.

Numba looks at a function's own file only. After an upgrade, or while somebody works on the engine, code that was
compiled against other modules must not be found again: it would answer as the old ones did, or not load.
"""

import hashlib
import os
import shutil
from functools import cache
from importlib.metadata import version
from pathlib import Path

SOURCES = Path(__file__).parent
NAME = "machine-code-"


def folder(otherwise: Path) -> Path:
    """The folder for the code as it is now: beside the source where that may be written, else in ``otherwise``.

    Made where it is missing; those of older code beside it are removed. Raises OSError where neither may be written.
    """
    beside = SOURCES / "__pycache__"
    for base in (beside, otherwise):
        mine = base / f"{NAME}{_digest()}"
        if _is_ready(mine):
            return mine
    raise PermissionError(f"machine code can be kept neither in {beside} nor in {otherwise}")


def _is_ready(mine: Path) -> bool:
    try:
        mine.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    if not os.access(mine, os.W_OK):
        return False
    _forget_older(mine)
    return True


def _forget_older(mine: Path) -> None:
    for other in mine.parent.glob(f"{NAME}*"):
        if other != mine:
            shutil.rmtree(other, ignore_errors=True)


@cache
def _digest() -> str:
    """A mark of everything the machine code depends on: the sources, and what compiles them."""
    mark = hashlib.sha256(f"{version('numba')} {version('numpy')}".encode())
    for path in sorted(SOURCES.rglob("*.py")):
        if "tests" not in path.parts:
            mark.update(path.read_bytes())
    return mark.hexdigest()[:16]
