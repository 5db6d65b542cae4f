"""Residents and their photos: who is known by which face, and by whose consent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.homes import (
    guest_photo_key,
    photo_name,
    resident_name,
    resident_photo_key,
)
from doorbell.household.devices import close_sockets
from doorbell.household.model import Consent
from doorbell.household.names import check_resident_name
from doorbell.household.problems import Problem, not_found

if TYPE_CHECKING:
    from doorbell.household.model import ResidentPhotoRow
    from doorbell.household.services import Household
    from doorbell.protocol import Upload

UPLOAD_LIFE: Final = 300
"""Seconds to upload a photo."""
MOST_PHOTOS: Final = 20
"""Of one resident: Rekognition takes 100, and more than a few in different light help nobody."""


class ShownResident(NamedTuple):
    """A resident as the phones see them."""

    name: str
    faces: int
    consent: Consent | None
    photos: tuple[ResidentPhotoRow, ...]


def show_all(household: Household, home: str) -> list[ShownResident]:
    """Whoever has a photo, a face, or a phone; by name."""
    photos: dict[str, list[ResidentPhotoRow]] = {}
    for row in household.residents.photos(home):
        photos.setdefault(resident_name(row.key), []).append(row)
    faces, consents = household.residents.faces(home), household.consents.of_home(home)
    phones = {each.resident for each in household.devices.all(home) if each.resident}
    return [
        ShownResident(name, faces.get(name, 0), consents.get(name), tuple(photos.get(name, ())))
        for name in sorted({*photos, *faces, *phones}, key=str.casefold)
    ]


def add_photo(household: Household, home: str, resident: str, by: str) -> tuple[str, Upload]:
    """A photo's name, and where to upload it. `by` said that the person agrees.

    Raises BadName, Problem `too_many`.
    """
    resident = check_resident_name(resident)
    _check_room(household, home, resident)
    now = household.clock()
    name = f"{int(now * 1000):013d}-{household.randbelow(16**8):08x}"
    household.consents.add(Consent(home, resident, by, now))
    key = resident_photo_key(home, resident, name)
    return name, household.photos.upload(key, UPLOAD_LIFE)


def name_face(household: Household, home: str, ring: str, resident: str, by: str) -> str:
    """ "This is …": the ring's photo enrols this resident; gives the photo's name.

    Raises BadName, Problem `not_found` if the photo is gone, `too_many`.
    """
    resident = check_resident_name(resident)
    _check_room(household, home, resident)
    if not household.store.copy(
        guest_photo_key(home, ring), resident_photo_key(home, resident, ring)
    ):
        raise Problem("not_found", "The photo of this ring is not kept any more.")
    household.consents.add(Consent(home, resident, by, household.clock()))
    return ring


def remove_photo(household: Household, home: str, resident: str, photo: str) -> None:
    """S3 tells of it, and its face is forgotten. Raises Problem `not_found`."""
    for row in _photos_of(household, home, resident):
        if photo_name(row.key) == photo:
            household.store.delete(row.key)
            return
    raise not_found()


def remove(household: Household, home: str, resident: str) -> None:
    """All photos, and so all faces. Raises Problem `not_found`."""
    shown = _find(household, home, resident)
    for row in shown.photos:
        household.store.delete(row.key)
    household.consents.remove(home, resident)


def rename(household: Household, home: str, resident: str, name: str) -> None:
    """Photos and phones follow. Raises BadName, Problem `not_found`, `name_taken`.

    The new photos are put before the old ones go, so that the face is known all the time. Done
    again after it broke off in between, it does the rest.
    """
    name = check_resident_name(name)
    shown = _find(household, home, resident)
    if name == resident:
        return
    moved = {row.key: _key_under(home, name, row.key) for row in shown.photos}
    there = [row for row in _photos_of(household, home, name) if row.key not in moved.values()]
    if any(row.failure is None for row in there):
        raise Problem("name_taken", "Somebody of this name lives here already.")
    copied = [old for old, new in moved.items() if household.store.copy(old, new)]
    if shown.consent:
        household.consents.add(shown.consent._replace(resident=name))
    _move_phones(household, home, resident, name)
    for old in copied:
        household.store.delete(old)
    household.consents.remove(home, resident)


def _move_phones(household: Household, home: str, resident: str, name: str) -> None:
    """Their sockets remember whose they are, so they are closed; phones connect again by
    themselves.
    """
    for phone in household.devices.all(home):
        if phone.resident == resident:
            household.devices.give_to(home, phone.id, name)
            close_sockets(household.connections, household.sockets, home, phone.id)


def _key_under(home: str, name: str, key: str) -> str:
    return resident_photo_key(home, name, photo_name(key))


def _check_room(household: Household, home: str, resident: str) -> None:
    if len(_photos_of(household, home, resident)) >= MOST_PHOTOS:
        raise Problem("too_many", f"{MOST_PHOTOS} photos are enough; remove one first.")


def _photos_of(household: Household, home: str, resident: str) -> list[ResidentPhotoRow]:
    return [r for r in household.residents.photos(home) if resident_name(r.key) == resident]


def _find(household: Household, home: str, resident: str) -> ShownResident:
    for shown in show_all(household, home):
        if shown.name == resident:
            return shown
    raise not_found()
