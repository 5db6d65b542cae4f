"""What receiving needs from the world, as Protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from doorbell.cameras.model import Part, Stored, UploadedPart
    from doorbell.model import Device
    from doorbell.protocol import Upload


class Cameras(Protocol):
    """Devices, as receiving sees them."""

    def find(self, home: str, device: str) -> Device | None:
        """The device, or None if there is none (any more)."""

    def went_plain(self, home: str, device: str) -> bool:
        """Whether its token was ever carried without TLS."""

    def mark_plain(self, home: str, device: str) -> None:
        """It was, just now. Raises Conflict if there is no such device."""


class Objects(Protocol):
    """The bucket."""

    def put(self, key: str, content: bytes, media: str, facts: Mapping[str, str]) -> bool:
        """Write an object and, beside it, what is known of it; False if there is one already."""

    def replace(self, key: str, content: bytes, media: str, facts: Mapping[str, str]) -> None:
        """Write an object in place of the one that is there."""

    def remove(self, key: str) -> None:
        """None there is no error."""

    def find(self, key: str) -> Stored | None:
        """What is there, or None."""

    def read(self, key: str) -> bytes | None:
        """All of it, or None if there is none."""


class Uploads(Protocol):
    """What devices put into the bucket by themselves, by URLs that we sign."""

    def link(self, key: str, media: str, size: int, expires_in: int) -> Upload:
        """A PUT of exactly so many bytes, that serves once."""

    def begin(self, key: str, media: str) -> str:
        """Begin an upload in parts; its id."""

    def link_part(self, key: str, upload: str, part: Part, expires_in: int) -> Upload:
        """A PUT of this part: S3 takes no bytes but those of its checksum."""

    def complete(self, key: str, upload: str, parts: Sequence[UploadedPart]) -> None:
        """Join the parts. Raises Problem `bad_part`, and Conflict if the upload is gone, or there
        is an object of this key already.
        """
