"""Work that a signal may end: Ctrl-C, systemd, or the terminal that is closed."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any

_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


async def until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` until it ends, or a signal asks to stop: that is no error."""
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(work)
    # What `nohup` or a shell's `&` had us ignore stays ignored.
    numbers = [each for each in _STOPS if signal.getsignal(each) is not signal.SIG_IGN]
    for number in numbers:
        loop.add_signal_handler(number, task.cancel)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
