"""The door's camera in numbers: rays go out, pictures come back, with all that spoils them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

Array: TypeAlias = npt.NDArray[np.float32]

WIDTH: Final = 640
HEIGHT: Final = 480


def vector(*numbers: float) -> Array:
    """They as one."""
    return np.array(numbers, np.float32)


class Pose(NamedTuple):
    """Where something is: metres and radians, from the camera."""

    x: float = 0.0
    """To the right."""
    y: float = 0.0
    """Down."""
    z: float = 1.0
    """Away from the camera."""
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0

    def turned(self) -> Array:
        """The rotation as a matrix: yaw, then pitch, then roll."""
        (cy, cp, cr), (sy, sp, sr) = np.cos(self[3:]), np.sin(self[3:])
        yaw = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        pitch = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
        roll = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        turned: Array = (yaw @ pitch @ roll).astype(np.float32)
        return turned

    def at(self) -> Array:
        """The place as a vector."""
        return vector(*self[:3])

    def beside(self, way: Array) -> Pose:
        """What is fixed to it, so far away in its own directions."""
        x, y, z = (float(each) for each in self.at() + self.turned() @ way)
        return self._replace(x=x, y=y, z=z)


class Lens(NamedTuple):
    """What the camera is like."""

    focus: float
    """Pixels."""
    noise: float
    """Grey levels, one standard deviation."""
    quality: int
    """JPEG's."""
    blur: float
    """Pixels."""
    gains: tuple[float, ...]
    """The exposure of each picture."""


class Layer(NamedTuple):
    """What one thing looks like from the camera, within a box of the picture."""

    left: int
    top: int
    depth: Array
    """Metres; infinite where it is not."""
    colour: Array


def rays(focus: float, box: tuple[int, int, int, int]) -> Array:
    """The direction of each pixel in the box (left, top, right, bottom); z is 1."""
    left, top, right, bottom = box
    x = (np.arange(left, right, dtype=np.float32) + 0.5 - WIDTH / 2) / focus
    y = (np.arange(top, bottom, dtype=np.float32) + 0.5 - HEIGHT / 2) / focus
    across, down = np.meshgrid(x, y)
    return np.stack([across, down, np.ones_like(across)], axis=-1)


def box_around(focus: float, at: Array, radius: float) -> tuple[int, int, int, int]:
    """A box that holds a ball of this radius; empty if it is out of sight."""
    near = max(0.05, float(at[2]) - radius)
    reach = radius * focus / near * 1.05 + 2
    x, y = WIDTH / 2 + focus * at[0] / near, HEIGHT / 2 + focus * at[1] / near
    far_x, far_y = WIDTH / 2 + focus * at[0] / at[2], HEIGHT / 2 + focus * at[1] / at[2]
    left, right = min(x, far_x) - reach, max(x, far_x) + reach
    top, bottom = min(y, far_y) - reach, max(y, far_y) + reach
    sides = np.clip([left, right], 0, WIDTH), np.clip([top, bottom], 0, HEIGHT)
    return int(sides[0][0]), int(sides[1][0]), int(sides[0][1]), int(sides[1][1])


def composed(background: Array, layers: Sequence[Layer]) -> Array:
    """What is nearest, at each pixel."""
    picture = background.copy()
    depth = np.full(background.shape[:2], np.inf, np.float32)
    for layer in layers:
        height, width = layer.depth.shape
        place = np.s_[layer.top : layer.top + height, layer.left : layer.left + width]
        nearer = layer.depth < depth[place]
        depth[place] = np.where(nearer, layer.depth, depth[place])
        picture[place] = np.where(nearer[..., None], layer.colour, picture[place])
    return picture


def taken(picture: Array, lens: Lens, number: int, chance: np.random.Generator) -> bytes:
    """The picture as the camera sends it: blurred, exposed, noisy, JPEG."""
    light = np.clip(picture * lens.gains[number], 0, 255).astype(np.uint8)
    soft = Image.fromarray(light).filter(ImageFilter.GaussianBlur(lens.blur))
    seen = np.asarray(soft, np.float32)
    # What is grey is tracked: noise of single colours would change nothing.
    noise = chance.standard_normal((*seen.shape[:2], 1), np.float32)
    seen = seen + lens.noise * noise
    out = io.BytesIO()
    Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=lens.quality)
    return out.getvalue()


def sampled(texture: Array, x: Array, y: Array) -> Array:
    """The texture at these places, in pixels of it; beyond its edge it goes on as there."""
    height, width = texture.shape[:2]
    x, y = np.clip(x, 0, width - 1.001), np.clip(y, 0, height - 1.001)
    left, top = x.astype(np.int32), y.astype(np.int32)
    right, down = (x - left)[..., None], (y - top)[..., None]
    above = texture[top, left] * (1 - right) + texture[top, left + 1] * right
    below = texture[top + 1, left] * (1 - right) + texture[top + 1, left + 1] * right
    mixed: Array = above * (1 - down) + below * down
    return mixed
