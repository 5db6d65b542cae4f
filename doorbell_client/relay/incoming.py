"""A file that is coming in: written and hashed piece by piece, until it is all there or given up.

While it grows it is called `….data.part`, and nothing takes it for a file.
"""

import logging
import os
from pathlib import Path
from typing import Final

from doorbell_client.errors import SpoolFull
from doorbell_client.outbox.disk import Disk, keep, part_of, write_all
from doorbell_client.relay.parts import MOST_BYTES, PartHasher, fingerprint, hashed
from doorbell_client.relay.room import Room

_log = logging.getLogger(__name__)

STEP: Final = 1024 * 1024
"""Bytes that are taken at once for a file whose length nobody has said."""


class Incoming:
    """One such file. All of its work is for a thread that may wait for the disk."""

    def __init__(self, file: Path, room: Room, disk: Disk, length: int | None) -> None:
        """`file` is what it will be called; `length` is what the camera has announced.

        Raises SpoolFull before a byte is written, and OSError.
        """
        self._file = file
        self._room = room
        self._disk = disk
        self._hasher: PartHasher | None = PartHasher()
        self._promised = length or 0
        self._size = 0
        room.take(self._promised)
        try:
            self._stream = disk.create(part_of(file))
        except OSError:
            room.give_back(0, self._promised)
            raise

    def write(self, piece: bytes) -> None:
        """More of it. Raises SpoolFull and OSError; then it can only be discarded."""
        assert self._hasher is not None
        self._grow(len(piece))
        write_all(self._stream, piece)
        if self._hasher.feed(piece):
            # Part by part, so that the last moment of a long clip is as short as that of a picture.
            os.fdatasync(self._stream.fileno())

    def write_at(self, offset: int, piece: bytes) -> None:
        """Write where something may stand already: such a file is hashed once it is whole.

        Raises as `write` does.
        """
        self._hasher = None
        self._grow(max(0, offset + len(piece) - self._size))
        rest = memoryview(piece)
        while rest:
            written = os.pwrite(self._stream.fileno(), rest, offset)
            rest, offset = rest[written:], offset + written

    def fingerprint(self) -> str:
        """One word for what was written so far, from its beginning to its end."""
        assert self._hasher is not None
        return fingerprint(self._hasher.digests())

    def finish(self) -> tuple[int, list[str]]:
        """All of it is there, and survives a power cut: its size, and the hash of each part.

        Raises OSError.
        """
        hasher = self._hasher or hashed(self._stream)
        self._stream.close()
        keep(self._disk, self._file)
        self._room.give_back(0, self._promised)
        self._promised = 0
        return self._size, hasher.digests()

    def discard(self) -> None:
        """Nothing of it is kept, by whatever name it goes; a failure is only logged."""
        self._room.give_back(self._size, self._promised)
        self._size = self._promised = 0
        try:
            self._stream.close()
            self._disk.remove(part_of(self._file))
            self._disk.remove(self._file)
        except OSError as error:
            _log.warning("what is left of %s stays until the next start: %s", self._file, error)

    def _grow(self, count: int) -> None:
        if self._size + count > MOST_BYTES:
            raise SpoolFull(f"The cloud takes no file of more than {MOST_BYTES} bytes.")
        if count > self._promised:
            step = max(count - self._promised, STEP)
            self._room.take(step)
            self._promised += step
        self._promised -= count
        self._size += count
        self._room.wrote(count)
