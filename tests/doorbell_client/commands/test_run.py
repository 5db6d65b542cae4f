"""The door as it is started on a machine that is not well."""

import asyncio
from pathlib import Path

from tests.doorbell_client.fake_cloud import FakeCloud
from tests.doorbell_client.running import Running


def test_a_spool_that_cannot_be_used_does_not_silence_the_door(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    (tmp_path / "stills").mkdir()
    (tmp_path / "stills" / "a.jpeg").write_bytes(b"\xff\xd8\xffsomebody\xff\xd9")
    cloud = FakeCloud()

    async def told() -> None:
        async with cloud.running():
            door = await Running.start(tmp_path, cloud.credentials)
            await door.until("connected")
            door.press()
            await door.until("ding-dong")
            await door.until("the press is delivered")
            assert await door.stop() == 0
            assert (len(cloud.presses), len(cloud.photos)) == (1, 1)

    asyncio.run(asyncio.wait_for(told(), 20))
