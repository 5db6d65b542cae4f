"""The door as it is started on a machine that is not well."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

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


# A door with real parts, on gpiozero's mock pins; its button is pressed by a signal.
HARDWARE_DOOR = """
import signal, sys
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin
from doorbell_client.__main__ import main

Device.pin_factory = MockFactory(pin_class=MockPWMPin)
button = Device.pin_factory.pin(17)
signal.signal(signal.SIGUSR1, lambda *_: button.drive_low())
sys.exit(main(["--config", sys.argv[1], "--verbose", "run"]))
"""

CONFIG = """
[cloud]
url = "ws://127.0.0.1:9/"
[button]
pin = 17
[chime]
kind = "tone"
pin = 12
[camera]
kind = "none"
"""


@pytest.mark.parametrize(
    ("broken", "token", "mode", "named"),
    [
        ("", None, 0o600, "token"),
        ("", "", 0o600, "holds no token"),
        ("", "home.front.s3cr3t", 0o640, "open to others"),
        ("[nonsense]\nx = 1\n", "home.front.s3cr3t", 0o600, "is no section"),
        ("[lights]\nstatus_pin = 17\n", "home.front.s3cr3t", 0o600, "GPIO 17"),
        ("[strike]\npin = 24\nactive_hi = false\n", "home.front.s3cr3t", 0o600, "active_hi"),
        ("[gong]\npin = 77\n", "home.front.s3cr3t", 0o600, "cannot be 77"),
    ],
)
def test_a_press_rings_although_something_else_is_wrong(
    tmp_path: Path, broken: str, token: str | None, mode: int, named: str
) -> None:
    file = tmp_path / "doorbell.toml"
    file.write_text(CONFIG + broken)
    if token is not None:
        (tmp_path / "token").write_text(token)
        (tmp_path / "token").chmod(mode)

    async def scene() -> None:
        environment = {**os.environ, "STATE_DIRECTORY": str(tmp_path)}
        door = await asyncio.create_subprocess_exec(
            sys.executable, "-c", HARDWARE_DOOR, str(file),
            env=environment, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert door.stderr is not None
        log = ""
        while "the door's stack" not in log:
            line = await door.stderr.readline()
            assert line, log
            log += line.decode()
        await asyncio.sleep(0.3)
        door.send_signal(10)
        while "ding-dong" not in log:
            line = await door.stderr.readline()
            assert line, log
            log += line.decode()
        assert named in log
        assert "s3cr3t" not in log
        door.terminate()
        assert await door.wait() == 0

    asyncio.run(asyncio.wait_for(scene(), 30))
