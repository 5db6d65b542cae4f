"""kill -9 of a door at many moments: every press is one ring with one photo and has its bell."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

from demo.people import Person
from doorbell_client.config.credentials import Credentials
from tests.doorbell_client.running import Running
from tests.stories import delivered

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stories.doorstep import Home, PhotoOf


class Death(NamedTuple):
    """How one life of the door ends: it said these words, and then so many seconds passed."""

    words: str
    later: float = 0.0
    connected: bool = True
    """False: pressed before the line came up."""


PRESSED = "somebody pressed"
DEATHS = (
    Death(PRESSED),
    Death("picture taken"),
    Death("ticket: the photo may be uploaded"),
    Death("the press is delivered"),
    Death("ding-dong"),
    Death(PRESSED, connected=False),
)

SECONDS = 50
"""For all of it."""

HELD_SECONDS = 5
"""A press that was made without a line waits so long for the next life of the door."""

CLOUD_SECONDS = 3
"""A press is stamped so close to its moment: by when the cloud comes to it, less its age."""

BELL_SECONDS = 8 + HELD_SECONDS + 5
"""A bell sounds so soon after its press: the door's own 8 s, the dead time, and a restart."""


def test_a_door_killed_at_any_moment_makes_each_press_one_ring_with_one_photo_and_a_bell(
    home: Home, tmp_path: Path, photo_of: PhotoOf
) -> None:
    (tmp_path / "stills").mkdir()
    photo = photo_of(Person.GRACE)
    (tmp_path / "stills" / "grace.jpeg").write_bytes(photo)
    pressed, bells = asyncio.run(asyncio.wait_for(_killed_and_settled(home, tmp_path), SECONDS))
    rings = delivered.rings(home)
    assert len({ring.press for ring in rings}) == len(rings) == len(pressed)
    for ring, at in zip(rings, pressed, strict=True):
        assert ring.pressed_at == pytest.approx(at, abs=CLOUD_SECONDS), "never as if it were now"
        assert any(0 <= bell - at + 1 <= BELL_SECONDS for bell in bells)
    assert delivered.photos(home) == {ring.id: photo for ring in rings}


async def _killed_and_settled(home: Home, folder: Path) -> tuple[list[float], list[float]]:
    """A short life for each death, and one that delivers the rest; when presses and bells were."""
    credentials = Credentials(home.websocket, home.door)
    by_chance = [Death(PRESSED, later=random.random() / 2) for _ in range(4)]
    pressed, bells = [], []
    for death in (*DEATHS, *by_chance):
        door = await Running.start(folder, credentials)
        if death.connected:
            await door.until("connected")
        door.press()
        await door.until(PRESSED)
        pressed.append(time.time())
        await door.until(death.words)
        await asyncio.sleep(death.later)
        assert await door.kill() == 1
        bells += door.bells
        if not death.connected:
            await asyncio.sleep(HELD_SECONDS)
    last = await Running.start(folder, credentials)
    await last.until("connected")
    while any(".json" in file.name for file in (folder / "spool").iterdir()):
        await asyncio.sleep(0.05)
    assert await last.stop() == 0
    return pressed, bells + last.bells
