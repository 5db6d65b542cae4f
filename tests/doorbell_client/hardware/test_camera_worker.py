"""Whatever a camera does, the door goes on: it opens late, hangs, fails, or does not close."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable

import pytest

from doorbell_client.door.parts import Photo, Shape
from doorbell_client.errors import CameraError
from doorbell_client.hardware.camera_worker import MOST_WAITING, CameraWorker

PHOTO = Photo(b"\xff\xd8\xff", "a")
SMALL = Shape(64, 48)


class Camera:
    """Each step waits for its gate, and fails if it is told to."""

    def __init__(self) -> None:
        self.gates = {step: threading.Event() for step in ("open", "take", "frame", "close")}
        for gate in self.gates.values():
            gate.set()
        self.failure: BaseException | None = None
        self.steps: list[str] = []
        self.threads: set[str] = set()

    def open(self) -> "Camera":
        self._step("open")
        return self

    def take(self) -> Photo:
        self._step("take")
        if self.failure is not None:
            raise self.failure
        return PHOTO

    def frame(self, shape: Shape) -> bytes:
        self._step("frame")
        if self.failure is not None:
            raise self.failure
        return b"small"

    def close(self) -> None:
        self._step("close")

    def _step(self, step: str) -> None:
        self.steps.append(step)
        self.threads.add(threading.current_thread().name)
        self.gates[step].wait(20)


def run(scene: Callable[[Camera, CameraWorker], Awaitable[None]]) -> Camera:
    camera = Camera()
    worker = CameraWorker(camera.open)

    async def whole() -> None:
        try:
            await asyncio.wait_for(scene(camera, worker), 10)
        finally:
            for gate in camera.gates.values():
                gate.set()
            worker.close()

    asyncio.run(whole())
    return camera


async def given_up(worker: CameraWorker, seconds: float = 0.05) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(worker.capture(), seconds)


def test_a_camera_is_opened_once_and_used_in_one_thread_alone() -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        worker.start()
        for _ in range(3):
            assert await worker.capture() is PHOTO

    camera = run(scene)
    assert camera.steps == ["open", "take", "take", "take", "close"]
    assert camera.threads == {"camera"}


def test_nothing_is_opened_before_the_start() -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        await asyncio.sleep(0.05)
        assert camera.steps == []

    run(scene)


def test_presses_that_come_together_get_their_pictures_one_after_another() -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        worker.start()
        assert await asyncio.gather(*(worker.capture() for _ in range(4))) == [PHOTO] * 4
        assert camera.steps == ["open", *["take"] * 4]

    run(scene)


def test_a_camera_that_opens_late_is_used_from_then_on() -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        camera.gates["open"].clear()
        worker.start()
        await given_up(worker)
        with pytest.raises(CameraError, match="busy"):
            await worker.capture()
        camera.gates["open"].set()
        await asyncio.sleep(0.05)
        assert await worker.capture() is PHOTO
        assert camera.steps == ["open", "take"], "no picture for those who gave up"

    run(scene)


def test_a_stuck_capture_lets_presses_go_without_a_photo_and_holds_nothing_else_up() -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        camera.gates["take"].clear()
        worker.start()
        await given_up(worker)
        before, threads = time.monotonic(), threading.active_count()
        for _ in range(30):
            with pytest.raises(CameraError, match="busy"):
                await worker.capture()
        assert await asyncio.to_thread(lambda: "free") == "free", "the loop's threads are free"
        assert time.monotonic() - before < 2
        assert threading.active_count() < threads + 10
        camera.gates["take"].set()
        await asyncio.sleep(0.05)
        assert await worker.capture() is PHOTO

    run(scene)


def test_only_so_many_presses_wait_for_a_picture() -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        camera.gates["open"].clear()
        worker.start()
        waiting = [asyncio.create_task(worker.capture()) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0.02)
        with pytest.raises(CameraError, match="Too many"):
            await worker.capture()
        camera.gates["open"].set()
        assert await asyncio.gather(*waiting) == [PHOTO] * MOST_WAITING

    run(scene)


@pytest.mark.parametrize(
    "failure", [CameraError("unplugged"), RuntimeError("driver"), SystemExit(1), MemoryError()]
)
def test_a_camera_that_fails_is_closed_and_opened_again_for_the_next_press(
    failure: BaseException,
) -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        worker.start()
        camera.failure = failure
        with pytest.raises(CameraError):
            await worker.capture()
        camera.failure = None
        assert await worker.capture() is PHOTO
        assert camera.steps == ["open", "take", "close", "open", "take"]

    run(scene)


def test_a_slow_close_after_a_failure_holds_neither_the_press_nor_the_loop_up() -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        worker.start()
        camera.failure = CameraError("unplugged")
        camera.gates["close"].clear()
        before = time.monotonic()
        with pytest.raises(CameraError, match="unplugged"):
            await worker.capture()
        assert time.monotonic() - before < 5

    run(scene)


def test_a_camera_that_hangs_does_not_keep_the_program_from_ending() -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        camera.gates["open"].clear()
        worker.start()
        before = time.monotonic()
        worker.close()
        assert time.monotonic() - before < 2

    run(scene)


def test_a_worker_that_was_never_started_can_be_closed() -> None:
    CameraWorker(Camera().open).close()


# --- frames of a film ---------------------------------------------------------------------


def test_a_press_goes_before_the_frames_that_wait() -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        worker.start()
        camera.gates["frame"].clear()
        frames = [asyncio.create_task(worker.frame(SMALL)) for _ in range(3)]
        await asyncio.sleep(0.05)
        press = asyncio.create_task(worker.capture())
        await asyncio.sleep(0.02)
        camera.gates["frame"].set()
        assert await press is PHOTO
        assert await asyncio.gather(*frames) == [b"small"] * 3
        assert camera.steps == ["open", "frame", "take", "frame", "frame"]

    run(scene)


def test_a_film_takes_no_press_s_place() -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        camera.gates["open"].clear()
        worker.start()
        frames = [asyncio.create_task(worker.frame(SMALL)) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0.02)
        with pytest.raises(CameraError, match="Too many"):
            await worker.frame(SMALL)
        presses = [asyncio.create_task(worker.capture()) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0.02)
        camera.gates["open"].set()
        assert await asyncio.gather(*presses) == [PHOTO] * MOST_WAITING
        await asyncio.gather(*frames)

    run(scene)


def test_who_gives_up_on_a_frame_does_not_turn_the_next_press_away() -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        worker.start()
        camera.gates["frame"].clear()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(worker.frame(SMALL), 0.05)
        press = asyncio.create_task(worker.capture())
        await asyncio.sleep(0.02)
        camera.gates["frame"].set()
        assert await press is PHOTO

    run(scene)


def test_a_camera_that_fails_in_a_film_is_open_again_before_the_next_press() -> None:
    async def scene(camera: Camera, worker: CameraWorker) -> None:
        worker.start()
        camera.failure = CameraError("unplugged")
        with pytest.raises(CameraError, match="unplugged"):
            await worker.frame(SMALL)
        camera.failure = None
        await asyncio.sleep(0.05)
        assert camera.steps == ["open", "frame", "close", "open"]
        assert await worker.capture() is PHOTO

    run(scene)
