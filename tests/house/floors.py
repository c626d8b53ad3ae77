"""The floors of the house, where import-linter cannot look: strings, migrations, files and their names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.places import ROOT, Finding, files, floors, is_test, rooms

MODEL = re.compile(r"([a-z_]+)\.[A-Z]\w*")
NAMELESS = {"utils", "helpers", "common", "manager", "managers", "misc", "signals", "lib"}
README_LINES = range(5, 31)


def check() -> Iterator[Finding]:
    for path in files("commonweal/**/*.py"):
        room = path.relative_to(ROOT).parts[1]
        if room in floors():
            yield from upward_strings(path, path.read_text("utf-8"), room)
        if not is_test(path) and path.stem in NAMELESS:
            yield Finding(path, 1, f"{path.stem} says nothing about what is in it")
    for room in rooms():
        yield from missing_readme(ROOT / "commonweal" / room)


def upward_strings(path: Path, source: str, room: str) -> Iterator[Finding]:
    """Model names and migrations, given as strings, of rooms that are not below this one.

    Finds `TenantFK("exchange.Ask")`, `to="exchange.Ask"`, `get_model("exchange", "Ask")` and the dependency
    `("exchange", "0001_initial")` of a migration alike.
    """
    for node in ast.walk(ast.parse(source)):
        for other in _rooms_named_in(node):
            if other != room and floors()[other] >= floors()[room]:
                yield Finding(
                    path, getattr(node, "lineno", 1), f"{room} reaches up or across to {other} by a string"
                )


def _rooms_named_in(node: ast.AST) -> Iterator[str]:
    names: list[str] = []
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        match = MODEL.fullmatch(node.value)
        names = [match[1]] if match else []
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
        names = _strings(node.elts) if _looks_like_migration(node.elts[1]) else []
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get_model":
        names = _strings(node.args)
    yield from (name for name in names[:1] if name in floors())


def _looks_like_migration(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.match(r"\d{4}_", node.value) is not None
    )


def _strings(nodes: list[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def missing_readme(room: Path) -> Iterator[Finding]:
    """A room says in about ten lines what it is, its verbs and its promises."""
    readme = room / "README.md"
    lines = readme.read_text("utf-8").splitlines() if readme.exists() else []
    if len(lines) not in README_LINES:
        yield Finding(readme, 1, f"a room has a README of about ten lines; this one has {len(lines)}")
