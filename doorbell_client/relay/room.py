"""How much the relay may still keep: what the owner allows, and what the disk has."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from doorbell_client.errors import SpoolFull

SPARE_BYTES: Final = 32_000_000
"""So much of the disk is left free: an upload that goes on must be able to write that down."""


class Limits(NamedTuple):
    """In bytes."""

    most: int = 20_000_000_000
    spare: int = SPARE_BYTES


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


class Room:
    """Counts what is kept and what is promised. Any thread may use it."""

    def __init__(self, folder: Path, limits: Limits, free: Callable[[Path], int] = _free) -> None:
        """`free` tells how many bytes the disk of a folder has left; raises OSError."""
        self._folder = folder
        self._limits = limits
        self._free = free
        self._lock = threading.Lock()
        self._taken = 0
        self._promised = 0
        """Of these not yet written, so that the disk counts them as free."""

    @property
    def taken(self) -> int:
        """Bytes that are kept or promised."""
        return self._taken

    def fill(self, size: int) -> None:
        """So much lies there already."""
        with self._lock:
            self._taken += size

    def take(self, size: int) -> None:
        """Promise so much. Raises SpoolFull."""
        with self._lock:
            if self._taken + size > self._limits.most:
                raise SpoolFull(f"More than {self._limits.most} bytes would wait here.")
            needed = self._promised + size + self._limits.spare
            if self._free(self._folder) < needed:
                raise SpoolFull("The disk is full.")
            self._taken += size
            self._promised += size

    def wrote(self, size: int) -> None:
        """So much of what was promised is on the disk."""
        with self._lock:
            self._promised -= size

    def give_back(self, written: int, promised: int = 0) -> None:
        """So much that was written is gone, and so much that was promised will not come."""
        with self._lock:
            self._taken -= written + promised
            self._promised -= promised
