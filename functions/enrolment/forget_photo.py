"""A resident's photo was deleted from the bucket: so is its face."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from doorbell import enrolment
from functions.enrolment.photo import enrols

if TYPE_CHECKING:
    from doorbell.enrolment import Registry


def handle(registry: Registry, event: dict[str, Any]) -> None:
    """`event` is S3's `Object Deleted`."""
    deleted = event["detail"]["object"]
    photo = enrols(deleted["key"], deleted.get("sequencer") or "", os.environ)
    if photo:
        enrolment.forget(registry, photo)
