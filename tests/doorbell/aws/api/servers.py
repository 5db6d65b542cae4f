"""A server on loopback that does to each request what a test has written."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from doorbell.aws.api.endpoints import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Act(NamedTuple):
    """What is done to one request."""

    say: bytes = OK
    after: float = 0.0
    """Seconds before it is said."""
    hang_up: bool = False
    reset: bool = False
    """Hang up so that the other end hears of an error."""


class Server:
    """Keeps connections open unless an act says otherwise; the last act is done for ever."""

    def __init__(self, *acts: Act) -> None:
        self._acts = acts or (Act(),)
        self._lock = threading.Lock()
        self.requests: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []

    @property
    def at(self) -> Endpoint:
        """Where it listens."""
        return Endpoint(secure=False, host=f"127.0.0.1:{self._listener.getsockname()[1]}")

    @contextlib.contextmanager
    def running(self) -> Iterator[Server]:
        """Serve while entered."""
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            # Closing alone would leave it open for as long as a thread waits in `accept`.
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self.hang_up()

    def await_connections(self, number: int, within: float = 5.0) -> None:
        """Until so many were accepted, or for so many seconds: who connects does not wait for it."""
        deadline = time.monotonic() + within
        while self.connections < number and time.monotonic() < deadline:
            time.sleep(0.01)

    def hang_up(self) -> None:
        """Close every connection."""
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.append(connection)
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while request := _read(connection):
                with self._lock:
                    act = self._acts[min(len(self.requests), len(self._acts) - 1)]
                    self.requests.append(request)
                time.sleep(act.after)
                connection.sendall(act.say)
                if act.reset:
                    # Nobody waits for what is under way: the kernel sends a reset.
                    linger = b"\x01\0\0\0\0\0\0\0"
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                if act.reset or act.hang_up:
                    break
            connection.close()


def _read(connection: socket.socket) -> bytes:
    """One request: its head, and as much body as that says."""
    request = b""
    while b"\r\n\r\n" not in request:
        if not (more := connection.recv(65536)):
            return b""
        request += more
    head, _, body = request.partition(b"\r\n\r\n")
    lengths = [
        int(line[15:])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while len(body) < sum(lengths):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
