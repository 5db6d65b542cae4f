"""Which modules a handler reaches by its imports, in our rooms and in the installed packages."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from packing.imports import read_imports

if TYPE_CHECKING:
    from pathlib import Path


FIND_THEIR_PARTS: Final = frozenset({"apprise"})
"""Packages that look for their own parts while they run: no import names them."""

COMPILED: Final = "*.so"
"""A compiled module imports what nobody can read here, and may need what lies beside it."""

COMPILED_NEEDS: Final = {"cryptography": ("_cffi_backend",)}
"""What compiled modules import: seen by running each package alone (tests/template)."""

LIBRARIES: Final = {"PIL": "pillow.libs"}
"""Where a wheel puts the libraries it brings, if not beside its package's name (auditwheel)."""

LEFT_OUT: Final = frozenset({"urllib3.contrib.pyopenssl"})
"""Tried and done without by those who import it: it would bring all of cryptography."""


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

    def must_be_whole(self, package: str) -> bool:
        """Whether a top-level package is packed with all that it has."""
        return package in FIND_THEIR_PARTS or _has_compiled(self.folder / package)

    def modules(self, package: str) -> dict[str, Path]:
        """Every module of a top-level package, by name."""
        found = {}
        for file in sorted((self.folder / package).rglob("*.py")):
            parts = file.relative_to(self.folder).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
        return found

    def beside(self, package: str) -> list[Path]:
        """What a package has besides modules: compiled ones, data, and the libraries they load."""
        inside = [file for file in (self.folder / package).rglob("*") if file.suffix != ".py"]
        files = inside + list((self.folder / LIBRARIES.get(package, f"{package}.libs")).rglob("*"))
        return [file for file in files if _is_worth_packing(file)]

    def compiled(self, module: str) -> list[Path]:
        """The file of a compiled module that stands in no package, if it is one."""
        return list(self.folder.glob(f"{module}.{COMPILED}")) if module.isidentifier() else []


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
        self.beside: list[Path] = []
        """What packages have besides modules; each stands in `installed`."""
        self._whole: set[str] = set()
        if not self._root.find(entry):
            raise NothingToPack(f"There is no module {entry}.")
        self._add(entry, self._root)

    def _add(self, module: str, source: Source) -> None:
        """A module, the packages around it, and what all of them import."""
        self._add_whole(module.partition(".")[0], source)
        package = module.rpartition(".")[0]
        if package:
            self._add(package, source)
        file = source.find(module)
        if file is None or module in self.files or module in LEFT_OUT:
            return
        self.files[module] = file
        self._follow(module, file, source)

    def _add_whole(self, package: str, source: Source) -> None:
        """A package that needs all that it has."""
        if source.ours or package in self._whole or not source.must_be_whole(package):
            return
        self._whole.add(package)
        self.beside += source.beside(package)
        for module in COMPILED_NEEDS.get(package, ()):
            self.beside += source.compiled(module)
        for module in source.modules(package):
            self._add(module, source)

    def _follow(self, module: str, file: Path, source: Source) -> None:
        is_package = file.name == "__init__.py"
        for each in read_imports(file.read_text("utf-8"), module, is_package=is_package):
            if each.types_only:
                continue
            if each.made_up and source.ours:
                raise NothingToPack(f"{file.name}, line {each.line}: what it imports is made up.")
            there = self._source(each.module, source)
            if there is None and self._installed:
                self.beside += self._installed.compiled(each.module)
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


@cache
def _has_compiled(folder: Path) -> bool:
    return next(folder.rglob(COMPILED), None) is not None


def _is_worth_packing(file: Path) -> bool:
    return file.is_file() and file.suffix not in (".pyc", ".pyi", ".pyx", ".pxd", ".c", ".h")


def _is_standard(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] in sys.stdlib_module_names
