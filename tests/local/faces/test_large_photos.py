"""Large photos: decoded no finer than needed, and the same faces as if they were decoded whole."""

from collections.abc import Mapping

import pytest

from demo.people import Person, door_photo
from local.faces.embedder import Embedder
from local.faces.face import Vector, similarity
from local.faces.picture import Photo
from tests.local.faces.photos import (
    EVERY,
    THE_SAME,
    apart,
    common,
    enlarged,
    in_a_corner,
    turned,
)


@pytest.mark.parametrize("person", Person)
@pytest.mark.parametrize(("limit", "overlap"), [(1, 0.6), (EVERY, 0.95)])
def test_a_large_jpeg_is_the_same_face_as_without_reducing_it(
    embedder: Embedder,
    known: Mapping[Person, Vector],
    person: Person,
    limit: int,
    overlap: float,
) -> None:
    """A JPEG that its decoder reduces gives the box and the match of a PNG, which cannot be.

    A search's box may be the detector's next larger one, of which this one is 0.69.
    """
    reduced, whole = (
        embedder.faces(enlarged(door_photo(person, 1), (2560, 1920), kind), limit)
        for kind in ("JPEG", "PNG")
    )
    assert common(reduced[0].box, whole[0].box) > overlap
    alike = [similarity(apart(each[0].vector, known[person])) for each in (reduced, whole)]
    assert alike[0] >= alike[1] - THE_SAME


@pytest.mark.parametrize(("person", "width"), [(Person.EILEEN, 240), (Person.GRACE, 180)])
def test_a_small_face_is_taken_from_all_the_pixels_there_are(
    embedder: Embedder, known: Mapping[Person, Vector], person: Person, width: int
) -> None:
    """A face of 110 px in a 4K photo is found at half of them, and told apart by all of them.

    It is nearer than 0.1 to its portrait; taken from half the pixels it is 0.11 and 0.13 away.
    """
    (face,) = embedder.faces(in_a_corner(person, width, (3840, 2160)), 1)
    assert face.box.width * 3840 == pytest.approx(110, abs=5)
    assert apart(face.vector, known[person]) < 0.1


@pytest.mark.parametrize("orientation", [3, 5, 6, 7, 8])
@pytest.mark.parametrize("size", [(640, 480), (2560, 1920)])
def test_every_way_to_hold_a_camera_gives_the_same_box(
    embedder: Embedder, orientation: int, size: tuple[int, int]
) -> None:
    """EXIF's turns are undone, whether the decoder reduced the picture or not."""
    picture = enlarged(door_photo(Person.GRACE, 2), size)
    (straight,) = embedder.faces(picture, 1)
    (face,) = embedder.faces(turned(picture, orientation), 1)
    assert common(face.box, straight.box) > 0.6
    assert similarity(apart(face.vector, straight.vector)) >= 99.9


def test_a_photo_is_decoded_no_finer_than_asked_and_no_oftener_than_needed() -> None:
    """A JPEG's decoder halves its sides; what is fine enough already is given out again."""
    photo = Photo(enlarged(door_photo(Person.EILEEN), (4000, 3000)))
    small = photo.at(640)
    assert (photo.side, small.size) == (3840, (1000, 750))
    assert photo.at(1000) is small
    assert photo.at(1001).size == (2000, 1500)
    assert photo.at(9999).size == (3840, 2880)
    assert photo.at(3840) is photo.at(9999) is photo.at(640)
