"""The rules about imports, as `imports.toml` has them, held against a copy of the repository."""

from __future__ import annotations

import functools
import graphlib
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from packing.imports import Import, read_imports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = Path(__file__).resolve().parents[2]
TABLE: Final = Path(__file__).with_name("imports.toml")
ANY: Final = "*"


class Room(NamedTuple):
    """One room of the table."""

    name: str
    rooms: Sequence[str] = ()
    outside: Sequence[str] = ()
    types: Sequence[str] = ()
    layers: Sequence[str] = ()
    dynamic: bool = False

    def part(self, module: str) -> str:
        """The file or room in this one that a module belongs to; empty for the package itself."""
        return module.removeprefix(self.name).removeprefix(".").split(".")[0]

    def layer(self, module: str) -> int | None:
        """Which layer, 0 at the top, or None if it stands in none."""
        levels = (n for n, names in enumerate(self.layers) if self.part(module) in names.split())
        return next(levels, None)


def read_table(file: Path = TABLE) -> dict[str, Room]:
    """The rooms by name. Raises TypeError for a key that does not exist."""
    return {name: Room(name, **row) for name, row in tomllib.loads(file.read_text()).items()}


class Repository:
    """The Python files under `root`, and what is wrong with their imports."""

    def __init__(self, root: Path, table: dict[str, Room] | None = None) -> None:
        self.root = root
        self.table = read_table() if table is None else table

    @functools.cached_property
    def modules(self) -> dict[str, Path]:
        """Every module and its file; what begins with a dot is not ours."""
        tops = [path for path in self.root.iterdir() if not path.name.startswith(".")]
        files = [file for top in tops for file in [*top.rglob("*.py"), top] if file.suffix == ".py"]
        return {_module(file.relative_to(self.root)): file for file in sorted(files)}

    @functools.cached_property
    def imports(self) -> dict[str, tuple[Import, ...]]:
        """What each module imports."""
        return {
            module: read_imports(
                file.read_text("utf-8"), module, is_package=file.name == "__init__.py"
            )
            for module, file in self.modules.items()
        }

    def room(self, module: str) -> Room | None:
        """The room with the longest name that fits."""
        fitting = [name for name in self.table if _within(module, name)]
        return self.table[max(fitting, key=len)] if fitting else None

    def faults(self) -> list[str]:
        """Every import that no rule allows, and every file outside all rooms and layers."""
        return [fault for module in self.modules for fault in self._faults(module)]

    def _faults(self, module: str) -> Iterator[str]:
        file, room = self.modules[module].relative_to(self.root), self.room(module)
        if room is None:
            yield f"{file}: stands in no room of {TABLE.name}"
            return
        for above in self._layered(module):
            if above.part(module) and above.layer(module) is None:
                yield f"{file}: stands in no layer of {above.name}"
        for each in self.imports[module]:
            target = each.target(self.modules.__contains__)
            if not self._allowed(module, room, each, target):
                yield f"{file}:{each.line}: {room.name} may not import {target or 'a made-up name'}"

    def _allowed(self, module: str, room: Room, each: Import, target: str) -> bool:
        if each.made_up and room.dynamic:
            return True
        if self._is_ours(target):
            return self._may_reach(module, room, target)
        package = target.split(".", maxsplit=1)[0]
        known = package in sys.stdlib_module_names or package in room.outside
        return known or (each.types_only and package in room.types)

    def _may_reach(self, module: str, room: Room, target: str) -> bool:
        if target == module:
            return True
        for container in self._layered(module):
            if _within(target, container.name):
                return _goes_down(container, module, target)
        there = self.room(target)
        named = room.rooms
        return (
            there == room
            or ANY in named
            or target in named
            or (there is not None and there.name in named)
        )

    def _layered(self, module: str) -> list[Room]:
        """The rooms with layers around a module, the innermost first."""
        around = [room for room in self.table.values() if _within(module, room.name)]
        return sorted((room for room in around if room.layers), key=lambda room: -len(room.name))

    def _is_ours(self, target: str) -> bool:
        return any(_within(target, name.split(".")[0]) for name in self.modules)

    def circle(self) -> list[str]:
        """Modules that import one another round in a circle, types included; empty if none do."""
        try:
            graphlib.TopologicalSorter(self.arrows()).prepare()
        except graphlib.CycleError as error:
            around: list[str] = error.args[1]
            return around
        return []

    def arrows(self) -> dict[str, set[str]]:
        """Which modules of ours each module imports."""
        return {
            module: {each.target(self.modules.__contains__) for each in imports}
            & (self.modules.keys() - {module})
            for module, imports in self.imports.items()
        }


def _goes_down(container: Room, module: str, target: str) -> bool:
    """Whether an import inside a room with layers stays in its own part or goes to a lower one."""
    if container.part(module) == container.part(target):
        return True
    here, there = container.layer(module), container.layer(target)
    return here is not None and there is not None and here < there


def _module(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")
