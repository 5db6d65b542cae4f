"""A door's own program, for one press: what it keeps until the press is delivered."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from doorbell_client.config.credentials import Credentials
from doorbell_client.door.controller import Controller
from doorbell_client.door.parts import Press
from doorbell_client.door.replay_guard import ReplayGuard
from doorbell_client.link.line import Line
from doorbell_client.outbox.spool import OPENED_FILE, Spool
from doorbell_client.terminal.lines import FileCamera, TypedLines, terminal_door

if TYPE_CHECKING:
    from pathlib import Path

    from doorbell_client.door.events import Event

PATIENCE: Final = 30.0


async def press_once(folder: Path, url: str, token: str, photo: Path) -> int:
    """Press, and stop when nothing waits in the spool any more; how many bytes lay there at most.

    Raises TimeoutError.
    """
    spool = Spool(folder)
    spool.open()
    up = asyncio.Event()

    def watch(event: Event) -> None:
        if event is Line.UP:
            up.set()

    door = terminal_door(FileCamera(photo), TypedLines((), button=False))
    guard = ReplayGuard([folder / OPENED_FILE])
    controller = Controller(door, lambda: Credentials(url, token), spool, guard, watch=watch)
    alive = asyncio.create_task(controller.run())
    try:
        await asyncio.wait_for(up.wait(), PATIENCE)
        controller.notify(Press(time.monotonic()))
        return await asyncio.wait_for(_emptied(folder), PATIENCE)
    finally:
        alive.cancel()
        await asyncio.gather(alive, return_exceptions=True)
        spool.close()


async def _emptied(folder: Path) -> int:
    most = now = 0
    while not most or now:
        await asyncio.sleep(0.005)
        now = await asyncio.to_thread(_waiting, folder)
        most = max(most, now)
    return most


def _waiting(folder: Path) -> int:
    """Bytes of presses and photos; a file may go while they are counted."""
    total = 0
    for file in [*folder.glob("*.json"), *folder.glob("*.jpeg")]:
        try:
            total += file.stat().st_size
        except FileNotFoundError:
            continue
    return total
