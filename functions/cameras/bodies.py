"""What devices send as JSON, as docs/openapi-cameras.yaml has it."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from doorbell.cameras.model import MediaType
from doorbell.events import MediaKind, TroubleKind

Time: TypeAlias = Annotated[float, Meta(ge=0, le=10_000_000_000)]
"""Seconds since 1970."""
Key: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1024)]
UploadId: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1024)]
Number: TypeAlias = Annotated[int, Meta(ge=1, le=10_000)]
Checksum: TypeAlias = Annotated[str, Meta(min_length=44, max_length=44)]


class UploadRequest(Struct, forbid_unknown_fields=True):
    """Something is to be uploaded."""

    id: Annotated[str, Meta(max_length=64)]
    kind: MediaKind
    type: MediaType
    name: Annotated[str, Meta(max_length=1024)]
    taken_at: Time
    size: Annotated[int, Meta(ge=1)]


class PartToSign(Struct, forbid_unknown_fields=True):
    """A part of it."""

    number: Number
    size: Annotated[int, Meta(ge=1)]
    sha256: Checksum


class PartsRequest(Struct, forbid_unknown_fields=True):
    """These parts are to be uploaded."""

    key: Key
    upload: UploadId
    parts: Annotated[list[PartToSign], Meta(min_length=1, max_length=20)]


class DonePart(Struct, forbid_unknown_fields=True):
    """A part that S3 has taken."""

    number: Number
    etag: Annotated[str, Meta(min_length=1, max_length=256)]
    sha256: Checksum


class CompleteRequest(Struct, forbid_unknown_fields=True):
    """All of it is uploaded."""

    key: Key
    upload: UploadId
    parts: Annotated[list[DonePart], Meta(min_length=1, max_length=10_000)]


class TroubleRequest(Struct, forbid_unknown_fields=True):
    """Something cannot be kept, or not now."""

    what: TroubleKind
    since: Time
    dropped: Annotated[int, Meta(ge=0, le=1_000_000_000)]
