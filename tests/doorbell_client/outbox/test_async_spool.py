"""The spool's work is done beside the event loop: in order, one thing at a time, and to its end."""

import asyncio
import threading
import time
from pathlib import Path

import pytest

from doorbell_client.clock import Moment
from doorbell_client.outbox.async_spool import AsyncSpool
from doorbell_client.outbox.disk import Disk
from doorbell_client.outbox.spool import Limits, Spool
from tests.doorbell_client.outbox.houses import run
from tests.doorbell_client.outbox.spools import JPEG, at, kept, opened, record


class SlowDisk(Disk):
    """Takes its time, and counts how many wait for it at once."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.at_once = self.most_at_once = 0
        self.renamed: list[str] = []
        self.threads: set[str] = set()

    def sync(self, file: Path) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.threads.add(threading.current_thread().name)
        self.began.set()
        self.goes_on.wait(20)
        time.sleep(0.01)
        self.at_once -= 1
        super().sync(file)

    def rename(self, file: Path, name: Path) -> None:
        self.renamed.append(name.stem)
        super().rename(file, name)


class Clock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        self.uptime = 100.0

    def now(self) -> Moment:
        return at(self.uptime)


def test_the_disk_is_asked_for_one_thing_at_a_time_in_order(folder: Path) -> None:
    async def scene() -> None:
        disk = SlowDisk()
        spool = AsyncSpool(opened(folder, disk=disk), Clock().now, 60)
        presses = [record(uptime) for uptime in range(5)]
        for press in presses:
            assert spool.note(press)
        await asyncio.gather(*map(spool.keep, presses))
        assert disk.renamed == [press.press for press in presses]
        assert disk.most_at_once == 1
        [thread] = disk.threads
        assert thread.startswith("spool"), "who looks at the process sees whose it is"
        await spool.stop()

    run(scene)


def test_the_event_loop_goes_on_meanwhile(folder: Path) -> None:
    async def scene() -> None:
        disk = SlowDisk()
        disk.goes_on.clear()
        spool = AsyncSpool(opened(folder, disk=disk), Clock().now, 60)
        press = record()
        spool.note(press)
        keeping = asyncio.ensure_future(spool.keep(press))
        for _ in range(10):
            await asyncio.sleep(0.001)
        assert not keeping.done()
        disk.goes_on.set()
        await keeping
        await spool.stop()

    run(scene)


def test_what_was_begun_is_finished_before_it_stops(folder: Path) -> None:
    async def scene() -> None:
        disk = SlowDisk()
        spool = AsyncSpool(opened(folder, disk=disk), Clock().now, 60)
        press = record()
        spool.note(press)
        keeping = asyncio.ensure_future(spool.keep(press))
        await asyncio.to_thread(disk.began.wait, 10)
        keeping.cancel()
        await spool.stop()
        assert (folder / f"{press.press}.json").exists()
        assert not [each for each in threading.enumerate() if each.name.startswith("spool")]

    run(scene)


class NoDisk(Disk):
    """Nothing can be written or removed."""

    def write(self, file: Path, content: bytes) -> None:
        del content
        raise OSError(30, "Read-only file system", str(file))

    def remove(self, file: Path) -> None:
        raise OSError(30, "Read-only file system", str(file))


def test_a_press_that_cannot_be_noted_is_said_to_be_in_memory_only(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        spool = AsyncSpool(opened(folder, disk=NoDisk()), Clock().now, 60)
        assert spool.note(record()) is False
        await spool.stop()

    run(scene)
    assert "kept in memory only" in caplog.text


def test_a_delivered_press_that_the_disk_does_not_let_go_is_only_told(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        press = kept(opened(folder))
        spool = AsyncSpool(Spool(folder, disk=NoDisk()), Clock().now, 60)
        await spool.mark_delivered(press)
        await spool.remove(press.press)
        await spool.stop()

    run(scene)
    assert caplog.text.count("cannot be changed: Read-only file system") == 2


def test_old_presses_are_looked_for_now_and_then(folder: Path) -> None:
    async def scene() -> None:
        clock = Clock()
        kept_in = opened(folder, Limits(max_age=10))
        spool = AsyncSpool(kept_in, clock.now, between_trims=60)
        first = kept(kept_in, 100, JPEG)
        clock.uptime = 159
        assert await spool.trim_now_and_then() == [], "too old, and not looked at yet"
        clock.uptime = 160
        assert await spool.trim_now_and_then() == [first.press]
        second = kept(kept_in, 101, JPEG)
        clock.uptime = 219
        assert await spool.trim_now_and_then() == [], "a minute begins with each look"
        assert await spool.trim() == [second.press], "whoever must know looks at once"
        third = kept(kept_in, 102, JPEG)
        clock.uptime = 278
        assert await spool.trim_now_and_then() == []
        clock.uptime = 279
        assert await spool.trim_now_and_then() == [third.press]
        await spool.stop()

    run(scene)
