"""kill -9 of a real `doorbell run` at random moments: no press lost, none doubled."""

import asyncio
import random
import time
from pathlib import Path

from doorbell.protocol import Open, Opened
from doorbell_client.outbox.spool import Spool
from tests.doorbell_client.fake_cloud import FakeCloud
from tests.doorbell_client.running import Running

JPEG = b"\xff\xd8\xff" + b"somebody" * 5000 + b"\xff\xd9"
KILLS = 8


async def killed_again_and_again(folder: Path, cloud: FakeCloud) -> int:
    """Several short lives; returns how many presses they took."""
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
    return taken


async def settled(folder: Path, cloud: FakeCloud, presses: int) -> None:
    """One more life, until so many presses are in the cloud and none waits."""
    last = await Running.start(folder, cloud.credentials)
    await last.until("connected")
    async with asyncio.timeout(20):
        while len(cloud.presses) < presses or Spool(folder / "spool").peek():
            await asyncio.sleep(0.02)
    assert await last.stop() == 0


def test_a_door_killed_again_and_again_delivers_every_press_once(tmp_path: Path) -> None:
    (tmp_path / "stills").mkdir()
    (tmp_path / "stills" / "a.jpeg").write_bytes(JPEG)
    cloud = FakeCloud(outage=0.3)

    async def told() -> None:
        async with cloud.running():
            began = time.time()
            taken = await killed_again_and_again(tmp_path, cloud)
            await settled(tmp_path, cloud, taken)
            # A press may have been taken in the very moment of a kill, before it was printed.
            assert taken <= len(cloud.presses) <= 3 * KILLS
            assert set(cloud.photos.values()) == {JPEG}
            for tellings in cloud.presses.values():
                assert max(tellings) - min(tellings) < 0.5
                assert began - 0.5 < min(tellings)

    asyncio.run(told())


def test_a_door_killed_as_soon_as_it_opened_does_not_open_again(tmp_path: Path) -> None:
    cloud, order = FakeCloud(), Open("o1", "ring", 5, 15)

    async def told() -> None:
        async with cloud.running():
            door = await Running.start(tmp_path, cloud.credentials)
            await door.until("connected")
            cloud.say(order)
            await door.until("the strike is released")
            await door.kill()
            cloud.requests.clear()
            again = await Running.start(tmp_path, cloud.credentials)
            await again.until("connected")
            cloud.say(order)
            while Opened("o1") not in cloud.requests:
                await asyncio.sleep(0.01)
            assert await again.stop() == 0
            assert not any("the strike is released" in line for line in again.lines)

    asyncio.run(asyncio.wait_for(told(), 20))
