"""A known face as plain values, to be kept over a restart."""

from typing import Any

import numpy as np

from local.faces.collection import KnownFace, Source
from local.faces.face import Box

_NUMBERS = np.dtype("<f4")
"""How an embedding is written, on every machine."""


def record_of(face: KnownFace) -> tuple[dict[str, Any], bytes]:
    """What JSON can say of it, and its embedding."""
    fields = {
        "face_id": face.face_id,
        "image_id": face.image_id,
        "box": list(face.box),
        "confidence": face.confidence,
        "digest": face.source.digest.hex(),
        "external_image_id": face.source.external_image_id,
        "rank": face.source.rank,
    }
    return fields, face.vector.astype(_NUMBERS).tobytes()


def read_face(fields: dict[str, Any], embedding: bytes) -> KnownFace:
    """The very face that `record_of` was given."""
    return KnownFace(
        face_id=fields["face_id"],
        image_id=fields["image_id"],
        source=Source(bytes.fromhex(fields["digest"]), fields["external_image_id"], fields["rank"]),
        box=Box(*fields["box"]),
        confidence=fields["confidence"],
        vector=np.frombuffer(embedding, _NUMBERS).astype(np.float32),
    )
