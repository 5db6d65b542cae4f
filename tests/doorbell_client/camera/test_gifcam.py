"""The party camera: a press, a film, and lights that say what is going on."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from doorbell.protocol import Upload
from doorbell_client.camera.cloud import Trouble
from doorbell_client.camera.gifcam import Event, Gifcam, PartyParts, Recorded, Step
from doorbell_client.camera.outbox import Progress, ShotOutbox, ShotTimeouts
from doorbell_client.camera.shot import Shot
from doorbell_client.camera.shots import ShotSpool
from doorbell_client.door.burst import BurstPlan
from doorbell_client.door.parts import Key, Mood, Notify, Photo, Press, Shape
from doorbell_client.errors import CameraError, NotLetIn, UploadFailed
from doorbell_client.outbox.disk import Disk
from doorbell_client.outbox.upload import Sent
from tests.doorbell_client.camera.fake_recipient import until

PLAN = BurstPlan(4, 0.005, Shape(54, 40, exact=True))


class Cloud:
    """Takes films, while it is there and lets this camera in."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.slow = 0.0
        self.shots: list[Shot] = []
        self.films: list[bytes] = []

    async def ask(self, shot: Shot, size: int) -> Upload | None:
        await asyncio.sleep(self.slow)
        if self.failure:
            raise self.failure
        self.shots.append(shot)
        return Upload("PUT", "https://x.example/", {})

    async def tell(self, trouble: Trouble) -> None:
        pass

    async def send(self, ticket: Upload, jpeg: bytes) -> Sent:
        self.films.append(jpeg)
        return Sent.DELIVERED


class NoRoom(Disk):
    def write(self, file: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")


class Parts:
    """Button, lights and camera in one, which remember what was done to them."""

    def __init__(self) -> None:
        self.moods: list[Mood] = []
        self.closed = 0
        self.frames = 0
        self.broken = False
        self.tell: Notify = lambda notice: None

    def start(self, notify: Notify = lambda notice: None) -> None:
        if notify.__name__ == "notify":
            self.tell = notify

    def show(self, mood: Mood) -> None:
        self.moods.append(mood)

    async def capture(self) -> Photo:
        raise AssertionError("a film takes frames")

    async def frame(self, shape: Shape) -> bytes:
        assert shape == PLAN.shape
        if self.broken:
            raise CameraError("unplugged")
        self.frames += 1
        return bytes([self.frames])

    def close(self) -> None:
        self.closed += 1


class Scene:
    """A party camera, running."""

    def __init__(self) -> None:
        self.cloud, self.parts = Cloud(), Parts()
        self.events: list[Event] = []

    def press(self) -> None:
        self.parts.tell(Press(time.monotonic()))

    @property
    def mood(self) -> Mood:
        return self.parts.moods[-1]


@contextlib.asynccontextmanager
async def party(
    folder: Path, *, faulty: bool = False, disk: Disk | None = None
) -> AsyncIterator[Scene]:
    it = Scene()
    spool = ShotSpool(folder, 1_000_000, disk)
    spool.open()
    outbox = ShotOutbox(
        spool, it.cloud, it.cloud, "0123abcd",
        timeouts=ShotTimeouts(first_wait=0.02, longest_wait=0.05, most_in_memory=1),
    )  # fmt: skip
    camera = Gifcam(
        PartyParts(it.parts, it.parts, it.parts), outbox, PLAN,
        watch=it.events.append, faulty=faulty, error_seconds=0.1,
    )  # fmt: skip
    running = asyncio.create_task(camera.run())
    try:
        await until(lambda: bool(it.parts.moods))
        yield it
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await outbox.close()
        spool.close()
        assert it.parts.closed == 3


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))


def test_a_press_is_a_film_and_the_lights_tell_its_way(tmp_path: Path) -> None:
    async def scene() -> None:
        async with party(tmp_path) as it:
            it.cloud.slow = 0.02
            assert it.mood is Mood.READY
            began = time.time()
            it.press()
            await until(lambda: bool(it.cloud.films))
            assert it.cloud.films == [b"\1\2\3\4"]
            [shot] = it.cloud.shots
            assert shot.kind == "burst"
            assert abs(shot.taken_at - began) < 1
            await until(lambda: it.mood is Mood.READY)
            wanted = [Mood.READY, Mood.CAPTURING, Mood.WAITING, Mood.READY]
            assert [mood for n, mood in enumerate(it.parts.moods)
                    if n == 0 or mood is not it.parts.moods[n - 1]] == wanted  # fmt: skip
            assert Recorded((b"\1", b"\2", b"\3", b"\4")) in it.events
            assert Step.KEPT in it.events

    run(scene)


def test_a_press_while_it_records_is_no_second_film(tmp_path: Path) -> None:
    async def scene() -> None:
        async with party(tmp_path) as it:
            it.press()
            it.press()
            it.parts.tell(Key("5"))
            await until(lambda: bool(it.cloud.films))
            await asyncio.sleep(0.05)
            assert len(it.cloud.films) == 1

    run(scene)


def test_a_press_while_a_film_is_sent_is_the_next_film(tmp_path: Path) -> None:
    async def scene() -> None:
        async with party(tmp_path) as it:
            it.cloud.slow = 0.1
            it.press()
            await until(lambda: it.mood is Mood.WAITING)
            it.press()
            await until(lambda: it.mood is Mood.CAPTURING)
            await until(lambda: len(it.cloud.films) == 2)

    run(scene)


def test_without_a_network_films_are_kept_and_the_button_works(tmp_path: Path) -> None:
    async def scene() -> None:
        async with party(tmp_path) as it:
            it.cloud.failure = UploadFailed("no line")
            for count in (1, 2, 3):
                it.press()
                await until(lambda count=count: it.events.count(Step.KEPT) == count)  # type: ignore[misc]
                await until(lambda: it.mood is Mood.OFFLINE)
            assert len(list(tmp_path.glob("*.mjpeg"))) == 3
            it.cloud.failure = None
            await until(lambda: len(it.cloud.films) == 3)
            await until(lambda: it.mood is Mood.READY)
            assert not list(tmp_path.glob("*.mjpeg"))

    run(scene)


def test_a_camera_that_is_not_let_in_shows_an_error_and_keeps_its_films(tmp_path: Path) -> None:
    async def scene() -> None:
        async with party(tmp_path) as it:
            it.cloud.failure = NotLetIn("revoked")
            it.press()
            await until(lambda: Progress.REFUSED in it.events)
            assert it.mood in (Mood.ERROR, Mood.WAITING)
            assert len(list(tmp_path.glob("*.mjpeg"))) == 1

    run(scene)


def test_a_camera_that_gives_nothing_is_an_error_for_a_moment(tmp_path: Path) -> None:
    async def scene() -> None:
        async with party(tmp_path) as it:
            it.parts.broken = True
            it.press()
            await until(lambda: it.mood is Mood.ERROR)
            shown_at = time.monotonic()
            await until(lambda: it.mood is Mood.READY)
            assert time.monotonic() - shown_at > 0.08
            assert it.events[-1] == Recorded(())
            assert it.cloud.films == []

    run(scene)


def test_a_film_that_finds_no_room_is_an_error(tmp_path: Path) -> None:
    async def scene() -> None:
        async with party(tmp_path, disk=NoRoom()) as it:
            it.cloud.failure = UploadFailed("no line")
            it.press()
            await until(lambda: Step.KEPT in it.events)
            await until(lambda: it.mood is Mood.OFFLINE)
            it.press()
            await until(lambda: Step.LOST in it.events)
            await until(lambda: it.mood is Mood.ERROR)

    run(scene)


@pytest.mark.parametrize(("faulty", "mood"), [(False, Mood.READY), (True, Mood.FAULT)])
def test_a_part_that_does_not_work_is_seen_at_rest(
    tmp_path: Path, faulty: bool, mood: Mood
) -> None:
    async def scene() -> None:
        async with party(tmp_path, faulty=faulty) as it:
            it.press()
            await until(lambda: bool(it.cloud.films))
            await until(lambda: it.mood is mood)

    run(scene)
