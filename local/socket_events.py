"""What every connected device sends and gets, reported through a pipe while it happens.

It stands around the server's ASGI application, so it sees exactly the frames on the wire. Codes
are among them: they go to the pipe's reader (the terminal of `make up`) and to no file. Tokens
are not: a device is known by its home and name, and its secret is dropped here.
"""

import contextlib
import json
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qsl

from doorbell.auth import token_in_request
from doorbell.errors import TokenError

Happened = Literal["connected", "refused", "sent", "got", "gone", "warned"]

_REFUSALS = ("websocket.close", "websocket.http.response.start")


class SocketEvent(NamedTuple):
    """One thing that happened on one device's socket. `at` is epoch seconds.

    The server itself has a word, too, when something is wrong: it has `warned`, and `frame` says
    of what.
    """

    at: float
    device: str
    happened: Happened
    frame: str = ""


Report = Callable[[SocketEvent], None]


def read_events(descriptor: int) -> Iterator[SocketEvent]:
    """What the application at the pipe's other end reports, until that end closes."""
    with os.fdopen(descriptor, encoding="utf-8") as lines:
        for line in lines:
            yield SocketEvent(*json.loads(line))


def reports_to(descriptor: int) -> Report:
    """A function that writes events to the pipe `descriptor`, and never waits for its reader."""
    # A queue stands between, so that a terminal that is slow to read never holds up the server.
    events: queue.SimpleQueue[SocketEvent] = queue.SimpleQueue()
    threading.Thread(target=_write, args=(descriptor, events), daemon=True).start()
    return events.put


def reporting(app: Any, report: Report) -> Any:
    """The ASGI application `app`, reporting what its sockets carry."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            socket = _Socket(_device(scope), receive, send, report)
            receive, send = socket.receive, socket.send
        await app(scope, receive, send)

    return application


class _Socket:
    """One socket's two directions, as ASGI has them."""

    def __init__(self, device: str, receive: Any, send: Any, report: Report) -> None:
        self._device = device
        self._receive = receive
        self._send = send
        self._tell = report
        self._accepted = False

    async def receive(self) -> Any:
        """From the device."""
        message = await self._receive()
        if message["type"] == "websocket.receive":
            self._report("sent", message)
        elif message["type"] == "websocket.disconnect" and self._accepted:
            self._report("gone", message)
        return message

    async def send(self, message: Any) -> None:
        """To the device."""
        if message["type"] == "websocket.accept":
            self._accepted = True
            self._report("connected", message)
        elif message["type"] == "websocket.send":
            self._report("got", message)
        elif message["type"] in _REFUSALS and not self._accepted:
            self._report("refused", message)
        await self._send(message)

    def _report(self, happened: Happened, message: Any) -> None:
        self._tell(SocketEvent(time.time(), self._device, happened, _frame(message)))


def _write(descriptor: int, waiting: "queue.SimpleQueue[SocketEvent]") -> None:
    # The reader may be gone; then nobody wants to know.
    with contextlib.suppress(OSError), os.fdopen(descriptor, "w", encoding="utf-8") as pipe:
        while True:
            pipe.write(json.dumps(waiting.get()) + "\n")
            pipe.flush()


def _device(scope: Any) -> str:
    """`home.device` of the token that came with the handshake; `?` when there is none."""
    headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    try:
        token = token_in_request(headers, query)
    except TokenError:
        return "?"
    return f"{token.home}.{token.device}"


def _frame(message: Any) -> str:
    frame = message.get("text") or message.get("bytes") or ""
    return frame.decode("utf-8", "replace") if isinstance(frame, bytes) else str(frame)
