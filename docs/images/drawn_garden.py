"""A garden drawn in code, as a camera sees it: for pictures in the docs and for films in tests."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

FINE = 2
"""Drawn so many times larger, then made smaller: edges are smooth."""


def garden_picture(hour: float, size: tuple[int, int] = (640, 480)) -> bytes:
    """A JPEG of the garden at an hour from 0 to 24: the sun goes over, and the sky with it."""
    width, height = size[0] * FINE, size[1] * FINE
    day = max(0.0, 1 - abs(hour - 13) / 8)
    image = Image.new("RGB", (width, height), _mixed("#1f2a3c", "#a9cfe0", day))
    pen = ImageDraw.Draw(image)

    def oval(x: float, y: float, across: float, high: float, fill: str) -> None:
        box = [(x - across) * width, (y - high) * height, (x + across) * width, (y + high) * height]
        pen.ellipse(box, fill)

    if day > 0:
        oval((hour - 5) / 16, 0.55 - 0.42 * day, 0.045, 0.06, "#f5dd8c")
    oval(0.2, 0.86, 0.55, 0.3, _mixed("#1d3026", "#6f9a62", day))
    oval(0.85, 0.9, 0.6, 0.34, _mixed("#1a2b22", "#5d8a56", day))
    trunk = _mixed("#231c17", "#6d4f37", day)
    pen.rectangle([0.29 * width, 0.5 * height, 0.32 * width, 0.82 * height], trunk)
    for x, y, across in ((0.305, 0.38, 0.13), (0.23, 0.46, 0.09), (0.38, 0.46, 0.09)):
        oval(x, y, across, across * 1.2, _mixed("#16271d", "#3f7247", day))
    for x in (0.58, 0.66, 0.74, 0.82):
        pen.rectangle(
            [x * width, 0.62 * height, (x + 0.035) * width, 0.84 * height],
            _mixed("#3a3733", "#e9e2d3", day),
        )
    pen.rectangle(
        [0.55 * width, 0.69 * height, 0.89 * width, 0.715 * height],
        _mixed("#3a3733", "#e9e2d3", day),
    )
    out = io.BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(out, "JPEG", quality=90)
    return out.getvalue()


def _mixed(dark: str, light: str, share: float) -> str:
    """A colour between two, as HTML has them."""
    pairs = [(int(dark[i : i + 2], 16), int(light[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(low + (high - low) * share):02x}" for low, high in pairs)
