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


@cache
def program(name: str, package: str | None = None) -> Path:
    """Where the program is; root gets it by apt. Skips, with the command to type, where it cannot.

    `package` is what Debian calls its package, if not `name`.
    """
    package = package or name
    found = _found(name)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        found = _installed(name, package)
    if found is None:
        pytest.skip(f"{name} is not here: sudo apt-get install {package}")
    return found


def _installed(name: str, package: str) -> Path | None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        subprocess.run(
            ["apt-get", "--quiet", *words], env=environment, check=False, capture_output=True,
            timeout=300,
        )  # fmt: skip
    return _found(name)


def _found(name: str) -> Path | None:
    path = shutil.which(name) or shutil.which(name, path=SYSTEM)
    return Path(path) if path else None
