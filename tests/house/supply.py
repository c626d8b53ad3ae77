"""What others' code comes in: locked to the byte, from no named place, under a licence that goes with ours.

Nothing here asks a list of known weaknesses: none can be kept in the repository and stay true. Who keeps a server
takes new locks (script/lock --upgrade) and reads what changed.
"""

import re
import tomllib
from collections.abc import Iterator
from email.message import Message
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import cast

from tests.house.places import ROOT, Finding

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")
PINNED = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)(?:\s*;[^\\]*)?\s*\\?\Z")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\s*\\?\Z")
# Each of these may be joined with AGPL-3.0-or-later. A licence of several is fine where each of its words is.
COMPATIBLE = re.compile(
    r"MIT(-0|-CMU)?( License)?|(0|[23]-Clause )?BSD( License)?|(0BSD|BSD-[23]-Clause)|Apache( Software License|-2\.0)|"
    r"(A|L)?GPL-3\.0(-only|-or-later)?|MPL-2\.0|Mozilla Public License 2\.0 \(MPL 2\.0\)|PSF-2\.0|CNRI-Python|"
    r"Python Software Foundation License|ISC( License.*)?|Zlib|CC0-1\.0|LLVM-exception|Unlicense|HPND|"
    r"GNU General Public License.*|GNU Lesser General Public License.*"
)
# Their metadata names none; their repositories do: MIT.
NAMED_ELSEWHERE = {"axe-playwright-python", "commonweal"}


def check() -> Iterator[Finding]:
    for name in LOCKS:
        yield from loose(ROOT / name, (ROOT / name).read_text("utf-8"))
    yield from unlocked()
    for distribution in distributions():
        yield from foreign(distribution)


def loose(path: Path, source: str) -> Iterator[Finding]:
    """Every line of a lock that is no pinned version with its hashes."""
    hashes, last = 1, 0
    for number, line in enumerate(source.splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if HASH.match(text):
            hashes += 1
            continue
        if not hashes:
            yield Finding(path, last, "is locked without a hash")
        if not PINNED.match(text):
            yield Finding(path, number, f"{text[:60]!r} is no pinned version")
        hashes, last = 0, number
    if not hashes:
        yield Finding(path, last, "is locked without a hash")


def unlocked() -> Iterator[Finding]:
    """What pyproject.toml depends on and no lock holds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = {"requirements.lock": project["project"]["dependencies"]}
    wanted["requirements-dev.lock"] = project["dependency-groups"]["dev"]
    for lock, names in wanted.items():
        source = (ROOT / lock).read_text("utf-8")
        held = {plain(match) for match in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", source, re.M)}
        for name in names:
            if plain(re.split(r"[\s<>=\[;]", name)[0]) not in held:
                yield Finding(ROOT / "pyproject.toml", 1, f"{name} is not in {lock}")


def plain(name: str) -> str:
    """A package's name as all its spellings are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def foreign(distribution: Distribution) -> Iterator[Finding]:
    """A package whose licence is unknown, or does not go with ours."""
    name = distribution.metadata["Name"] or ""
    if name in NAMED_ELSEWHERE:
        return
    parts = [part for part in re.split(r"\s+(?:AND|OR|WITH)\s+|\s*;\s*", licence_of(distribution)) if part]
    strange = [part for part in parts if not COMPATIBLE.fullmatch(part.strip())]
    if not parts or len(strange) == len(parts) or (strange and " OR " not in licence_of(distribution)):
        yield Finding(
            ROOT / "requirements-dev.lock", 1, f"{name}: licence {licence_of(distribution) or 'not named'!r}"
        )


def licence_of(distribution: Distribution) -> str:
    """What a package says of its licence: the expression, else the classifiers, else the first line of the text."""
    about = cast(Message, distribution.metadata)
    said = [
        text.split(" :: ")[-1] for text in about.get_all("Classifier") or [] if text.startswith("License")
    ]
    return (
        about.get("License-Expression")
        or " OR ".join(said)
        or (about.get("License") or "").split("\n")[0].strip()
    )
