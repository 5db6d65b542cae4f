"""The server process: ministack on one loopback socket that its parent opened.

Run by `local.server`, never by hand. It lives exactly as long as its parent holds the lifeline
pipe: the pipe closes when the parent stops it, and also when the parent is killed, on any system.
Its Lambda workers share its process group and end with it. Nothing is kept, so there is nothing
to close with care: ending is quick.
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
from pathlib import Path
from typing import Any

from local.socket_events import reporting

_HEALTH = "/_ministack/health"


def main(arguments: list[str] | None = None) -> None:
    """Serve until the lifeline closes or SIGTERM comes; then end this process group."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listen", type=int, required=True, help="descriptor of the socket")
    parser.add_argument("--lifeline", type=int, required=True, help="descriptor of the pipe")
    parser.add_argument("--events", type=int, help="descriptor to write what sockets carry to")
    parser.add_argument("--directory", type=Path, required=True, help="private; removed at the end")
    options = parser.parse_args(arguments)

    def end(*_: object) -> None:
        _end(options.directory)

    signal.signal(signal.SIGTERM, end)
    threading.Thread(target=_await_eof, args=(options.lifeline, end), daemon=True).start()
    try:
        asyncio.run(_serve(options.listen, options.events))
    except Exception:
        # The traceback must reach the log before the group, this process included, is ended.
        sys.excepthook(*sys.exc_info())
    finally:
        end()


async def _serve(listen: int, events: int | None) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app
    from ministack.core import hypercorn_compat

    from local import emulator
    from local.faces.register import register

    hypercorn_compat.install()
    register()
    emulator.change()
    # Not by LOG_LEVEL, which the functions' own loggers would take for theirs.
    logging.disable(logging.INFO)
    # It warns at each deployment of figures that are for AWS alone.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    guarded = _guarded(app)
    config = Config()
    config.bind = [f"fd://{listen}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    await serve(
        guarded if events is None else reporting(guarded, events),
        config,
        # Without a trigger of ours, hypercorn would take SIGTERM for itself.
        shutdown_trigger=asyncio.Event().wait,
    )


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


def _end(directory: Path) -> None:
    """Remove what was written, then end the whole group: the workers, and this process too."""
    shutil.rmtree(directory, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
