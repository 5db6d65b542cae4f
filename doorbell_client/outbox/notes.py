"""Presses noted in memory that outlives the process: at once, whatever the card is doing.

A worn-out card may stall for seconds, be full, or only be read. What stands here survives kill -9,
and a power cut not: the spool copies it to the card.
"""

import logging
from pathlib import Path

from doorbell_client.clock import Moment
from doorbell_client.outbox.disk import Disk
from doorbell_client.outbox.files import press_file
from doorbell_client.outbox.record import Record, read_record, record_bytes

_log = logging.getLogger(__name__)


class Notes:
    """One small file a press."""

    def __init__(self, folder: Path | None, disk: Disk) -> None:
        """`folder` is in memory and survives this process; None: there is no such."""
        self._folder = folder
        self._disk = disk

    def write(self, record: Record) -> bool:
        """Note the press; False where that is not possible."""
        if self._folder is None:
            return False
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._disk.write(self._folder / f"{record.press}.json", record_bytes(record))
        except OSError as error:
            _log.warning("press %s cannot be noted in memory: %s", record.press, error.strerror)
            return False
        return True

    def remove(self, press: str) -> None:
        """It is on the card, or delivered."""
        if self._folder is not None:
            try:
                self._disk.remove(self._folder / f"{press}.json")
            except OSError as error:
                _log.warning("the note of press %s stays: %s", press, error.strerror)

    def all(self, now: Moment) -> list[Record]:
        """What is noted; a torn note is as old as its file."""
        try:
            found = sorted(self._folder.iterdir()) if self._folder is not None else []
            return [
                read_record(file) or Record(press.press, now.at_wall(file.stat().st_mtime))
                for file in found
                if (press := press_file(file.name)) is not None
            ]
        except OSError:
            return []
