"""Keys and passwords that stand in a file by mistake: by the shapes that are known, and by looking like chance."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.house.places import ROOT, Finding, project_files
from tests.house.traces import BINARY

SHAPES = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a key of Amazon's": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of GitHub's": re.compile(r"\b(?:gh[pousr]_\w{36}|github_pat_\w{50,})"),
    "a token of GitLab's": re.compile(r"\bglpat-[\w-]{20}"),
    "a token of Slack's": re.compile(r"\bxox[abprs]-[\w-]{10,}"),
    "a key of Stripe's": re.compile(r"\b[rs]k_live_\w{16,}"),
    "a key of Google's": re.compile(r"\bAIza[\w-]{35}"),
    "an account of Twilio's": re.compile(r"\b(?:AC|SK)[0-9a-f]{32}\b"),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "an address with a password": re.compile(
        r"\b[a-z][a-z+]*://[^\s/:@{}<>$\"']+:(?!password@)[^\s/@{}<>$\"']{8,}@(?!example|127\.)"
    ),
}
# What is given to something that is called a secret.
GIVEN = re.compile(
    r"(?i)\b\w*(?:secret|passw(?:or)?d|token|api_?key|signing_?key)\w*[\"']?\s*[:=]\s*[\"']([A-Za-z0-9+/=_-]{20,})[\"']"
)
# Bits a letter: words and sentences have less, hex has up to 4, base64 up to 6.
CHANCE = 3.8
HASHED = {".lock", ".po"}
#: Not secrets, though they look like some: the file, and a word that stands in it.
ALLOWED = {
    # The example of RFC 8291 itself.
    "commonweal/channels/tests/test_push_sealing.py": ("OWN_SECRET", "THEIR_SECRET", "TOKEN_POINT"),
}


def check() -> Iterator[Finding]:
    for path in project_files():
        if path.suffix not in BINARY | HASHED and path.name != "package-lock.json":
            yield from found(path, path.read_text("utf-8", errors="replace"))


def found(path: Path, source: str) -> Iterator[Finding]:
    """A finding for everything in the file that looks like a secret."""
    allowed = ALLOWED.get(str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "", ())
    for what, match in _matches(source):
        if not any(word in match[0] for word in allowed):
            yield Finding(
                path, source.count("\n", 0, match.start()) + 1, f"looks like {what}: {match[0][:12]}…"
            )


def _matches(source: str) -> Iterator[tuple[str, re.Match[str]]]:
    for what, shape in SHAPES.items():
        yield from ((what, match) for match in shape.finditer(source))
    for match in GIVEN.finditer(source):
        if chance(match[1]) >= CHANCE:
            yield "a secret", match


def chance(text: str) -> float:
    """The entropy of a text by its letters, in bits a letter (Shannon 1948)."""
    counts, length = Counter(text), len(text)
    return -sum(count / length * math.log2(count / length) for count in counts.values())
