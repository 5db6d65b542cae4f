"""What the cloud answers, as the relay reads it."""

from typing import Annotated

import msgspec


class Link(msgspec.Struct, frozen=True):
    """A presigned URL, and what is sent with it."""

    method: str
    url: str
    headers: dict[str, str]


class PartLink(Link, frozen=True):
    """One for a part."""

    number: int


class Begun(msgspec.Struct, frozen=True):
    """What the cloud says to a new file: it is there, or how it gets there."""

    key: str
    done: bool = False
    upload: str | Link | None = None
    """The id of an upload in parts, or the link for a picture."""
    part_size: Annotated[int, msgspec.Meta(ge=1)] = 1


class PartLinks(msgspec.Struct, frozen=True):
    """Some of them."""

    parts: list[PartLink]


class Whole(msgspec.Struct, frozen=True):
    """What the cloud says when it has all parts."""

    key: str
    size: int


class Problem(msgspec.Struct, frozen=True):
    """Why it refuses; empty words where it does not say."""

    name: str = ""
    title: str = ""
