"""Which modules a handler reaches by its imports, in our rooms and in the installed packages."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from packing.imports import read_imports

if TYPE_CHECKING:
    from pathlib import Path


class NothingToPack(Exception):
    """The handler, or something of ours that it needs, is nowhere to be found."""


class Source(NamedTuple):
    """A folder that modules are imported from, like an entry of `sys.path`."""

    folder: Path
    ours: bool

    def find(self, module: str) -> Path | None:
        """The file of a module; a package's is its `__init__.py`."""
        place = self.folder.joinpath(*module.split("."))
        files = (place / "__init__.py", place.with_name(f"{place.name}.py"))
        return next((file for file in files if file.is_file()), None)

    def has(self, module: str) -> bool:
        """Whether there is such a module."""
        return self.find(module) is not None


class Reached:
    """The modules that run when `entry` is imported and used, each with its file.

    Imports for the type checker alone do not run. What is imported inside a function does, some
    day. A package's own `__init__` runs before anything in it.
    """

    def __init__(self, entry: str, root: Path, installed: Path | None = None) -> None:
        """`installed` holds the pinned packages; without it only our own modules are followed.

        Raises NothingToPack.
        """
        self._root = Source(root, ours=True)
        self._installed = installed and Source(installed, ours=False)
        self.files: dict[str, Path] = {}
        if not self._root.find(entry):
            raise NothingToPack(f"There is no module {entry}.")
        self._add(entry, self._root)

    def _add(self, module: str, source: Source) -> None:
        """A module, the packages around it, and what all of them import."""
        package = module.rpartition(".")[0]
        if package:
            self._add(package, source)
        file = source.find(module)
        if file is None or module in self.files:
            return
        self.files[module] = file
        self._follow(module, file, source)

    def _follow(self, module: str, file: Path, source: Source) -> None:
        is_package = file.name == "__init__.py"
        for each in read_imports(file.read_text("utf-8"), module, is_package=is_package):
            if each.types_only:
                continue
            if each.made_up and source.ours:
                raise NothingToPack(f"{file.name}, line {each.line}: what it imports is made up.")
            there = self._source(each.module, source)
            if there is not None:
                self._add(each.target(there.has), there)
            elif source.ours and self._installed and not _is_standard(each.module):
                raise NothingToPack(
                    f"{file.name}, line {each.line}: {each.module} is in no pinned package."
                )

    def _source(self, module: str, importer: Source) -> Source | None:
        """Where a module comes from. No installed package imports anything of ours."""
        top = module.split(".", maxsplit=1)[0]
        if importer.ours and self._root.find(top):
            return self._root
        return self._installed if self._installed and self._installed.find(top) else None


def _is_standard(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] in sys.stdlib_module_names
