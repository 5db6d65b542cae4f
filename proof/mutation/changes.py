"""All changes of a file, each with the way to its node and the lines by which tests find it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from proof.mutation.operators import changes_of, is_left_alone, kind_inside, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Steps = tuple[tuple[str, int | None], ...]
"""The way from the module to a node: a field, and which one where it holds many."""


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
    whole: tuple[int, int] = (0, 0)
    """All lines of the function: its defaults are made long before a test runs."""
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
        if is_left_alone(node):
            return
        place = self._entered(node, place)
        if place.function:
            for put in changes_of(node):
                lines = place.whole if place.header else place.lines
                kind = kind_of(node, place.kind)
                yield Change(self.file, place.function, place.steps, put, lines, kind, place.header)
        for name, index, child in _children(node):
            yield from self._walk(child, _inner(node, name, place, (name, index)))

    def _entered(self, node: Any, place: Place) -> Place:
        if isinstance(node, cst.ClassDef) and not place.function:
            return place._replace(outer=(*place.outer, node.name.value))
        if isinstance(node, cst.FunctionDef):
            name = place.function or ".".join((*place.outer, node.name.value))
            place = place._replace(function=name, deep=place.deep + 1)
            if place.deep == 1:
                whole = self._at[node]
                place = place._replace(whole=(whole.start.line, whole.end.line))
        if isinstance(node, cst.BaseStatement | cst.BaseSmallStatement | cst.MatchCase):
            place = place._replace(lines=self._lines(node, place), kind=kind_inside(node, ""))
        return place._replace(kind=kind_inside(node, place.kind))

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
