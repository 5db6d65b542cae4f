"""Turning is clockwise."""

import pytest
from PIL import Image

from doorbell_client.hardware.rotation import Rotation, turned


@pytest.mark.parametrize(
    ("rotation", "corner"), [(0, (0, 0)), (90, (1, 0)), (180, (2, 1)), (270, (0, 2))]
)
def test_the_upper_left_corner_goes_round_clockwise(
    rotation: Rotation, corner: tuple[int, int]
) -> None:
    image = Image.new("L", (3, 2))
    image.putpixel((0, 0), 255)
    assert turned(image, rotation).getpixel(corner) == 255
