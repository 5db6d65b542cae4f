"""How people, prints, clothes and walls look: drawn in code, each a little otherwise."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from docs.images.drawn_face import COURIER, EILEEN, GRACE, Look, Scene, door_picture
from proof.liveness.camera import HEIGHT, WIDTH, sampled, vector

if TYPE_CHECKING:
    from proof.liveness.camera import Array

SIDE: Final = 640
"""Of a texture, in pixels."""
SKINS: Final = ("#f0c8a8", "#d9a586", "#c99873", "#a5714f", "#8d5a3c", "#5f3b28")
HAIRS: Final = ("#6b4a32", "#1d1512", "#3a2a22", "#b08d57", "#8a8580", "#d8d2c8")
COATS: Final = ("#c8552f", "#3d6b58", "#2f4a6d", "#7a3550", "#55595e", "#b7862c")
FACE_UNIT: Final = 0.95
"""Half a head's width, in the unit of `drawn_face`."""


def look(chance: np.random.Generator) -> Look:
    """Somebody."""
    base = (EILEEN, GRACE, COURIER)[chance.integers(3)]
    return base._replace(
        skin=str(chance.choice(SKINS)), hair=str(chance.choice(HAIRS)),
        coat=str(chance.choice(COATS)), glasses=bool(chance.random() < 0.3),
        beard=bool(chance.random() < 0.3), long_hair=bool(chance.random() < 0.4),
        cap="#2b4c3f" if chance.random() < 0.15 else None,
    )  # fmt: skip


def grain(chance: np.random.Generator, shape: tuple[int, int], strength: float) -> Array:
    """Freckles, folds and threads: noise of several sizes."""
    made = np.zeros(shape, np.float32)
    for cells, share in ((24, 1.0), (60, 0.8), (140, 0.6)):
        small = chance.normal(0, strength * share, (cells, cells)).astype(np.float32)
        picture = Image.fromarray(small).resize(shape[::-1], Image.Resampling.BICUBIC)
        made += np.asarray(picture, np.float32)
    return made[..., None]


def face(someone: Look, chance: np.random.Generator, strength: float) -> Array:
    """A head's texture, as `Solid` wants it: the drawn face stretched over its front."""
    size, head = 900, 420
    drawn = Image.open(io.BytesIO(door_picture((size, size), head, someone)))
    unit = head / 2
    x, y = np.meshgrid(*[np.linspace(-1.3, 1.3, SIDE, dtype=np.float32)] * 2)
    places = size / 2 + x * unit * FACE_UNIT, size * 0.47 + (y * 1.22 - 0.0) * unit
    painted = sampled(np.asarray(drawn.convert("RGB"), np.float32), *places)
    hair = np.array(Image.new("RGB", (1, 1), someone.hair), np.float32)[0, 0]
    around = np.clip((np.hypot(x, y) - 0.96) / 0.04, 0, 1)[..., None]
    made: Array = painted * (1 - around) + hair * around + grain(chance, (SIDE, SIDE), strength)
    return made


def cloth(someone: Look, chance: np.random.Generator, strength: float) -> Array:
    """A coat's or a jumper's texture."""
    colour = np.array(Image.new("RGB", (1, 1), someone.coat), np.float32)[0, 0]
    made = np.broadcast_to(colour, (SIDE, SIDE, 3)) + grain(chance, (SIDE, SIDE), strength)
    if chance.random() < 0.4:
        stripes = np.sin(np.linspace(0, chance.uniform(30, 120), SIDE, dtype=np.float32))
        made = made + (18 * stripes)[:, None, None]
    middle = np.abs(np.linspace(-1.3, 1.3, SIDE)) < 0.02
    return np.where(middle[None, :, None], made * 0.55, made).astype(np.float32)


def photo(someone: Look, chance: np.random.Generator, strength: float) -> Array:
    """A print of somebody: as a passport has it, or as a phone took it."""
    wall = str(chance.choice(["#b9c2bd", "#d8d4cc", "#8fa3b0", "#efefef", "#74847e"]))
    size = (480, 640)
    drawn = door_picture(size, int(chance.integers(230, 330)), someone, Scene(wall, "#5a5550"))
    painted = np.asarray(Image.open(io.BytesIO(drawn)).convert("RGB"), np.float32)
    return painted + grain(chance, size[::-1], strength)


def parcel(chance: np.random.Generator) -> Array:
    """A box with a label."""
    made = np.broadcast_to(vector(176, 136, 92), (400, 520, 3)).copy()
    made[:, 240:280] *= 0.85
    made[60:180, 60:210] = 235
    for row in range(75, 170, 14):
        made[row : row + 4, 75 : int(chance.integers(120, 200))] = 40
    return made + grain(chance, (400, 520), 5)


def wall(chance: np.random.Generator) -> Array:
    """What stands still behind everybody."""
    colour = chance.uniform(70, 190) + chance.uniform(-18, 18, 3)
    made = np.broadcast_to(colour.astype(np.float32), (HEIGHT, WIDTH, 3)).copy()
    if chance.random() < 0.6:
        high, wide = int(chance.integers(16, 40)), int(chance.integers(40, 90))
        for row in range(0, HEIGHT, high):
            made[row : row + 2] *= 0.8
            for column in range((row // high % 2) * wide // 2, WIDTH, wide):
                made[row : row + high, column : column + 2] *= 0.8
    made[int(HEIGHT * chance.uniform(0.6, 0.9)) :] *= 0.75
    return made + grain(chance, (HEIGHT, WIDTH), chance.uniform(2, 7))
