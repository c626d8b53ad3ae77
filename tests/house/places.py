"""Where things are, and what a finding is."""

import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Finding:
    """One departure from a rule of the house."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        shown = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{shown}:{self.line}: {self.message}"


@cache
def project_files() -> tuple[Path, ...]:
    """Every file of the project's own: what git tracks or would track; without git all but hidden ones."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    if listing.returncode == 0:
        files = (ROOT / name for name in listing.stdout.split("\0") if name)
    else:
        files = (path for path in ROOT.rglob("*") if not _is_hidden(path))
    return tuple(sorted(path for path in files if path.is_file()))


def _is_hidden(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return any(part.startswith(".") or part in {"node_modules", "__pycache__", "vendor"} for part in parts)


def files(*patterns: str) -> Iterator[Path]:
    """The project's files whose path, seen from its folder, matches one of the glob patterns."""
    for path in project_files():
        inside = path.relative_to(ROOT)
        if any(inside.match(pattern) for pattern in patterns):
            yield path


def is_test(path: Path) -> bool:
    return "tests" in path.parts or path.name == "conftest.py"


def is_migration(path: Path) -> bool:
    return "migrations" in path.parts


@cache
def floors() -> dict[str, int]:
    """The floor of every room that pyproject.toml declares: a larger number stands higher."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    house = next(c for c in config["tool"]["importlinter"]["contracts"] if c["id"] == "house")
    return {
        room.strip(" ()"): floor
        for floor, layer in enumerate(reversed(house["layers"]))
        for room in layer.split("|")
    }


def rooms() -> list[str]:
    """The rooms that exist."""
    return sorted(path.parent.name for path in ROOT.glob("commonweal/*/__init__.py"))
