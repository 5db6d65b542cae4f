"""Our faces in Rekognition's shapes."""

from collections.abc import Iterable
from typing import Any

from local.faces.collection import MODEL_VERSION, KnownFace, Match
from local.faces.face import Box, Face


def bounding_box(box: Box) -> dict[str, float]:
    """`BoundingBox`."""
    return {"Width": box.width, "Height": box.height, "Left": box.left, "Top": box.top}


def face_detail(face: Face) -> dict[str, Any]:
    """`FaceDetail`: a face as it was found in a picture."""
    return {
        "BoundingBox": bounding_box(face.box),
        "Confidence": face.confidence,
        "Landmarks": [{"Type": mark.name, "X": mark.x, "Y": mark.y} for mark in face.landmarks],
        "Pose": {"Roll": face.pose.roll, "Yaw": face.pose.yaw, "Pitch": face.pose.pitch},
        "Quality": {"Brightness": face.quality.brightness, "Sharpness": face.quality.sharpness},
    }


def known_face(face: KnownFace) -> dict[str, Any]:
    """`Face`: one that a collection knows."""
    external = {"ExternalImageId": face.external_image_id} if face.external_image_id else {}
    return {
        "FaceId": face.face_id,
        "ImageId": face.image_id,
        **external,
        "BoundingBox": bounding_box(face.box),
        "Confidence": face.confidence,
        "IndexFacesModelVersion": MODEL_VERSION,
    }


def face_matches(matches: Iterable[Match]) -> list[dict[str, Any]]:
    """`FaceMatches` of a search."""
    return [{"Similarity": alike, "Face": known_face(face)} for alike, face in matches]
