"""People drawn in code, for pictures in the docs: this repository keeps no photo of anybody."""

from __future__ import annotations

import io
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

DARK = "#241a17"
FINE = 3
"""Drawn so many times larger, then made smaller: edges are smooth."""


class Look(NamedTuple):
    """How somebody looks; colours as HTML has them."""

    skin: str = "#d9a586"
    shade: str = "#c08e72"
    cheek: str = "#dd9c80"
    hair: str = "#3a2a22"
    coat: str = "#2f4a6d"
    long_hair: bool = False
    glasses: bool = False
    cap: str | None = None
    beard: bool = False


class Scene(NamedTuple):
    """Where and how somebody is seen."""

    wall: str = "#b9c2bd"
    ground: str = "#6d6a66"
    tilt: float = 0.0
    """Degrees; a door's camera hangs a little askew."""
    light: float = 1.0
    """1 is daylight, 0 is dark."""


EILEEN = Look(hair="#6b4a32", coat="#c8552f", shade="#c28a6a")
GRACE = Look(
    skin="#8d5a3c", shade="#744628", cheek="#a5694a", hair="#1d1512", coat="#3d6b58",
    long_hair=True, glasses=True,
)  # fmt: skip
COURIER = Look(
    skin="#c99873", shade="#b38360", cheek="#c58e6c", hair="#211b18", coat="#b7862c",
    cap="#2b4c3f", beard=True,
)  # fmt: skip
DAYLIGHT = Scene()


def door_picture(
    size: tuple[int, int] = (640, 480),
    face: int = 170,
    look: Look = EILEEN,
    scene: Scene = DAYLIGHT,
) -> bytes:
    """A JPEG of somebody at the door; `face` is the head's width in pixels."""
    width, height = size[0] * FINE, size[1] * FINE
    # Half as large again, so that no corner is empty when it is turned.
    image = Image.new("RGB", (width * 3 // 2, height * 3 // 2), scene.wall)
    _Portrait(image, face * FINE / 2).draw(look, scene)
    image = image.rotate(scene.tilt, Image.Resampling.BICUBIC, fillcolor=scene.wall)
    image = image.crop((width // 4, height // 4, width // 4 + width, height // 4 + height))
    image = image.resize(size, Image.Resampling.LANCZOS)
    image = ImageEnhance.Brightness(image).enhance(scene.light)
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(0.8)).save(out, "JPEG", quality=92)
    return out.getvalue()


class _Portrait:
    """A pen whose unit is half a head's width, with the middle of the face at 0, 0."""

    def __init__(self, image: Image.Image, unit: float) -> None:
        self._size = image.size
        self._pen = ImageDraw.Draw(image)
        self._unit = unit
        self._x, self._y = image.width / 2, image.height * 0.47

    def draw(self, look: Look, scene: Scene) -> None:
        """From the back to the front."""
        width, height = self._size
        self._pen.rectangle([0, height * 0.74, width, height], fill=scene.ground)
        if look.long_hair:
            self._oval(0, 0.6, 1.25, 1.75, look.hair)
        self._oval(0, 2.75, 1.95, 1.4, look.coat)
        self._oval(0, -0.25, 1.10, 1.33, look.hair)
        self._oval(0, 1.25, 0.42, 0.62, look.shade)
        self._oval(0, 1.62, 0.5, 0.24, look.shade)
        self._oval(0, 0.05, 0.93, 1.22, look.skin)
        self._face(look)
        self._hair(look)

    def _face(self, look: Look) -> None:
        if look.beard:
            self._oval(0, 0.86, 0.78, 0.5, look.hair)
            self._oval(0, 0.35, 0.8, 0.62, look.skin)
        for side in (-1, 1):
            self._oval(0.55 * side, 0.36, 0.2, 0.16, look.cheek)
            self._oval(0.40 * side, -0.36, 0.22, 0.045, look.hair)
            self._oval(0.40 * side, -0.12, 0.19, 0.11, "#f7f3ed")
            self._oval(0.40 * side, -0.12, 0.10, 0.10, DARK)
            self._oval(0.37 * side, -0.15, 0.03, 0.03, "#ffffff")
            if look.glasses:
                self._ring(0.40 * side, -0.12, 0.31, 0.25)
        if look.glasses:
            self._line((-0.1, -0.14), (0.1, -0.14))
        self._oval(0.0, 0.16, 0.10, 0.25, look.shade)
        self._oval(0.0, 0.12, 0.085, 0.24, look.skin)
        self._oval(0, 0.70, 0.30, 0.10, "#a0524a")
        self._oval(0, 0.645, 0.30, 0.075, look.skin)

    def _hair(self, look: Look) -> None:
        self._oval(-0.22, -0.98, 0.75, 0.42, look.hair)
        self._oval(0.35, -0.98, 0.62, 0.36, look.hair)
        if look.cap:
            self._oval(0, -1.02, 1.05, 0.62, look.cap)
            self._oval(0.12, -0.62, 1.12, 0.17, look.cap)

    def _oval(self, x: float, y: float, across: float, high: float, fill: str) -> None:
        self._pen.ellipse(self._box(x, y, across, high), fill)

    def _ring(self, x: float, y: float, across: float, high: float) -> None:
        thick = round(self._unit * 0.045)
        self._pen.ellipse(self._box(x, y, across, high), outline=DARK, width=thick)

    def _line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        points = [(self._x + self._unit * x, self._y + self._unit * y) for x, y in (start, end)]
        self._pen.line(points, DARK, width=round(self._unit * 0.045))

    def _box(self, x: float, y: float, across: float, high: float) -> list[float]:
        unit = self._unit
        left, top = self._x + unit * (x - across), self._y + unit * (y - high)
        return [left, top, left + 2 * unit * across, top + 2 * unit * high]
