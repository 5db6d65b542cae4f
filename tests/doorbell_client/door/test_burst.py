"""A burst: so many frames, so far apart, and those there are where the camera gives no more."""

import asyncio
import time

import pytest

from doorbell_client.door.burst import MOST_FRAMES, BurstPlan, take_burst
from doorbell_client.door.parts import Photo, Shape
from doorbell_client.errors import CameraError


class Camera:
    """Numbers its frames; fails at one of them."""

    def __init__(self, fails_at: int = 99, failure: BaseException | None = None) -> None:
        self.moments: list[float] = []
        self.shapes: set[Shape] = set()
        self._fails_at = fails_at
        self._failure = failure or CameraError("unplugged")

    def start(self) -> None:
        pass

    async def capture(self) -> Photo:
        raise AssertionError("a burst takes frames")

    async def frame(self, shape: Shape) -> bytes:
        self.shapes.add(shape)
        if len(self.moments) == self._fails_at:
            raise self._failure
        self.moments.append(time.monotonic())
        return bytes([len(self.moments)])

    def close(self) -> None:
        pass


def test_frames_come_one_after_another_in_the_shape_that_was_asked_for() -> None:
    camera, shape = Camera(), Shape(540, 405, exact=True)
    frames = asyncio.run(take_burst(camera, BurstPlan(4, 0.03, shape)))
    assert frames == [b"\1", b"\2", b"\3", b"\4"]
    assert camera.shapes == {shape}
    assert camera.moments[-1] - camera.moments[0] >= 0.08


def test_a_slow_camera_gives_its_frames_without_more_waiting() -> None:
    class Slow(Camera):
        async def frame(self, shape: Shape) -> bytes:
            await asyncio.sleep(0.05)
            return await super().frame(shape)

    began = time.monotonic()
    assert len(asyncio.run(take_burst(Slow(), BurstPlan(5, 0.01)))) == 5
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("failure", [CameraError("unplugged"), RuntimeError("driver")])
def test_the_frames_before_a_failure_are_kept(failure: BaseException) -> None:
    assert asyncio.run(take_burst(Camera(2, failure), BurstPlan(8, 0))) == [b"\1", b"\2"]


def test_a_camera_that_hangs_ends_the_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging(Camera):
        async def frame(self, shape: Shape) -> bytes:
            if self.moments:
                await asyncio.sleep(60)
            return await super().frame(shape)

    monkeypatch.setattr("doorbell_client.door.burst.FRAME_SECONDS", 0.05)
    assert asyncio.run(take_burst(Hanging(), BurstPlan(8, 0))) == [b"\1"]


def test_no_film_has_more_frames_than_the_cloud_takes() -> None:
    assert len(asyncio.run(take_burst(Camera(), BurstPlan(1000, 0)))) == MOST_FRAMES
