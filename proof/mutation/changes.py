"""What is changed: mutmut's operators on each node of a function, and two of our own.

Of the three changes that mutmut makes to a text the first is taken (`XX` around it): the others
(all small, all large letters) live and die with it, or change nothing where case means nothing.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Steps = tuple[tuple[str, int | None], ...]
"""The way from the module to a node: a field, and which one where it holds many."""

NEVER: Final = ("__getattribute__", "__setattr__", "__new__")
UNCHANGED_CALLS: Final = ("len", "isinstance")
"""mutmut leaves these alone, too."""
LOGS: Final = ("_log",)


class Change(NamedTuple):
    """One function with one fault."""

    file: str
    function: str
    """As Python qualifies it."""
    steps: Steps
    put: Any
    """The node that stands there instead."""
    lines: tuple[int, int]
    """Tests that run one of these are asked."""
    kind: str
    """`log` and `error` if what is changed are the words of a log line or an error."""
    header: bool
    """Whether it changes the function's own defaults."""


class Place(NamedTuple):
    """Where the walk is."""

    steps: Steps = ()
    outer: tuple[str, ...] = ()
    """The classes around it."""
    function: str = ""
    lines: tuple[int, int] = (0, 0)
    kind: str = ""
    deep: int = 0
    """So many functions are around it."""
    header: bool = False


class Source:
    """A file and all changes to it."""

    def __init__(self, root: Path, file: str) -> None:
        wrapper = MetadataWrapper(cst.parse_module((root / file).read_text("utf-8")))
        self.file = file
        self.module = wrapper.module
        self._at = wrapper.resolve(PositionProvider)
        self.changes = list(self._walk(self.module, Place()))

    def changed(self, *changes: Change) -> str:
        """The whole file with these changes, none of which stands in another."""
        module = self.module
        for change in changes:
            module = put_at(module, change.steps, change.put)
        text: str = module.code
        return text

    def _walk(self, node: Any, place: Place) -> Iterator[Change]:
        if _is_left_alone(node):
            return
        place = self._entered(node, place)
        if place.function:
            for put in _changes(node):
                yield Change(
                    self.file, place.function, place.steps, put, place.lines,
                    _kind_of(node, place), place.header,
                )  # fmt: skip
        for name, index, child in _children(node):
            yield from self._walk(child, _inner(node, name, place, (name, index)))

    def _entered(self, node: Any, place: Place) -> Place:
        if isinstance(node, cst.ClassDef) and not place.function:
            return place._replace(outer=(*place.outer, node.name.value))
        if isinstance(node, cst.FunctionDef):
            name = place.function or ".".join((*place.outer, node.name.value))
            place = place._replace(function=name, deep=place.deep + 1)
        if isinstance(node, cst.BaseStatement | cst.BaseSmallStatement | cst.MatchCase):
            place = place._replace(lines=self._lines(node, place), kind=_kind(node, ""))
        return place._replace(kind=_kind(node, place.kind))

    def _lines(self, node: Any, place: Place) -> tuple[int, int]:
        """A statement's own: of one that holds others, those before the first of them."""
        at = self._at.get(node)
        if at is None:
            return place.lines
        if isinstance(node, cst.SimpleStatementLine | cst.BaseSmallStatement):
            return at.start.line, at.end.line
        inner = node.cases if isinstance(node, cst.Match) else node.body.body
        first = self._at.get(inner[0]) if inner else None
        last = max(at.start.line, first.start.line - 1) if first else at.end.line
        return at.start.line, last


def put_at(node: Any, steps: Steps, put: Any) -> Any:
    """The tree with another node at the end of these steps."""
    if not steps:
        return put
    (name, index), *rest = steps
    held = getattr(node, name)
    if index is None:
        return node.with_changes(**{name: put_at(held, tuple(rest), put)})
    new = put_at(held[index], tuple(rest), put)
    return node.with_changes(**{name: [*held[:index], new, *held[index + 1 :]]})


def _children(node: Any) -> Iterator[tuple[str, int | None, Any]]:
    for field in dataclasses.fields(node):
        held = getattr(node, field.name)
        if isinstance(held, cst.CSTNode):
            yield field.name, None, held
        elif isinstance(held, list | tuple):
            yield from (
                (field.name, i, each)
                for i, each in enumerate(held)
                if isinstance(each, cst.CSTNode)
            )


def _inner(node: Any, name: str, place: Place, step: tuple[str, int | None]) -> Place:
    place = place._replace(steps=(*place.steps, step))
    if isinstance(node, cst.FunctionDef):
        return place._replace(header=name == "params" and place.deep == 1)
    return place


def _is_left_alone(node: Any) -> bool:
    if isinstance(node, cst.Annotation | cst.Decorator | cst.BaseParenthesizableWhitespace):
        return True
    if isinstance(node, cst.FunctionDef):
        return node.name.value in NEVER
    if isinstance(node, cst.Param) and node.default:
        return not isinstance(node.default, cst.Name | cst.BaseNumber | cst.BaseString)
    called = node.func if isinstance(node, cst.Call) else None
    return isinstance(called, cst.Name) and called.value in UNCHANGED_CALLS


def _changes(node: Any) -> Iterator[Any]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            made = list(operator(node))
            yield from made[:1] if kind is cst.BaseString else made
    yield from _left_out(node)
    yield from _turned_round(node)


def _left_out(node: Any) -> Iterator[Any]:
    """A call that stands alone is not made."""
    value = node.value if isinstance(node, cst.Expr) else None
    if isinstance(value, cst.Call | cst.Await):
        yield cst.Pass()


def _turned_round(node: Any) -> Iterator[Any]:
    """A condition without an operator, which mutmut leaves as it is."""
    if isinstance(node, cst.If | cst.While) and isinstance(
        node.test, cst.Name | cst.Attribute | cst.Call | cst.Await
    ):
        yield node.with_changes(test=cst.UnaryOperation(cst.Not(), node.test))


def _kind_of(node: Any, place: Place) -> str:
    """Whether nothing changes but what a log line or an error says.

    A name in an error is promised; words are not.
    """
    if place.kind != "error":
        return place.kind
    return "error" if isinstance(node, cst.SimpleString) and " " in node.value else ""


def _kind(node: Any, kind: str) -> str:
    """Whose words are in this node."""
    if isinstance(node, cst.Raise):
        return "error"
    called = node.value if isinstance(node, cst.Expr) else node
    if isinstance(called, cst.Call) and isinstance(called.func, cst.Attribute):
        whose = called.func.value
        if isinstance(whose, cst.Name) and whose.value in LOGS:
            return "log"
    return kind
