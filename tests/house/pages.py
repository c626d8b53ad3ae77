"""Pages that hold under a strict content security policy and can be read in any language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.places import Finding, files, is_test

INLINE = {
    "an inline script": re.compile(
        r"<script(?![^>]*\b(?:src=|type=[\"']application/(?:ld\+)?json))[^>]*>", re.I
    ),
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I | re.S),
    "an event attribute": re.compile(r"<[a-z][^>]*\s(?:on[a-z]+|hx-on[:-][^=\s>]*|hx-on)\s*=", re.I | re.S),
    "a script address": re.compile(r"[\"']\s*javascript:", re.I),
    "an evaluated htmx attribute": re.compile(
        r"\shx-(?:vals|headers)\s*=\s*[\"']\s*js(?:avascript)?:|\shx-vars\s*=", re.I
    ),
}
TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}|<!--.*?-->", re.S)
TRANSLATED = re.compile(r"\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}", re.S)
UNREAD = re.compile(r"<(code|script|svg|kbd|pre)\b.*?</\1>", re.S | re.I)
ATTRIBUTE_BLOCK = re.compile(r"\{%\s*block \w*(?:class|attributes|wrap)\s*%\}.*?\{%\s*endblock\b.*?%\}", re.S)
TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
TAG = re.compile(r"<[a-z/!](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.S | re.I)
ENTITY = re.compile(r"&#?\w+;")
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {"Commonweal", "OpenStreetMap", "AGPL", "CSV", "JSON", "ODbL", "or", "later"}
SAID_ASIDE = re.compile(
    r"\s(alt|aria-label|placeholder|title)\s*=\s*[\"'](?=[^\"'{]*[^\W\d_]{2})([^\"'{]*)[\"']", re.I
)


def check() -> Iterator[Finding]:
    for path in files("commonweal/**/templates/**/*.html", "commonweal/*/templates/**/*.html"):
        source = path.read_text("utf-8")
        yield from inline_code(path, source)
        yield from untranslated(path, source)
    for path in files("commonweal/**/*.py"):
        if not is_test(path):
            yield from inline_code_in_strings(path, path.read_text("utf-8"))


def inline_code(path: Path, source: str) -> Iterator[Finding]:
    """Whatever the policy would block: scripts and styles written into the page."""
    source = TEMPLATE_COMMENT.sub(_blank, source)
    for what, pattern in INLINE.items():
        for match in pattern.finditer(source):
            yield Finding(
                path, _line(source, match.start()), f"{what} is blocked by the content security policy"
            )


def inline_code_in_strings(path: Path, source: str) -> Iterator[Finding]:
    """The same for HTML that Python code writes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "<" in node.value:
            for finding in inline_code(path, node.value):
                yield Finding(path, node.lineno + finding.line - 1, finding.message)


def untranslated(path: Path, source: str) -> Iterator[Finding]:
    """Words of a page that no translator would ever see."""
    if not _is_read_by_people(path):
        return
    source = TEMPLATE_COMMENT.sub(_blank, source)
    text = TRANSLATED.sub(_blank, source)
    for match in SAID_ASIDE.finditer(text):
        yield Finding(path, _line(text, match.start()), f"{match[1]}={match[2]!r} is not translated")
    for pattern in (ATTRIBUTE_BLOCK, TEMPLATE_TAG, UNREAD, TAG, ENTITY):
        text = pattern.sub(_blank, text)
    for number, line in enumerate(text.splitlines(), 1):
        words = [word for word in WORD.findall(line) if word not in NAMES]
        if words:
            yield Finding(path, number, f"{' '.join(words)!r} is not translated")


def _is_read_by_people(path: Path) -> bool:
    # The page of the design system is for those who build pages; its samples stay as they are.
    return not any(part.startswith("design") for part in path.parts[-2:])


def _blank(match: re.Match[str]) -> str:
    """As many lines as were there, so that findings name the right one."""
    return "\n" * match[0].count("\n") or " "


def _line(source: str, position: int) -> int:
    return source.count("\n", 0, position) + 1
