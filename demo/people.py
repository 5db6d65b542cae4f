"""People for the demonstration and the tests, photographed in code.

Who they are stands in `demo.likeness`, how they are taken in `demo.camera`.
Every picture is drawn anew from a number, the same one each time on the same libraries.
"""

import functools
from typing import Final

import numpy as np

from demo.camera import Shot, photograph
from demo.likeness import Person as Person

DOOR_SIZE: Final = (640, 480)
"""Pixels; what a doorbell's camera sends."""


@functools.cache
def portrait(person: Person) -> bytes:
    """A passport picture to enrol with: 480 by 600, straight, well lit."""
    return photograph([(person, Shot((240, 270), 110))], (480, 600), seed=0)


@functools.cache
def door_photo(person: Person, shot: int = 0, *, light: float | None = None) -> bytes:
    """This person at the door, 640 by 480; each `shot` differs in everything a camera does.

    `light` from 0 to 1 (the portrait's own) overrides the shot's; the detector finds every face
    at 0.3 and none at 0.04.
    """
    random = np.random.default_rng([_number(person), shot])
    taken = Shot(
        middle=(random.uniform(250, 390), random.uniform(190, 250)),
        eyes_apart=random.uniform(62, 92),
        tilt=random.uniform(-8, 8),
        barrel=random.uniform(0.0, 0.10),
        light=random.uniform(0.5, 0.95) if light is None else light,
        noise=random.uniform(2, 7),
        jpeg=int(random.integers(70, 90)),
    )
    return photograph([(person, taken)], DOOR_SIZE, seed=shot)


def group_photo(*people: tuple[Person, int], shot: int = 0) -> bytes:
    """Several faces side by side, 1280 by 480: each with its eyes so many pixels apart (20 to 90).

    A face is about twice as wide as its eyes are apart, the stranger's a little more; the same
    person may come more than once.
    """
    random = np.random.default_rng([99, shot])
    step = 1280 / len(people)
    shots = [
        (
            person,
            Shot((step * (place + 0.5), 230), apart, random.uniform(-4, 4), noise=2),
        )
        for place, (person, apart) in enumerate(people)
    ]
    return photograph(shots, (1280, 480), seed=shot)


def empty_doorstep(shot: int = 0) -> bytes:
    """Nobody there, 640 by 480."""
    return photograph([], DOOR_SIZE, seed=shot)


def _number(person: Person) -> int:
    return list(Person).index(person)


def with_comment(photo: bytes, words: bytes) -> bytes:
    """The same JPEG with a comment (ITU T.81, B.2.4.5) right after its beginning: no two are alike,
    and all look alike.
    """
    return photo[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words + photo[2:]
