"""One press on its way to the cloud: its ticket, its photo, and one try after another."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from doorbell.protocol import Request, Ring, Ticket
from doorbell_client.clock import Moment
from doorbell_client.errors import UploadFailed
from doorbell_client.outbox.line_gate import LineGate
from doorbell_client.outbox.record import Record
from doorbell_client.outbox.upload import Sender, Sent

_log = logging.getLogger(__name__)


class Route(NamedTuple):
    """What all deliveries share."""

    send: Callable[[Request], bool]
    """Puts a frame on the wire, or says False."""
    sender: Sender
    line: LineGate
    read_photo: Callable[[str], Awaitable[bytes | None]]
    """A press's photo from the disk. Raises OSError."""
    home: Callable[[], str]
    """Whose device this is now; empty: not known."""
    now: Callable[[], Moment]
    ticket_timeout: float
    """Seconds; without a ticket for so long, the cloud is asked again."""


class Delivery:
    """One press that is not delivered yet. Belongs to the event loop's thread."""

    def __init__(self, record: Record, route: Route) -> None:
        self.record = record
        self.on_disk = False
        """The press would survive the end of this program."""
        self.written = asyncio.Event()
        """Nothing more of the camera will be written to the disk."""
        self.settled = asyncio.Event()
        """A bell has sounded for this press, or need not."""
        self._route = route
        self._asked = False
        self._had_ticket = False
        loop = asyncio.get_running_loop()
        self._ticket: asyncio.Future[Ticket] = loop.create_future()
        self._photo: asyncio.Future[bytes | None] = loop.create_future()

    @property
    def press(self) -> str:
        """Its id."""
        return self.record.press

    @property
    def age(self) -> float:
        """Seconds since the finger was on the button."""
        return round(self._route.now().since(self.record.at), 3)

    @property
    def only_in_memory(self) -> bool:
        """The disk will not take (all of) it any more."""
        return self.written.is_set() and not (self._photo.done() and self._photo.result() is None)

    def ask(self) -> None:
        """Tell the cloud of the press at once; the first try need not say it again."""
        self._asked = self._route.send(Ring(self.press, self.age))

    def set_ticket(self, ticket: Ticket) -> None:
        """The cloud gave one; a second one is ignored until the first is used."""
        self.record = self.record._replace(ring=ticket.ring)
        if not self._ticket.done():
            self._ticket.set_result(ticket)

    def set_photo(self, jpeg: bytes | None) -> None:
        """The camera's picture, or None: there is none, or it is on the disk."""
        if not self._photo.done():
            self._photo.set_result(jpeg)

    async def photo(self) -> bytes | None:
        """The camera's picture, when it is there."""
        return await asyncio.shield(self._photo)

    def forget_photo(self) -> None:
        """It is on the disk: a night offline must not fill the memory with pictures."""
        self._photo = asyncio.get_running_loop().create_future()
        self._photo.set_result(None)

    async def attempt(self) -> bool:
        """Ticket, photo, upload. Whether the press is delivered."""
        if self.record.home not in ("", self._route.home()):
            return False  # the device was given to another home since
        ticket = await self._ticket_in_time()
        if ticket is None:
            return False
        jpeg = await self._picture()
        if jpeg is None:
            return self._told_twice()
        try:
            sent = await self._route.sender.send(ticket.upload, jpeg)
        except UploadFailed as error:
            _log.info("press %s waits: %s", self.press, error)
            return False
        return sent is Sent.DELIVERED

    def _told_twice(self) -> bool:
        """There is no more to tell; but who gave the first ticket may have died before it told the
        phones, and no photo makes up for that. The same press is announced whenever it is told.
        """
        twice, self._had_ticket = self._had_ticket, True
        return twice

    async def _ticket_in_time(self) -> Ticket | None:
        await self._route.line.up()
        if self._had_ticket:
            # One that came twice does not answer twice.
            self._ticket = asyncio.get_running_loop().create_future()
        if not self._ticket.done() and not self._asked:
            self.ask()
        self._asked = False
        lost = asyncio.ensure_future(self._route.line.down())
        try:
            either: set[asyncio.Future[Any]] = {self._ticket, lost}
            await asyncio.wait(
                either, timeout=self._route.ticket_timeout, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            lost.cancel()
        if not self._ticket.done():
            return None
        ticket = self._ticket.result()
        # The next try asks for a fresh one: this one may be spent by then.
        self._ticket = asyncio.get_running_loop().create_future()
        return ticket

    async def _picture(self) -> bytes | None:
        jpeg = await self._photo
        if jpeg is not None or not self.on_disk:
            return jpeg
        try:
            return await self._route.read_photo(self.press)
        except OSError as error:
            _log.warning("the photo of %s cannot be read: %s", self.press, error.strerror)
            return None
