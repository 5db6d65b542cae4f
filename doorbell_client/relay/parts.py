"""A file in parts: how it is cut, and the SHA-256 of each part, computed while it is received."""

import base64
import hashlib
import io
from collections.abc import Iterator
from typing import Final, NamedTuple

PART_SIZE: Final = 8 * 1024 * 1024
"""Bytes; the cloud asks for parts of this size. With 10,000 of them a file may have 80 GB."""

MOST_PARTS: Final = 10_000
"""S3 takes no more."""

MOST_BYTES: Final = PART_SIZE * MOST_PARTS


_READ: Final = 1024 * 1024


class Part(NamedTuple):
    """One part: its number, from 1, and where it lies in the file."""

    number: int
    offset: int
    size: int


def plan(size: int, part_size: int) -> list[Part]:
    """The parts of a file of so many bytes, all of `part_size` but the last."""
    return [
        Part(number, offset, min(part_size, size - offset))
        for number, offset in enumerate(range(0, size, part_size), start=1)
    ]


class PartHasher:
    """The SHA-256 of each part of what is fed, in any pieces."""

    def __init__(self, part_size: int = PART_SIZE) -> None:
        self._part_size = part_size
        self._now = hashlib.sha256()
        self._in_part = 0
        self._whole: list[str] = []
        self.size = 0

    def feed(self, piece: bytes) -> int:
        """More of the file. Returns how many parts ended within it."""
        ended = len(self._whole)
        for cut in self._cuts(memoryview(piece)):
            self._now.update(cut)
            self._in_part += len(cut)
            if self._in_part == self._part_size:
                self._close_part()
        self.size += len(piece)
        return len(self._whole) - ended

    def digests(self) -> list[str]:
        """Of every part, in Base64, as S3 wants it; the last one may be shorter."""
        last = [_text(self._now)] if self._in_part else []
        return self._whole + last

    def _cuts(self, piece: memoryview) -> Iterator[memoryview]:
        while piece:
            room = self._part_size - self._in_part
            cut, piece = piece[:room], piece[room:]
            yield cut

    def _close_part(self) -> None:
        self._whole.append(_text(self._now))
        self._now, self._in_part = hashlib.sha256(), 0


def _text(digest: "hashlib._Hash") -> str:
    return base64.b64encode(digest.digest()).decode()


def hashed(stream: io.FileIO) -> PartHasher:
    """A file that is there already, from its beginning. Raises OSError."""
    hasher = PartHasher()
    stream.seek(0)
    while piece := stream.read(_READ):
        hasher.feed(piece)
    return hasher


def fingerprint(digests: list[str] | tuple[str, ...]) -> str:
    """One word for the whole file: two files with the same have the same bytes."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()
