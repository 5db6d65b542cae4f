"""Homes of one, ten, a hundred and a thousand: how long a ring and a search take, and who is found.

Every picture goes the whole way, through IndexFaces and SearchFacesByImage of the stack; the
residents' rows and their devices' are written by the product's own adapters. The devices of all
but one are not connected.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple

from demo.people import Person
from doorbell.auth import new_device
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.residents import ResidentTable
from doorbell.aws.dynamodb.table import Table
from doorbell.homes import collection_id
from doorbell.model import ResidentPhoto
from proof.load import people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.stack import Stack
    from proof.load.run import Ended

FIRST: Final = 20
"""Pictures of the one resident of the smallest home."""
AT_ONCE: Final = 4
"""Pictures and rows; more would only wait for each other on a few processors."""
SIMILARITIES: Final = (95.0, 99.0, 99.9)
"""Percent from which a face is taken for the resident's: one machine's own, and stricter ones."""


class Seen(NamedTuple):
    """What one search found: who stood there, whom it took them for, and how alike they are."""

    who: str | None
    """A resident's name; None for a stranger."""
    taken_for: str | None
    similarity: float
    seconds: float

    def found(self, threshold: float) -> str | None:
        """Whom the doorbell would take this for."""
        return self.taken_for if self.similarity >= threshold else None


class Accuracy(NamedTuple):
    """Of residents and of strangers who were looked at."""

    residents: int
    right: int
    as_another: int
    strangers: int
    taken: int
    """Strangers who were taken for a resident."""

    @property
    def not_found(self) -> int:
        """Residents who were taken for strangers: the bell rings for them."""
        return self.residents - self.right - self.as_another


class Size(NamedTuple):
    """A home of so many, looked at."""

    residents: int
    seen: Sequence[Seen]
    passed_over: int
    """Portraits in which the detector found no face: somebody else lives there instead."""
    rings: Sequence[Ended]


class Pictures(NamedTuple):
    """Who stands at the door, drawn once for homes of every size."""

    residents: Sequence[tuple[int, bytes]]
    first: Sequence[tuple[int, bytes]]
    """Of the first resident, for the home where nobody else lives."""
    strangers: Sequence[bytes]


def pictures(count: int) -> Pictures:
    """So many of each."""
    return Pictures(
        [(n, people.at_the_door(people.resident(n), n)) for n in range(count)],
        [(0, people.at_the_door(people.resident(0), n)) for n in range(min(count, FIRST))],
        [people.at_the_door(people.stranger(n), n) for n in range(count)],
    )


def fill(stack: Stack, home: str, size: int) -> int:
    """Let so many live in the home; how many portraits had to be passed over."""
    rekognition, collection = stack.aws.client("rekognition"), collection_id(stack.name, home)
    table = Table(stack.deployed.client, stack.table)
    rekognition.create_collection(CollectionId=collection)

    def enrol(number: int) -> bool:
        picture, face = people.portrait(people.resident(number)), f"face-{number}"
        indexed = rekognition.index_faces(
            CollectionId=collection, Image={"Bytes": picture}, MaxFaces=1, ExternalImageId=face
        )
        for record in indexed["FaceRecords"]:
            _write_rows(table, home, number, record["Face"]["FaceId"])
        return bool(indexed["FaceRecords"])

    known, number = 0, 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while known < size:
            missing = range(number, number + size - known)
            known += sum(pool.map(enrol, missing))
            number = missing.stop
    return number - size


def _write_rows(table: Table, home: str, number: int, face: str) -> None:
    """A resident, and for each but the first a phone that is not connected."""
    name, residents = name_of(number), ResidentTable(table)
    photo = ResidentPhoto(home, name, f"residents/{home}/{name}/portrait.jpeg")
    residents.photo_came(photo)
    residents.add_face(photo, face)
    if number:
        DeviceTable(table).add(new_device(home, "phone", f"Phone of {name}", name)[0])


def look(stack: Stack, home: str, size: int, drawn: Pictures) -> list[Seen]:
    """Search for residents and for strangers."""
    rekognition, collection = stack.aws.client("rekognition"), collection_id(stack.name, home)
    known = {
        each["ExternalImageId"] for each in rekognition.list_faces(CollectionId=collection)["Faces"]
    }

    def search(who: str | None, photo: bytes) -> Seen | None:
        began = time.perf_counter()
        try:
            found = rekognition.search_faces_by_image(
                CollectionId=collection, Image={"Bytes": photo}, FaceMatchThreshold=0, MaxFaces=1
            )["FaceMatches"]
        except rekognition.exceptions.InvalidParameterException:
            return None  # the detector sees nobody, which says nothing of the search
        took = time.perf_counter() - began
        best = found[0]
        return Seen(who, best["Face"]["ExternalImageId"], best["Similarity"], took)

    lives_here = drawn.first if size == 1 else drawn.residents
    asked = [(f"face-{number}", photo) for number, photo in lives_here]
    seen = [search(*each) for each in asked if each[0] in known]
    seen += [search(None, photo) for photo in drawn.strangers]
    return [each for each in seen if each]


def accuracy(seen: Sequence[Seen], threshold: float) -> Accuracy:
    """Counted at this similarity."""
    residents = [each for each in seen if each.who is not None]
    strangers = [each for each in seen if each.who is None]
    found = [(each.who, each.found(threshold)) for each in residents]
    right = sum(who == taken for who, taken in found)
    another = sum(taken is not None and who != taken for who, taken in found)
    taken = sum(each.found(threshold) is not None for each in strangers)
    return Accuracy(len(residents), right, another, len(strangers), taken)


def name_of(number: int) -> str:
    """The first is she who rings there."""
    return f"Resident {number}" if number else Person.EILEEN.value
