"""One picture for an instant, through restarts, kills, broken cameras and clocks that jump."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from doorbell.protocol import Upload
from doorbell_client.camera.cloud import Trouble
from doorbell_client.camera.outbox import ShotOutbox
from doorbell_client.camera.schedule import Schedule
from doorbell_client.camera.shot import Shot
from doorbell_client.camera.shots import ShotSpool
from doorbell_client.camera.timelapse import Event, Failed, Next, Taken, Time, Timelapse
from doorbell_client.errors import CameraError, UploadFailed
from doorbell_client.outbox.upload import Sent

HOUR = 3600
MIDNIGHT = 1_700_006_400
HOURLY = Schedule(HOUR)


class Clock:
    """A wall clock that moves while somebody sleeps, and that can be set."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.slept: list[float] = []
        self.set_at: dict[int, float] = {}
        """After so many sleeps the clock is moved by so much."""
        self.stops_after = 10_000
        """After so many sleeps time stands still."""

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds + self.set_at.pop(len(self.slept), 0.0)
        await asyncio.sleep(0)
        if len(self.slept) >= self.stops_after:
            await asyncio.sleep(60)

    def stop(self) -> None:
        """Time stands still from now on: what the disk does takes none of it."""
        self.stops_after = len(self.slept) + 1


class Cloud:
    """Takes everything by its id, or nothing."""

    def __init__(self) -> None:
        self.sent: list[Shot] = []
        self.is_there = True

    async def ask(self, shot: Shot, size: int) -> Upload | None:
        if not self.is_there:
            raise UploadFailed("no line")
        self.sent.append(shot)
        return None

    async def tell(self, trouble: Trouble) -> None:
        pass

    async def send(self, ticket: Upload, jpeg: bytes) -> Sent:
        raise AssertionError("nothing is to be put")


class Machine:
    """One camera, through several lives."""

    def __init__(self, folder: Path, clock: Clock, schedule: Schedule = HOURLY) -> None:
        self.folder = folder
        self.clock = clock
        self.schedule = schedule
        self.cloud = Cloud()
        self.events: list[Event] = []
        self.pictures = 0
        self.camera_fails: Iterator[bool] = iter(())

    async def take(self) -> bytes:
        if next(self.camera_fails, False):
            raise CameraError("unplugged")
        self.pictures += 1
        return f"picture {self.pictures}".encode()

    def watch(self, event: Event) -> None:
        self.events.append(event)

    @property
    def taken(self) -> list[int]:
        return [event.instant for event in self.events if isinstance(event, Taken)]

    def is_rid_of(self, pictures: int) -> bool:
        """So many are in the cloud, and none is here."""
        return len(self.cloud.sent) == pictures and not list(self.folder.glob("*.jpeg"))

    async def lives(self, until: Callable[[], bool]) -> None:
        """From the start of the program until this is so."""
        async with self._outbox() as outbox:
            timelapse = Timelapse(
                self.schedule, self.take, outbox, "home.garden", self.folder / "timelapse",
                watch=self.watch, at=Time(self.clock, self.clock.sleep),
            )  # fmt: skip
            running = asyncio.create_task(timelapse.run())
            try:
                async with asyncio.timeout(10):
                    while not until():
                        assert not running.done(), running
                        await asyncio.sleep(0)
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def _outbox(self) -> AsyncIterator[ShotOutbox]:
        spool = ShotSpool(self.folder, 1_000_000)
        spool.open()
        outbox = ShotOutbox(spool, self.cloud, self.cloud, "0123abcd", clock=self.clock)
        await outbox.load()
        try:
            yield outbox
        finally:
            await outbox.close()
            spool.close()


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))


def test_pictures_are_taken_at_the_instants_and_nothing_drifts(tmp_path: Path) -> None:
    async def scene() -> None:
        machine = Machine(tmp_path, Clock(MIDNIGHT + 1234.5))
        await machine.lives(lambda: len(machine.taken) == 48)
        assert machine.taken == [MIDNIGHT + HOUR * n for n in range(1, 49)]
        assert machine.events[0] == Next(MIDNIGHT + HOUR)
        assert max(machine.clock.slept) <= 30

    run(scene)


def test_nothing_is_taken_before_the_first_instant(tmp_path: Path) -> None:
    async def scene() -> None:
        machine = Machine(tmp_path, Clock(MIDNIGHT + 1.0))
        await machine.lives(lambda: machine.clock.now > MIDNIGHT + HOUR - 60)
        assert machine.pictures == 0

    run(scene)


def test_missed_instants_give_one_picture_after_a_restart(tmp_path: Path) -> None:
    async def scene() -> None:
        machine = Machine(tmp_path, Clock(MIDNIGHT + 1.0))
        await machine.lives(lambda: len(machine.taken) == 1)
        machine.clock.now = MIDNIGHT + 30 * HOUR + 600
        await machine.lives(lambda: len(machine.taken) == 3)
        assert machine.taken == [MIDNIGHT + HOUR * n for n in (1, 30, 31)]

    run(scene)


def test_an_instant_missed_before_the_very_first_one_counts_too(tmp_path: Path) -> None:
    async def scene() -> None:
        machine = Machine(tmp_path, Clock(MIDNIGHT + 1.0))
        await machine.lives(lambda: len(machine.clock.slept) == 3)
        machine.clock.now = MIDNIGHT + HOUR + 600
        await machine.lives(lambda: len(machine.taken) == 1)

    run(scene)


def test_a_restart_within_an_hour_takes_nothing_again(tmp_path: Path) -> None:
    async def scene() -> None:
        machine = Machine(tmp_path, Clock(MIDNIGHT + 1.0))
        await machine.lives(lambda: len(machine.taken) == 1)
        for _ in range(5):
            slept = len(machine.clock.slept)
            await machine.lives(lambda slept=slept: len(machine.clock.slept) > slept)  # type: ignore[misc]
        assert machine.pictures == 1

    run(scene)


def test_a_camera_killed_when_its_picture_was_kept_and_said_so_nowhere_takes_none_again(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        machine = Machine(tmp_path, Clock(MIDNIGHT + 1.0))
        machine.cloud.is_there = False
        await machine.lives(lambda: len(machine.taken) == 1)
        (tmp_path / "timelapse").write_text(json.dumps({"done": MIDNIGHT}))
        machine.cloud.is_there = True
        machine.clock.stop()
        await machine.lives(lambda: bool(machine.cloud.sent))
        assert machine.pictures == 1
        assert json.loads((tmp_path / "timelapse").read_text()) == {"done": MIDNIGHT + HOUR}

    run(scene)


def test_an_instant_gives_the_same_id_whenever_it_is_taken(tmp_path: Path) -> None:
    async def scene() -> None:
        machine = Machine(tmp_path, Clock(MIDNIGHT + HOUR + 1.0))
        machine.clock.stop()
        for life in (1, 2):
            # As if all that it wrote had been lost, but for the first instant.
            (tmp_path / "timelapse").write_text(json.dumps({"done": MIDNIGHT}))
            await machine.lives(lambda life=life: machine.is_rid_of(life))  # type: ignore[misc]
        first, second = machine.cloud.sent
        assert first.id == second.id, "the cloud keeps one object for an id"
        assert machine.pictures == 2

    run(scene)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"done": "noon"}', "\ufffd", "[" * 5000])
def test_a_record_that_cannot_be_read_begins_anew(tmp_path: Path, content: str) -> None:
    async def scene() -> None:
        (tmp_path / "timelapse").write_text(content)
        machine = Machine(tmp_path, Clock(MIDNIGHT + 1.0))
        await machine.lives(lambda: len(machine.taken) == 1)
        assert machine.taken == [MIDNIGHT + HOUR]

    run(scene)


def test_a_camera_that_fails_is_tried_again_until_the_next_instant(tmp_path: Path) -> None:
    async def scene() -> None:
        machine = Machine(tmp_path, Clock(MIDNIGHT + HOUR - 10.0))
        machine.camera_fails = iter([True, True, True, False])
        await machine.lives(lambda: len(machine.taken) == 2)
        assert machine.taken == [MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR]
        assert machine.events.count(Failed("unplugged")) == 3

    run(scene)


def test_a_camera_that_is_broken_for_hours_gives_one_picture_when_it_is_mended(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        machine = Machine(tmp_path, Clock(MIDNIGHT + HOUR - 10.0))
        machine.camera_fails = iter([True] * 300)
        await machine.lives(lambda: len(machine.taken) == 2)
        first, second = machine.taken
        assert second == first + HOUR
        assert first == MIDNIGHT + 3 * HOUR

    run(scene)


@pytest.mark.parametrize(
    ("moved_by", "taken"),
    [
        (-90.0, [1, 2]),  # back across the instant that was just done with
        (-0.8 * HOUR, [1, 2]),
        (-1.5 * HOUR, [1, 0]),  # by more than one picture: on from here, too
        (-400 * HOUR, [1, -398]),  # it was a fortnight ahead: on from here
        (10 * HOUR, [1, 11]),
        (0.5 * HOUR, [1, 2]),
    ],
)
def test_a_clock_that_is_set_doubles_nothing_and_stops_nothing(
    tmp_path: Path, moved_by: float, taken: list[int]
) -> None:
    async def scene() -> None:
        clock = Clock(MIDNIGHT + HOUR - 10.0)
        machine = Machine(tmp_path, clock)
        clock.set_at = {3: moved_by}
        await machine.lives(lambda: len(machine.taken) == 2)
        assert machine.taken == [MIDNIGHT + HOUR * n for n in taken]

    run(scene)


def test_a_disk_that_takes_no_record_takes_no_picture_twice_in_one_life(tmp_path: Path) -> None:
    async def scene() -> None:
        (tmp_path / "timelapse").mkdir()
        machine = Machine(tmp_path, Clock(MIDNIGHT + 1.0))
        await machine.lives(lambda: len(machine.taken) == 3)
        assert len(set(machine.taken)) == 3

    run(scene)
