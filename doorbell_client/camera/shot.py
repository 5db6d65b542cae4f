"""What a camera sends as one object: a picture, or the frames of a film."""

import hashlib
import re
import uuid
from typing import Final, Literal, NamedTuple, TypeAlias

from doorbell_client.config.credentials import Credentials

Kind: TypeAlias = Literal["picture", "burst"]

SUFFIXES: Final[dict[Kind, str]] = {"picture": "jpeg", "burst": "mjpeg"}
TYPES: Final[dict[Kind, str]] = {"picture": "image/jpeg", "burst": "application/x-mjpeg"}
"""Content types; a burst is JPEGs, one after another."""

NAMES: Final[dict[Kind, str]] = {"picture": "timelapse", "burst": "party"}
"""Stands in the key of the object, and so is the same whenever a shot is sent."""

_NAME: Final = re.compile(
    r"(\d{13})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9a-f]{8})\.(jpeg|mjpeg)"
)


class Shot(NamedTuple):
    """Which it is, and when it was taken: what its file's name says, so that both are one write."""

    taken_ms: int
    """Milliseconds since 1970, by this machine's clock."""
    id: str
    """A UUID. The cloud keeps one object for it, however often it is sent."""
    home: str
    """Eight hexadecimal digits that stand for a home on a stack; it is sent to no other."""
    kind: Kind

    @property
    def taken_at(self) -> float:
        """Seconds since 1970."""
        return self.taken_ms / 1000

    @property
    def file_name(self) -> str:
        """Names sort by time."""
        return f"{self.taken_ms:013d}-{self.id}-{self.home}.{SUFFIXES[self.kind]}"


def new_shot(kind: Kind, wall: float, home: str, shot_id: str | None = None) -> Shot:
    """A shot of this moment (seconds since 1970)."""
    return Shot(max(0, round(wall * 1000)), shot_id or str(uuid.uuid4()), home, kind)


def shot_named(name: str) -> Shot | None:
    """What a file of this name is; None: it is no shot."""
    if (found := _NAME.fullmatch(name)) is None:
        return None
    taken, shot_id, home, suffix = found.groups()
    return Shot(int(taken), shot_id, home, "picture" if suffix == "jpeg" else "burst")


def home_mark(credentials: Credentials) -> str:
    """Stands for this home on this stack in file names."""
    return hashlib.sha256(credentials.home.encode()).hexdigest()[:8]
