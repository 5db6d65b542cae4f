"""The connection to the broker, for ever: connects, tells, listens, reconnects.

It never ends by itself. When the bridge dies or the network breaks, the broker publishes the last
will, which says `offline`.
"""

import asyncio
import contextlib
import logging
import random
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from doorbell_client.bridge.address import Address
from doorbell_client.bridge.buttons import Incoming
from doorbell_client.bridge.publication import Publication
from doorbell_client.clock import uptime
from doorbell_client.errors import ConfigError
from doorbell_client.link.backoff import Backoff
from doorbell_client.link.line import LinkTimeouts

if TYPE_CHECKING:
    import aiomqtt

_log = logging.getLogger(__name__)

KEEPALIVE: Final = 20
"""Seconds of silence after which the broker is asked; it gives up after half as much more."""

MOST_WAITING: Final = 500
"""Publications and messages that wait at once; a flood loses the rest."""

_REFUSALS: Final = (4, 5, 134, 135)
"""MQTT 3.1.1 and 5: wrong user name or password, not authorised."""

CONNECT_SECONDS: Final = 5.0
"""For each step until the broker has let this bridge in."""

SEND_SECONDS: Final = 10.0
"""A broker that has not taken a message by then is gone."""

FAREWELL_SECONDS: Final = 2.0
"""A broker that does not take the last word in this time gets none."""

_REFUSED: Final = (
    "The broker does not let this bridge in: check `user` in [bridge] and its password."
)


class Part(NamedTuple):
    """What the bridge does with the broker."""

    topics: Sequence[str]
    """What it listens to."""
    will: Publication
    """What the broker says for it when it is gone."""
    welcome: Callable[[], Sequence[Publication]]
    """What it says first on every connection."""
    hear: Callable[[Incoming], None]
    """Is told what the broker says."""
    tell: Callable[[bool], None] = lambda up: None
    """Is told whether there is a connection."""


class Broker:
    """One home's broker."""

    def __init__(
        self,
        address: Address,
        part: Part,
        *,
        timeouts: LinkTimeouts = LinkTimeouts(),  # noqa: B008 - immutable
        clock: Callable[[], float] = uptime,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """Raises ConfigError where aiomqtt is not installed."""
        self._library = _import()
        self._address = address
        self._part = part
        self._clock = clock
        self._backoff = Backoff(timeouts, draw)
        self._queue: deque[tuple[float, Publication]] = deque(maxlen=MOST_WAITING)
        self._filled = asyncio.Event()
        self._up = False

    def publish(self, *publications: Publication) -> None:
        """Tell these in their order: now, or if they are worth it when the broker is back."""
        now = self._clock()
        self._queue.extend((now, each) for each in publications if self._up or each.worth)
        self._filled.set()

    async def run(self) -> NoReturn:
        """Until cancelled."""
        while True:
            rest = await self._connect_once()
            _heed_cancellation()
            await asyncio.sleep(rest)

    # --- one connection -----------------------------------------------------------

    async def _connect_once(self) -> float:
        """Connect, serve until that ends; returns the seconds to wait before the next try."""
        lived = 0.0
        try:
            async with self._connected() as client:
                began = self._clock()
                try:
                    await self._serve(client)
                finally:
                    lived = self._clock() - began
                    self._lost()
        except self._library.MqttError as error:
            return self._failed(error, lived)
        return self._backoff.after(lived)

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator["aiomqtt.Client"]:
        """A connection. Raises MqttError."""
        client = self._client()
        entering = asyncio.create_task(client.__aenter__())
        try:
            await asyncio.shield(entering)
        except asyncio.CancelledError:
            # Stopped half-way, aiomqtt would leave its socket to nobody.
            with contextlib.suppress(self._library.MqttError):
                await entering
                await client.__aexit__(None, None, None)
            raise
        try:
            yield client
        finally:
            await client.__aexit__(*sys.exc_info())

    def _failed(self, error: Exception, lived: float) -> float:
        if _code(error) in _REFUSALS:
            _log.error("%s", _REFUSED)
            return self._backoff.after(0, refused=True)
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            _log.error("the broker's certificate is not trusted: %s", error)
        else:
            _log.info("no line to the broker: %s", error)
        return self._backoff.after(lived)

    async def _serve(self, client: "aiomqtt.Client") -> None:
        """Until the connection ends. Raises MqttError."""
        for topic in self._part.topics:
            await client.subscribe(topic, qos=1)
        _heed_cancellation()
        self._found()
        tasks = [asyncio.create_task(work) for work in (self._speak(client), self._listen(client))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except asyncio.CancelledError:
            # A clean goodbye: without one only the last will would say so, and only if it is sent.
            with contextlib.suppress(self._library.MqttError):
                await _send(client, self._part.will, FAREWELL_SECONDS)
            raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _speak(self, client: "aiomqtt.Client") -> None:
        while True:
            while self._queue:
                since, publication = self._queue[0]
                await asyncio.sleep(publication.after)
                if not publication.worth or self._clock() - since <= publication.worth:
                    await _send(client, publication)
                    _heed_cancellation()
                self._queue.popleft()
            self._filled.clear()
            await self._filled.wait()

    async def _listen(self, client: "aiomqtt.Client") -> None:
        async for message in client.messages:
            incoming = Incoming(str(message.topic), _payload(message.payload), message.retain)
            try:
                self._part.hear(incoming)
            except Exception:
                _log.exception("a message of the broker could not be handled")

    def _found(self) -> None:
        _log.info("connected to the broker at %s", self._address)
        now = self._clock()
        kept = list(self._queue)
        self._queue.clear()
        self._queue.extend((now, each) for each in self._part.welcome())
        self._queue.extend(kept)
        self._up = True
        self._filled.set()
        self._part.tell(True)

    def _lost(self) -> None:
        """What is told anew on the next connection is dropped."""
        kept = [(since, each) for since, each in self._queue if each.worth]
        self._queue.clear()
        self._queue.extend(kept)
        if self._up:
            self._up = False
            self._part.tell(False)

    def _client(self) -> "aiomqtt.Client":
        address, will = self._address, self._part.will
        client: aiomqtt.Client = self._library.Client(
            address.host,
            address.port,
            username=address.user,
            password=address.password,
            tls_context=address.tls,
            # A clean session: the broker keeps no press for a bridge that is away.
            clean_session=True,
            keepalive=KEEPALIVE,
            timeout=CONNECT_SECONDS,
            will=self._library.Will(will.topic, will.payload, qos=1, retain=will.retain),
            max_queued_incoming_messages=MOST_WAITING,
        )
        return client


async def _send(
    client: "aiomqtt.Client", publication: Publication, seconds: float = SEND_SECONDS
) -> None:
    await client.publish(
        publication.topic, publication.payload, qos=1, retain=publication.retain, timeout=seconds
    )


def _heed_cancellation() -> None:
    """Stop where this task was asked to: before Python 3.12, `wait_for` may lose the request.

    It does if what it waits for comes at the same moment, and aiomqtt waits by it.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _payload(payload: Any) -> bytes:
    return payload if isinstance(payload, bytes) else b""


def _code(error: Exception) -> int | None:
    """The broker's own reason, if it gave one."""
    code = getattr(error, "rc", None)
    return getattr(code, "value", code)


def _import() -> Any:
    try:
        import aiomqtt
    except ImportError:
        raise ConfigError(
            "aiomqtt is not here: `pip install -r requirements/bridge.txt`."
        ) from None
    return aiomqtt
