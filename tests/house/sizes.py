"""Small pieces: how long a module and a function may be, and how many parameters it may take."""

import ast
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from tests.house.places import Finding, files, is_migration, is_test

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    module: int
    function: int
    parameters: int


CODE = Limits(module=400, function=40, parameters=7)
TESTS = Limits(module=600, function=60, parameters=10)

NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def check() -> Iterator[Finding]:
    for path in files("*.py"):
        if not is_migration(path):
            yield from too_large(path, path.read_text("utf-8"), TESTS if is_test(path) else CODE)


def too_large(path: Path, source: str, limits: Limits) -> Iterator[Finding]:
    """Findings for a module: its own length in lines, and each function's in lines that hold code."""
    length = source.count("\n")
    if length > limits.module:
        yield Finding(path, 1, f"the module has {length} lines, {limits.module} are allowed")
    tree = ast.parse(source)
    code = _code_lines(source)
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield from _too_large_function(path, node, code, limits)


def _too_large_function(path: Path, node: Function, code: set[int], limits: Limits) -> Iterator[Finding]:
    documentation: set[int] = set()
    if ast.get_docstring(node, clean=False) is not None:
        text = node.body[0]
        documentation = set(range(text.lineno, (text.end_lineno or text.lineno) + 1))
    length = len(set(range(node.lineno, (node.end_lineno or node.lineno) + 1)) & code - documentation)
    if length > limits.function:
        yield Finding(path, node.lineno, f"{node.name} has {length} lines, {limits.function} are allowed")

    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    if given and given[0].arg in {"self", "cls"}:
        given = given[1:]
    if len(given) > limits.parameters and not _is_machine_code(node):
        yield Finding(
            path, node.lineno, f"{node.name} takes {len(given)} parameters, {limits.parameters} are allowed"
        )


def _is_machine_code(node: Function) -> bool:
    """Whether it is compiled: there arrays go one by one, as a bundle of them costs time at every call."""
    return any(ast.unparse(decorator).startswith("compiled") for decorator in node.decorator_list)


def _code_lines(source: str) -> set[int]:
    """The numbers of the lines that hold something besides a comment."""
    return {
        line
        for token in tokenize.generate_tokens(StringIO(source).readline)
        if token.type not in NOT_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
