"""Survivors that change nothing that is promised, and why: `docs/proof/mutation-survivors.toml`."""

from __future__ import annotations

import ast
import tomllib
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from proof.mutation.rooms import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from proof.mutation.kept import Found, Survivor

EXPLAINED: Final = ROOT / "docs" / "proof" / "mutation-survivors.toml"


class Explained(NamedTuple):
    """Survivors with one reason."""

    why: str
    file: str = "*"
    """With `*` for several."""
    function: str = "*"
    kind: str = ""
    """`log` or `error`, if it holds for all of that kind."""
    changes: Sequence[str] = ()
    """Each is a part of what is shown of a change; empty for all of the function."""

    def covers(self, survivor: Survivor) -> bool:
        """Whether this explains it."""
        return (
            fnmatch(survivor.file, self.file)
            and fnmatch(survivor.function, self.function)
            and (not self.kind or survivor.kind == self.kind)
            and (not self.changes or any(part in survivor.change for part in self.changes))
        )


def load(explained: Path = EXPLAINED) -> list[Explained]:
    """What is written there."""
    return [Explained(**each) for each in tomllib.loads(explained.read_text("utf-8"))["explained"]]


def reason(survivor: Survivor, explained: Sequence[Explained]) -> str:
    """Why it changes nothing that is promised; empty if nobody says so."""
    return next((each.why for each in explained if each.covers(survivor)), "")


def left_over(explained: Sequence[Explained], found: Mapping[str, Found]) -> list[str]:
    """Reasons, and changes in them, for what does not survive any more."""
    survivors = [survivor for each in found.values() for survivor in each.survivors]
    return [
        f"{each.file} {each.function} {part}".strip()
        for each in explained
        for part in each.changes or ("",)
        if not any(each._replace(changes=(part,)).covers(survivor) for survivor in survivors)
    ]


def gone(explained: Sequence[Explained], root: Path = ROOT) -> list[str]:
    """Reasons that name a file or a function that is not there."""
    return [f"{each.file} {each.function}" for each in explained if not _is_there(each, root)]


def _is_there(each: Explained, root: Path) -> bool:
    files = [*root.glob(each.file)] if each.file != "*" else []
    if each.function == "*":
        return each.file == "*" or bool(files)
    trees = [ast.parse(file.read_text("utf-8")) for file in files]
    return any(fnmatch(name, each.function) for tree in trees for name, _ in functions_in(tree))


def functions_in(node: Any, outer: str = "") -> Iterator[tuple[str, Any]]:
    """All functions that stand in no other, as Python qualifies them."""
    for each in node.body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            yield outer + each.name, each
        elif isinstance(each, ast.ClassDef):
            yield from functions_in(each, f"{outer}{each.name}.")
