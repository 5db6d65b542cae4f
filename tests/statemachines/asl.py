"""The state machines as they are written: states, edges, and what the template fills in."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.template.sources import ROOT, Tree, machines

if TYPE_CHECKING:
    from pathlib import Path

FILES: Final[dict[str, Path]] = {
    name: ROOT / properties["DefinitionUri"] for name, properties in machines().items()
}
"""Each machine of the template, by logical id, and its file."""

_JSONATA_SECONDS: Final = re.compile(
    r"""("(?:Timeout)?Seconds"\s*:\s*)"\{%\s*\$number\('\$\{\w+\}'\)\s*%\}\""""
)


END: Final = "(end)"
"""Where a machine ends well: no state has this name."""


class Edge(NamedTuple):
    """A way out of a state: `next`, `choice N`, `default`, `catch N` or `end`, and where it
    leads.
    """

    machine: str
    state: str
    way: str
    to: str

    def __str__(self) -> str:
        return f"{self.machine}: {self.state} -{self.way}-> {self.to}"


def text(machine: str) -> str:
    """A machine's file."""
    return FILES[machine].read_text("utf-8")


def definition(machine: str) -> Tree:
    """A machine's definition, with its placeholders."""
    read: Tree = json.loads(text(machine))
    return read


def as_linters_know_it(machine: str) -> Tree:
    """The definition as a linter takes it: with integers where AWS also takes JSONata, and a
    partition that is filled in.
    """
    plain = _JSONATA_SECONDS.sub(lambda found: f"{found[1]}1", text(machine))
    read: Tree = json.loads(plain.replace("${Partition}", "aws"))
    return read


def edges(machine: str, states: Tree) -> set[Edge]:
    """Every way out of every state."""
    return {
        Edge(machine, state, way, to)
        for state, written in states.items()
        for way, to in _ways(written)
    }


def _ways(state: Tree) -> list[tuple[str, str]]:
    ways = [("next", state["Next"])] if "Next" in state else []
    ways += [("end", END)] if ends(state) else []
    ways += [("default", state["Default"])] if "Default" in state else []
    ways += [(f"choice {n}", each["Next"]) for n, each in enumerate(state.get("Choices", []))]
    ways += [(f"catch {n}", each["Next"]) for n, each in enumerate(state.get("Catch", []))]
    return ways


def ends(state: Tree) -> bool:
    """Whether a machine ends in this state."""
    return "End" in state or state["Type"] == "Succeed"


def tasks() -> dict[tuple[str, str], Tree]:
    """Every Task of every machine, by machine and state; those within a Map, too."""
    return {
        (machine, name): state
        for machine in FILES
        for name, state in _with_inner(definition(machine)["States"]).items()
        if state["Type"] == "Task"
    }


def _with_inner(states: Tree) -> Tree:
    """The states, and those of each Map, which have names of their own."""
    inner = [each["ItemProcessor"]["States"] for each in states.values() if each["Type"] == "Map"]
    return dict(states, **{name: state for each in inner for name, state in each.items()})


def maps() -> dict[tuple[str, str], Tree]:
    """Every Map of every machine, by machine and state."""
    return {
        (machine, name): state
        for machine in FILES
        for name, state in definition(machine)["States"].items()
        if state["Type"] == "Map"
    }


def strings(value: Any) -> list[str]:
    """Every string in a value."""
    match value:
        case str():
            return [value]
        case dict():
            return [found for each in value.values() for found in strings(each)]
        case list():
            return [found for each in value for found in strings(each)]
    return []


_PATH: Final = r"((?:\.\w+|\.`[^`]+`|\[\d+\])+)"
_STEP: Final = re.compile(r"\.`([^`]+)`|\.(\w+)|\[(\d+)\]")


def read_paths(of: str, value: Any) -> set[str]:
    """Every path that JSONata reads of `$states.input`, `.result` or `.context`, written as
    `FaceMatches.0.Face.FaceId`.
    """
    found = re.compile(rf"\$states\.{of}{_PATH}")
    return {
        ".".join(next(filter(None, step)) for step in _STEP.findall(path))
        for text in strings(value)
        for path in found.findall(text)
    }
