"""What happens at a relay, for whoever watches it."""

from typing import NamedTuple, TypeAlias


class Received(NamedTuple):
    """A camera's file is kept, and the camera was told so."""

    camera: str
    name: str
    size: int
    again: bool = False
    """It had come before; its camera had not heard so."""


class Refused(NamedTuple):
    """A camera was refused something."""

    who: str
    """The camera, or the address of somebody who is none."""
    why: str


class Delivered(NamedTuple):
    """A file is in the cloud, and kept here no more."""

    camera: str
    name: str
    size: int


class Waits(NamedTuple):
    """A file could not be brought to the cloud now; told once until something is delivered."""

    why: str


class TokenUnknown(NamedTuple):
    """The cloud does not take a camera's token: its files are kept."""

    camera: str


class StreamFound(NamedTuple):
    """A camera's stream is fetched."""

    camera: str


class StreamLost(NamedTuple):
    """A camera's stream is not there, or not any more."""

    camera: str
    why: str


Event: TypeAlias = Received | Refused | Delivered | Waits | TokenUnknown | StreamFound | StreamLost
