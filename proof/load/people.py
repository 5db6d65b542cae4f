"""A thousand faces, told apart as well as few pixels allow.

Three people have portraits here (`demo.likeness`). scikit-image brings a hundred faces more, of 25
by 25 pixels, which nobody has named; enlarged, the detector finds nine of ten, and the embedder
tells most of them apart. What a thousand need besides is made of two of these each, the bones
changed: such people are more alike than real ones, because each face is in many mixtures. So what
is found wrongly among them is more than it would be among people.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from demo.camera import Shot, doorstep, jpeg, with_person
from demo.likeness import Likeness, Person, likeness_of
from demo.pixels import grid, sampled

if TYPE_CHECKING:
    from demo.pixels import Pixels

SIDE: Final = 240
"""Pixels that the small faces are enlarged to."""
EYES: Final = ((62.0, 88.0), (144.0, 88.0), (102.0, 150.0))
"""About where they are in all of these, and the nose's base."""
HOUSEHOLD: Final = 70
"""So many of the hundred live here or are mixed into those who do; the others are strangers, and
none of theirs is in any resident's face.
"""
PORTRAIT: Final = (300, 300)
AT_THE_DOOR: Final = (480, 360)
MIDDLE: Final = (0.5, 0.45)


def resident(number: int) -> Likeness:
    """Eileen first, then the small faces as they are, then mixtures."""
    if number == 0:
        return likeness_of(Person.EILEEN)
    sources = range(HOUSEHOLD)
    return _small(number - 1) if number <= HOUSEHOLD else _mixture(number, sources)


def stranger(number: int) -> Likeness:
    """Grace and the third portrait first, then small faces, then mixtures."""
    if number < 2:
        return likeness_of((Person.GRACE, Person.STRANGER)[number])
    sources = range(HOUSEHOLD, len(_faces()))
    place = HOUSEHOLD + number - 2
    return _small(place) if place < len(_faces()) else _mixture(number, sources)


def portrait(likeness: Likeness) -> bytes:
    """Straight and well lit, to enrol with."""
    shot = Shot((PORTRAIT[0] * MIDDLE[0], PORTRAIT[1] * MIDDLE[1]), PORTRAIT[0] / 4.2)
    return _taken(likeness, shot, PORTRAIT, np.random.default_rng(0))


def at_the_door(likeness: Likeness, number: int) -> bytes:
    """As `demo.people.door_photo` takes its people; each number differs in all a camera does."""
    random = np.random.default_rng([7, number])
    shot = Shot(
        middle=(AT_THE_DOOR[0] * random.uniform(0.42, 0.58), AT_THE_DOOR[1] * MIDDLE[1]),
        eyes_apart=AT_THE_DOOR[0] * random.uniform(0.11, 0.14),
        tilt=random.uniform(-8, 8),
        barrel=random.uniform(0.0, 0.10),
        light=random.uniform(0.5, 0.95),
        noise=random.uniform(2, 7),
        jpeg=int(random.integers(70, 90)),
    )
    return _taken(likeness, shot, AT_THE_DOOR, random)


def _taken(
    likeness: Likeness, shot: Shot, size: tuple[int, int], random: np.random.Generator
) -> bytes:
    scene = with_person(doorstep(size, random), likeness, shot)
    return jpeg(scene * shot.light + random.normal(0, shot.noise, scene.shape), shot.jpeg)


@functools.cache
def _faces() -> np.ndarray:
    """Shape (100, 25, 25), 0 to 1. Found, not imported, as in `demo.likeness`."""
    spec = importlib.util.find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("skimage is not installed")
    file = Path(spec.submodule_search_locations[0]) / "data" / "lfw_subset.npy"
    # The second hundred is of no faces.
    return np.asarray(np.load(file)[:100], np.float32)


def _small(number: int) -> Likeness:
    return Likeness(_enlarged(_faces()[number]), np.array(EYES))


def _mixture(number: int, sources: range) -> Likeness:
    """Two of them, and other bones: wider or narrower, longer or shorter, another jaw."""
    random = np.random.default_rng([11, number])
    one, other = random.choice(np.array(sources), 2, replace=False)
    share = random.uniform(0.35, 0.65)
    mixed = share * _enlarged(_faces()[one]) + (1 - share) * _enlarged(_faces()[other])
    wide, long, jaw = random.uniform((0.8, 0.85, -0.4), (1.2, 1.2, 0.4))
    x, y = grid((SIDE, SIDE))
    x, y = (x - SIDE / 2) / wide, (y - SIDE / 2) / long
    pixels, _ = sampled(mixed, SIDE / 2 + x * (1 + jaw * y / SIDE), SIDE / 2 + y)
    return Likeness(pixels, np.array(EYES))


def _enlarged(face: np.ndarray) -> Pixels:
    bright = 255 * (face - face.min()) / np.ptp(face)
    grey = Image.fromarray(bright.astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return np.asarray(grey.convert("RGB"), np.float32)
