"""A process that tests run in: bounded, silent, with files of its own."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

MEMORY: Final = 4 << 30
"""Bytes. A change may make a loop that collects without end."""


def stand_alone(seconds: float, config: Any, folder: str) -> None:
    """What a process does of itself once it is forked. It may be killed with all it starts."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w")
    tempfile.tempdir = folder
    config._tmp_path_factory._basetemp = Path(folder)
