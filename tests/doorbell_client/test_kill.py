"""kill -9 of a real `doorbell run`: no press is lost, none is doubled, and each has its bell."""

import asyncio
import random
import time
from pathlib import Path

import pytest

from doorbell.protocol import Open, Opened
from doorbell_client.door.replay_guard import ReplayGuard
from tests.doorbell_client.fake_cloud import FakeCloud
from tests.doorbell_client.running import Running

JPEG = b"\xff\xd8\xff" + b"somebody" * 5000 + b"\xff\xd9"
KILLS = 8


BELL_SECONDS = 8 + 5
"""A bell sounds so soon after its press: the door's own 8 s, and what a restart takes."""


async def killed_again_and_again(folder: Path, cloud: FakeCloud, bells: list[float]) -> int:
    """Several short lives; returns how many presses they took. Adds to `bells`."""
    taken = 0
    for number in range(KILLS):
        door = await Running.start(folder, cloud.credentials)
        if number % 2:
            await door.until("connected")
        for _ in range(3):
            door.press()
            await asyncio.sleep(random.random() * 0.02)
        await door.until("somebody pressed")
        if number == 2:
            cloud.cut()
        await asyncio.sleep(random.random() * 0.25)
        taken += await door.kill()
        bells += door.bells
    return taken


async def settled(folder: Path, cloud: FakeCloud, presses: int, bells: list[float]) -> None:
    """One more life, until so many presses are in the cloud and nothing is kept any more."""
    last = await Running.start(folder, cloud.credentials)
    await last.until("connected")
    async with asyncio.timeout(20):
        while len(cloud.presses) < presses or kept_presses(folder):
            await asyncio.sleep(0.02)
    assert await last.stop() == 0
    bells += last.bells


def kept_presses(folder: Path) -> list[Path]:
    """What the spool still holds of presses."""
    return [file for file in (folder / "spool").iterdir() if ".json" in file.name]


def test_a_door_killed_again_and_again_delivers_every_press_once(tmp_path: Path) -> None:
    (tmp_path / "stills").mkdir()
    (tmp_path / "stills" / "a.jpeg").write_bytes(JPEG)
    cloud = FakeCloud(outage=0.3)

    async def told() -> None:
        async with cloud.running():
            began = time.time()
            bells: list[float] = []
            taken = await killed_again_and_again(tmp_path, cloud, bells)
            await settled(tmp_path, cloud, taken, bells)
            # A press may have been taken in the very moment of a kill, before it was printed.
            assert taken <= len(cloud.presses) <= 3 * KILLS
            assert set(cloud.photos.values()) == {JPEG}
            for tellings in cloud.presses.values():
                assert max(tellings) - min(tellings) < 2
                assert began - 0.5 < min(tellings)
                assert any(0 <= bell - min(tellings) + 0.5 <= BELL_SECONDS for bell in bells)

    asyncio.run(told())


DEATHS = ("somebody pressed", "picture taken", "ticket:", "the press is delivered")


def test_a_press_without_a_decision_has_its_bell_whenever_the_door_was_killed(
    tmp_path: Path,
) -> None:
    async def killed_after(words: str) -> None:
        folder = tmp_path / words
        (folder / "stills").mkdir(parents=True)
        (folder / "stills" / "a.jpeg").write_bytes(JPEG)
        cloud = FakeCloud(decide=lambda ring: [])
        async with cloud.running():
            door = await Running.start(folder, cloud.credentials)
            await door.until("connected")
            door.press()
            await door.until(words)
            assert await door.kill() == 1
            assert door.bells == [], "it was killed before its bell"
            again = await Running.start(folder, cloud.credentials)
            await again.until("ding-dong")
            while kept_presses(folder):
                await asyncio.sleep(0.02)
            assert await again.stop() == 0
            assert len(again.bells) == 1
            assert len(cloud.presses) == 1
            assert set(cloud.photos.values()) == {JPEG}

    async def told() -> None:
        await asyncio.gather(*(killed_after(words) for words in DEATHS))

    asyncio.run(asyncio.wait_for(told(), 60))


@pytest.mark.parametrize("card", ["writable", "broken"])
def test_a_door_killed_as_soon_as_it_opened_does_not_open_again(tmp_path: Path, card: str) -> None:
    cloud, order = FakeCloud(), Open("o1", "ring", 5, 15)
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    if card == "broken":
        (tmp_path / "spool").touch()

    async def told() -> None:
        async with cloud.running():
            door = await Running.start(tmp_path, cloud.credentials, runtime)
            await door.until("connected")
            cloud.say(order)
            await door.until("the strike is released")
            while Opened("o1") not in cloud.requests:
                await asyncio.sleep(0.01)
            await door.kill()
            cloud.requests.clear()
            again = await Running.start(tmp_path, cloud.credentials, runtime)
            await again.until("connected")
            cloud.say(order)
            while Opened("o1") not in cloud.requests:
                await asyncio.sleep(0.01)
            assert await again.stop() == 0
            assert not any("the strike is released" in line for line in again.lines)

    asyncio.run(asyncio.wait_for(told(), 20))


def test_a_door_killed_between_its_record_and_its_strike_does_not_say_that_it_opened(
    tmp_path: Path,
) -> None:
    cloud, order = FakeCloud(), Open("o1", "ring", 5, 15)
    ReplayGuard([tmp_path / "opened"]).begin("o1")

    async def told() -> None:
        async with cloud.running():
            door = await Running.start(tmp_path, cloud.credentials, tmp_path)
            await door.until("connected")
            cloud.say(order)
            cloud.say(order._replace(open="o2"))
            while Opened("o2") not in cloud.requests:
                await asyncio.sleep(0.01)
            assert await door.stop() == 0
            assert Opened("o1") not in cloud.requests
            assert sum("the strike is released" in line for line in door.lines) == 1

    asyncio.run(asyncio.wait_for(told(), 20))
