"""Repair of JPEGs by what is in them. A whole one stays as it is, byte for byte.

The known damages: a first byte that an Arduino's loop has lost, line ends of a careless HTTP
client before it, and whatever stood in a buffer behind it. The marks: ITU-T T.81, Annex B.
"""

from __future__ import annotations

from typing import Final

from doorbell.cameras.problems import Problem

START: Final = b"\xff\xd8"
END: Final = b"\xff\xd9"
_LINE_END: Final = b"\r\n"
_SCAN: Final = 0xDA
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Marks without a segment behind them."""


def repair(sent: bytes) -> bytes:
    """The picture that was sent. Raises Problem `wrong_type` for what is none."""
    picture = _from_its_start(sent)
    end = _end(picture)
    return picture if end == len(picture) else picture[:end]


def _from_its_start(sent: bytes) -> bytes:
    begin = 0
    while sent.startswith(_LINE_END, begin):
        begin += len(_LINE_END)
    if sent.startswith(START, begin):
        return sent[begin:]
    if sent.startswith(START[1:] + b"\xff", begin):
        return START[:1] + sent[begin:]
    raise Problem("wrong_type", "The body is no JPEG.")


def _end(picture: bytes) -> int:
    """Where it ends: behind the last end mark, or with the last byte if there is none.

    Looked for behind the head alone: a head may hold a small picture with an end of its own.
    """
    scan = _first_scan(picture)
    found = picture.rfind(END, scan) if scan else -1
    return len(picture) if found < 0 else found + len(END)


def _first_scan(picture: bytes) -> int:
    """Where the head ends and the picture itself begins; 0 if that cannot be found."""
    at = len(START)
    while at + 4 <= len(picture) and picture[at] == 0xFF:
        mark = picture[at + 1]
        if mark == _SCAN:
            return at
        if mark == 0xFF:
            at += 1  # filling
        elif mark in _ALONE:
            at += 2
        else:
            at += 2 + int.from_bytes(picture[at + 2 : at + 4])
    return 0
