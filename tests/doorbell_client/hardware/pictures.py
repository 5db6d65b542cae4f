"""What tests of cameras look at."""

import io

from PIL import Image


def opened(data: bytes) -> Image.Image:
    """The picture in a JPEG."""
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.format == "JPEG"
    return image
