"""Brings every press to the cloud, once: asks for a ticket, uploads, and only then forgets.

One task per press. The cloud knows a press by its UUID, so asking again is no second ring: the
same press gets the same ring and a fresh ticket. What waits lies in the spool; the disk's work is
done in one thread, in order, and never holds a ring up.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from doorbell.protocol import Request, Ring, Ticket
from doorbell_client.clock import STALE_SECONDS, Moment
from doorbell_client.errors import UploadFailed
from doorbell_client.outbox.spool import Record, Spool
from doorbell_client.outbox.upload import Sender, Sent

_log = logging.getLogger(__name__)


class OutboxTimeouts(NamedTuple):
    """How a press is tried again; seconds."""

    ticket: float = 10.0
    """Without a ticket for so long, the press is told again."""
    first_wait: float = 1.0
    most_wait: float = 300.0
    at_once: int = 2
    """Old presses are delivered so many at a time: somebody may be ringing now."""
    most_in_memory: int = 20
    """Presses that found no room on the disk."""
    retake: float = 10.0
    """A killed run may have left a press without its photo. If the press is no older than this,
    the visitor still stands there, and one is taken now; 0 where there is no camera."""


class Restored(NamedTuple):
    """A press that a former run left."""

    press: str
    age: float
    """Seconds."""
    pictured: bool
    """False: `add_photo` is waited for."""


@dataclass(eq=False)
class _Parcel:
    """One press on its way."""

    record: Record
    ticket: "asyncio.Future[Ticket]"
    photo: "asyncio.Future[bytes | None]"
    """None: there is no picture of this press and there will be none."""
    kept: bool = False
    told: bool = False
    """The ring went out at the edge; the first round need not say it again."""
    spooled: asyncio.Event = field(default_factory=asyncio.Event)


class Outbox:
    """All presses that are not delivered yet. Belongs to the event loop's thread."""

    def __init__(
        self,
        spool: Spool,
        sender: Sender,
        send: Callable[[Request], bool],
        *,
        timeouts: OutboxTimeouts = OutboxTimeouts(),  # noqa: B008 - immutable
        now: Callable[[], Moment] = Moment.now,
        delivered: Callable[[str], None] = lambda press: None,
    ) -> None:
        """`spool` is open. `send` puts a frame on the wire or says False; `delivered` is told."""
        self._spool = spool
        self._sender = sender
        self._send = send
        self._timeouts = timeouts
        self._now = now
        self._delivered = delivered
        self._parcels: dict[str, _Parcel] = {}
        self._online = asyncio.Event()
        self._offline = asyncio.Event()
        self._offline.set()
        self._came_up = asyncio.Event()
        self._old_ones = asyncio.Semaphore(timeouts.at_once)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._emptied = asyncio.Event()
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spool")

    @property
    def waiting(self) -> int:
        """How many presses are not delivered yet."""
        return len(self._parcels)

    async def empty(self) -> None:
        """Until nothing waits any more."""
        while self._parcels:
            self._emptied.clear()
            await self._emptied.wait()

    # --- told from outside --------------------------------------------------------

    def add(self, press: str, age: float) -> None:
        """A new press: put it down and tell the cloud, within this very call."""
        now = self._now()
        record = Record(press, now._replace(wall=now.wall - age, uptime=now.uptime - age))
        parcel = self._parcel(record)
        noted = self._note(record)
        parcel.told = self._send(Ring(press, self._age(record)))
        self._start(self._keep(parcel, noted))
        self._start(self._deliver(parcel))

    def add_photo(self, press: str, jpeg: bytes | None) -> None:
        """The camera's picture of a press, or None: it has none."""
        parcel = self._parcels.get(press)
        if parcel is not None and not parcel.photo.done():
            parcel.photo.set_result(jpeg)

    def hear(self, ticket: Ticket) -> None:
        """The cloud gave a ticket; one for somebody else's press is passed over."""
        parcel = self._parcels.get(ticket.press or "")
        if parcel is not None and not parcel.ticket.done():
            parcel.ticket.set_result(ticket)

    def line(self, up: bool) -> None:
        """The line came up or went down."""
        if up:
            self._offline.clear()
            self._online.set()
            came_up, self._came_up = self._came_up, asyncio.Event()
            came_up.set()
        else:
            self._online.clear()
            self._offline.set()

    async def restore(self) -> list[Restored]:
        """Take over what former runs left."""
        records = await self._on_disk(self._spool.load, self._now())
        return [self._restored(record) for record in records]

    def _restored(self, record: Record) -> Restored:
        parcel = self._parcel(record)
        parcel.kept = True
        age = self._age(record)
        pictured = age >= self._timeouts.retake or self._spool.has_photo(record.press)
        if pictured:
            parcel.photo.set_result(None)
            parcel.spooled.set()
        else:
            self._start(self._keep(parcel, noted=False))
        self._start(self._deliver(parcel))
        return Restored(record.press, age, pictured)

    async def close(self) -> None:
        """Stop; what is not delivered stays in the spool."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._disk.shutdown)

    # --- one parcel ---------------------------------------------------------------

    async def _deliver(self, parcel: _Parcel) -> None:
        """Until it is delivered, however long that takes."""
        wait = self._timeouts.first_wait
        while parcel.record.press in self._parcels:
            if await self._round(parcel):
                await self._forget(parcel)
                return
            came_up = await self._pause(wait)
            wait = self._timeouts.first_wait if came_up else wait * 2
            wait = min(wait, self._timeouts.most_wait)
            await self._trim()

    async def _round(self, parcel: _Parcel) -> bool:
        if self._age(parcel.record) < STALE_SECONDS:
            return await self._try(parcel)
        async with self._old_ones:
            return await self._try(parcel)

    async def _pause(self, seconds: float) -> bool:
        """Wait, but not through a reconnect; whether there was one."""
        try:
            await asyncio.wait_for(self._came_up.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _try(self, parcel: _Parcel) -> bool:
        """One round: ticket, photo, upload. Whether the press is delivered."""
        ticket = await self._ticket(parcel)
        if ticket is None:
            return False
        jpeg = await self._picture(parcel)
        if jpeg is None:
            return True  # the cloud knows of the press, and there is no more to know
        try:
            sent = await self._sender.send(ticket.upload, jpeg)
        except UploadFailed as error:
            _log.info("press %s waits: %s", parcel.record.press, error)
            return False
        return sent is Sent.DELIVERED

    async def _ticket(self, parcel: _Parcel) -> Ticket | None:
        await self._online.wait()
        if not parcel.ticket.done() and not parcel.told:
            self._send(Ring(parcel.record.press, self._age(parcel.record)))
        parcel.told = False
        cut = asyncio.ensure_future(self._offline.wait())
        try:
            either: set[asyncio.Future[Any]] = {parcel.ticket, cut}
            await asyncio.wait(
                either, timeout=self._timeouts.ticket, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            cut.cancel()
        if not parcel.ticket.done():
            return None
        ticket = parcel.ticket.result()
        # The next round asks for a fresh one: this one may be spent by then.
        parcel.ticket = asyncio.get_running_loop().create_future()
        return ticket

    async def _picture(self, parcel: _Parcel) -> bytes | None:
        jpeg = await parcel.photo
        if jpeg is not None or not parcel.kept:
            return jpeg
        try:
            read: bytes | None = await self._on_disk(self._spool.photo, parcel.record.press)
        except OSError as error:
            _log.warning("the photo of %s cannot be read: %s", parcel.record.press, error.strerror)
            return None
        return read

    async def _forget(self, parcel: _Parcel) -> None:
        press = parcel.record.press
        # Not before all of it is written: what is written later would stay for ever.
        await parcel.spooled.wait()
        try:
            await self._on_disk(self._spool.remove, press)
        except OSError as error:
            _log.warning("press %s stays in the spool: %s", press, error.strerror)
        self._drop(press)
        _log.info("press %s is delivered", press)
        self._delivered(press)

    # --- disk -----------------------------------------------------------------------

    def _note(self, record: Record) -> bool:
        try:
            self._spool.note(record)
        except OSError as error:
            _log.warning("press %s is kept in memory only: %s", record.press, error)
            return False
        return True

    async def _keep(self, parcel: _Parcel, noted: bool) -> None:
        """Press, then photo, to the disk; on a full one they live in memory as long as we do."""
        press = parcel.record.press
        try:
            if noted:
                await self._on_disk(self._spool.keep, parcel.record)
                parcel.kept = True
            jpeg = await asyncio.shield(parcel.photo)
            if parcel.kept and jpeg is not None:
                await self._on_disk(self._spool.add_photo, press, jpeg)
                self._let_go_of_memory(parcel)
                await self._trim()
        except OSError as error:
            _log.warning("press %s is kept in memory only: %s", press, error)
        finally:
            parcel.spooled.set()
        self._thin_out_memory()

    def _thin_out_memory(self) -> None:
        """A night offline with a full disk must not fill the memory either."""
        unkept = [parcel for parcel in self._parcels.values() if _in_memory(parcel)]
        for parcel in unkept[: -self._timeouts.most_in_memory]:
            _log.warning("press %s is dropped: disk and memory are full", parcel.record.press)
            self._drop(parcel.record.press)

    def _let_go_of_memory(self, parcel: _Parcel) -> None:
        """A night offline must not fill the memory with pictures that lie on the disk."""
        parcel.photo = asyncio.get_running_loop().create_future()
        parcel.photo.set_result(None)

    async def _trim(self) -> None:
        for press in await self._on_disk(self._spool.trim, self._now()):
            self._drop(press)

    async def _on_disk(self, work: Callable[..., Any], *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._disk, work, *arguments)

    # --- small things -----------------------------------------------------------------

    def _age(self, record: Record) -> float:
        return round(self._now().since(record.at), 3)

    def _parcel(self, record: Record) -> _Parcel:
        loop = asyncio.get_running_loop()
        parcel = _Parcel(record, loop.create_future(), loop.create_future())
        self._parcels[record.press] = parcel
        return parcel

    def _drop(self, press: str) -> None:
        self._parcels.pop(press, None)
        if not self._parcels:
            self._emptied.set()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("a press got stuck", exc_info=error)


def _in_memory(parcel: _Parcel) -> bool:
    return parcel.spooled.is_set() and not (parcel.photo.done() and parcel.photo.result() is None)
