"""What a device uploads by itself: we sign for it, and say when S3 has all of it."""

from __future__ import annotations

import base64
import binascii
import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from doorbell.cameras.keys import is_of, safe_name, upload_key
from doorbell.cameras.model import KINDS, MediaKind
from doorbell.cameras.problems import Problem, not_found, too_large
from doorbell.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorbell.cameras.model import Part, UploadedPart, UploadPlan
    from doorbell.cameras.services import Reception
    from doorbell.model import Device
    from doorbell.protocol import Upload

PART_SIZE: Final = 8 * 1024 * 1024
"""Bytes; S3 wants 5 MiB of every part but the last (Amazon S3 User Guide, "Multipart upload
limits")."""
MOST_PARTS: Final = 10_000
LARGEST: Final[dict[MediaKind, int]] = {
    "clip": MOST_PARTS * PART_SIZE,
    "picture": 20_000_000,
    "burst": 20_000_000,
}
"""Bytes."""
LINK_LIFE: Final = 300
PART_LIFE: Final = 900
"""Seconds in which a signed URL serves."""


class Session(NamedTuple):
    """How something is uploaded: in parts of `upload`, by `link`, or not any more."""

    key: str
    upload: str | None = None
    link: Upload | None = None


def begin(reception: Reception, camera: Device, plan: UploadPlan) -> Session:
    """Where and how it may be uploaded. Raises Problem `bad_field`, `too_large`."""
    kind = KINDS[plan.media]
    if plan.size > LARGEST[kind]:
        raise too_large(LARGEST[kind])
    key = _key(camera, plan)
    if kind != "clip":
        return Session(key, link=reception.uploads.link(key, plan.media, plan.size, LINK_LIFE))
    if reception.objects.find(key):
        return Session(key)
    return Session(key, upload=reception.uploads.begin(key, plan.media))


def sign_parts(
    reception: Reception, camera: Device, key: str, upload: str, parts: Sequence[Part]
) -> list[Upload]:
    """A URL for each of these parts. Raises Problem `not_found`, `bad_field`, `too_large`."""
    _check_key(camera, key)
    for part in parts:
        _digest(part.sha256)
        if part.size > PART_SIZE:
            raise too_large(PART_SIZE)
    return [reception.uploads.link_part(key, upload, part, PART_LIFE) for part in parts]


def complete(
    reception: Reception, camera: Device, key: str, upload: str, parts: Sequence[UploadedPart]
) -> int:
    """Join the parts; how many bytes S3 has then, each of them confirmed by its part's checksum.

    May be repeated. Raises Problem `not_found`, `bad_field`, `bad_part`, and `lost_upload` if S3
    knows neither the upload nor an object of these parts.
    """
    _check_key(camera, key)
    checksum = _checksum(parts)
    # Done before, perhaps: what is there says so.
    with suppress(Conflict):
        reception.uploads.complete(key, upload, parts)
    stored = reception.objects.find(key)
    if stored is None or stored.sha256 != checksum:
        raise Problem("lost_upload", "This upload is not known any more: begin it again.")
    return stored.size


def _key(camera: Device, plan: UploadPlan) -> str:
    try:
        upload = str(UUID(plan.id))
    except ValueError:
        raise Problem("bad_field", "`id` must be a UUID.") from None
    name = safe_name(plan.name, KINDS[plan.media])
    return upload_key(camera, plan.media, plan.taken_at, name, upload)


def _check_key(camera: Device, key: str) -> None:
    if not is_of(camera, key):
        raise not_found()


def _checksum(parts: Sequence[UploadedPart]) -> str:
    """The checksum of the parts' checksums (Amazon S3 User Guide, "Checking object integrity")."""
    digests = b"".join(_digest(part.sha256) for part in parts)
    whole = base64.b64encode(hashlib.sha256(digests).digest()).decode()
    return f"{whole}-{len(parts)}"


def _digest(sha256: str) -> bytes:
    try:
        digest = base64.b64decode(sha256, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != hashlib.sha256().digest_size:
        raise Problem("bad_field", "`sha256` must be a SHA-256 in base64.")
    return digest
