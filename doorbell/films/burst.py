"""A burst is one object: JPEGs, one after another. Here they are told apart (ISO 10918-1, annex B).

Every marker is followed, so that a JPEG inside of a JPEG, as EXIF has its thumbnail, stays there.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from doorbell.errors import NoFilm

MOST_FRAMES: Final = 32
MOST_BYTES: Final = 20_000_000
MOST_MARKERS: Final = 2_000
"""Of one picture, without the restarts in its pixels: some tens are usual."""

_START: Final = b"\xff\xd8"
_NEXT_START: Final = b"\xff\xd8\xff"
_END: Final = 0xD9
_START_AGAIN: Final = 0xD8
_SCAN: Final = 0xDA
_ALONE: Final = (0x01, *range(0xD0, 0xD8))
"""TEM and RST0 to RST7: markers without a length."""
_MAY_HOLD_PICTURES: Final = (*range(0xE0, 0xF0), 0xFE)
"""APP0 to APP15 and COM: EXIF has a thumbnail."""
_AFTER_ENTROPY: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""What ends entropy-coded data: not a stuffed FF00, not a restart, not a byte that fills."""
_FILLED: Final = re.compile(rb"\xff+")
"""Any number of them may stand before a marker."""
_BETWEEN: Final = re.compile(rb"[\x00\r\n\t ]*")
"""What may stand between two pictures, and means nothing."""


class Split(NamedTuple):
    """What a burst holds."""

    frames: tuple[bytes, ...]
    """Each a whole JPEG, byte for byte."""
    damaged: int
    """Places where something else stood: a picture cut off, or what is none."""


class _Damaged(Exception):
    """What should be a JPEG is none from here on."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def split(burst: bytes) -> Split:
    """The pictures of a burst. Raises NoFilm: `too_large`, `too_many`, `no_pictures`."""
    if len(burst) > MOST_BYTES:
        raise NoFilm("too_large")
    frames, damaged, at = [], 0, 0
    while (at := _past(_BETWEEN, burst, at)) < len(burst):
        try:
            end = _end_of_jpeg(burst, at)
        except _Damaged as found:
            damaged += 1
            at = _next_start(burst, max(found.at, at + 1))
        else:
            frames.append(burst[at:end])
            at = end
        if len(frames) + damaged > MOST_FRAMES:
            raise NoFilm("too_many")
    if not frames:
        raise NoFilm("no_pictures")
    return Split(tuple(frames), damaged)


def _past(pattern: re.Pattern[bytes], burst: bytes, at: int) -> int:
    """Behind what fits this pattern; here, if nothing does."""
    found = pattern.match(burst, at)
    return found.end() if found else at


def _next_start(burst: bytes, at: int) -> int:
    found = burst.find(_NEXT_START, at)
    return found if found >= 0 else len(burst)


def _end_of_jpeg(burst: bytes, begin: int) -> int:
    """Where the JPEG that begins here is over. Raises _Damaged."""
    if burst[begin : begin + 2] != _START:
        raise _Damaged(begin)
    at = begin + 2
    table = at
    """Where the last table began: if it is cut off, the next picture stands within its length."""
    for _ in range(MOST_MARKERS):
        at, marker = _marker(burst, at, table)
        if marker == _END:
            return at
        if marker in _ALONE:
            continue
        after = _past_segment(burst, at)
        at, table = after, after if marker in _MAY_HOLD_PICTURES else at
        if marker == _SCAN:
            found = _AFTER_ENTROPY.search(burst, at)
            if found is None:
                raise _Damaged(len(burst))
            at = table = found.start()
    raise _Damaged(at)


def _marker(burst: bytes, at: int, table: int) -> tuple[int, int]:
    """The marker at this place, and where it is over. Raises _Damaged."""
    after = _past(_FILLED, burst, at)
    if after == at:
        raise _Damaged(table)
    marker = burst[after] if after < len(burst) else 0
    if marker in (0, _START_AGAIN):
        # Another picture begins: this one was cut off.
        raise _Damaged(table)
    return after + 1, marker


def _past_segment(burst: bytes, at: int) -> int:
    """Behind a segment, whose length stands at its beginning. Raises _Damaged."""
    length = int.from_bytes(burst[at : at + 2], "big")
    if length < 2 or at + length > len(burst):
        raise _Damaged(at)
    return at + length
