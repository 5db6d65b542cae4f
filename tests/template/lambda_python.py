"""The Python that Lambda runs, as far as this machine has it, with nothing but itself.

`-I` takes neither the environment nor the folder it starts in, `-S` no site-packages, `-B` leaves
nothing behind.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packing.package import pack
from tests.template.sources import ROOT, template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ALONE: Final = ("-I", "-S", "-B")
VERSION: Final = str(template()["Globals"]["Function"]["Runtime"]).removeprefix("python")


@cache
def interpreter() -> Path:
    """Lambda's version of Python; this one where the machine has no such."""
    return next((found for found in _candidates() if _version(found) == VERSION), _this())


def _this() -> Path:
    return Path(sys.executable)


def _candidates() -> Iterator[Path]:
    name = f"python{VERSION}"
    yield from (
        Path(each) for each in [os.environ.get("LAMBDA_PYTHON"), shutil.which(name)] if each
    )
    for folder in (".pyenv/versions", ".local/share/uv/python"):
        yield from sorted((Path.home() / folder).glob(f"*{VERSION}*/bin/{name}"))


def _version(python: Path) -> str:
    """Empty if it does not run: a shim may stand in its place."""
    said = _run(python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
    return said.stdout.strip()


def packed_for_it(functions: Iterable[str], folder: Path) -> None:
    """The packages of these functions with compiled modules that it can load."""
    installed = folder / "installed"
    _install(installed, _version(interpreter()))
    for function in functions:
        pack(function, ROOT, folder / function, installed)


def _install(into: Path, version: str) -> None:
    """As the Makefile does, for this machine's processor; without the network if uv has it all."""
    command: list[str | Path] = [
        _this().with_name("uv"), "pip", "install", "--quiet", "--target", into,
        "--require-hashes", "-r", ROOT / "requirements/functions.txt",
        "--python-platform", f"{platform.machine()}-manylinux_2_28", "--python-version", version,
    ]  # fmt: skip
    if _run(*command, "--offline").returncode:
        ended = _run(*command)
        assert ended.returncode == 0, ended.stderr


def isolated(folder: Path, code: str, *arguments: str | Path) -> str:
    """What the code prints in an interpreter that has no packages but what it puts on its path."""
    ended = _run(interpreter(), *ALONE, "-c", code, *arguments, cwd=folder)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def _run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
