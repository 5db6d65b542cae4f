"""A picture in characters: coloured half blocks, or shades where there is no colour."""

from typing import Final

from rich.text import Text

from doorbell_client.terminal.canvas import Canvas
from doorbell_client.terminal.view import Picture, Pixel

SHADES: Final = " .:-=+*#%@"
"""From dark to bright, on a dark terminal."""


def picture_text(picture: Picture | None, columns: int, rows: int, canvas: Canvas) -> Text:
    """The picture in so many characters; empty lines where there is none."""
    if picture is None or not picture.pixels:
        return Text("\n" * (rows - 1))
    lines = _resized(picture, columns, 2 * rows)
    pairs = zip(lines[::2], lines[1::2], strict=True)
    draw = _half_blocks if canvas.unicode and canvas.colours else _shades
    return Text("\n", no_wrap=True).join(draw(upper, lower) for upper, lower in pairs)


def _resized(picture: Picture, width: int, height: int) -> list[list[Pixel]]:
    """The nearest pixels of the picture."""
    pixels = picture.pixels
    return [
        [pixels[y * len(pixels) // height][x * len(pixels[0]) // width] for x in range(width)]
        for y in range(height)
    ]


def _half_blocks(upper: list[Pixel], lower: list[Pixel]) -> Text:
    """An upper half block has two colours: the upper pixel's, and the lower one's behind it."""
    line = Text()
    for above, below in zip(upper, lower, strict=True):
        line.append("▀", f"rgb({_rgb(above)}) on rgb({_rgb(below)})")
    return line


def _rgb(pixel: Pixel) -> str:
    return ",".join(map(str, pixel))


def _shades(upper: list[Pixel], lower: list[Pixel]) -> Text:
    return Text("".join(_shade(above, below) for above, below in zip(upper, lower, strict=True)))


def _shade(above: Pixel, below: Pixel) -> str:
    return SHADES[(sum(above) + sum(below)) * len(SHADES) // (6 * 256)]
