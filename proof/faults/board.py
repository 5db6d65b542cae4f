"""Where all that carries a ring asks whether something is to go wrong now.

The proxy asks before each request and each frame, the emulator's process before each task of a
state machine and each delivery of an event. Every home has at most one fault: the n-th time that
something happens at one place since it was armed.
"""

from __future__ import annotations

import json
import re
import socketserver
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME: Final = re.compile(r"faults-[0-9]+")
"""The homes of this proof: whatever is sent for one of them names it."""
PHOTO: Final = re.compile(r"guest/faults-[0-9]+/([0-9a-f]+)/")


OUTAGE: Final = 15.0
"""Seconds for which all calls of a service fail, if it is out of order."""


class Fault(NamedTuple):
    """One thing that goes wrong."""

    where: str
    """`RingPath dynamodb.UpdateItem`, `machine rekognition:searchFacesByImage`, `door down ticket`,
    `event RingPressed to Watch`, …"""
    nth: int
    """The first time is 1."""
    mode: str
    """What happens then; each place has its own modes."""


class Worker(NamedTuple):
    """A process of a function, and for whom it works now."""

    pid: int
    function: str
    home: str


class _Home:
    def __init__(self) -> None:
        self.fault: Fault | None = None
        self.counts: dict[str, int] = {}
        self.trace: list[str] = []
        self.fired_at = 0.0


class Board:
    """Safe under threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._homes: dict[str, _Home] = {}
        self._workers: dict[str, Worker] = {}
        self._deciders: dict[str, set[str]] = {}

    def arm(self, home: str, fault: Fault | None) -> None:
        """From now on this may go wrong, once; what was counted is forgotten."""
        with self._lock:
            fresh = self._homes[home] = _Home()
            fresh.fault = fault

    def asked(self, home: str, where: str) -> str:
        """Something happens there; how it goes wrong, or nothing if it does not."""
        with self._lock:
            it = self._homes.setdefault(home, _Home())
            it.trace.append(where)
            count = it.counts[where] = it.counts.get(where, 0) + 1
            fault, now = it.fault, time.monotonic()
            if fault is None:
                return ""
            if it.fired_at:
                lasts = fault.mode == "outage" and now < it.fired_at + OUTAGE
                return "5xx" if lasts and _service(where) == _service(fault.where) else ""
            if (fault.where, fault.nth) != (where, count):
                return ""
            it.fired_at = now
            return "5xx" if fault.mode == "outage" else fault.mode

    def fired(self, home: str) -> bool:
        """Whether the fault has come to be."""
        with self._lock:
            return bool(self._homes.setdefault(home, _Home()).fired_at)

    def trace(self, home: str) -> list[str]:
        """What happened since it was armed, in order."""
        with self._lock:
            return list(self._homes.setdefault(home, _Home()).trace)

    def works(self, key: str, worker: Worker) -> None:
        """A process has taken something up; `key` is the access key that it signs with."""
        with self._lock:
            if not worker.home and (known := self._workers.get(key)):
                worker = worker._replace(home=known.home)
            self._workers[key] = worker

    def worker(self, key: str) -> Worker | None:
        """Who signs with this access key."""
        with self._lock:
            return self._workers.get(key)

    def decides(self, ring: str, execution: str) -> None:
        """An execution has won the claim of a ring, and goes on to decide it."""
        with self._lock:
            self._deciders.setdefault(ring, set()).add(execution)

    def deciders(self) -> dict[str, int]:
        """How many executions have decided each ring."""
        with self._lock:
            return {ring: len(executions) for ring, executions in self._deciders.items()}


def _service(where: str) -> str:
    """`dynamodb` of `RingPath dynamodb.GetItem`, and of `machine dynamodb:updateItem`, too."""
    return re.split("[.:]", where.rpartition(" ")[2])[0]


@contextmanager
def served(board: Board) -> Iterator[str]:
    """The board for other processes, at `127.0.0.1:PORT`: a line of JSON, and one in answer."""

    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True

        def handle(self) -> None:
            for line in self.rfile:
                answer = json.dumps(_answer(board, json.loads(line)))
                self.wfile.write(answer.encode() + b"\n")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Whoever asked was killed."""

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def _answer(board: Board, asked: dict[str, Any]) -> dict[str, Any]:
    match asked:
        case {"key": key, "worker": worker}:
            board.works(key, Worker(*worker))
        case {"ring": ring, "execution": execution}:
            board.decides(ring, execution)
        case {"home": home, "where": where}:
            return {"mode": board.asked(home, where)}
    return {}
