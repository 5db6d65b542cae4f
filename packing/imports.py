"""What a Python file imports, read from its source without running it.

An import inside a function counts, and so does one that only the type checker follows, and
`import_module("name")` or `__import__("name")`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DYNAMIC = {"import_module", "__import__"}


class Import(NamedTuple):
    """One imported name: `from package import name` gives one for each name."""

    module: str
    """Empty for a dynamic import whose name is made at run time."""

    name: str
    """After `from module import`; empty for `import module`."""

    line: int
    types_only: bool
    """Whether it stands under `if TYPE_CHECKING:`."""

    def target(self, exists: Callable[[str], bool]) -> str:
        """The module meant: `from a import b` means `a.b` where that is a module, else `a`."""
        inner = f"{self.module}.{self.name}"
        return inner if self.name and exists(inner) else self.module


def read_imports(source: str, module: str, *, is_package: bool) -> list[Import]:
    """All imports of a file, in order. `module` is its own dotted name: relative imports start
    there. Raises SyntaxError.
    """
    package = module if is_package else module.rpartition(".")[0]
    return sorted(_walk(ast.parse(source), package, types_only=False), key=lambda each: each.line)


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
                yield Import(_literal(first), "", node.lineno, types_only)


def _origin(node: ast.ImportFrom, package: str) -> str:
    """The absolute name of what stands between `from` and `import`."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    above = parts[: len(parts) - (node.level - 1)]
    return ".".join([*above, node.module] if node.module else above)


def _literal(argument: ast.expr) -> str:
    value = argument.value if isinstance(argument, ast.Constant) else ""
    return value if isinstance(value, str) else ""


def _asks_for_types(test: ast.expr) -> bool:
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
    return False
