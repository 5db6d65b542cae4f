"""Which files a spool's folder holds, and what they are called."""

import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from doorbell_client.outbox.disk import PART, Disk
from doorbell_client.outbox.record import Record, read_record

_log = logging.getLogger(__name__)

_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OURS: Final = re.compile(rf"({_UUID})\.(json|jpeg)({re.escape(PART)})?")


class PressFile(NamedTuple):
    """A file that belongs to a press."""

    press: str
    is_photo: bool
    is_part: bool
    """Not all of it may be there."""


class Files:
    """The files of one spool's folder: `{press}.json` and `{press}.jpeg`."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self.folder = folder
        self.disk = disk

    def record(self, press: str) -> Path:
        """Where a press is kept."""
        return self.folder / f"{press}.json"

    def photo(self, press: str) -> Path:
        """Where a press's picture is kept."""
        return self.folder / f"{press}.jpeg"

    def names(self) -> list[str]:
        """All names in the folder, also those that are no text. Raises OSError."""
        return sorted(os.listdir(self.folder))  # noqa: PTH208 - names that are no text, too

    def of_presses(self) -> Iterator[PressFile]:
        """The files that belong to presses. Raises OSError."""
        for name in self.names():
            if (file := press_file(name)) is not None:
                yield file

    def size(self, press: str) -> int:
        """Bytes that a press and its picture take."""
        total = 0
        for file in (self.record(press), self.photo(press)):
            try:
                total += file.stat().st_size
            except OSError:
                continue
        return total

    def whole_records(self) -> list[tuple[Record, int]]:
        """Every press that can be read with its bytes, oldest first. Raises OSError."""
        presses = {
            file.press for file in self.of_presses() if not file.is_photo and not file.is_part
        }
        records = [read_record(self.record(press)) for press in presses]
        found = [(record, self.size(record.press)) for record in records if record is not None]
        return sorted(found, key=lambda each: each[0].at.wall)

    def try_remove(self, file: Path) -> None:
        """Remove it; a failure is only logged."""
        try:
            self.disk.remove(file)
        except OSError as error:
            _log.warning("%r in the spool cannot be removed: %s", file.name, error.strerror)


def press_file(name: str) -> PressFile | None:
    """What a file of this name is; None: it belongs to no press."""
    ours = _OURS.fullmatch(name)
    return ours and PressFile(ours[1], ours[2] == "jpeg", ours[3] is not None)
