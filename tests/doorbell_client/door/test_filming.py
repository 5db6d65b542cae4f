"""The film of a ring: after the photo, never in anybody's way, and dropped when it goes wrong."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from doorbell.protocol import Ticket, Upload
from doorbell_client.door.burst import BurstPlan
from doorbell_client.door.filming import MOST_FILMS, Filming, FilmPlan
from doorbell_client.door.parts import Photo, Shape
from doorbell_client.errors import CameraError, UploadFailed
from doorbell_client.outbox.upload import Sent

PUT = Upload("PUT", "https://x.example/burst.mjpeg", {})


class Camera:
    """Numbers its frames; gives none while `broken`."""

    def __init__(self) -> None:
        self.frames = 0
        self.broken = False

    def start(self) -> None:
        pass

    async def capture(self) -> Photo:
        raise AssertionError("a film takes frames")

    async def frame(self, shape: Shape) -> bytes:
        if self.broken:
            raise CameraError("unplugged")
        self.frames += 1
        return bytes([self.frames])

    def close(self) -> None:
        pass


class Storage:
    """Takes films while it is `open`, and answers as told."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.answer: Sent | Exception = Sent.DELIVERED
        self.begun = 0
        self.films: list[bytes] = []
        self.closed = False

    async def send(self, ticket: Upload, jpeg: bytes) -> Sent:
        self.begun += 1
        await self.open.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        self.films.append(jpeg)
        return self.answer

    async def close(self) -> None:
        self.closed = True


class Scene:
    """The films of a door, and what became of each."""

    def __init__(self, plan: FilmPlan) -> None:
        self.camera, self.storage = Camera(), Storage()
        self.over: dict[str, int] = {}
        self.filming = Filming(self.camera, self.storage, plan, self.over.__setitem__)

    def press(self, press: str = "p1") -> None:
        """Somebody presses, and the photo is taken."""
        self.filming.pressed(press)
        self.filming.pictured(press, photo=True)

    def ticket(self, press: str = "p1", burst: Upload | None = PUT, life: int = 300) -> None:
        self.filming.hear(Ticket("ring", PUT, life, press, burst))

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not true():
                await asyncio.sleep(0.002)


def run(
    scene: Callable[[Scene], Awaitable[None]],
    plan: FilmPlan = FilmPlan(BurstPlan(3, 0.005), life=5),  # noqa: B008 - immutable
) -> None:
    @asynccontextmanager
    async def door() -> AsyncIterator[Scene]:
        it = Scene(plan)
        try:
            yield it
        finally:
            await it.filming.close()
            assert it.storage.closed
            assert not it.filming.busy

    async def whole() -> None:
        async with door() as it:
            await scene(it)

    asyncio.run(asyncio.wait_for(whole(), 30))


# --- a good day -----------------------------------------------------------------------


def test_a_film_is_sent_as_one_object_when_the_photo_is_there() -> None:
    async def scene(it: Scene) -> None:
        it.press()
        it.ticket()
        await it.until(lambda: it.camera.frames == 3)
        await asyncio.sleep(0.02)
        assert it.storage.begun == 0, "the photo goes first"
        it.filming.delivered("p1")
        await it.until(lambda: it.over == {"p1": 3})
        assert it.storage.films == [b"\1\2\3"]

    run(scene)


def test_a_cloud_that_wants_no_film_may_say_so_twice() -> None:
    async def scene(it: Scene) -> None:
        it.filming.pressed("p1")
        for _ in range(2):
            it.ticket(burst=None)
        assert not it.filming.busy

    run(scene)


def test_a_ticket_may_come_before_the_photo_is_taken() -> None:
    async def scene(it: Scene) -> None:
        it.filming.pressed("p1")
        it.ticket()
        await asyncio.sleep(0.02)
        assert it.camera.frames == 0, "the photo comes first from the camera, too"
        it.filming.pictured("p1", photo=True)
        it.filming.delivered("p1")
        await it.until(lambda: it.over == {"p1": 3})

    run(scene)


# --- no film --------------------------------------------------------------------------


def test_a_ticket_without_room_for_a_film_ends_the_taking() -> None:
    async def scene(it: Scene) -> None:
        it.press()
        it.ticket(burst=None)
        assert not it.filming.busy
        await asyncio.sleep(0.02)
        assert it.camera.frames == 0

    run(scene)


def test_a_press_without_a_photo_has_no_film() -> None:
    async def scene(it: Scene) -> None:
        it.filming.pressed("p1")
        it.filming.pictured("p1", photo=False)
        assert not it.filming.busy

    run(scene)


def test_a_door_may_be_set_to_take_no_films() -> None:
    async def scene(it: Scene) -> None:
        it.press()
        assert not it.filming.busy

    run(scene, FilmPlan(BurstPlan(0)))


def test_who_hammers_at_the_button_gets_only_so_many_films_at_a_time() -> None:
    async def scene(it: Scene) -> None:
        for number in range(10):
            it.press(f"p{number}")
            it.ticket(f"p{number}")
        await it.until(lambda: it.camera.frames == 3 * MOST_FILMS)
        for number in range(10):
            it.filming.delivered(f"p{number}")
        await it.until(lambda: len(it.over) == MOST_FILMS)
        it.press("later")
        assert it.filming.busy

    run(scene)


def test_a_camera_that_gives_no_frame_gives_no_film() -> None:
    async def scene(it: Scene) -> None:
        it.camera.broken = True
        it.press()
        it.ticket()
        it.filming.delivered("p1")
        await it.until(lambda: it.over == {"p1": 0})
        assert it.storage.begun == 0

    run(scene)


# --- in nobody's way --------------------------------------------------------------------


def test_a_new_press_interrupts_a_film_until_its_photo_is_there() -> None:
    async def scene(it: Scene) -> None:
        it.storage.open.clear()
        it.press()
        it.ticket()
        it.filming.delivered("p1")
        await it.until(lambda: it.storage.begun == 1)
        it.filming.pressed("p2")
        it.ticket("p2", burst=None)
        await asyncio.sleep(0.03)
        it.storage.open.set()
        await asyncio.sleep(0.03)
        assert it.storage.films == [], "the photo has the line for itself"
        it.filming.delivered("p2")
        await it.until(lambda: it.over == {"p1": 3})
        assert (it.storage.begun, it.storage.films) == (2, [b"\1\2\3"])

    run(scene)


def test_a_photo_that_never_gets_through_does_not_hold_films_back_for_ever() -> None:
    async def scene(it: Scene) -> None:
        it.press("stuck")
        await asyncio.sleep(0.2)
        it.press("p2")
        it.ticket("p2")
        it.filming.delivered("p2")
        await it.until(lambda: it.over.get("p2") == 3)
        assert it.over["stuck"] == 0

    run(scene, FilmPlan(BurstPlan(3, 0.005), life=0.3))


# --- whatever goes wrong ------------------------------------------------------------------


@pytest.mark.parametrize("answer", [UploadFailed("503"), Sent.STALE, RuntimeError("a bug")])
def test_a_film_that_is_not_taken_is_dropped_and_not_tried_again(
    answer: Sent | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(it: Scene) -> None:
        it.storage.answer = answer
        it.press()
        it.ticket()
        it.filming.delivered("p1")
        await it.until(lambda: it.over == {"p1": 0})
        await asyncio.sleep(0.03)
        assert it.storage.begun == 1

    with caplog.at_level(logging.INFO):
        run(scene)
    assert "x.example" not in caplog.text, "a ticket's address is a secret"


def test_an_expired_ticket_is_not_tried() -> None:
    async def scene(it: Scene) -> None:
        it.press()
        it.ticket(life=0)
        it.filming.delivered("p1")
        await it.until(lambda: it.over == {"p1": 0})
        assert it.storage.begun == 0

    run(scene)


def test_the_newest_ticket_counts() -> None:
    async def scene(it: Scene) -> None:
        it.press()
        it.ticket(life=0)
        it.ticket(life=300)
        it.filming.delivered("p1")
        await it.until(lambda: it.over == {"p1": 3})

    run(scene)


def test_a_film_whose_ring_nobody_hears_of_is_dropped_after_its_life() -> None:
    async def scene(it: Scene) -> None:
        it.press()
        await it.until(lambda: it.over == {"p1": 0})
        assert not it.filming.busy

    run(scene, FilmPlan(BurstPlan(3, 0.005), life=0.1))


def test_tickets_and_news_of_unknown_presses_are_passed_over() -> None:
    async def scene(it: Scene) -> None:
        it.ticket("nobody")
        it.filming.hear(Ticket("ring", PUT, 300, None, PUT))
        it.filming.delivered("nobody")
        it.filming.pictured("nobody", photo=True)
        assert not it.filming.busy

    run(scene)


def test_a_door_that_stops_lets_a_film_go() -> None:
    async def scene(it: Scene) -> None:
        it.storage.open.clear()
        it.press()
        it.ticket()
        it.filming.delivered("p1")
        await it.until(lambda: it.storage.begun == 1)

    run(scene)


def test_a_film_whose_ticket_comes_after_its_frames_is_sent() -> None:
    """The cloud is slower than the camera."""

    async def scene(it: Scene) -> None:
        it.press()
        it.filming.delivered("p1")
        await it.until(lambda: it.camera.frames == 3)
        await asyncio.sleep(0.01)
        it.ticket()
        await it.until(lambda: bool(it.over))
        assert it.over == {"p1": 3}

    run(scene)
