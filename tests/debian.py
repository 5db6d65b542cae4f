"""Programs that tests need and that Debian has; pip brings none of them."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

SYSTEM = "/usr/sbin:/usr/bin:/sbin:/bin"
"""Servers are not on every user's PATH."""


class NotHere(Exception):
    """A program is missing; the text has the command to type."""


@cache
def program(name: str, package: str | None = None) -> Path:
    """Where the program is; root gets it by apt. Skips, with the command to type, where it cannot.

    `package` is what Debian calls its package, if not `name`.
    """
    try:
        return find_program(name, package)
    except NotHere as missing:
        pytest.skip(str(missing))


@cache
def find_program(name: str, package: str | None = None) -> Path:
    """The same outside of a test. Raises NotHere."""
    found = _found(name)
    if found is None:
        _install(package or name)
        found = _found(name)
    if found is None:
        raise NotHere(f"{name} is not here: sudo apt-get install {package or name}")
    return found


@cache
def system_python(module: str, *packages: str) -> Path:
    """Debian's own Python, with a module that pip does not have, and what these packages bring.

    Skips, with the command to type, where it cannot be had.
    """
    python = Path("/usr/bin/python3")
    for again in (True, False):
        if python.exists():
            words = [str(python), "-c", f"import {module}"]
            if subprocess.run(words, check=False, capture_output=True).returncode == 0:
                return python
        if again:
            _install(*packages)
    pytest.skip(f"{module} is not here: sudo apt-get install {' '.join(packages)}")


def _install(*packages: str) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run(
            ["apt-get", "--quiet", *words], env=environment, check=False, capture_output=True,
            timeout=300,
        )  # fmt: skip


def _found(name: str) -> Path | None:
    path = shutil.which(name) or shutil.which(name, path=SYSTEM)
    return Path(path) if path else None
