"""Enrolment: residents' photos. Off the ring path, so a function with a role of its own."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from doorbell.aws.build_enrolment import build_registry
from doorbell.aws.sdk import VERSION
from functions.enrolment import forget_photo, record_faces
from functions.shared.run import run

if TYPE_CHECKING:
    from doorbell.enrolment import Registry


def handler(event: dict[str, Any], context: object) -> None:
    """AWS's entry: the state machine `enrol`, and S3's word that a photo was deleted."""
    facts = {"request_id": str(getattr(context, "aws_request_id", "")), "botocore": VERSION}
    if event.get("do") == "record_faces":
        run("record_faces", lambda: record_faces.handle(registry(), event), facts)
    else:
        run("forget_photo", lambda: forget_photo.handle(registry(), event), facts)


@cache
def registry() -> Registry:
    """What enrolment may touch, made with the first event."""
    return build_registry(os.environ)
