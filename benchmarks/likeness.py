"""How alike two pictures are: SSIM as Wang, Bovik, Sheikh and Simoncelli have it (IEEE Transactions
on Image Processing, 2004): a Gaussian window of 11 pixels, sigma 1.5, brightness alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    Plane = NDArray[np.float64]

REACH: Final = 5
SIGMA: Final = 1.5
C1: Final = (0.01 * 255) ** 2
C2: Final = (0.03 * 255) ** 2


def ssim(one: Image.Image, other: Image.Image) -> float:
    """1 for the same picture."""
    x, y = (np.asarray(each.convert("L"), np.float64) for each in (one, other))
    mean_x, mean_y = _blurred(x), _blurred(y)
    var_x = _blurred(x * x) - mean_x**2
    var_y = _blurred(y * y) - mean_y**2
    both = _blurred(x * y) - mean_x * mean_y
    alike = (2 * mean_x * mean_y + C1) * (2 * both + C2)
    whole = (mean_x**2 + mean_y**2 + C1) * (var_x + var_y + C2)
    return float((alike / whole).mean())


def _blurred(plane: Plane) -> Plane:
    steps = np.arange(-REACH, REACH + 1)
    weights = np.exp(-(steps**2) / (2 * SIGMA**2))
    weights /= weights.sum()
    for _ in range(2):  # down, and then across
        wide = np.pad(plane, ((REACH, REACH), (0, 0)), mode="reflect")
        rows = plane.shape[0]
        plane = sum(
            (weight * wide[n : n + rows] for n, weight in enumerate(weights)),
            start=np.zeros_like(plane),
        ).T
    return plane
