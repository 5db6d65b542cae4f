"""One connection to the cloud, from its handshake to its end."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from doorbell.protocol import (
    EnterCode,
    Hello,
    HelloAnswer,
    Message,
    MessageError,
    Ping,
    Pong,
    Request,
    Ring,
    read_message,
    request_frame,
)
from doorbell_client.link.cloud_clock import CloudClock
from doorbell_client.link.dial import describe
from doorbell_client.link.heartbeat import Health, Heartbeat
from doorbell_client.link.line import LinkTimeouts

_log = logging.getLogger(__name__)

_ALWAYS_ANSWERED: Final = (Ring, EnterCode, Ping)
_UNREADABLE_LOGGED: Final = 5


class Connection:
    """Sends requests, gives the messages that come, and notices when nobody answers."""

    def __init__(
        self,
        socket: ClientConnection,
        timeouts: LinkTimeouts,
        clock: Callable[[], float],
        draw: Callable[[], float],
        cloud_clock: CloudClock,
    ) -> None:
        """`socket` is open; `clock` in seconds, `draw` gives numbers from 0 to 1.

        `cloud_clock` is told of what is asked and answered.
        """
        self._cloud_clock = cloud_clock
        self._socket = socket
        self._clock = clock
        self._up_at = clock()
        self._heartbeat = Heartbeat(timeouts, self._up_at, draw)
        self._tasks: set[asyncio.Task[None]] = set()
        self._unreadable = 0

    @property
    def lived(self) -> float:
        """Seconds since the handshake."""
        return self._clock() - self._up_at

    def send(self, request: Request) -> None:
        """Put a frame on the wire at once; only an answer says that it arrived."""
        if isinstance(request, Hello | Ping):
            self._cloud_clock.asked(type(request), self._clock())
        if isinstance(request, _ALWAYS_ANSWERED):
            self._heartbeat.asked(self._clock(), ping=isinstance(request, Ping))
        self._start(_sent(self._socket, request_frame(request)))

    async def messages(self) -> AsyncIterator[Message]:
        """Every message until the connection ends; frames that hold none are logged."""
        try:
            async for frame in self._socket:
                if self._heartbeat.heard(self._clock()) is Health.ASLEEP:
                    _log.warning("this machine slept; messages that waited meanwhile are dropped")
                    self._socket.transport.abort()
                    break
                if (message := self._read(frame)) is not None:
                    yield message
        except ConnectionClosed as error:
            _log.info("the line broke: %s", describe(error))
        if self._unreadable > _UNREADABLE_LOGGED:
            _log.warning("%d frames could not be read", self._unreadable)

    def check(self, *, busy: bool) -> bool:
        """Ping or end the connection if that is due; whether it may still be used."""
        health = self._heartbeat.check(self._clock(), busy=busy)
        if health is Health.PING:
            self.send(Ping())
        elif health is Health.PLANNED:
            _log.info("reconnecting before the cloud hangs up")
            self._start(self._socket.close())
            return False
        elif health is not Health.FINE:
            _log.warning("the line is given up: %s", health.value)
            self._socket.transport.abort()
        return True

    async def leave(self) -> None:
        """Tell the cloud that this program stops."""
        await self._socket.close(CloseCode.GOING_AWAY)

    async def finish(self) -> None:
        """Nothing more is sent."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _read(self, frame: str | bytes) -> Message | None:
        """None for a pong, which tells nobody else anything, and for what is no message."""
        try:
            if isinstance(frame, bytes):
                raise MessageError("not_json", "A frame must be text.")
            message = read_message(frame)
        except MessageError as error:
            self._unreadable += 1
            if self._unreadable <= _UNREADABLE_LOGGED:
                _log.warning("a frame from the cloud is ignored (%s): %s", error.name, error)
            return None
        match message:
            case Pong(time):
                self._cloud_clock.answered(Ping, time)
                return None
            case HelloAnswer(_, time):
                self._cloud_clock.answered(Hello, time)
        return message

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _sent(socket: ClientConnection, frame: str) -> None:
    # A line that breaks meanwhile is noticed where it is listened to.
    with contextlib.suppress(ConnectionClosed):
        await socket.send(frame)
