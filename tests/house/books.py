"""The books are true: links lead somewhere, commands and settings exist, every setting is described."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django.core.management
from django.core.management import find_commands

from tests.house.places import ROOT, Finding, files, is_test

SETTINGS_TABLE = ROOT / "docs" / "reference" / "settings.md"
CHANGELOG = ROOT / "CHANGELOG.md"
LINK = re.compile(r"(?<!\\)\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.M)
FENCED = re.compile(r"^(```|~~~).*?^\1\s*$", re.M | re.S)
CODE = re.compile(r"^(?:```|~~~)[^\n]*\n(.*?)^(?:```|~~~)\s*$|`([^`\n]+)`", re.M | re.S)
SCRIPT = re.compile(r"(?<![\w/.-])script/([\w.-]+)")
COMMAND = re.compile(r"(?:^|[\s;&|(]|bin/)commonweal ([a-z][a-z_-]*)", re.M)
SETTING = re.compile(r"\bCOMMONWEAL_[A-Z0-9_]*[A-Z0-9]\b")
READ = re.compile(
    r"(?:\benv\.\w+|\benviron(?:\.get|\.setdefault|\.pop)?)\s*[\[(]\s*[\"'](COMMONWEAL_[A-Z0-9_]+)[\"']"
)
SHELL_READ = re.compile(r"\$\{?(COMMONWEAL_[A-Z0-9_]+)")


def check() -> Iterator[Finding]:
    for path in files("*.md"):
        source = path.read_text("utf-8")
        yield from dead_links(path, source)
        yield from unknown_names(path, source)
    yield from undescribed_settings()
    yield from changelog(CHANGELOG)


def dead_links(path: Path, source: str) -> Iterator[Finding]:
    """Links to files that are not there or to headings that nobody wrote; the web is not asked."""
    text = FENCED.sub(lambda match: "\n" * match[0].count("\n"), source)
    for match in LINK.finditer(text):
        address, _, anchor = match[1].partition("#")
        if re.match(r"[a-z]+:", match[1]):
            continue
        target = (path.parent / address).resolve() if address else path
        line = text.count("\n", 0, match.start()) + 1
        if not target.exists():
            yield Finding(path, line, f"the link to {match[1]} leads nowhere")
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text("utf-8")):
            yield Finding(path, line, f"the link to {match[1]} names a heading that is not there")


def anchors(source: str) -> set[str]:
    """The names under which the headings of a page can be linked to."""
    found: dict[str, int] = {}
    for heading in HEADING.findall(FENCED.sub("", source)):
        words = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(
            " ", "-"
        )
        found[words] = found.get(words, -1) + 1
        if found[words]:
            found[f"{words}-{found[words]}"] = 0
    return set(found)


def unknown_names(path: Path, source: str) -> Iterator[Finding]:
    """Scripts, commands and settings that a page tells people to type, and that do not exist."""
    for match in CODE.finditer(source):
        start = source.count("\n", 0, match.start()) + 1
        code = match[1] or match[2]
        for name in SCRIPT.findall(code):
            if not (ROOT / "script" / name).exists():
                yield Finding(path, start, f"there is no script/{name}")
        for name in COMMAND.findall(code):
            if name not in commands():
                yield Finding(path, start, f"there is no command commonweal {name}")
        for name in SETTING.findall(code):
            if name not in settings_read():
                yield Finding(path, start, f"nothing reads the setting {name}")


@cache
def commands() -> set[str]:
    """Every word that may follow `commonweal`."""
    ours = {path.stem for path in files("**/management/commands/*.py") if not path.stem.startswith("_")}
    return ours | set(find_commands(str(Path(django.core.management.__file__).parent))) | {"collectstatic"}


@cache
def settings_read() -> dict[str, Path]:
    """Every COMMONWEAL_* variable that the program or a script reads, and where."""
    found: dict[str, Path] = {}
    for path in files("*.py", "script/*", "deploy/*"):
        source = path.read_text("utf-8")
        for pattern in (READ,) if path.suffix == ".py" else (SHELL_READ,):
            for name in pattern.findall(source):
                found.setdefault(name, path)
    return found


def undescribed_settings() -> Iterator[Finding]:
    """Settings without a row in the table, and rows without a setting."""
    table = SETTINGS_TABLE.read_text("utf-8") if SETTINGS_TABLE.exists() else ""
    described = set(re.findall(r"^\|\s*`(COMMONWEAL_[A-Z0-9_]+)`", table, re.M))
    for name, path in settings_read().items():
        if name not in described and not is_test(path):
            yield Finding(path, 1, f"{name} has no row in docs/reference/settings.md")
    for name in sorted(described - set(settings_read())):
        yield Finding(SETTINGS_TABLE, 1, f"{name} is described, and nothing reads it")


def changelog(path: Path) -> Iterator[Finding]:
    """There is one, and it has something to say."""
    source = path.read_text("utf-8") if path.exists() else ""
    if not re.search(r"^## .+\n(?:.*\n)*?- \w", source, re.M):
        yield Finding(path, 1, "the changelog has no version with an entry under it")
