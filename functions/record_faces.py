"""Rekognition looked at a resident's photo: keep the face, or say why not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from doorbell import enrolment
from doorbell.enrolment import SeenFace
from functions.photo import enrols

if TYPE_CHECKING:
    from doorbell.enrolment import Registry


def handle(registry: Registry, event: dict[str, Any]) -> None:
    """`event` has the photo's `key`, and what IndexFaces has `seen` or why it failed."""
    photo = enrols(event["key"], os.environ)
    if photo is None:
        return
    if event.get("reason"):
        enrolment.failed(registry, photo, event["reason"])
    else:
        enrolment.record(registry, photo, seen_faces(event["seen"]))


def seen_faces(answer: dict[str, Any]) -> list[SeenFace]:
    """IndexFaces keeps the largest face (MaxFaces 1) and reports the others as unindexed."""
    kept = [
        SeenFace(record["Face"]["FaceId"], _area(record["Face"]["BoundingBox"]))
        for record in answer.get("FaceRecords") or []
    ]
    others = [
        SeenFace(None, _area(face["FaceDetail"]["BoundingBox"]))
        for face in answer.get("UnindexedFaces") or []
    ]
    return kept + others


def _area(box: dict[str, float]) -> float:
    return box["Width"] * box["Height"]
