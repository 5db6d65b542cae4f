"""`/camera/uploads`: what a device uploads by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.cameras import uploads
from doorbell.cameras.model import KINDS, Part, UploadedPart, UploadPlan
from doorbell.cameras.problems import Problem
from functions.cameras.bodies import CompleteRequest, PartsRequest, UploadRequest
from functions.shared.http import Answer

if TYPE_CHECKING:
    from doorbell.cameras.services import Reception
    from functions.cameras.request import Request

LONGEST_LIST: Final = 2_000_000
"""Bytes; ten thousand parts have a little more than half of it."""


def begin(reception: Reception, request: Request) -> Answer:
    """Where, and how: a clip in parts, all else by one URL."""
    asked = request.read(UploadRequest)
    if KINDS[asked.type] != asked.kind:
        raise Problem("bad_field", f"A {asked.kind} is not of type {asked.type}.")
    plan = UploadPlan(asked.id, asked.type, asked.name, asked.taken_at, asked.size)
    key, upload, link = uploads.begin(reception, request.camera, plan)
    if link:
        content = {"key": key, "upload": link._asdict(), "expires_in": uploads.LINK_LIFE}
        return Answer(201, content)
    if upload:
        return Answer(201, {"key": key, "upload": upload, "part_size": uploads.PART_SIZE})
    return Answer(200, {"key": key, "done": True})


def sign_parts(reception: Reception, request: Request) -> Answer:
    """A URL for each of these parts."""
    asked = request.read(PartsRequest)
    parts = [Part(each.number, each.size, each.sha256) for each in asked.parts]
    links = uploads.sign_parts(reception, request.camera, asked.key, asked.upload, parts)
    signed = [
        {"number": part.number, **link._asdict()} for part, link in zip(parts, links, strict=True)
    ]
    return Answer(200, {"parts": signed})


def complete(reception: Reception, request: Request) -> Answer:
    """S3 has all of it, and says so."""
    asked = request.read(CompleteRequest, LONGEST_LIST)
    parts = [UploadedPart(each.number, each.etag, each.sha256) for each in asked.parts]
    size = uploads.complete(reception, request.camera, asked.key, asked.upload, parts)
    return Answer(200, {"key": asked.key, "size": size})
