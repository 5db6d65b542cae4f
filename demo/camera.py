"""A camera that looks at a doorstep and whoever stands there."""

import io
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.likeness import Likeness, Person, likeness_of
from demo.pixels import Pixels, grid, sampled


class Shot(NamedTuple):
    """How a picture is taken: where the face is, and what the camera does to it."""

    middle: tuple[float, float]
    eyes_apart: float
    tilt: float = 0.0
    barrel: float = 0.0
    light: float = 1.0
    noise: float = 0.0
    jpeg: int = 92


def photograph(people: list[tuple[Person, Shot]], size: tuple[int, int], *, seed: int) -> bytes:
    """A JPEG of these people, each taken as its shot says; the first one's is the camera's."""
    random = np.random.default_rng([seed, len(people)])
    scene = doorstep(size, random)
    for person, shot in people:
        scene = with_person(scene, likeness_of(person), shot)
    camera = people[0][1] if people else Shot((0, 0), 0, light=0.8, noise=4, jpeg=80)
    seen = scene * camera.light + random.normal(0, camera.noise, scene.shape)
    return jpeg(seen, camera.jpeg)


def jpeg(seen: NDArray[np.floating], quality: int) -> bytes:
    """What was seen, as a file."""
    out = io.BytesIO()
    Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=quality)
    return out.getvalue()


def doorstep(size: tuple[int, int], random: np.random.Generator) -> Pixels:
    """A plain wall that darkens downwards, with a path in front."""
    x, y = grid(size)
    wall = random.uniform(120, 170, 3) * (1.1 - 0.4 * y[..., None] / size[1])
    path = (y > 0.85 * size[1] + 0.02 * np.abs(x - size[0] / 2))[..., None]
    return np.where(path, wall * 0.55, wall).astype(np.float32)


def with_person(scene: Pixels, likeness: Likeness, shot: Shot) -> Pixels:
    """The scene with this likeness in it: turned, scaled, bent by the lens, soft at its edges."""
    height, width = scene.shape[:2]
    x, y = grid((width, height))
    x, y = x - shot.middle[0], y - shot.middle[1]
    bend = 1 + shot.barrel * (x**2 + y**2) / (width / 2) ** 2
    left, right = likeness.points[:2]
    across = (right - left) / shot.eyes_apart
    turn = np.exp(-1j * np.radians(shot.tilt))
    places = (x + 1j * y) * bend * turn * complex(*across) + complex(*((left + right) / 2))
    pixels, inside = sampled(likeness.pixels, places.real, places.imag)
    near = np.clip(1.5 - np.hypot(x, y * 0.8) / (2.6 * shot.eyes_apart), 0, 1) * 4
    alpha = (np.clip(near, 0, 1) * inside)[..., None]
    return (scene * (1 - alpha) + pixels * alpha).astype(np.float32)
