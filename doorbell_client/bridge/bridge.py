"""One bridge: the cloud on one side, the home's broker on the other, each of which may be away."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple, TypeAlias

from doorbell.protocol import Error, Message, Missed, Visitor
from doorbell_client.bridge.address import Address
from doorbell_client.bridge.broker import Broker, Part
from doorbell_client.bridge.buttons import Buttons
from doorbell_client.bridge.discovery import Described
from doorbell_client.bridge.doors import Doors
from doorbell_client.bridge.house import LISTENS_AFTER, House
from doorbell_client.bridge.photos import fetch
from doorbell_client.bridge.publication import OFFLINE, ONLINE, Incoming, Publication, state
from doorbell_client.bridge.topics import BIRTH
from doorbell_client.clock import uptime
from doorbell_client.config.credentials import Credentials
from doorbell_client.errors import DownloadFailed
from doorbell_client.link.line import Line, LinkTimeouts
from doorbell_client.link.phone import PhoneLine
from doorbell_client.supervisor import Supervisor

_log = logging.getLogger(__name__)

TICK_SECONDS: Final = 0.5
"""How often it is looked whether a door has locked again, or nobody waits any more."""

Fetch: TypeAlias = Callable[[str], Awaitable[bytes | None]]
"""Gets a photo by its link; raises DownloadFailed."""


class Settings(NamedTuple):
    """What the owner configured."""

    address: Address
    described: Described
    open_seconds: float = 5.0
    """How long a strike is released after `opened`."""
    listens_after: float = LISTENS_AFTER
    """How long Home Assistant is given to make the entities of a new door."""


class Bridge:
    """Carries messages of the cloud to the broker, and presses of buttons to the cloud."""

    def __init__(
        self,
        credentials: Credentials,
        settings: Settings,
        *,
        supervisor: Supervisor | None = None,
        timeouts: LinkTimeouts = LinkTimeouts(),  # noqa: B008 - immutable
        clock: Callable[[], float] = uptime,
        fetch_photo: Fetch = fetch,
    ) -> None:
        """Raises ConfigError where the MQTT library is not installed."""
        topics = settings.described.topics
        doors = Doors(topics, settings.open_seconds)
        self._topics = topics
        self._house = House(settings.described, doors, settings.listens_after)
        self._buttons = Buttons(topics, doors)
        self._supervisor = supervisor or Supervisor({})
        self._clock = clock
        self._fetch_photo = fetch_photo
        self._fetching: dict[str, asyncio.Task[None]] = {}
        self._cloud = PhoneLine(
            credentials,
            self.hear,
            self.line,
            busy=lambda: self._house.is_busy,
            supervisor=self._supervisor,
            timeouts=timeouts,
        )
        presses = topics.commands if settings.described.buttons else ()
        part = Part(
            (topics.announcements, BIRTH, *presses),
            state(topics.status, OFFLINE),
            self._welcome,
            self._broker_says,
            lambda up: self._tell_supervisor(broker=up),
        )
        self._broker = Broker(settings.address, part, timeouts=timeouts, clock=clock)
        self._broker_is_up = False

    async def run(self) -> None:
        """Until cancelled. Raises ConfigError as soon as the cloud says that this is no phone."""
        running = [
            asyncio.create_task(work)
            for work in (self._cloud.run(), self._broker.run(), self._keep_time())
        ]
        self._supervisor.ready()
        try:
            ended, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            ended.pop().result()
        finally:
            tasks = [*running, *self._fetching.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # --- the cloud --------------------------------------------------------------------

    def hear(self, message: Message) -> None:
        """Something that the cloud tells this home's phones."""
        if isinstance(message, Error):
            self._tell(*self._buttons.refused(message.error))
            return
        self._buttons.settled(getattr(message, "ring", None))
        self._tell(*self._house.hear(message, self._clock()))
        if isinstance(message, Visitor | Missed) and message.photo:
            self._fetch(message.ring, message.photo)

    def line(self, line: Line) -> None:
        """The line to the cloud came up or went down."""
        if line is not Line.UP:
            self._buttons.lost_sight()
            self._tell(*self._house.lost_sight())
        self._tell(self._status())
        self._tell_supervisor(broker=self._broker_is_up)

    def _fetch(self, ring: str, url: str) -> None:
        if ring in self._fetching or not self._house.wants_photo(ring):
            return
        task = asyncio.create_task(self._fetch_and_show(ring, url))
        self._fetching[ring] = task
        task.add_done_callback(lambda _: self._fetching.pop(ring, None))

    async def _fetch_and_show(self, ring: str, url: str) -> None:
        try:
            jpeg = await self._fetch_photo(url)
        except DownloadFailed as error:
            _log.warning("%s", error)
        else:
            if jpeg is not None:
                self._tell(*self._house.photographed(ring, jpeg, self._clock()))

    # --- the broker -------------------------------------------------------------------

    def _welcome(self) -> list[Publication]:
        return [*self._house.everything(), self._status()]

    def _broker_says(self, incoming: Incoming) -> None:
        if incoming.topic == BIRTH:
            if incoming.payload == ONLINE:
                self._tell(*self._welcome())
        elif incoming.topic.endswith("/config"):
            self._tell(*self._house.learn(incoming.topic, incoming.payload))
        else:
            self._pressed(incoming)

    def _pressed(self, incoming: Incoming) -> None:
        press, told = self._buttons.press(incoming, self._clock())
        self._tell(*told)
        if press is not None:
            self._tell(*self._buttons.sent(press, arrived=self._cloud.send(press.answer)))

    def _tell(self, *publications: Publication) -> None:
        self._broker.publish(*publications)

    def _status(self) -> Publication:
        """`online` only if a press of a button would reach the cloud."""
        word = ONLINE if self._cloud.line is Line.UP else OFFLINE
        return state(self._topics.status, word)

    def _tell_supervisor(self, *, broker: bool) -> None:
        self._broker_is_up = broker
        word = "up" if broker else "down"
        self._supervisor.status(f"line {self._cloud.line.value}, broker {word}")

    # --- time -------------------------------------------------------------------------

    async def _keep_time(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self._tell(*self._house.due(self._clock()))
