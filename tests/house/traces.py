"""What no file may hold: a package registry's host, a path of somebody's machine, an unsaid exception."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.places import Finding, files, project_files

BINARY = {".gz", ".jpg", ".pbf", ".pmtiles", ".png", ".sqlite", ".sqlite3", ".webp", ".woff2", ".zip"}
EVERYWHERE = {
    "names a package registry": re.compile(
        r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org|(?:docker|ghcr|quay)\.io"
    ),
    "names a path of one machine": re.compile(
        r"(?<![\w.])/(?:work|root|opt/(?:pypi|wheels))/|/home/(?!example)\w+/"
    ),
}
PYTHON = {
    "switches a rule off without naming it": re.compile(r"#\s*noqa(?!:\s*[A-Z])"),
    "ignores a type without naming the error": re.compile(r"#\s*type:\s*ignore(?!\[)"),
    "excludes code from coverage without a reason beside it": re.compile(r"#\s*pragma:\s*no cover\s*$", re.M),
}
LOCK = {"a lock names no host and no file": re.compile(r"https?://|file:|git\+")}


def check() -> Iterator[Finding]:
    for path in project_files():
        if path.suffix not in BINARY:
            yield from found(path, path.read_text("utf-8", errors="replace"), EVERYWHERE)
    for path in files("*.py"):
        yield from found(path, path.read_text("utf-8"), PYTHON)
    for path in files("*.lock", "package-lock.json"):
        yield from found(path, path.read_text("utf-8"), LOCK)


def found(path: Path, source: str, rules: dict[str, re.Pattern[str]]) -> Iterator[Finding]:
    """A finding for every place where one of the patterns stands."""
    for message, pattern in rules.items():
        for match in pattern.finditer(source):
            yield Finding(path, source.count("\n", 0, match.start()) + 1, f"{match[0]!r}: {message}")
