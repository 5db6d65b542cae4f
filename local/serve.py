"""The server process: ministack on one loopback socket that its parent opened.

Run by `local.server`, never by hand. It lives exactly as long as its parent holds the lifeline
pipe: the pipe closes when the parent stops it, and also when the parent is killed, on any system.
Its Lambda workers share its process group and end with it. Unless the home is kept, and then once
more written, there is nothing to close with care: ending is quick.
"""

import argparse
import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.socket_events import Report, SocketEvent, reporting, reports_to

_HEALTH = "/_ministack/health"


def main(arguments: list[str] | None = None) -> None:
    """Serve until the lifeline closes or SIGTERM comes; then end this process group."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listen", type=int, required=True, help="descriptor of the socket")
    parser.add_argument("--lifeline", type=int, required=True, help="descriptor of the pipe")
    parser.add_argument("--events", type=int, help="descriptor to write what sockets carry to")
    parser.add_argument("--directory", type=Path, required=True, help="private; removed at the end")
    parser.add_argument("--kept", type=Path, help="file of the home that is kept, if it is")
    parser.add_argument("--calls", type=Path, help="file to write down who asked for what")
    options = parser.parse_args(arguments)
    ending = _Ending(options.directory)
    # Not in the handler: it would hold up the event loop, which writes what is kept.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=ending.now).start())
    threading.Thread(target=_await_eof, args=(options.lifeline, ending.now), daemon=True).start()
    report = reports_to(options.events) if options.events is not None else None
    try:
        asyncio.run(_serve(options.listen, report, options.kept, options.calls, ending))
    except Exception:
        # The traceback must reach the log before the group, this process included, is ended.
        sys.excepthook(*sys.exc_info())
    finally:
        ending.now()


class _Ending:
    """How this process ends: what is kept is written once more, then the whole group is killed."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._first: list[Callable[[], None]] = []

    def do_first(self, act: Callable[[], None]) -> None:
        """Have this done before all else, in another thread than the event loop's."""
        self._first.append(act)

    def now(self) -> None:
        """Remove what was written, then end the whole group: the workers, and this process too."""
        with contextlib.suppress(Exception):
            for act in self._first:
                act()
        shutil.rmtree(self._directory, ignore_errors=True)
        os.killpg(0, signal.SIGKILL)


async def _serve(
    listen: int, report: Report | None, kept: Path | None, calls: Path | None, ending: _Ending
) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app
    from ministack.core import hypercorn_compat

    from local import emulator
    from local.faces.collection import Collections
    from local.faces.register import register
    from local.garbage import frozen_at_the_first_socket

    hypercorn_compat.install()
    collections = Collections()
    register(collections=collections)
    emulator.change()
    if calls is not None:
        from local.emulator.calls import note_in

        note_in(calls)
    # Not by LOG_LEVEL, which the functions' own loggers would take for theirs.
    logging.disable(logging.INFO)
    # It warns at each deployment of figures that are for AWS alone.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    if kept is not None:
        from local.kept.serving import keep

        ending.do_first(keep(kept, collections, lambda text: _warn(text, report)))
    guarded = frozen_at_the_first_socket(_guarded(app))
    config = Config()
    config.bind = [f"fd://{listen}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    await serve(
        guarded if report is None else reporting(guarded, report),
        config,
        # Without a trigger of ours, hypercorn would take SIGTERM for itself.
        shutdown_trigger=asyncio.Event().wait,
    )


def _warn(text: str, report: Report | None) -> None:
    """Say it in the log, and to whoever looks at the terminal."""
    logging.getLogger(__name__).warning(text)
    if report is not None:
        report(SocketEvent(time.time(), "server", "warned", text))


def _guarded(app: Any) -> Any:
    """Close ministack's own doors (`/_ministack/reset` …), which ask for no credentials."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if path.startswith(("/_ministack/", "/_localstack/")) and path != _HEALTH:
            scope = {**scope, "path": "/_closed", "raw_path": b"/_closed"}
        await app(scope, receive, send)

    return guarded


def _await_eof(descriptor: int, then: Any) -> None:
    with contextlib.suppress(OSError):
        while os.read(descriptor, 1):
            pass
    then()


if __name__ == "__main__":
    main()
