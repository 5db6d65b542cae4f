"""Our own cameras against the whole stack: a party camera, a timelapse, and the Arduino's bytes."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from doorbell_client.config.credentials import Credentials
from tests.arduino.test_stop_motion import send
from tests.doorbell_client.camera.test_kill import Camera as Living
from tests.doorbell_client.camera.test_kill import pictures, waiting
from tests.wire import talk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stories.cameras.camera import Camera


def test_a_press_on_a_party_camera_is_one_burst_and_leaves_the_device(
    camera: Camera, tmp_path: Path
) -> None:
    async def scene() -> None:
        pictures(tmp_path)
        living = await Living.start("gifcam", tmp_path, Credentials(camera.url, camera.token))
        await living.until("ready")
        living.press()
        await living.until("the film is kept")
        while waiting(tmp_path):
            await asyncio.sleep(0.05)
        assert await living.stop() == 0

    asyncio.run(asyncio.wait_for(scene(), 60))
    [(key, burst)] = camera.kept("bursts").items()
    assert re.fullmatch(rf"bursts/{camera.home.id}/{camera.id}/\d{{4}}/.*\.mjpeg", key)
    assert burst.count(b"\xff\xd8\xff") == 4
    assert burst.endswith(b"\xff\xd9")


def test_a_timelapse_keeps_its_pictures_by_their_moment(camera: Camera, tmp_path: Path) -> None:
    async def scene() -> None:
        pictures(tmp_path)
        living = await Living.start("timelapse", tmp_path, Credentials(camera.url, camera.token))
        while living.count("is delivered") < 2:
            await asyncio.sleep(0.05)
        await living.kill()

    asyncio.run(asyncio.wait_for(scene(), 60))
    kept = camera.kept()
    assert len(kept) >= 2
    assert all(re.search(r"-timelapse-[0-9a-f]{12}\.jpeg$", key) for key in kept)


def test_what_the_arduino_sends_is_kept_whole(camera: Camera, photo: bytes, tmp_path: Path) -> None:
    sent = send(tmp_path, b"\x00" + photo + bytes(5), len(photo) + 5)
    wire = sent.wire.replace(b"home.garden.secret", camera.token.encode())
    reply = talk(camera.url, wire)
    assert reply is not None
    assert reply.status == 201
    assert list(camera.kept().values()) == [photo]
