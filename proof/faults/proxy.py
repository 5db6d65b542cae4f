"""AWS, seen through a proxy that can make any call and any frame go wrong.

All of it passes: what the functions say to AWS (they sign with the proxy's own host, which is
passed on as it is), the sockets of doors and phones, the photos' uploads and the phones' API. The
board says whether a call or a frame is hit. Of a call:

| mode | what happens |
| --- | --- |
| throttle, 5xx | it is refused, in the words of its service |
| hang | no answer ever comes |
| slow | it is held back for 2 s |
| cut | the line breaks before it has any effect |
| after | it has its effect, and the line breaks before the answer |
| twice | it is carried out twice, as if its client had sent it again |
| kill, kill_after | the process that asks is killed before the effect, or after it |
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import threading
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from proof.faults.answers import refusal
from proof.faults.board import HOME, PHOTO, Board
from proof.faults.http import Message, read_answer, read_request
from proof.faults.sockets import Line, pass_frames

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Iterator

SLOW: Final = 2.0
LONGEST_HANG: Final = 90.0
"""Seconds; every client has given up by then."""
_CREDENTIAL: Final = re.compile(r"Credential=(\w+)/\d+/[\w-]+/([\w-]+)/")
_BROKEN: Final = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)


class Call(NamedTuple):
    """What one request is."""

    home: str
    where: str
    service: str = ""
    pid: int = 0
    """The process that asks, if it is a function's."""


class Proxy:
    """Stands between everybody and the emulator, which may come and go."""

    def __init__(self, board: Board) -> None:
        self.to = 0
        """The emulator's port."""
        self.port = 0
        self._board = board

    @property
    def url(self) -> str:
        """Where AWS seems to be."""
        return f"http://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """In a thread with a loop of its own."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), loop).result(10)
        try:
            yield
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**20)
        self._server = server
        self.port = server.sockets[0].getsockname()[1]

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(*_BROKEN):
            up_reader, up = await asyncio.open_connection("127.0.0.1", self.to, limit=2**20)
            with contextlib.suppress(*_BROKEN):
                await self._pass_on(_Ends(reader, writer, up_reader, up))
            up.close()
        writer.close()

    async def _pass_on(self, ends: _Ends) -> None:
        while True:
            request = await read_request(ends.reader)
            if request.headers.get("upgrade", "").lower() == "websocket":
                await self._open_socket(ends, request)
                return
            call = self._call(request)
            mode = self._board.asked(call.home, call.where) if call else ""
            if call and mode:
                await self._fail(ends, request, call, mode)
            else:
                await _exchange(ends, request)

    async def _fail(self, ends: _Ends, request: Message, call: Call, mode: str) -> None:
        """Raises ConnectionError when the line is broken now."""
        if mode in ("throttle", "5xx"):
            ends.writer.write(refusal(call.service, mode))
            await ends.writer.drain()
            return
        if mode == "hang":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ends.reader.read(), LONGEST_HANG)
            raise ConnectionError
        if mode == "slow":
            await asyncio.sleep(SLOW)
        if mode == "twice":
            await _ask(ends, request)
        if mode in ("slow", "twice"):
            await _exchange(ends, request)
            return
        if mode in ("after", "kill_after"):
            await _ask(ends, request)
        if mode.startswith("kill") and call.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(call.pid, signal.SIGKILL)
        ends.writer.transport.abort()
        raise ConnectionError

    def _call(self, request: Message) -> Call | None:
        """What a request is; None for one that never goes wrong."""
        method, target, _ = request.first.split(" ", 2)
        at = urlsplit(target)
        if (found := PHOTO.search(at.path)) and "X-Amz-Signature" in at.query:
            home = HOME.search(found[0])
            return Call(home[0] if home else "", f"{method} {at.path.rpartition('/')[2]}", "s3")
        signed = _CREDENTIAL.search(request.headers.get("authorization", ""))
        worker = self._board.worker(signed[1]) if signed else None
        if not signed or not worker:
            return None
        named = HOME.search(at.path) or HOME.search(request.body.decode("latin-1"))
        operation = request.headers.get("x-amz-target", method).rpartition(".")[2]
        where = f"{worker.function} {signed[2]}.{operation}"
        return Call(named[0] if named else worker.home, where, signed[2], worker.pid)

    async def _open_socket(self, ends: _Ends, request: Message) -> None:
        # Frames are read on their way: none may be compressed.
        ends.up.write(request.without("sec-websocket-extensions"))
        answer = await read_answer(ends.up_reader, "GET")
        ends.writer.write(answer.raw)
        await ends.writer.drain()
        if answer.first.split()[1] == "101":
            home, role = _whose(request)
            line = Line(ends.reader, ends.writer, ends.up_reader, ends.up)
            await pass_frames(line, lambda where: self._board.asked(home, f"{role} {where}"))


class _Ends(NamedTuple):
    """Both ends of a connection that passes."""

    reader: StreamReader
    writer: StreamWriter
    up_reader: StreamReader
    up: StreamWriter


async def _ask(ends: _Ends, request: Message) -> Message:
    ends.up.write(request.raw)
    await ends.up.drain()
    return await read_answer(ends.up_reader, request.first.split()[0])


async def _exchange(ends: _Ends, request: Message) -> None:
    answer = await _ask(ends, request)
    ends.writer.write(answer.raw)
    await ends.writer.drain()
    if answer.headers.get("connection", "").lower() == "close":
        raise ConnectionError


def _whose(request: Message) -> tuple[str, str]:
    """The home and role of a device that connects."""
    query = parse_qs(urlsplit(request.first.split()[1]).query)
    token = query.get("token", [request.headers.get("authorization", "").removeprefix("Bearer ")])
    home, _, rest = token[0].partition(".")
    return home, "door" if rest.startswith("front-door") else "phone"
