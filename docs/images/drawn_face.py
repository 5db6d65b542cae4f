"""A face drawn in code, for pictures in the docs: this repository keeps no photo of anybody."""

import io

from PIL import Image, ImageDraw, ImageFilter

SKIN, HAIR, COAT, WALL, DARK = "#d9a586", "#3a2a22", "#2f4a6d", "#b9c2bd", "#241a17"


def door_picture(size: tuple[int, int] = (640, 480), face: int = 170) -> bytes:
    """A JPEG of somebody at the door; `face` is the head's width in pixels."""
    width, height = size
    image = Image.new("RGB", size, WALL)
    pen = ImageDraw.Draw(image)
    x, y, f = width / 2, height * 0.46, face / 2

    def oval(cx: float, cy: float, rx: float, ry: float, fill: str) -> None:
        pen.ellipse(
            [x + f * (cx - rx), y + f * (cy - ry), x + f * (cx + rx), y + f * (cy + ry)], fill
        )

    pen.rectangle([0, height * 0.9, width, height], fill="#6d6a66")
    oval(0, 2.6, 1.9, 1.3, COAT)
    oval(0, -0.25, 1.12, 1.35, HAIR)
    oval(0, 1.2, 0.45, 0.6, "#c08e72")
    oval(0, 0.05, 0.95, 1.25, SKIN)
    oval(0, -0.95, 0.85, 0.45, HAIR)
    for side in (-1, 1):
        oval(0.40 * side, -0.32, 0.24, 0.045, DARK)
        oval(0.40 * side, -0.12, 0.20, 0.10, "#f3efe9")
        oval(0.40 * side, -0.12, 0.10, 0.10, DARK)
        oval(0.12 * side, 0.36, 0.07, 0.05, "#8d5c48")
        oval(0.55 * side, 0.35, 0.22, 0.18, "#dd9c80")
    oval(0.0, 0.15, 0.10, 0.26, "#e5b698")
    oval(0, 0.72, 0.32, 0.09, "#9c4a44")
    oval(0, 0.69, 0.28, 0.025, DARK)
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.5)).save(out, "JPEG", quality=92)
    return out.getvalue()
