"""One picture or clip that the relay keeps until it is in the cloud."""

from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from doorbell_client.relay.parts import fingerprint

Type: TypeAlias = Literal["image/jpeg", "video/x-matroska", "video/mp4"]
Kind: TypeAlias = Literal["picture", "clip"]

KINDS: Final[dict[str, Kind]] = {
    "image/jpeg": "picture",
    "video/x-matroska": "clip",
    "video/mp4": "clip",
}
"""What the relay takes."""

_Id: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
]


class About(msgspec.Struct, frozen=True):
    """What is known of a file besides its bytes."""

    camera: str
    type: Type
    name: str
    """As the camera calls it; may be empty."""
    taken_at: float
    """When it began to come in, seconds since 1970."""


class Kept(msgspec.Struct, frozen=True):
    """A file that is all there: `{id}.json` beside `{id}.data` holds this."""

    id: _Id
    about: About
    size: Annotated[int, msgspec.Meta(ge=1)]
    sha256: tuple[str, ...]
    """Of each part, in Base64."""

    @property
    def kind(self) -> Kind:
        """As the cloud has it."""
        return KINDS[self.about.type]

    @property
    def same_as(self) -> tuple[str, str, int, str]:
        """What a file has in common with itself when it is sent a second time."""
        return self.about.camera, self.about.name, self.size, fingerprint(self.sha256)


def record_bytes(kept: Kept) -> bytes:
    """What its file holds."""
    return msgspec.json.encode(kept)


def read_record(content: bytes) -> Kept:
    """What a file holds. Raises msgspec.ValidationError or DecodeError."""
    return msgspec.json.decode(content, type=Kept)
