"""Which `open`s this door has carried out: none of them twice, not even after a restart.

An `open` is written down before the strike moves and again after it has moved. A door that is
killed in between neither opens again nor says that it opened: nobody knows.
"""

import json
import logging
import threading
from collections.abc import Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Final

from doorbell_client.outbox.disk import Disk, store

_log = logging.getLogger(__name__)

REMEMBERED: Final = 64
"""An `open` is valid for seconds; so many are hours of them."""


class Progress(IntEnum):
    """How far an `open` has come; never back."""

    BEGUN = 1
    """The strike is about to move."""
    OPENED = 2
    """It has moved."""
    ACKNOWLEDGED = 3
    """And the cloud knows that."""


class ReplayGuard:
    """The same short list in several files: in memory that outlives the process, and on disk."""

    def __init__(self, files: Sequence[Path], disk: Disk | None = None) -> None:
        """`files` are tried in this order; the first should be one that can always be written."""
        self._files = files
        self._disk = disk or Disk()
        self._lock = threading.Lock()
        self._known: dict[str, Progress] = {}
        for file in files:
            self._merge(_read(file))

    @property
    def known(self) -> Mapping[str, Progress]:
        """Every `open` that is remembered, the oldest first."""
        return dict(self._known)

    def begin(self, open_id: str) -> None:
        """The strike is about to move; from any thread.

        Raises OSError if that can be written nowhere: then it must not move.
        """
        self._advance(open_id, Progress.BEGUN)

    def advance(self, open_id: str, progress: Progress) -> None:
        """It has come further; from any thread. A failure is only logged."""
        try:
            self._advance(open_id, progress)
        except OSError as error:
            _log.warning("what became of an `open` is not written down: %s", error.strerror)

    def forget(self, open_id: str) -> None:
        """The strike did not move after all: the same `open` may come again, renewed."""
        with self._lock:
            self._known.pop(open_id, None)
        self.copy()

    def copy(self) -> None:
        """Write what is known to the other files too; from any thread."""
        with self._lock:
            for file in self._files:
                try:
                    self._store(file)
                except OSError as error:
                    _log.warning("%s cannot be written: %s", file, error.strerror)

    def _advance(self, open_id: str, progress: Progress) -> None:
        """Write it to the first file that can be written. Raises OSError."""
        failure = OSError("there is no file to write to")
        with self._lock:
            self._merge({open_id: progress})
            for file in self._files:
                try:
                    self._store(file)
                except OSError as error:
                    failure = error
                else:
                    return
        raise failure

    def _merge(self, found: Mapping[str, Progress]) -> None:
        for open_id, progress in found.items():
            self._known[open_id] = max(progress, self._known.get(open_id, progress))
        for oldest in list(self._known)[:-REMEMBERED]:
            del self._known[oldest]

    def _store(self, file: Path) -> None:
        store(self._disk, file, json.dumps(self._known).encode())


def _read(file: Path) -> dict[str, Progress]:
    try:
        content = json.loads(file.read_bytes())
        return {str(open_id): Progress(progress) for open_id, progress in content.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        _log.warning("%s cannot be read; it begins anew", file)
        return {}
