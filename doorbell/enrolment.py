"""Residents' photos: which face they gave, or why they gave none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.errors import Conflict
from doorbell.homes import misplaced, photo_name
from doorbell.protocol import Enrolled, EnrolmentFailed, EnrolmentFailure
from doorbell.sending import send_to_phones

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.model import ResidentPhoto, SeenFace
    from doorbell.ports import Connections, Faces, Residents, Sockets, StoredPhotos

COMPARABLE: Final = 0.25
"""A second face of a quarter of the largest one's area might be the one that was meant."""


HINTS: Final[dict[str, EnrolmentFailure]] = {
    "SMALL_BOUNDING_BOX": "too_small",
    "LOW_BRIGHTNESS": "too_dark",
    "LOW_SHARPNESS": "blurred",
}
"""Rekognition's reasons not to index a face, and what a person can do about it."""


class Registry(NamedTuple):
    """What enrolment may touch."""

    residents: Residents
    faces: Faces
    photos: StoredPhotos
    connections: Connections
    sockets: Sockets
    clock: Callable[[], float]
    sleep: Callable[[float], None]


def record(registry: Registry, photo: ResidentPhoto, seen: list[SeenFace]) -> None:
    """Keep the largest face as this resident's; refuse a photo that might show another person.

    A photo put again in the same place replaces the old one. A duplicate event changes nothing:
    the new face takes the place of the same one. Events may come in any order: what happened to
    the photo later than this event stands.
    """
    failure = _why_not(seen)
    if failure:
        refuse(registry, photo, seen, failure)
        return
    try:
        _keep_faces(registry, photo, indexed(seen))
    except Conflict:
        _forget_new_faces(registry, photo, seen)
        return
    if not registry.photos.exists(photo.key):
        # Deleted while it was indexed; that event may be on its way, or lost.
        _forget_faces(registry, photo, registry.residents.faces_in(photo.home, photo.key))
    _send_count(registry, photo)


def _keep_faces(registry: Registry, photo: ResidentPhoto, faces: list[str]) -> None:
    registry.residents.photo_came(photo)
    former = registry.residents.faces_in(photo.home, photo.key)
    for face in faces:
        registry.residents.add_face(photo, face)
    _forget_faces(registry, photo, [face for face in former if face not in faces])


def refuse(
    registry: Registry, photo: ResidentPhoto, seen: list[SeenFace], reason: EnrolmentFailure
) -> None:
    """Tell the phones that this photo enrols nobody, and why.

    What was indexed of it goes again: a face of nobody could stand before a resident's. So does
    the face of a good photo that this one has replaced; but not while we merely could not look.
    """
    try:
        registry.residents.photo_came(photo)
    except Conflict:
        _forget_new_faces(registry, photo, seen)
        return
    former = _forget_new_faces(registry, photo, seen)
    if reason != "unavailable":
        _forget_faces(registry, photo, former)
    registry.residents.refused(photo, reason)
    said = EnrolmentFailed(photo.resident, reason, photo_name(photo.key))
    send_to_phones(registry, photo.home, said)


def refuse_misplaced(registry: Registry, key: str, default_home: str) -> None:
    """Tell the phones of an object below `residents/` that lies in no resident's place: who put it
    there by hand would wait for ever. The whole key stands for the photo, to find it by.
    """
    home, resident = misplaced(key, default_home)
    send_to_phones(registry, home, EnrolmentFailed(resident, "misplaced", key))


def forget(registry: Registry, photo: ResidentPhoto) -> None:
    """The photo was deleted: so are its faces, unless it was put again after that."""
    try:
        registry.residents.photo_went(photo)
    except Conflict:
        return
    _forget_faces(registry, photo, registry.residents.faces_in(photo.home, photo.key))
    _send_count(registry, photo)


def _forget_new_faces(registry: Registry, photo: ResidentPhoto, seen: list[SeenFace]) -> list[str]:
    """What was just indexed goes again; gives the faces that this photo had before."""
    former = registry.residents.faces_in(photo.home, photo.key)
    registry.faces.remove(photo.home, [face for face in indexed(seen) if face not in former])
    return former


def _forget_faces(registry: Registry, photo: ResidentPhoto, faces: list[str]) -> None:
    """First where codes are decided, then at Rekognition, last the row that leads to the face: so
    a job that failed in between does the rest when it is repeated.
    """
    for face in faces:
        registry.residents.disown(photo.home, face)
    registry.faces.remove(photo.home, faces)
    for face in faces:
        registry.residents.forget(photo.home, photo.key, face)


def indexed(seen: list[SeenFace]) -> list[str]:
    """The faces that are in the collection now."""
    return [face.id for face in seen if face.id]


def _why_not(seen: list[SeenFace]) -> EnrolmentFailure | None:
    kept = max((face.area for face in seen if face.id), default=None)
    if kept is None:
        return _hint(seen)
    # Rekognition may leave out the largest face, if it is blurred, and keep a guest's.
    if any(face.area >= COMPARABLE * kept for face in seen if not face.id):
        return "several_faces"
    return None


def _hint(seen: list[SeenFace]) -> EnrolmentFailure:
    """What is wrong with the largest face, if that can be mended by another photo."""
    largest = max(seen, key=lambda face: face.area, default=None)
    unfit = largest.unfit if largest else ()
    return next((hint for word, hint in HINTS.items() if word in unfit), "no_face")


def _send_count(registry: Registry, photo: ResidentPhoto) -> None:
    count = registry.residents.count_faces(photo.home, photo.resident)
    said = Enrolled(photo.resident, count, photo_name(photo.key))
    send_to_phones(registry, photo.home, said)
