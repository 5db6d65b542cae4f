"""Presses and photos that are not delivered yet, safe from kill -9, power cuts and full disks.

A press is two files, `{press}.json` (who, when) and, once the camera has given it, `{press}.jpeg`.
The order of writing makes them safe: the press before its photo, and removed the other way round,
so that whatever moment the power fails, the press is there whole or was delivered. A ticket is
never stored: it opens a place in the cloud's storage, and a fresh one costs one message.
"""

import logging
import os
from pathlib import Path
from typing import Final, NamedTuple

from doorbell_client.clock import Moment
from doorbell_client.errors import SpoolError
from doorbell_client.outbox.disk import PART, Disk, keep, part_of, store
from doorbell_client.outbox.files import Files
from doorbell_client.outbox.folder_lock import LOCK, FolderLock
from doorbell_client.outbox.notes import Notes
from doorbell_client.outbox.record import Record, record_bytes
from doorbell_client.outbox.recovery import recover, sweep

_log = logging.getLogger(__name__)

OPENED_FILE: Final = "opened"
"""The door keeps beside the presses which `open`s it has carried out."""

_OWN_NAMES: Final = (LOCK, OPENED_FILE, OPENED_FILE + PART)


class Limits(NamedTuple):
    """How much the spool may hold: bytes in all, seconds since a press."""

    max_bytes: int = 200_000_000
    max_age: float = 7 * 86400.0
    """Of a press of another boot, seconds since this one began: the clock may have been wrong."""


class Spool:
    """One folder of presses, for one process at a time."""

    def __init__(
        self,
        folder: Path,
        limits: Limits = Limits(),  # noqa: B008 - immutable
        disk: Disk | None = None,
        memory: Path | None = None,
    ) -> None:
        """`memory` is a folder that outlives this process and is on no card, if there is one."""
        self._folder = folder
        self._limits = limits
        self._disk = disk or Disk()
        self._files = Files(folder, self._disk)
        self._records: dict[str, Record] = {}
        self._live: set[str] = set()
        self._noted: set[str] = set()
        """In memory, and not in a part of a file."""
        self._lock = FolderLock(folder)
        self._notes = Notes(memory and memory / "presses", self._disk)

    def open(self) -> None:
        """Make the folder ours. Raises SpoolError: no such right, or another process has it."""
        self._lock.acquire()

    def close(self) -> None:
        """Let another process have the folder."""
        self._lock.release()

    # --- one press --------------------------------------------------------------

    def note(self, record: Record) -> None:
        """Write the press in a hurry: survives kill -9 from now on, a power cut not yet.

        Takes some 0.1 ms, in memory whatever the card does. Raises OSError.
        """
        # Before the file is there: `load`, in another thread, must not take it for a leftover.
        self._live.add(record.press)
        if self._notes.write(record):
            self._noted.add(record.press)
        else:
            self._disk.write(part_of(self._files.record(record.press)), record_bytes(record))

    def keep(self, record: Record) -> None:
        """A noted press survives a power cut too. Raises OSError: it is still noted."""
        file = self._files.record(record.press)
        if record.press in self._noted:
            store(self._disk, file, record_bytes(record))
        else:
            keep(self._disk, file)
        self._records[record.press] = record
        self._notes.remove(record.press)

    def add_photo(self, press: str, jpeg: bytes) -> None:
        """The camera gave the picture of a kept press. Raises OSError."""
        if len(jpeg) >= self._limits.max_bytes:
            raise SpoolError(f"A photo of {len(jpeg)} bytes is more than the whole spool may hold.")
        photo = self._files.photo(press)
        try:
            store(self._disk, photo, jpeg)
        except OSError:
            self._files.try_remove(part_of(photo))
            raise

    def photo(self, press: str) -> bytes | None:
        """The picture of a press, if there is one."""
        try:
            return self._files.photo(press).read_bytes()
        except FileNotFoundError:
            return None

    def has_photo(self, press: str) -> bool:
        """Whether the camera gave one for this press."""
        return os.access(self._files.photo(press), os.F_OK)

    def mark_delivered(self, record: Record) -> None:
        """The press is in the cloud; its photo need not be kept. Raises OSError."""
        delivered = record._replace(delivered=True)
        self._notes.write(delivered)
        store(self._disk, self._files.record(record.press), record_bytes(delivered))
        self._records[record.press] = delivered
        self._notes.remove(record.press)
        self._disk.remove(self._files.photo(record.press))

    def remove(self, press: str) -> None:
        """The press is delivered and was heard. Raises OSError."""
        self._records.pop(press, None)
        self._live.discard(press)
        self._noted.discard(press)
        self._notes.remove(press)
        # The record first: a photo alone is no press, and the next `load` removes it.
        record = self._files.record(press)
        self._disk.remove(record)
        self._disk.remove(part_of(record))
        self._disk.sync(self._folder)
        self._disk.remove(self._files.photo(press))

    # --- all of them --------------------------------------------------------------

    def load(self, now: Moment) -> list[Record]:
        """What former processes left, oldest first; half-written and foreign files are cleared."""
        try:
            recovered = recover(self._files, self._live, now)
            self._records.update({record.press: record for record in recovered})
            sweep(self._files, self._records.keys(), self._live, _OWN_NAMES)
        except OSError as error:
            _log.error("the spool %s cannot be read: %s", self._folder, error.strerror)
        self._adopt_notes(now)
        self.trim(now)
        return [each for each in self._oldest_first(now) if each.press not in self._live]

    def _adopt_notes(self, now: Moment) -> None:
        """Presses of a killed run that did not reach the card as they are now."""
        for record in self._notes.all(now):
            if record.press in self._live:
                continue
            self._noted.add(record.press)
            try:
                self.keep(record)
            except OSError as error:
                _log.warning("press %s is kept in memory only: %s", record.press, error.strerror)
                self._records[record.press] = record

    def trim(self, now: Moment) -> list[str]:
        """Drop what is too old, then the oldest until the rest fits; returns the dropped ids."""
        dropped = []
        sizes = {press: self._files.size(press) for press in self._records}
        total = sum(sizes.values())
        for record in self._oldest_first(now):
            too_old = now.surely_since(record.at) > self._limits.max_age
            if too_old or total > self._limits.max_bytes:
                why = "it is too old" if too_old else "the spool is full"
                _log.warning("press %s is dropped: %s", record.press, why)
                self._try_remove(record.press)
                total -= sizes[record.press]
                dropped.append(record.press)
        return dropped

    def peek(self) -> list[tuple[Record, int]]:
        """Undelivered presses and their bytes, without touching anything: for another process.

        Raises SpoolError when the folder is there and cannot be read.
        """
        try:
            found = self._files.whole_records() if self._folder.exists() else []
        except OSError as error:
            raise SpoolError(
                f"The spool {self._folder} cannot be read: {error.strerror}."
            ) from None
        notes = {
            note.press: (note, len(record_bytes(note))) for note in self._notes.all(Moment.now())
        }
        presses = {record.press: (record, size) for record, size in found} | notes
        return [each for each in presses.values() if not each[0].delivered]

    def _oldest_first(self, now: Moment) -> list[Record]:
        return sorted(self._records.values(), key=lambda record: -now.since(record.at))

    def _try_remove(self, press: str) -> None:
        try:
            self.remove(press)
        except OSError as error:
            _log.warning("press %s cannot be removed: %s", press, error.strerror)


def counted(presses: int) -> str:
    """How many wait, for a person."""
    return "1 press waits" if presses == 1 else f"{presses} presses wait"
