"""Makes a folder one process's own."""

import fcntl
import os
from pathlib import Path
from typing import Final

from doorbell_client.errors import SpoolError, SpoolTaken

LOCK: Final = "lock"
"""The file's name."""


class FolderLock:
    """Held by at most one process; the kernel releases it when that process ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fd: int | None = None

    def acquire(self) -> None:
        """Make the folder, and make it ours. Raises SpoolError, SpoolTaken."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise SpoolError(
                f"The spool {self._folder} cannot be used: {error.strerror}."
            ) from None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            raise SpoolTaken(
                f"Another doorbell uses the spool {self._folder}; it delivers what lies there."
            ) from None
        self._fd = fd

    def release(self) -> None:
        """Let another process have the folder."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
