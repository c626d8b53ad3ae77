"""Pages that say which test proves something: each test that is named is there."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.places import ROOT, Finding, files

PAGES = (ROOT / "docs" / "explanation" / "threat-model.md", ROOT / "docs" / "explanation" / "asvs.md")
NAMED = re.compile(r"`([\w/]*test_\w+\.py)::(test_\w+)`")
DEFINED = re.compile(r"^\s*(?:async )?def (test_\w+)", re.M)


def check() -> Iterator[Finding]:
    """What is named on these pages and is not there."""
    for page in PAGES:
        yield from missing_proofs(page, page.read_text("utf-8"))


def missing_proofs(page: Path, source: str) -> Iterator[Finding]:
    """The tests that a page names and that are in no file of that name."""
    for match in NAMED.finditer(source):
        if match[2] not in tests_in(match[1]):
            line = source.count("\n", 0, match.start()) + 1
            yield Finding(page, line, f"there is no test {match[1]}::{match[2]}")


@cache
def tests_in(name: str) -> frozenset[str]:
    """The tests in all files whose path ends so."""
    sources = (
        path.read_text("utf-8") for path in files("*.py") if f"/{path.as_posix()}".endswith(f"/{name}")
    )
    return frozenset(test for source in sources for test in DEFINED.findall(source))
