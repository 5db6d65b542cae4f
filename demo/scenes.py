"""Scenes with motion, as a camera takes them one picture after another: each a JPEG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from demo.camera import Shot, doorstep, jpeg, with_person
from demo.likeness import Person, likeness_of
from demo.pixels import grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.pixels import Pixels

SIZE: Final = (540, 405)
"""What the party camera of old took."""
QUALITY: Final = 85
"""Of the JPEGs."""


def visitor(frames: int, size: tuple[int, int] = SIZE, *, noise: float = 3) -> Iterator[bytes]:
    """Somebody walks past the door and looks into the camera; the wall behind stands still."""
    wall = doorstep(size, np.random.default_rng([7, 1]))
    for n in range(frames):
        time = n / frames
        shot = Shot(
            middle=(size[0] * (0.35 + 0.3 * time), size[1] * (0.47 + 0.03 * np.sin(12 * time))),
            eyes_apart=size[0] * (0.14 + 0.02 * time),
            tilt=6 * np.sin(9 * time),
        )
        scene = with_person(wall, likeness_of(Person.EILEEN), shot)
        yield _taken(scene * (0.9 + 0.02 * np.sin(5 * time)), noise, n)


def party(frames: int, size: tuple[int, int] = SIZE, *, noise: float = 3) -> Iterator[bytes]:
    """Three people before coloured lights, and a hand that shakes: nothing stays where it is."""
    room = _coloured_lights((size[0] + 80, size[1] + 80))
    for n in range(frames):
        time = n / frames
        left, top = round(40 + 30 * np.sin(7 * time)), round(40 + 25 * np.cos(9 * time))
        scene = room[top : top + size[1], left : left + size[0]]
        for k, person in enumerate(Person):
            across = size[0] * (0.2 + 0.3 * k) + 15 * np.sin(8 * time + k)
            shot = Shot((across, size[1] * 0.5 + 10 * np.cos(11 * time + k)), size[0] / 11)
            scene = with_person(scene, likeness_of(person), shot)
        yield _taken(scene * 0.9, noise, n)


def garden(frames: int, size: tuple[int, int] = SIZE, *, noise: float = 1.5) -> Iterator[bytes]:
    """A day in a garden, drawn: light that comes and goes, clouds, leaves in the wind."""
    random = np.random.default_rng(3)
    leaves = random.uniform((0, 0.3 * size[1], 6), (size[0], 0.7 * size[1], 26), (120, 3))
    sky, lawn = _sky(size), _lawn(size, random)
    x, y = grid(size)
    hill = (y > 0.65 * size[1] + 10 * np.sin(x / 60))[..., None]
    for n in range(frames):
        time = n / frames
        picture = Image.fromarray(np.where(hill, lawn, sky).astype(np.uint8))
        _draw(ImageDraw.Draw(picture), size, leaves, time)
        soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.8)), np.float32)
        yield _taken(soft * (0.6 + 0.4 * np.sin(np.pi * time)), noise, n)


def _taken(scene: Pixels, noise: float, number: int) -> bytes:
    grain = np.random.default_rng([11, number]).normal(0, noise, scene.shape)
    return jpeg(scene + grain, QUALITY)


def _coloured_lights(size: tuple[int, int]) -> Pixels:
    spots = np.random.default_rng(5).uniform(0, 255, (9, 12, 3)).astype(np.uint8)
    blurred = Image.fromarray(spots).resize(size, Image.Resampling.BICUBIC)
    return np.asarray(blurred, np.float32)


def _sky(size: tuple[int, int]) -> Pixels:
    low = grid(size)[1] / size[1]
    return np.stack([90 + 80 * low, 130 + 70 * low, 220 - 40 * low], -1).astype(np.float32)


def _lawn(size: tuple[int, int], random: np.random.Generator) -> Pixels:
    grain = np.clip(random.normal(128, 30, (size[1], size[0])), 0, 255).astype(np.uint8)
    soft = Image.fromarray(grain).filter(ImageFilter.GaussianBlur(1.2))
    blade = np.asarray(soft, np.float32) - 128
    lawn = np.stack([70 + 1.2 * blade, 110 + 1.5 * blade, 40 + blade], -1)
    return np.clip(lawn, 0, 255).astype(np.float32)


def _draw(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], leaves: np.ndarray, time: float
) -> None:
    for k in range(3):
        x = (size[0] * (0.7 * time + 0.37 * k)) % size[0]
        draw.ellipse((x - 50, 50 + 30 * k, x + 50, 85 + 30 * k), fill=(235, 235, 240))
    for x, y, radius in leaves:
        moved = x + 3 * np.sin(20 * time + x)
        green = (int(40 + radius * 2), int(90 + radius * 3), int(30 + radius))
        draw.ellipse((moved - radius, y - radius, moved + radius, y + radius), fill=green)
    sun = 0.75 * size[0] * time + 20
    draw.ellipse((sun, 20, sun + 40, 60), fill=(255, 240, 150))
