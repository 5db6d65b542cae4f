"""People for the demonstration and the tests, photographed in code.

Two public-domain portraits come with libraries that are installed anyway: Eileen Collins (NASA)
in scikit-image, Grace Hopper (US Navy) in matplotlib. A third, who does not exist, is made of
both. Every picture is drawn anew from a number, the same one each time on the same libraries.
"""

import enum
import functools
import importlib.util
import io
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels: TypeAlias = NDArray[np.float32]
"""Shape (height, width, 3), 0 to 255."""

Points: TypeAlias = NDArray[np.float64]
"""Shape (n, 2): x and y in pixels."""

DOOR_SIZE: Final = (640, 480)
"""Pixels; what a doorbell's camera sends."""


class Person(enum.Enum):
    """Who can stand at the door."""

    EILEEN = "Eileen"
    GRACE = "Grace"
    STRANGER = "a stranger"


class _Likeness(NamedTuple):
    """A portrait, and where its left eye, right eye (as seen) and the nose's base are."""

    pixels: Pixels
    points: Points


class _Shot(NamedTuple):
    """How a picture is taken: where the face is, and what the camera does to it."""

    middle: tuple[float, float]
    eyes_apart: float
    tilt: float = 0.0
    barrel: float = 0.0
    light: float = 1.0
    noise: float = 0.0
    jpeg: int = 92


@functools.cache
def portrait(person: Person) -> bytes:
    """A passport picture to enrol with: 480 by 600, straight, well lit."""
    return _photograph([(person, _Shot((240, 270), 110))], (480, 600), seed=0)


@functools.cache
def door_photo(person: Person, shot: int = 0, *, light: float | None = None) -> bytes:
    """This person at the door, 640 by 480; each `shot` differs in everything a camera does.

    `light` from 0 to 1 (the portrait's own) overrides the shot's; the detector finds every face
    at 0.3 and none at 0.04.
    """
    random = np.random.default_rng([_number(person), shot])
    taken = _Shot(
        middle=(random.uniform(250, 390), random.uniform(190, 250)),
        eyes_apart=random.uniform(62, 92),
        tilt=random.uniform(-8, 8),
        barrel=random.uniform(0.0, 0.10),
        light=random.uniform(0.5, 0.95) if light is None else light,
        noise=random.uniform(2, 7),
        jpeg=int(random.integers(70, 90)),
    )
    return _photograph([(person, taken)], DOOR_SIZE, seed=shot)


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
            _Shot((step * (place + 0.5), 230), apart, random.uniform(-4, 4), noise=2),
        )
        for place, (person, apart) in enumerate(people)
    ]
    return _photograph(shots, (1280, 480), seed=shot)


def empty_doorstep(shot: int = 0) -> bytes:
    """Nobody there, 640 by 480."""
    return _photograph([], DOOR_SIZE, seed=shot)


def sideways(picture: bytes) -> bytes:
    """The same picture as a camera held sideways stores it: turned, with EXIF orientation 6."""
    image = Image.open(io.BytesIO(picture)).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


# --- the likenesses -----------------------------------------------------------


@functools.cache
def _likeness(person: Person) -> _Likeness:
    match person:
        case Person.EILEEN:
            return _from("skimage", "data/astronaut.png", (203.5, 102), (246.5, 104.5), (224, 135))
        case Person.GRACE:
            path = "mpl-data/sample_data/grace_hopper.jpg"
            return _from("matplotlib", path, (222, 195.5), (306.5, 188.5), (272, 252))
        case Person.STRANGER:
            return _between(_likeness(Person.EILEEN), _likeness(Person.GRACE))


def _from(package: str, path: str, *points: tuple[float, float]) -> _Likeness:
    # Found, not imported: importing either library takes longer than the picture.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed")
    with Image.open(Path(spec.submodule_search_locations[0]) / path) as image:
        return _Likeness(np.asarray(image.convert("RGB"), np.float32), np.array(points))


def _between(one: _Likeness, other: _Likeness) -> _Likeness:
    """A person who does not exist: both faces mixed, then narrowed and drawn out.

    The mixture alone would not do: it passes for either of its halves (S up to 98 %). The bones
    changed too, it stays under 50 % of both.
    """
    points = np.array([(195.0, 215.0), (285.0, 215.0), (240.0, 282.0)])
    first, second = (_laid_upon(likeness, points, (480, 480)) for likeness in (one, other))
    mixed = 0.55 * first + 0.45 * second
    x, y = _grid((480, 480))
    below = np.maximum(y - 215, 0) / 1.35
    narrow = 0.75 * (1 + 0.25 * np.clip(below / 111, 0, 1))
    pixels, _ = _sampled(mixed, 240 + (x - 240) / narrow, np.where(y > 215, 215 + below, y))
    return _Likeness(pixels, np.array([(206.25, 215), (273.75, 215), (240, 305.5)]))


def _laid_upon(likeness: _Likeness, points: Points, size: tuple[int, int]) -> Pixels:
    homogeneous = np.column_stack([points, np.ones(3)])
    back = np.linalg.solve(homogeneous, likeness.points)
    x, y = _grid(size)
    places = np.stack([x, y, np.ones_like(x)], axis=-1) @ back
    return _sampled(likeness.pixels, places[..., 0], places[..., 1])[0]


# --- the camera ---------------------------------------------------------------


def _photograph(people: list[tuple[Person, _Shot]], size: tuple[int, int], *, seed: int) -> bytes:
    random = np.random.default_rng([seed, len(people)])
    scene = _doorstep(size, random)
    for person, shot in people:
        scene = _with_person(scene, _likeness(person), shot)
    camera = people[0][1] if people else _Shot((0, 0), 0, light=0.8, noise=4, jpeg=80)
    seen = scene * camera.light + random.normal(0, camera.noise, scene.shape)
    out = io.BytesIO()
    Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=camera.jpeg)
    return out.getvalue()


def _doorstep(size: tuple[int, int], random: np.random.Generator) -> Pixels:
    """A plain wall that darkens downwards, with a path in front."""
    x, y = _grid(size)
    wall = random.uniform(120, 170, 3) * (1.1 - 0.4 * y[..., None] / size[1])
    path = (y > 0.85 * size[1] + 0.02 * np.abs(x - size[0] / 2))[..., None]
    return np.where(path, wall * 0.55, wall).astype(np.float32)


def _with_person(scene: Pixels, likeness: _Likeness, shot: _Shot) -> Pixels:
    """The scene with this likeness in it: turned, scaled, bent by the lens, soft at its edges."""
    height, width = scene.shape[:2]
    x, y = _grid((width, height))
    x, y = x - shot.middle[0], y - shot.middle[1]
    bend = 1 + shot.barrel * (x**2 + y**2) / (width / 2) ** 2
    left, right = likeness.points[:2]
    across = (right - left) / shot.eyes_apart
    turn = np.exp(-1j * np.radians(shot.tilt))
    places = (x + 1j * y) * bend * turn * complex(*across) + complex(*((left + right) / 2))
    pixels, inside = _sampled(likeness.pixels, places.real, places.imag)
    near = np.clip(1.5 - np.hypot(x, y * 0.8) / (2.6 * shot.eyes_apart), 0, 1) * 4
    alpha = (np.clip(near, 0, 1) * inside)[..., None]
    return (scene * (1 - alpha) + pixels * alpha).astype(np.float32)


def _grid(size: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float64)
    return x, y


def _sampled(
    pixels: Pixels, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[Pixels, NDArray[np.float64]]:
    """The pixels at these places, bilinear, and how surely each lies inside (0 to 1)."""
    height, width = pixels.shape[:2]
    edge = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y))
    x, y = np.clip(x, 0, width - 1.001), np.clip(y, 0, height - 1.001)
    column, row = x.astype(int), y.astype(int)
    right, down = (x - column)[..., None], (y - row)[..., None]
    upper = pixels[row, column] * (1 - right) + pixels[row, column + 1] * right
    lower = pixels[row + 1, column] * (1 - right) + pixels[row + 1, column + 1] * right
    return (upper * (1 - down) + lower * down).astype(np.float32), np.clip(edge / 12, 0, 1)


def _number(person: Person) -> int:
    return list(Person).index(person)
