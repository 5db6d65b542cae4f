"""The colours of a GIF: one palette for all its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import Image

if TYPE_CHECKING:
    from filmmaker.picture_file import PictureFile

COLOURS: Final = 191
"""More give a better picture and a larger file: with 255 colours it grows by 8 %, and SSIM by
0.003 (docs/films.md).
"""
SAMPLES: Final = 20
"""Pictures that are asked for their colours, evenly spread."""
ACROSS: Final = 40
"""Pixels that each of them is sampled at, across: more cost time and give the same palette."""


def palette_of(pictures: PictureFile) -> Image.Image:
    """A picture in mode P whose palette suits all of these: median cut, then k-means."""
    asked = min(SAMPLES, len(pictures))
    small = [_small(pictures[n * len(pictures) // asked]) for n in range(asked)]
    sheet = Image.new("RGB", (small[0].width, small[0].height * asked))
    for n, each in enumerate(small):
        sheet.paste(each, (0, n * each.height))
    return sheet.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=1)


def _small(picture: Image.Image) -> Image.Image:
    """Some of its pixels as they are: a mean of several would be a colour that is nowhere."""
    step = max(1, picture.width // ACROSS)
    size = max(1, picture.width // step), max(1, picture.height // step)
    return picture.resize(size, Image.Resampling.NEAREST)
