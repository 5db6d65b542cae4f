"""The picture that is shown until a ring's own photo is there."""

import io
from functools import cache

_SIZE = (640, 480)
_GREY = (128, 128, 128)


@cache
def placeholder() -> bytes:
    """A plain grey JPEG. Without it the last visitor would seem to stand at the door again."""
    from PIL import Image

    content = io.BytesIO()
    Image.new("RGB", _SIZE, _GREY).save(content, "JPEG", optimize=True)
    return content.getvalue()
