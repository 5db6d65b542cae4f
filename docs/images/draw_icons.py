"""Draws the icons of the phone's app: `python docs/images/draw_icons.py`.

The same bell as `phone/icons/icon.svg`, as the PNGs that phones want.
"""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

ICONS: Final = Path(__file__).resolve().parents[2] / "phone" / "icons"
GREEN, WHITE, MINT = "#0f6650", "#ffffff", "#8fe0c3"
FINER: Final = 8
"""Drawn so much larger, then made smaller: soft edges."""


def bell(size: int, *, corner: float = 0.0, scale: float = 1.0) -> Image.Image:
    """The icon, `size` pixels wide; `corner` rounds it (0 to 0.5), `scale` shrinks the bell."""
    large = size * FINER
    image = Image.new("RGBA", (large, large))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle([0, 0, large - 1, large - 1], corner * large, GREEN)
    _draw_bell(pen, large, scale, WHITE, MINT)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def badge(size: int) -> Image.Image:
    """The bell alone, white on nothing: Android shows its shape in the status bar."""
    large = size * FINER
    image = Image.new("RGBA", (large, large))
    _draw_bell(ImageDraw.Draw(image), large, 1.5, WHITE, WHITE)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def _draw_bell(pen: ImageDraw.ImageDraw, large: int, scale: float, body: str, clapper: str) -> None:
    def at(x: float, y: float) -> tuple[float, float]:
        return (0.5 + (x - 32) / 64 * scale) * large, (0.5 + (y - 32) / 64 * scale) * large

    def oval(x: float, y: float, radius: float, colour: str) -> None:
        pen.ellipse([at(x - radius, y - radius), at(x + radius, y + radius)], colour)

    oval(32, 26, 14, body)
    pen.polygon([at(18, 26), at(46, 26), at(46, 37), at(50, 43), at(14, 43), at(18, 37)], body)
    pen.rounded_rectangle([at(13.6, 41.5), at(50.4, 45.4)], large * scale * 0.028, body)
    oval(32, 49, 5, clapper)
    if body != clapper:
        pen.rectangle([at(26, 41.5), at(38, 45.2)], body)


def main() -> None:
    """Writes all icons."""
    for name, image in {
        "icon-192": bell(192, corner=0.235),
        "icon-512": bell(512, corner=0.235),
        "maskable-512": bell(512, scale=0.85),
        "apple-touch-icon": bell(180),
        "badge": badge(96),
    }.items():
        image.quantize(48, Image.Quantize.FASTOCTREE).save(ICONS / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
