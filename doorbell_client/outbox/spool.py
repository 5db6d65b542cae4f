"""Presses and photos that are not delivered yet, safe from kill -9, power cuts and full disks.

A press is two files, `{press}.json` (who, when) and, once the camera has given it, `{press}.jpeg`.
The order of writing is the whole trick: the press before its photo, and away again the other way
round, so that whatever moment the power fails, the press is there whole or was delivered. A ticket
is never stored: it opens a place in the house's storage, and a fresh one costs one message.
"""

import fcntl
import json
import logging
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from doorbell_client.clock import Moment
from doorbell_client.errors import SpoolError, SpoolTaken
from doorbell_client.outbox.disk import LEDGER, PART, Disk, keep, part_of, store

_log = logging.getLogger(__name__)

_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OURS: Final = re.compile(rf"({_UUID})\.(json|jpeg)({re.escape(PART)})?")

ASIDE: Final = "aside"
"""The folder below the spool's for files that are not ours or not whole."""

MOST_ASIDE: Final = 20
"""More of them are a nuisance and no help; the oldest go."""

_KEPT_NAMES: Final = ("lock", ASIDE, LEDGER, LEDGER + PART)


class Record(NamedTuple):
    """One press: its id (a UUID) and the moment of the finger on the button."""

    press: str
    at: Moment


class Limits(NamedTuple):
    """How much the spool may hold: bytes in all, seconds since a press."""

    max_bytes: int = 200_000_000
    max_age: float = 7 * 86400.0


class Spool:
    """One folder of presses, for one process at a time."""

    def __init__(self, folder: Path, limits: Limits = Limits(), disk: Disk | None = None) -> None:  # noqa: B008 - immutable
        self._folder = folder
        self._limits = limits
        self._disk = disk or Disk()
        self._records: dict[str, Record] = {}
        self._live: set[str] = set()
        self._lock: int | None = None

    def open(self) -> None:
        """Make the folder ours. Raises SpoolError: no such right, or another process has it."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise SpoolError(
                f"The spool {self._folder} cannot be used: {error.strerror}."
            ) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise SpoolTaken(
                f"Another doorbell uses the spool {self._folder}; it delivers what lies there."
            ) from None
        self._lock = lock

    def close(self) -> None:
        """Let another process have the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # --- one press --------------------------------------------------------------

    def note(self, record: Record) -> None:
        """Put the press down in a hurry: survives kill -9 from now on, a power cut not yet.

        Takes some 0.1 ms: it stands between the finger and the frame on the wire. Raises OSError.
        """
        # Before the file is there: `load`, in another thread, must not take it for a leftover.
        self._live.add(record.press)
        self._disk.write(part_of(self._sidecar(record.press)), _written(record))

    def keep(self, record: Record) -> None:
        """A noted press survives a power cut too. Raises OSError."""
        keep(self._disk, self._sidecar(record.press))
        self._records[record.press] = record

    def add_photo(self, press: str, jpeg: bytes) -> None:
        """The camera gave the picture of a kept press. Raises OSError."""
        if len(jpeg) >= self._limits.max_bytes:
            raise SpoolError(f"A photo of {len(jpeg)} bytes is more than the whole spool may hold.")
        photo = self._photo(press)
        try:
            store(self._disk, photo, jpeg)
        except OSError:
            self._try_remove(part_of(photo))
            raise

    def photo(self, press: str) -> bytes | None:
        """The picture of a press, if there is one."""
        try:
            return self._photo(press).read_bytes()
        except FileNotFoundError:
            return None

    def has_photo(self, press: str) -> bool:
        """Whether the camera gave one for this press."""
        return os.access(self._photo(press), os.F_OK)

    def remove(self, press: str) -> None:
        """The press is delivered. Raises OSError."""
        self._records.pop(press, None)
        self._live.discard(press)
        # The sidecar first: a photo alone is no press, and the next `load` sweeps it away.
        sidecar = self._sidecar(press)
        self._disk.remove(sidecar)
        self._disk.remove(part_of(sidecar))
        self._disk.sync(self._folder)
        self._disk.remove(self._photo(press))

    # --- all of them --------------------------------------------------------------

    def trim(self, now: Moment) -> list[str]:
        """Drop what is too old, then the oldest until the rest fits; returns the dropped ids."""
        dropped = []
        sizes = {record.press: self._size(record.press) for record in self._oldest_first(now)}
        total = sum(sizes.values())
        for record in self._oldest_first(now):
            too_old = now.since(record.at) > self._limits.max_age
            if too_old or total > self._limits.max_bytes:
                _log.warning("press %s is dropped: %s", record.press, _why(too_old))
                self._forget(record.press)
                total -= sizes[record.press]
                dropped.append(record.press)
        return dropped

    def load(self, now: Moment) -> list[Record]:
        """What former processes left, oldest first; half-written and foreign files are cleared.

        Nothing that lies in the folder stops a door from starting: what cannot be read is named
        in the log and moved aside. Raises OSError only when the folder itself cannot be read.
        """
        self._records.update({record.press: record for record in self._salvaged()})
        self._sweep()
        self.trim(now)
        return [each for each in self._oldest_first(now) if each.press not in self._live]

    def peek(self) -> list[tuple[Record, int]]:
        """The presses and their bytes, without touching anything: for another process to list.

        Raises SpoolError when the folder is there and cannot be read.
        """
        if not self._folder.exists():
            return []
        try:
            return self._peek()
        except OSError as error:
            raise SpoolError(
                f"The spool {self._folder} cannot be read: {error.strerror}."
            ) from None

    def _peek(self) -> list[tuple[Record, int]]:
        presses = {press for press, kind, part in self._ours() if kind == "json" and not part}
        records = [self._read(self._sidecar(press)) for press in presses]
        found = [(record, self._size(record.press)) for record in records if record is not None]
        return sorted(found, key=lambda each: each[0].at.wall)

    # --- what a crash leaves --------------------------------------------------------

    def _salvaged(self) -> Iterator[Record]:
        presses = {press for press, kind, _ in self._ours() if kind == "json"}
        for press in sorted(presses - self._live):
            record = self._read(self._sidecar(press))
            yield record if record is not None else self._salvage(press)

    def _salvage(self, press: str) -> Record:
        """A press whose sidecar is torn, damaged or not yet named; with a full disk, too."""
        sidecar = self._sidecar(press)
        record = self._read(part_of(sidecar))
        try:
            if record is not None:
                keep(self._disk, sidecar)
                return record
            torn = sidecar if sidecar.exists() else part_of(sidecar)
            # The name and the file's own time still say that somebody was there.
            record = Record(press, Moment(torn.stat().st_mtime, "", 0.0))
            self._disk.write(part_of(sidecar), _written(record))
            if torn == sidecar:
                self._move_aside(sidecar)
            keep(self._disk, sidecar)
        except OSError as error:
            _log.warning("press %s is kept in memory only: %s", press, error.strerror)
        return record or Record(press, Moment(0.0, "", 0.0))

    def _sweep(self) -> None:
        for name in sorted(os.listdir(self._folder)):  # noqa: PTH208 - names that are no text, too
            ours = _OURS.fullmatch(name)
            if ours and ours[1] in self._live:
                continue
            if ours and ours[1] in self._records:
                if ours[3] and (ours[2] == "jpeg" or self._sidecar(ours[1]).exists()):
                    self._try_remove(self._folder / name)
            elif ours and ours[2] == "jpeg":
                self._try_remove(self._folder / name)
            elif name not in _KEPT_NAMES:
                self._move_aside(self._folder / name)

    def _move_aside(self, file: Path) -> None:
        aside = self._folder / ASIDE
        try:
            aside.mkdir(mode=0o700, exist_ok=True)
            file.replace(aside / f"{_first_free(aside)}-{file.name[-80:]}")
            _log.warning("%r in the spool is damaged or not ours; it lies in %s", file.name, aside)
            self._thin_out(aside)
        except OSError as error:
            _log.warning("%r in the spool stays where it is: %s", file.name, error.strerror)

    def _thin_out(self, aside: Path) -> None:
        for file in sorted(each for each in aside.iterdir() if each.is_file())[:-MOST_ASIDE]:
            self._try_remove(file)

    def _ours(self) -> Iterator[tuple[str, str, str | None]]:
        for name in os.listdir(self._folder):  # noqa: PTH208 - names that are no text, too
            if ours := _OURS.fullmatch(name):
                yield ours[1], ours[2], ours[3]

    def _forget(self, press: str) -> None:
        try:
            self.remove(press)
        except OSError as error:
            _log.warning("press %s cannot be removed: %s", press, error.strerror)

    # --- small things -----------------------------------------------------------------

    def _read(self, file: Path) -> Record | None:
        try:
            content = json.loads(file.read_bytes())
            at = Moment(float(content["at"]), str(content["boot"]), float(content["uptime"]))
            believable = math.isfinite(at.wall) and math.isfinite(at.uptime)
            same = content["press"] == file.name.split(".")[0]
            return Record(content["press"], at) if believable and same else None
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return None

    def _oldest_first(self, now: Moment) -> list[Record]:
        return sorted(self._records.values(), key=lambda record: -now.since(record.at))

    def _size(self, press: str) -> int:
        total = 0
        for file in (self._sidecar(press), self._photo(press)):
            try:
                total += file.stat().st_size
            except OSError:
                continue
        return total

    def _try_remove(self, file: Path) -> None:
        try:
            self._disk.remove(file)
        except OSError as error:
            _log.warning("%r in the spool cannot be removed: %s", file.name, error.strerror)

    def _sidecar(self, press: str) -> Path:
        return self._folder / f"{press}.json"

    def _photo(self, press: str) -> Path:
        return self._folder / f"{press}.jpeg"


def _written(record: Record) -> bytes:
    wall, boot, uptime = record.at
    content = {"press": record.press, "at": wall, "boot": boot, "uptime": uptime}
    return json.dumps(content).encode()


def counted(presses: int) -> str:
    """How many wait, for a person."""
    return "1 press waits" if presses == 1 else f"{presses} presses wait"


def _why(too_old: bool) -> str:
    return "it is too old" if too_old else "the spool is full"


def _first_free(folder: Path) -> str:
    numbers = [int(each.name[:6]) for each in folder.iterdir() if each.name[:6].isdigit()]
    return f"{max(numbers, default=0) + 1:06d}"
