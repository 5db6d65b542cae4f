"""Keeping, in the server's process: from before anything is deployed until it ends."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from local.faces.collection import Collections
from local.kept.creation import fill_what_is_made
from local.kept.faces import Faces
from local.kept.keeper import Keeper
from local.kept.store import Store

LAST_SECONDS: Final = 8.0
"""How long the end may be put off by writing; it takes some hundredths where the disk is idle."""


def keep(file: Path, collections: Collections, warn: Callable[[str], None]) -> Callable[[], None]:
    """Keep the home in `file`, on the running event loop.

    What is returned writes the last second down, and waits for it; call it in another thread.
    From then on nothing is answered any more.
    Raises KeptDamaged, KeptByAnotherVersion, NotKept.
    """
    loop = asyncio.get_running_loop()
    keeper = Keeper(Store(file), warn)
    keeper.adopt(Faces(collections))
    fill_what_is_made(keeper)
    keeper.start()

    saved = threading.Event()

    async def end() -> None:
        with contextlib.suppress(Exception):  # as `save`, which has said so
            await keeper.save_last()
        saved.set()
        # What were answered now, would not be kept.
        threading.Event().wait()

    def save_last() -> None:
        asyncio.run_coroutine_threadsafe(end(), loop)
        saved.wait(LAST_SECONDS)

    return save_last
