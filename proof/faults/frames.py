"""A socket's frames (RFC 6455, 5.2), out of chunks that may end anywhere."""

from __future__ import annotations

from typing import Final, NamedTuple

TEXT: Final = 1


class Frame(NamedTuple):
    """One frame: as it came, what kind it is, and what it says."""

    raw: bytes
    opcode: int
    content: bytes


class Frames:
    """Of one direction: a client's are masked, a server's are not."""

    def __init__(self) -> None:
        self._rest = b""

    def read(self, chunk: bytes) -> list[Frame]:
        """Each frame that is whole with this chunk."""
        self._rest += chunk
        frames = []
        while (size := _size(self._rest)) is not None and len(self._rest) >= sum(size):
            head, length = size
            raw, self._rest = self._rest[: head + length], self._rest[head + length :]
            body = raw[head:]
            if raw[1] & 0x80:
                mask = raw[head - 4 : head]
                body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(body))
            frames.append(Frame(raw, raw[0] & 0x0F, body))
        return frames


def _size(frame: bytes) -> tuple[int, int] | None:
    """How long the first frame's head is with its mask, and its content; None: not yet known."""
    if len(frame) < 2:
        return None
    short = frame[1] & 0x7F
    wide = {126: 2, 127: 8}.get(short, 0)
    if len(frame) < 2 + wide:
        return None
    mask = 4 if frame[1] & 0x80 else 0
    return 2 + wide + mask, int.from_bytes(frame[2 : 2 + wide], "big") if wide else short
