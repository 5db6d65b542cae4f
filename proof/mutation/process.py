"""A process that tests run in: bounded, silent, with files of its own."""

from __future__ import annotations

import gc
import os
import resource
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MEMORY: Final = 4 << 30
"""Bytes. A change may make a loop that collects without end."""


def stand_alone(seconds: float, config: Any, folder: Path) -> None:
    """What a process does of itself once it is forked."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w")
    # Spoiled code may write beside itself what it should have written elsewhere.
    os.chdir(folder)
    tempfile.tempdir = str(folder)
    config._tmp_path_factory._basetemp = folder


def pools_that_live() -> list[ThreadPoolExecutor]:
    """All pools of threads of this process; a library may keep one for its next call."""
    # By type: to ask a weak reference what it is may find nothing there.
    return [each for each in gc.get_objects() if type(each) is ThreadPoolExecutor]


def begin_anew(pools: Iterable[ThreadPoolExecutor]) -> None:
    """In a forked process their threads are not there: whatever they were given would wait."""
    for pool in pools:
        inner: Any = pool
        inner._threads.clear()
        inner._idle_semaphore = threading.Semaphore(0)
