"""Which `open`s this door has carried out: none of them twice, not even after a restart."""

import json
import logging
import threading
from pathlib import Path
from typing import Final

from doorbell_client.outbox.disk import Disk, store

_log = logging.getLogger(__name__)

REMEMBERED: Final = 64
"""An `open` is valid for seconds; so many are hours of them."""


class ReplayGuard:
    """A short list on disk."""

    def __init__(self, file: Path, disk: Disk | None = None) -> None:
        self._file = file
        self._disk = disk or Disk()
        self._lock = threading.Lock()
        self._ids = self._read()

    @property
    def ids(self) -> tuple[str, ...]:
        """Those carried out, oldest first."""
        return tuple(self._ids)

    def add(self, open_id: str) -> None:
        """This one too; from any thread. On a full disk only this process remembers it."""
        with self._lock:
            self._ids = [*self._ids, open_id][-REMEMBERED:]
            try:
                store(self._disk, self._file, json.dumps(self._ids).encode())
            except OSError as error:
                _log.warning("an `open` is only remembered in memory: %s", error.strerror)

    def _read(self) -> list[str]:
        try:
            ids = json.loads(self._file.read_bytes())
            return [str(each) for each in ids][-REMEMBERED:]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError, RecursionError):
            _log.warning("%s cannot be read; it begins anew", self._file)
            return []
