"""Brings every press to the cloud, once: asks for a ticket, uploads, and only then forgets.

One task per press. The cloud knows a press by its UUID, so asking again is no second ring: the
same press gets the same ring and a fresh ticket. What waits lies in the spool; the disk's work is
done in one thread, in order, and never delays a ring. A press that is delivered is kept until
`settle` says that its bell has sounded or need not: a door that is killed in between rings after
its restart.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from doorbell.protocol import Request, Ticket
from doorbell_client.clock import STALE_SECONDS, Moment
from doorbell_client.outbox.async_spool import AsyncSpool
from doorbell_client.outbox.delivery import Delivery, Route
from doorbell_client.outbox.line_gate import LineGate
from doorbell_client.outbox.record import Record
from doorbell_client.outbox.spool import Spool
from doorbell_client.outbox.timeouts import OutboxTimeouts
from doorbell_client.outbox.upload import Sender

_log = logging.getLogger(__name__)


class Restored(NamedTuple):
    """A press that a former run left; nobody knows whether its bell has sounded."""

    press: str
    age: float
    """Seconds."""
    pictured: bool
    """False: `add_photo` is waited for."""
    ring: str | None = None
    """What the cloud calls it, if it said so."""


class Outbox:
    """All presses that are not delivered or not settled. Belongs to the event loop's thread."""

    def __init__(
        self,
        spool: Spool,
        sender: Sender,
        send: Callable[[Request], bool],
        *,
        timeouts: OutboxTimeouts = OutboxTimeouts(),  # noqa: B008 - immutable
        home: Callable[[], str] = lambda: "",
        now: Callable[[], Moment] = Moment.now,
        delivered: Callable[[str], None] = lambda press: None,
    ) -> None:
        """`spool` is open. `send` puts a frame on the wire or says False; `delivered` is told.

        `home` says whose device this is: a press is delivered only to the home it was made at.
        """
        self._spool = AsyncSpool(spool, now, timeouts.between_trims)
        self._timeouts = timeouts
        self._now = now
        self._delivered = delivered
        self._line = LineGate()
        self._home = home
        self._route = Route(send, sender, self._line, self._spool.photo, home, now, timeouts.ticket)
        self._deliveries: dict[str, Delivery] = {}
        self._unsettled: dict[str, Delivery] = {}
        self._old_ones = asyncio.Semaphore(timeouts.at_once)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._emptied = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many presses are not delivered yet."""
        return len(self._deliveries)

    async def empty(self) -> None:
        """Until nothing waits any more."""
        while self._deliveries:
            self._emptied.clear()
            await self._emptied.wait()

    # --- told from outside --------------------------------------------------------

    def add(self, press: str, age: float) -> None:
        """A new press: tell the cloud and write it down, within this very call."""
        now = self._now()
        at = now._replace(wall=now.wall - age, uptime=now.uptime - age)
        record = Record(press, at, self._home())
        delivery = self._new_delivery(record)
        delivery.ask()
        noted = self._spool.note(record)
        self._start(self._keep(delivery, noted))
        self._start(self._deliver(delivery))

    def add_photo(self, press: str, jpeg: bytes | None) -> None:
        """The camera's picture of a press, or None: it has none."""
        if delivery := self._deliveries.get(press):
            delivery.set_photo(jpeg)

    def settle(self, press: str) -> None:
        """A bell has sounded for this press, or need not."""
        if delivery := self._unsettled.pop(press, None):
            delivery.settled.set()

    def hear(self, ticket: Ticket) -> None:
        """The cloud gave a ticket; one for somebody else's press is ignored."""
        if delivery := self._deliveries.get(ticket.press or ""):
            delivery.set_ticket(ticket)

    def line(self, up: bool) -> None:
        """The line came up or went down."""
        self._line.set(up=up)

    async def restore(self) -> list[Restored]:
        """Take over what former runs left."""
        records = await self._spool.load()
        return [self._restored(record) for record in records]

    async def close(self) -> None:
        """Stop; what is not delivered stays in the spool."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._spool.stop()

    # --- one press ------------------------------------------------------------------

    def _restored(self, record: Record) -> Restored:
        delivery = self._new_delivery(record)
        delivery.on_disk = True
        age = delivery.age
        has_photo = record.delivered or self._spool.has_photo(record.press)
        pictured = has_photo or age >= self._timeouts.retake
        if pictured:
            delivery.set_photo(None)
            delivery.written.set()
        else:
            self._start(self._keep(delivery, noted=False))
        if age >= STALE_SECONDS:
            self.settle(record.press)  # nobody stands there any more
        if record.delivered:
            self._drop(record.press)
            self._start(self._remove_when_settled(delivery))
        else:
            self._start(self._deliver(delivery))
        return Restored(record.press, age, pictured, record.ring)

    async def _deliver(self, delivery: Delivery) -> None:
        """Until it is delivered, however long that takes."""
        wait = self._timeouts.first_wait
        while delivery.press in self._deliveries:
            if await self._attempt(delivery):
                await self._finish(delivery)
                return
            came_up = await self._line.came_up_within(wait)
            wait = self._timeouts.first_wait if came_up else wait * 2
            wait = min(wait, self._timeouts.longest_wait)
            self._drop(*await self._spool.trim_now_and_then())

    async def _attempt(self, delivery: Delivery) -> bool:
        if delivery.age < STALE_SECONDS:
            return await self._attempt_safely(delivery)
        async with self._old_ones:
            if await self._attempt_safely(delivery):
                return True
            # What refuses one refuses a thousand: keep the next one's turn back for a moment.
            await self._line.came_up_within(self._timeouts.first_wait)
            return False

    async def _attempt_safely(self, delivery: Delivery) -> bool:
        try:
            return await delivery.attempt()
        except Exception:
            _log.exception("press %s could not be delivered; it is tried again", delivery.press)
            return False

    async def _finish(self, delivery: Delivery) -> None:
        """It is in the cloud: keep no more than is needed to ring after a crash, then nothing."""
        press = delivery.press
        # Not before all of it is written: what is written later would stay for ever.
        await delivery.written.wait()
        if was_settled := delivery.settled.is_set():
            await self._spool.remove(press)
        elif delivery.on_disk:
            await self._spool.mark_delivered(delivery.record)
        self._drop(press)
        _log.info("press %s is delivered", press)
        self._delivered(press)
        if not was_settled:
            await self._remove_when_settled(delivery)

    async def _remove_when_settled(self, delivery: Delivery) -> None:
        await delivery.settled.wait()
        await self._spool.remove(delivery.press)

    # --- disk -----------------------------------------------------------------------

    async def _keep(self, delivery: Delivery, noted: bool) -> None:
        """Press, then photo, to the disk; on a full one they live in memory as long as we do."""
        try:
            if noted:
                await self._spool.keep(delivery.record)
                delivery.on_disk = True
            jpeg = await delivery.photo()
            if delivery.on_disk and jpeg is not None:
                await self._spool.add_photo(delivery.press, jpeg)
                delivery.forget_photo()
                self._drop(*await self._spool.trim())
        except OSError as error:
            _log.warning("press %s is kept in memory only: %s", delivery.press, error)
        finally:
            delivery.written.set()
        self._limit_memory()

    def _limit_memory(self) -> None:
        """A night offline with a full disk must not fill the memory either."""
        in_memory = [each for each in self._deliveries.values() if each.only_in_memory]
        for delivery in in_memory[: -self._timeouts.most_in_memory]:
            _log.warning("press %s is dropped: disk and memory are full", delivery.press)
            self._drop(delivery.press)

    # --- small things -----------------------------------------------------------------

    def _new_delivery(self, record: Record) -> Delivery:
        delivery = Delivery(record, self._route)
        self._deliveries[record.press] = self._unsettled[record.press] = delivery
        return delivery

    def _drop(self, *presses: str) -> None:
        for press in presses:
            self._deliveries.pop(press, None)
        if not self._deliveries:
            self._emptied.set()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("a press got stuck", exc_info=error)
