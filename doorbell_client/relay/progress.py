"""How far a file's upload has come; kept beside it, so that it goes on there after anything."""

from typing import Annotated

import msgspec

_Positive = Annotated[int, msgspec.Meta(ge=1)]


class Progress(msgspec.Struct):
    """One upload in parts that the cloud has begun."""

    key: str
    """What the cloud calls the file."""
    upload: str
    part_size: _Positive
    etags: dict[_Positive, str] = msgspec.field(default_factory=dict)
    """The storage's word for each part that it has."""


def progress_bytes(progress: Progress) -> bytes:
    """What its file holds."""
    return msgspec.json.encode(progress)


def read_progress(content: bytes) -> Progress | None:
    """What a file holds; None if that is damaged: the upload then begins again."""
    try:
        return msgspec.json.decode(content, type=Progress)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
