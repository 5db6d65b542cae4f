"""The socket to the cloud, for ever: connects, listens, notices when nobody answers, reconnects.

What to do when is decided in `line.py`; here are the sockets. A session never ends by itself and
never raises for anything that the other side does.
"""

import asyncio
import contextlib
import logging
import random
import ssl
from collections.abc import Callable
from typing import Final, NoReturn

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidStatus,
)
from websockets.frames import CloseCode

from doorbell.protocol import (
    MAX_FRAME_BYTES,
    EnterCode,
    Hello,
    Message,
    MessageError,
    Ping,
    Pong,
    Request,
    Ring,
    read_message,
    request_frame,
)
from doorbell_client.clock import uptime
from doorbell_client.config.credentials import Credentials
from doorbell_client.config.validators import is_safe_url
from doorbell_client.link.line import Backoff, Health, Heartbeat, Line, LinkTimeouts

_log = logging.getLogger(__name__)

# websockets logs every header when it may log at DEBUG: the token, too.
_wire_log: Final = logging.getLogger("doorbell_client.wire")
_wire_log.setLevel(logging.WARNING)

_ALWAYS_ANSWERED: Final = (Ring, EnterCode, Ping)
_GARBAGE_LOGGED: Final = 5
_REFUSALS: Final = {
    401: "the token is missing or wrong",
    403: "the token is unknown or revoked",
}


class Session:
    """One device's line to the cloud. All its methods belong to the event loop's thread."""

    def __init__(
        self,
        credentials: Credentials,
        hear: Callable[[Message], None],
        tell: Callable[[Line], None],
        *,
        busy: Callable[[], bool] = lambda: False,
        alive: Callable[[], None] = lambda: None,
        timeouts: LinkTimeouts = LinkTimeouts(),  # noqa: B008 - immutable
        clock: Callable[[], float] = uptime,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """`hear` gets every message, `tell` every change of the line, `alive` every beat.

        `busy` says whether a planned reconnect would disturb somebody. `draw` gives numbers from
        0 to 1. Raises ValueError for a URL to which no token may be sent.
        """
        if not is_safe_url(credentials.url, "wss", "ws"):
            raise ValueError("A token is only sent over TLS, or within this machine.")
        self._credentials = credentials
        self._hear = hear
        self._tell = tell
        self._busy = busy
        self._alive = alive
        self._timeouts = timeouts
        self._clock = clock
        self._draw = draw
        self._backoff = Backoff(timeouts, draw)
        self._line = Line.DOWN
        self._socket: ClientConnection | None = None
        self._heart: Heartbeat | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._hurried = asyncio.Event()
        self._up_at: float | None = None
        self._garbage = 0

    @property
    def line(self) -> Line:
        """How the line is now."""
        return self._line

    async def run(self) -> NoReturn:
        """Until cancelled."""
        try:
            async with asyncio.TaskGroup() as together:
                together.create_task(self._beat())
                while True:
                    await self._rest(await self._connect_once())
        finally:
            await self._stop_sending()

    def send(self, request: Request) -> bool:
        """Put a frame on the wire at once; False when there is no line (nothing is kept).

        True does not say that it arrived: only an answer does.
        """
        if self._socket is None or self._heart is None:
            return False
        if isinstance(request, _ALWAYS_ANSWERED):
            self._heart.asked(self._clock(), ping=isinstance(request, Ping))
        task = asyncio.create_task(_send(self._socket, request_frame(request)))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return True

    def hurry(self) -> None:
        """Somebody waits: do not sit out a long pause between two tries."""
        self._hurried.set()

    # --- one connection -----------------------------------------------------------

    async def _connect_once(self) -> float:
        """Connect, listen until that ends; returns the seconds to wait before the next try."""
        self._up_at = None
        try:
            async with dial(self._credentials, self._timeouts.connect) as socket:
                await self._listen(socket)
        except InvalidStatus as error:
            return self._turned_away(error.response.status_code)
        except ssl.SSLCertVerificationError as error:
            _log.error("the cloud's certificate is not believed: %s", error.verify_message)
        except (OSError, InvalidHandshake, TimeoutError) as error:
            _log.info("no line to the cloud: %s", _named(error))
        except Exception:
            # Whatever a server sends, a door goes on.
            _log.exception("the line broke in a way that nobody foresaw")
        finally:
            self._hang_up()
        return self._backoff.after(0 if self._up_at is None else self._clock() - self._up_at)

    async def _listen(self, socket: ClientConnection) -> None:
        self._up_at = self._clock()
        self._heart = Heartbeat(self._timeouts, self._up_at, self._draw)
        self._socket = socket
        self._garbage = 0
        self.send(Hello())
        self._change(Line.UP)
        try:
            async for frame in socket:
                if self._heart.heard(self._clock()) is Health.ASLEEP:
                    _log.warning(
                        "this machine slept; what lay in the line meanwhile is passed over"
                    )
                    socket.transport.abort()
                    break
                self._take(frame)
        except ConnectionClosed as error:
            _log.info("the line broke: %s", _named(error))
        except asyncio.CancelledError:
            # The owner stops this program: that is no outage to tell of, and no error to the cloud.
            self._tell = lambda line: None
            await socket.close(CloseCode.GOING_AWAY)
            raise
        if self._garbage > _GARBAGE_LOGGED:
            _log.warning("%d frames were garbage", self._garbage)

    def _take(self, frame: str | bytes) -> None:
        try:
            if isinstance(frame, bytes):
                raise MessageError("not_json", "A frame must be text.")
            message = read_message(frame)
        except MessageError as error:
            self._garbage += 1
            if self._garbage <= _GARBAGE_LOGGED:
                _log.warning("a frame from the cloud is passed over (%s): %s", error.name, error)
            return
        if isinstance(message, Pong):
            return
        try:
            self._hear(message)
        except Exception:
            _log.exception("a message could not be served: %s", type(message).__name__)

    def _turned_away(self, status: int) -> float:
        if reason := _REFUSALS.get(status):
            _log.error(
                "the cloud does not let this device in (%d): %s; run `doorbell init` with a token "
                "that `make add-door` or `make add-phone` printed",
                status,
                reason,
            )
            self._change(Line.REFUSED)
            return self._backoff.after(0, refused=True)
        _log.warning("the cloud answers %d; trying again", status)
        self._change(Line.DOWN)
        return self._backoff.after(0)

    def _hang_up(self) -> None:
        self._socket = self._heart = None
        if self._line is Line.UP:
            self._change(Line.DOWN)

    def _change(self, line: Line) -> None:
        if line is not self._line:
            self._line = line
            _log.info("line: %s", line.value)
            self._tell(line)

    # --- time ---------------------------------------------------------------------

    async def _rest(self, seconds: float) -> None:
        """Wait before the next try; `hurry` cuts it short, but never to a spin."""
        await asyncio.sleep(min(seconds, self._timeouts.hurry))
        self._hurried.clear()
        rest = seconds - self._timeouts.hurry
        if rest <= 0:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurried.wait(), rest)

    async def _beat(self) -> None:
        while True:
            self._alive()
            if self._heart is not None and self._socket is not None:
                self._look(self._heart, self._socket)
            await asyncio.sleep(self._timeouts.beat)

    def _look(self, heart: Heartbeat, socket: ClientConnection) -> None:
        health = heart.look(self._clock(), busy=self._busy())
        if health is Health.PING:
            self.send(Ping())
        elif health is Health.PLANNED:
            _log.info("reconnecting before the cloud hangs up")
            self._hang_up()
            self._keep(asyncio.create_task(socket.close()))
        elif health is not Health.FINE:
            _log.warning("the line is given up: %s", health.value)
            socket.transport.abort()

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _stop_sending(self) -> None:
        tasks = list(self._sending)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def dial(credentials: Credentials, seconds: float) -> connect:
    """A connection to the house, with the token in its header; `seconds` for the handshake."""
    return _Straight(
        credentials.url,
        additional_headers={"Authorization": f"Bearer {credentials.token}"},
        open_timeout=seconds,
        close_timeout=2,
        # Protocol pings do not pass through API Gateway; ours are messages.
        ping_interval=None,
        compression=None,
        max_size=MAX_FRAME_BYTES,
        proxy=True if credentials.url.startswith("wss:") else None,
        logger=_wire_log,
    )


class _Straight(connect):
    def process_redirect(self, exc: Exception) -> Exception | str:
        """No redirect is followed: who answers may open the door."""
        return exc


async def _send(socket: ClientConnection, frame: str) -> None:
    # A line that breaks meanwhile is noticed where it is listened to.
    with contextlib.suppress(ConnectionClosed):
        await socket.send(frame)


def _named(error: Exception) -> str:
    """What went wrong, without anything that a URL or a header may hold."""
    if isinstance(error, ConnectionClosed):
        return f"closed with {error.rcvd.code}" if error.rcvd else "closed without a word"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
