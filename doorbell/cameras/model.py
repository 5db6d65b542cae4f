"""The records of what cameras send. Times are seconds since 1970."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from doorbell.events import CameraTrouble as CameraTrouble
from doorbell.events import MediaKind as MediaKind

MediaType: TypeAlias = Literal["image/jpeg", "video/x-matroska", "video/mp4", "application/x-mjpeg"]

KINDS: Final[dict[MediaType, MediaKind]] = {
    "image/jpeg": "picture",
    "video/x-matroska": "clip",
    "video/mp4": "clip",
    "application/x-mjpeg": "burst",
}
"""What each type of body is."""

OPENED: Final = "opened"
"""Written beside a picture that could be opened when it came."""


class Delivery(NamedTuple):
    """What a camera has sent in one request."""

    media: str
    """The body's type, in small letters, without parameters."""
    body: bytes
    disposition: str = ""
    """The header Content-Disposition: a file name may stand in it."""


class UploadPlan(NamedTuple):
    """What a device is about to upload by itself; the same `id` means the same object."""

    id: str
    media: MediaType
    name: str
    taken_at: float
    size: int


class Part(NamedTuple):
    """A part of a clip that is to be uploaded."""

    number: int
    size: int
    sha256: str
    """In base64, as S3 has it."""


class UploadedPart(NamedTuple):
    """A part that S3 has taken."""

    number: int
    etag: str
    sha256: str


class Stored(NamedTuple):
    """An object of the bucket: its size, what was written beside it, and of a clip that came in
    parts the checksum of their checksums, as S3 has it.
    """

    size: int
    facts: Mapping[str, str] = {}
    sha256: str | None = None
