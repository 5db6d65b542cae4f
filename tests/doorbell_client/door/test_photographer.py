"""A picture in time, or none: whatever the camera does."""

import asyncio

import pytest

from doorbell_client.door.parts import Photo, Shape
from doorbell_client.door.photographer import take_picture
from doorbell_client.errors import CameraError


class Camera:
    """Gives what it has, raises it, or hangs."""

    def __init__(self, has: Photo | Exception | None) -> None:
        self._has = has

    def start(self) -> None:
        pass

    async def capture(self) -> Photo:
        if isinstance(self._has, Exception):
            raise self._has
        if self._has is None:
            await asyncio.Event().wait()
            raise AssertionError
        return self._has

    async def frame(self, shape: Shape) -> bytes:
        raise AssertionError("one picture is asked for")

    def close(self) -> None:
        pass


@pytest.mark.parametrize("has", [None, CameraError("unplugged"), RuntimeError("torn")])
def test_a_camera_that_hangs_or_breaks_gives_no_picture(has: Exception | None) -> None:
    picture = asyncio.run(asyncio.wait_for(take_picture(Camera(has), 0.01), 20))
    assert picture is None


def test_a_picture_is_given_as_it_was_taken() -> None:
    photo = Photo(b"jpeg", "name")
    assert asyncio.run(take_picture(Camera(photo), 20)) == photo
