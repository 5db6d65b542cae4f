"""What a Python file imports, read from its source without running it.

An import inside a function counts, and so does one that only the type checker follows, and
`import_module("name")` or `__import__("name")`.
"""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DYNAMIC = {"import_module", "__import__"}


class Import(NamedTuple):
    """One imported name: `from package import name` gives one for each name."""

    module: str
    """Of a name that is made at run time, the package it begins with: `f"commands.{name}"` begins
    with `commands`. Empty where nothing of it can be read.
    """

    name: str
    """After `from module import`; empty for `import module`."""

    line: int
    types_only: bool
    """Whether it stands under `if TYPE_CHECKING:`."""

    made_up: bool = False
    """Whether the name, or the end of it, is made at run time."""

    def target(self, exists: Callable[[str], bool]) -> str:
        """The module meant: `from a import b` means `a.b` where that is a module, else `a`."""
        inner = f"{self.module}.{self.name}"
        return inner if self.name and exists(inner) else self.module


@functools.cache
def read_imports(source: str, module: str, *, is_package: bool) -> tuple[Import, ...]:
    """All imports of a file, in order. `module` is its own dotted name: relative imports start
    there. The same source is read once. Raises SyntaxError.
    """
    package = module if is_package else module.rpartition(".")[0]
    found = _walk(ast.parse(source), package, types_only=False)
    return tuple(sorted(found, key=lambda each: each.line))


def _walk(node: ast.AST, package: str, *, types_only: bool) -> Iterator[Import]:
    yield from _imported(node, package, types_only)
    for child in ast.iter_child_nodes(node):
        guarded = isinstance(node, ast.If) and _asks_for_types(node.test) and child in node.body
        yield from _walk(child, package, types_only=types_only or guarded)


def _imported(node: ast.AST, package: str, types_only: bool) -> Iterator[Import]:
    match node:
        case ast.Import(names=names):
            for alias in names:
                yield Import(alias.name, "", node.lineno, types_only)
        case ast.ImportFrom(names=names):
            for alias in names:
                yield Import(_origin(node, package), alias.name, node.lineno, types_only)
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=[first, *_]):
            if called in DYNAMIC:
                module, made_up = _dynamic(first)
                yield Import(module, "", node.lineno, types_only, made_up)


def _origin(node: ast.ImportFrom, package: str) -> str:
    """The absolute name of what stands between `from` and `import`."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    above = parts[: len(parts) - (node.level - 1)]
    return ".".join([*above, node.module] if node.module else above)


def _dynamic(argument: ast.expr) -> tuple[str, bool]:
    """What can be read of a dynamic import's name, and whether a part of it is made at run time."""
    match argument:
        case ast.Constant(value=str(name)):
            return name, False
        case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]):
            return beginning.rpartition(".")[0], True
    return "", True


def _asks_for_types(test: ast.expr) -> bool:
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
    return False
