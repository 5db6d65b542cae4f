"""The people for the demonstration: each is like themselves and like nobody else."""

import io
from collections.abc import Mapping

import numpy as np
import pytest
from PIL import Image

from demo.people import Person, door_photo, empty_doorstep, group_photo, portrait
from local.faces import broken
from local.faces.face import Vector, similarity
from local.faces.pool import Pool

SHOTS = range(6)
"""The demonstration uses no others."""


@pytest.fixture(scope="module")
def enrolled(pool: Pool) -> Mapping[Person, Vector]:
    """Everybody's portrait."""
    return {person: pool.faces(portrait(person))[0].vector for person in Person}


@pytest.mark.parametrize("person", Person)
@pytest.mark.parametrize("shot", SHOTS)
def test_a_door_photo_is_its_person_and_nobody_else(
    pool: Pool, enrolled: Mapping[Person, Vector], person: Person, shot: int
) -> None:
    """A photo at the door matches its own portrait at S >= 99 and every other under 50."""
    (face,) = pool.faces(door_photo(person, shot), 1)
    for other, vector in enrolled.items():
        alike = similarity(float(np.linalg.norm(vector - face.vector)))
        assert (alike >= 99) if other is person else (alike < 50), f"{other}: {alike:.1f}"


def test_a_shot_is_the_same_each_time_and_unlike_the_next() -> None:
    """A photo is drawn from its number alone."""
    assert door_photo(Person.EILEEN, 1) == door_photo(Person.EILEEN, 1)
    assert door_photo(Person.EILEEN, 1) != door_photo(Person.EILEEN, 2)


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        (door_photo(Person.STRANGER), (640, 480)),
        (empty_doorstep(), (640, 480)),
        (portrait(Person.GRACE), (480, 600)),
        (group_photo((Person.GRACE, 40), (Person.EILEEN, 40)), (1280, 480)),
    ],
)
def test_a_picture_has_its_size(picture: bytes, size: tuple[int, int]) -> None:
    """Every picture is a JPEG of the documented size, small enough for the wire."""
    image = Image.open(io.BytesIO(picture))
    assert (image.format, image.size) == ("JPEG", size)
    assert len(picture) < 250_000


def test_the_heavy_picture_is_heavy_and_whole() -> None:
    """20 MB of valid JPEG."""
    heavy = broken.heavy_jpeg()
    assert 20_000_000 <= len(heavy) < 20_200_000
    Image.open(io.BytesIO(heavy)).load()
