"""Clips are kept as they come; only that they are what they are said to be is looked at."""

from __future__ import annotations

from typing import Final

from doorbell.cameras.problems import Problem

_MATROSKA: Final = b"\x1a\x45\xdf\xa3"
"""EBML's mark (RFC 8794, 11.2.1)."""
_BOXES: Final = frozenset(
    {b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide", b"pdin", b"sidx"}
)
"""What the first box of an MP4 may be (ISO/IEC 14496-12)."""


def check_clip(media: str, body: bytes) -> None:
    """Raises Problem `wrong_type` unless the body begins as its type does."""
    is_matroska = body.startswith(_MATROSKA)
    is_mp4 = body[4:8] in _BOXES
    if not (is_matroska if media == "video/x-matroska" else is_mp4):
        raise Problem("wrong_type", f"The body is no {media}.")
