"""The connection to the broker, for ever: connects, tells, listens, reconnects.

It never ends by itself. When the bridge dies or the network breaks, the broker publishes the last
will, which says `offline`.
"""

import asyncio
import contextlib
import logging
import random
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from doorbell_client.bridge.address import Address
from doorbell_client.bridge.client import (
    connected,
    heed_cancellation,
    is_distrust,
    is_refusal,
    library,
    send,
)
from doorbell_client.bridge.publication import Incoming, Publication
from doorbell_client.clock import uptime
from doorbell_client.link.backoff import Backoff
from doorbell_client.link.line import LinkTimeouts

if TYPE_CHECKING:
    import aiomqtt

_log = logging.getLogger(__name__)

MOST_WAITING: Final = 500
"""Publications that wait at once while the broker is slow; the oldest give way."""

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
        self._library = library()
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
            heed_cancellation()
            await asyncio.sleep(rest)

    # --- one connection -----------------------------------------------------------

    async def _connect_once(self) -> float:
        """Connect, serve until that ends; returns the seconds to wait before the next try."""
        lived = 0.0
        try:
            async with connected(self._address, self._part.will) as client:
                began = self._clock()
                try:
                    await self._serve(client)
                finally:
                    lived = self._clock() - began
                    self._lost()
        except self._library.MqttError as error:
            return self._failed(error, lived)
        return self._backoff.after(lived)

    def _failed(self, error: Exception, lived: float) -> float:
        if is_refusal(error):
            _log.error("%s", _REFUSED)
            return self._backoff.after(0, refused=True)
        if is_distrust(error):
            _log.error("the broker's certificate is not trusted: %s", error)
        else:
            _log.info("no line to the broker: %s", error)
        return self._backoff.after(lived)

    async def _serve(self, client: "aiomqtt.Client") -> None:
        """Until the connection ends. Raises MqttError."""
        for topic in self._part.topics:
            await client.subscribe(topic, qos=1)
        heed_cancellation()
        self._found()
        try:
            await self._converse(client)
        except asyncio.CancelledError:
            # A clean goodbye: the broker speaks the last will only for who is gone without one.
            with contextlib.suppress(self._library.MqttError):
                await send(client, self._part.will, FAREWELL_SECONDS)
            raise

    async def _converse(self, client: "aiomqtt.Client") -> None:
        tasks = [asyncio.create_task(work) for work in (self._speak(client), self._listen(client))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _speak(self, client: "aiomqtt.Client") -> None:
        while True:
            while self._queue:
                waiting = self._queue[0]
                since, publication = waiting
                await asyncio.sleep(publication.after)
                if not publication.worth or self._clock() - since <= publication.worth:
                    await send(client, publication)
                    heed_cancellation()
                # It may have given way meanwhile.
                if self._queue and self._queue[0] is waiting:
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


def _payload(payload: object) -> bytes:
    return payload if isinstance(payload, bytes) else b""
