"""One recognising process: reads pictures from a pipe, writes faces to it.

Started by `pool.py` as `python -m local.faces.worker FD`. It ends when the other end of the
pipe closes, which the kernel does for it even when the server is killed.
"""

import signal
import sys
from multiprocessing.connection import Connection
from typing import Any

from local.faces.embedder import Embedder
from local.faces.errors import PictureError


def main() -> None:
    """Say None once the models are loaded and warm, then answer every (content, limit) in turn."""
    # A terminal's Ctrl-C goes to every process; the server ends this one by closing the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe: Connection[Any, Any] = Connection(int(sys.argv[1]))
    embedder = Embedder()
    embedder.warm_up()
    try:
        pipe.send(None)
        while True:
            pipe.send(_answer(embedder, *pipe.recv()))
    except (EOFError, ConnectionError):
        return


def _answer(embedder: Embedder, content: bytes, limit: int) -> object:
    try:
        return embedder.faces(content, limit)
    except PictureError as error:
        return error


if __name__ == "__main__":
    main()
