"""The socket to the cloud, for ever: connects, listens, notices when nobody answers, reconnects.

When to do what is decided in `heartbeat.py` and `backoff.py`. A session never ends by itself and
never raises for anything that the other side does.
"""

import asyncio
import contextlib
import logging
import random
import ssl
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, NoReturn

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidHandshake, InvalidStatus

from doorbell.protocol import Hello, Message, Request
from doorbell_client.clock import uptime
from doorbell_client.config.credentials import Credentials
from doorbell_client.config.validators import is_safe_url
from doorbell_client.errors import ConfigError
from doorbell_client.link.backoff import Backoff
from doorbell_client.link.cloud_clock import CloudClock
from doorbell_client.link.connection import Connection
from doorbell_client.link.dial import describe, dial
from doorbell_client.link.line import Line, LinkTimeouts

_log = logging.getLogger(__name__)

_REFUSALS: Final = {
    401: "the token is missing or wrong",
    403: "the token is unknown or revoked",
}


class Session:
    """One device's line to the cloud. All its methods belong to the event loop's thread."""

    def __init__(
        self,
        find_credentials: Callable[[], Credentials],
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
        0 to 1. `find_credentials` is asked before every connection and may raise ConfigError: then
        there is no line, until a later try finds that somebody has fixed it.
        """
        self._find_credentials = find_credentials
        self._home = ""
        self._hear = hear
        self._tell = tell
        self._busy = busy
        self._alive = alive
        self._timeouts = timeouts
        self._clock = clock
        self._draw = draw
        self._backoff = Backoff(timeouts, draw)
        self._line = Line.DOWN
        self._connection: Connection | None = None
        self._hurried = asyncio.Event()
        self._cloud_clock = CloudClock()

    @property
    def home(self) -> str:
        """Whose device this is (`Credentials.home`); empty while that is not known."""
        return self._home

    @property
    def line(self) -> Line:
        """How the line is now."""
        return self._line

    def age_at_most(self, sent: float | None) -> float:
        """Seconds; how old a message can be that has arrived just now.

        `sent` is the cloud's time at which it was sent, if the message says so.
        """
        return self._cloud_clock.age_at_most(self._clock(), sent)

    async def run(self) -> NoReturn:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_checking())
            while True:
                await self._rest(await self._connect_once())

    def send(self, request: Request) -> bool:
        """Put a frame on the wire at once; False when there is no line (nothing is kept).

        True does not say that it arrived: only an answer does.
        """
        if self._connection is None:
            return False
        self._connection.send(request)
        return True

    def hurry(self) -> None:
        """Somebody waits: cut a long pause between two tries short."""
        self._hurried.set()

    # --- one connection -----------------------------------------------------------

    async def _connect_once(self) -> float:
        """Connect, listen until that ends; returns the seconds to wait before the next try."""
        lived = 0.0
        self._cloud_clock.connecting(self._clock())
        try:
            async with dial(self._credentials(), self._timeouts.connect) as socket:
                lived = await self._serve(socket)
        except ConfigError as error:
            return self._refused(f"{error} Until then this device works without the cloud.")
        except InvalidStatus as error:
            return self._turned_away(error.response.status_code)
        except ssl.SSLCertVerificationError as error:
            _log.error("the cloud's certificate is not trusted: %s", error.verify_message)
        except (OSError, InvalidHandshake, TimeoutError) as error:
            _log.info("no line to the cloud: %s", describe(error))
        except Exception:
            # Whatever a server sends, a door goes on.
            _log.exception("the line failed in an unexpected way")
        return self._backoff.after(lived)

    async def _serve(self, socket: ClientConnection) -> float:
        """Until the connection ends; returns how many seconds it lived."""
        self._connection = connection = Connection(
            socket, self._timeouts, self._clock, self._draw, self._cloud_clock
        )
        connection.send(Hello())
        self._change(Line.UP)
        try:
            async for message in connection.messages():
                self._hand_on(message)
        except asyncio.CancelledError:
            # The owner stops this program: no outage to tell of, and no error to the cloud.
            self._tell = lambda line: None
            await connection.leave()
            raise
        finally:
            self._lost()
            await connection.finish()
        return connection.lived

    def _hand_on(self, message: Message) -> None:
        try:
            self._hear(message)
        except Exception:
            _log.exception("a message could not be handled: %s", type(message).__name__)

    def _turned_away(self, status: int) -> float:
        if reason := _REFUSALS.get(status):
            return self._refused(
                f"the cloud does not let this device in ({status}): {reason}; run `doorbell init` "
                "with a token that `make add-door` or `make add-phone` printed"
            )
        _log.warning("the cloud answers %d; trying again", status)
        self._change(Line.DOWN)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return self._backoff.after_crowd()
        return self._backoff.after(0)

    def _refused(self, why: str) -> float:
        """A person must do something; it is tried again because somebody may have."""
        _log.error("%s", why)
        self._change(Line.REFUSED)
        return self._backoff.after(0, refused=True)

    def _credentials(self) -> Credentials:
        credentials = self._find_credentials()
        if not is_safe_url(credentials.url, "wss", "ws"):
            raise ConfigError("A token is only sent over TLS, or within this machine.")
        self._home = credentials.home
        return credentials

    def _lost(self) -> None:
        self._connection = None
        if self._line is Line.UP:
            self._change(Line.DOWN)

    def _change(self, line: Line) -> None:
        if line is not self._line:
            self._line = line
            _log.info("line: %s", line.value)
            self._tell(line)

    # --- time ---------------------------------------------------------------------

    async def _rest(self, seconds: float) -> None:
        """Wait before the next try; `hurry` cuts it short, but never to a busy loop."""
        await asyncio.sleep(min(seconds, self._timeouts.hurry))
        rest = seconds - self._timeouts.hurry
        if rest > 0:
            # Also who came while the last try was still under way waits no longer than that.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurried.wait(), rest)
        self._hurried.clear()

    async def _keep_checking(self) -> None:
        while True:
            self._alive()
            if self._connection is not None and not self._connection.check(busy=self._busy()):
                self._lost()
            await asyncio.sleep(self._timeouts.beat)
