"""Shots that are not in the cloud yet, safe from kill -9 and power cuts: one file for each.

A shot is its content; who and when stand in the file's name. So there is one write to be whole or
not there, and no order of two to be kept.
"""

import logging
import os
from pathlib import Path
from typing import Final

from doorbell_client.camera.shot import Shot, shot_named
from doorbell_client.errors import SpoolError
from doorbell_client.outbox.disk import PART, Disk, part_of, store
from doorbell_client.outbox.folder_lock import FolderLock

_log = logging.getLogger(__name__)

ASIDE: Final = "aside"
"""The folder below for what the cloud will never take."""

MOST_ASIDE: Final = 5
"""More of them are a nuisance and no help; the oldest go."""


class ShotSpool:
    """One folder of shots, for one process at a time."""

    def __init__(self, folder: Path, max_bytes: int, disk: Disk | None = None) -> None:
        """`max_bytes`: how much all shots may take; the oldest give way."""
        self.folder = folder
        self._max_bytes = max_bytes
        self._disk = disk or Disk()
        self._lock = FolderLock(folder)

    def open(self) -> None:
        """Make the folder ours. Raises SpoolError: no such right, or another process has it."""
        self._lock.acquire()

    def close(self) -> None:
        """Let another process have the folder."""
        self._lock.release()

    def load(self) -> list[Shot]:
        """What former runs left, oldest first; half-written shots go. Raises SpoolError."""
        for name in self._names():
            if name.endswith(PART) and shot_named(name.removesuffix(PART)) is not None:
                self._try_remove(self.folder / name)
        return self.peek()

    def peek(self) -> list[Shot]:
        """All shots, oldest first, without touching anything. Raises SpoolError."""
        found = (shot_named(name) for name in self._names())
        return [shot for shot in found if shot is not None]

    def add(self, shot: Shot, content: bytes) -> None:
        """Once this returns, neither kill -9 nor a power cut loses the shot. Raises OSError."""
        if len(content) > self._max_bytes:
            raise SpoolError(f"A shot of {len(content)} bytes is more than all shots may take.")
        file = self._file(shot)
        try:
            store(self._disk, file, content)
        except OSError:
            self._try_remove(part_of(file))
            raise

    def read(self, shot: Shot) -> bytes | None:
        """Its content; None: it is gone. Raises OSError."""
        try:
            return self._file(shot).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, shot: Shot) -> None:
        """It is in the cloud. A failure is only logged: sent again, it is found to be there."""
        self._try_remove(self._file(shot))

    def put_aside(self, shot: Shot) -> None:
        """The cloud will never take it: its owner may look at it. A failure is only logged."""
        aside = self.folder / ASIDE
        try:
            aside.mkdir(mode=0o700, exist_ok=True)
            self._disk.rename(self._file(shot), aside / shot.file_name)
            for old in sorted(aside.iterdir())[:-MOST_ASIDE]:
                self._try_remove(old)
        except OSError as error:
            _log.warning("%s stays where it is: %s", shot.file_name, error.strerror)

    def trim(self) -> list[Shot]:
        """Drop the oldest until the rest fits; returns the dropped ones. Raises SpoolError."""
        shots = self.peek()
        sizes = [self.size(shot) for shot in shots]
        total, dropped = sum(sizes), []
        for shot, size in zip(shots, sizes, strict=True):
            if total <= self._max_bytes:
                break
            _log.warning("%s is dropped: the spool is full", shot.file_name)
            self._try_remove(self._file(shot))
            total -= size
            dropped.append(shot)
        return dropped

    def size(self, shot: Shot) -> int:
        """Its bytes; 0 if it is gone."""
        try:
            return self._file(shot).stat().st_size
        except OSError:
            return 0

    def _file(self, shot: Shot) -> Path:
        return self.folder / shot.file_name

    def _names(self) -> list[str]:
        try:
            return sorted(os.listdir(self.folder))  # noqa: PTH208 - names that are no text, too
        except FileNotFoundError:
            return []
        except OSError as error:
            raise SpoolError(f"The spool {self.folder} cannot be read: {error.strerror}.") from None

    def _try_remove(self, file: Path) -> None:
        try:
            self._disk.remove(file)
        except OSError as error:
            _log.warning("%s cannot be removed: %s", file.name, error.strerror)


def counted_shots(shots: int) -> str:
    """How many wait, for a person."""
    return "1 picture waits" if shots == 1 else f"{shots} pictures wait"
