"""A few recognising processes, shared by many threads.

Embedding holds Python's lock and the detector is not thread-safe, so faces are found in other
processes. They are children with a pipe each, not a `ProcessPoolExecutor`: that one imports the
server's main module into every child, and its children outlive a server that is killed.
"""

import contextlib
import os
import queue
import subprocess
import sys
import threading
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, Final, cast

from local.faces.errors import PictureError, RecogniserFailed
from local.faces.face import MAX_FACES, Face

_ROOT: Final = Path(__file__).parents[2]

_PATIENCE: Final = 30.0
"""Seconds a worker may take, models loading included; the largest picture takes about 5."""

ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1"}
"""Of numpy, in each worker: the processes share the cores already, and threads that wait for
each other on a busy one take several times as long."""


class WorkerDied(RecogniserFailed):
    """This worker answers no more; another may."""


class Worker:
    """One child process; starting it does not wait until its models are loaded."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        self._ready = False
        self._settled = True
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.faces.worker", str(theirs.fileno())],
                cwd=_ROOT,
                env={**os.environ, **ONE_THREAD},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def usable(self) -> bool:
        """Whether the process still runs, and its pipe holds no half of an old answer."""
        return self._settled and self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Return once the models are loaded and warm. Raises WorkerDied."""
        if not self._ready:
            self._receive()
            self._ready = True

    def faces(self, content: bytes, limit: int) -> list[Face]:
        """What `Embedder.faces` gives or raises. Raises WorkerDied."""
        self.wait_until_ready()
        try:
            self._pipe.send((content, limit))
        except OSError:
            raise WorkerDied from None
        answer = self._receive()
        if isinstance(answer, PictureError):
            raise answer
        return cast("list[Face]", answer)

    def end(self) -> None:
        """Stop the process now and reap it."""
        # The pipe stays open until nobody holds it: a thread may wait on it, and learns so.
        self._process.kill()
        self._process.wait()

    def _receive(self) -> Any:
        self._settled = False
        try:
            if self._pipe.poll(_PATIENCE):
                answer = self._pipe.recv()
                self._settled = True
                return answer
        except (EOFError, OSError):
            pass
        raise WorkerDied


class Pool:
    """`processes` workers from `start`, or the first picture, to `close`. Thread-safe."""

    def __init__(self, processes: int = 2) -> None:
        self._processes = processes
        self._lock = threading.Lock()
        self._workers: set[Worker] = set()
        self._idle: queue.Queue[Worker] = queue.Queue()
        self._closed = False
        self._waiting = threading.Lock()

    @property
    def pids(self) -> list[int]:
        """The ids of the processes that run now."""
        with self._lock:
            return [worker.pid for worker in self._workers]

    def start(self) -> None:
        """Start the processes and return at once; their models load meanwhile (about 0.5 s)."""
        with self._lock:
            while not self._closed and len(self._workers) < self._processes:
                self._idle.put(self._new())

    def faces(self, content: bytes, limit: int = MAX_FACES) -> list[Face]:
        """The faces in a JPEG or PNG, largest first.

        A worker that dies is replaced and the picture is tried once more. Raises
        UnreadablePicture, PictureTooLarge, PictureTooSmall; RecogniserFailed when the second
        worker died too or the pool is closed.
        """
        worker = self._borrow()
        try:
            try:
                return worker.faces(content, limit)
            except WorkerDied:
                # A new one, not the next: what ended this one may have ended that one too.
                worker = self._instead_of(worker)
                return worker.faces(content, limit)
        finally:
            self._idle.put(worker)

    def wait_until_ready(self) -> None:
        """Start every process and wait until its models are loaded. Raises RecogniserFailed."""
        # One at a time: two callers that each held one worker would wait for ever.
        with self._waiting, contextlib.ExitStack() as borrowed:
            for _ in range(self._processes):
                worker = self._borrow()
                borrowed.callback(self._idle.put, worker)
                worker.wait_until_ready()

    def close(self) -> None:
        """End every process; what waits for one gets RecogniserFailed."""
        with self._lock:
            self._closed = True
            for worker in self._workers:
                worker.end()
            self._workers.clear()

    def _borrow(self) -> Worker:
        """A usable worker, as soon as one is idle; its borrower puts it back."""
        self.start()
        while not self._closed:
            with contextlib.suppress(queue.Empty):
                worker = self._idle.get(timeout=0.5)
                return worker if worker.usable else self._instead_of(worker)
        raise RecogniserFailed

    def _instead_of(self, dead: Worker) -> Worker:
        with self._lock:
            if self._closed:
                raise RecogniserFailed
            self._workers.discard(dead)
            dead.end()
            return self._new()

    def _new(self) -> Worker:
        worker = Worker()
        self._workers.add(worker)
        return worker
