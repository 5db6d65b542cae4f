"""Rekognition looked at a resident's photo: keep the face, or say why not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from doorbell import enrolment
from doorbell.model import SeenFace
from doorbell.settings import required
from functions.enrolment.photo import enrols

if TYPE_CHECKING:
    from doorbell.enrolment import Registry


def handle(registry: Registry, event: dict[str, Any]) -> None:
    """`event` has the photo's `key`, what IndexFaces has `seen`, and if it failed the `reason`."""
    photo = enrols(event["key"], event.get("sequencer", ""), os.environ)
    if photo is None:
        _forget_stray(registry, event)
        enrolment.refuse_misplaced(registry, event["key"], required(os.environ, "DEFAULT_HOME"))
        return
    if event.get("reason"):
        enrolment.refuse(registry, photo, seen_faces(event.get("seen") or {}), event["reason"])
    else:
        enrolment.record(registry, photo, seen_faces(event["seen"]))


def seen_faces(answer: dict[str, Any]) -> list[SeenFace]:
    """IndexFaces keeps the largest face (MaxFaces 1) and reports the others as unindexed."""
    kept = [
        SeenFace(record["Face"]["FaceId"], _area(record["Face"]["BoundingBox"]))
        for record in answer.get("FaceRecords") or []
    ]
    others = [
        SeenFace(None, _area(face["FaceDetail"]["BoundingBox"]), tuple(face.get("Reasons") or ()))
        for face in answer.get("UnindexedFaces") or []
    ]
    return kept + others


def _forget_stray(registry: Registry, event: dict[str, Any]) -> None:
    """A face of an object that is no resident's photo is nobody's, and would stand before a
    resident's in a search. The state machine lets hardly any pass: a key may be too long.
    """
    faces = enrolment.indexed(seen_faces(event.get("seen") or {}))
    if faces:
        registry.faces.remove(event["key"].split("/")[1], faces)


def _area(box: dict[str, float]) -> float:
    return box["Width"] * box["Height"]
