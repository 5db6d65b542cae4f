"""Pictures as arrays of numbers: their type, and how they are read between their pixels."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.float32]
"""Shape (height, width, 3), 0 to 255."""

Points: TypeAlias = NDArray[np.float64]
"""Shape (n, 2): x and y in pixels."""


def grid(size: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Every pixel's x and y; the size is width and height."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float64)
    return x, y


def sampled(
    pixels: Pixels, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[Pixels, NDArray[np.float64]]:
    """The pixels at these places, bilinear, and how surely each lies inside (0 to 1)."""
    height, width = pixels.shape[:2]
    edge = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y))
    x, y = np.clip(x, 0, width - 1.001), np.clip(y, 0, height - 1.001)
    column, row = x.astype(int), y.astype(int)
    right, down = (x - column)[..., None], (y - row)[..., None]
    upper = pixels[row, column] * (1 - right) + pixels[row, column + 1] * right
    lower = pixels[row + 1, column] * (1 - right) + pixels[row + 1, column + 1] * right
    return (upper * (1 - down) + lower * down).astype(np.float32), np.clip(edge / 12, 0, 1)
