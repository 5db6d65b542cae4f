"""Turns a picture whose camera is mounted on its side or upside down."""

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from PIL.Image import Image

Rotation: TypeAlias = Literal[0, 90, 180, 270]
"""Degrees clockwise."""


def turned(image: "Image", rotation: Rotation) -> "Image":
    """`image`, turned clockwise."""
    if not rotation:
        return image
    from PIL.Image import Transpose

    # Pillow turns the other way round.
    turns = {90: Transpose.ROTATE_270, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_90}
    return image.transpose(turns[rotation])
