"""An outbox with a cloud, a storage and a disk that do as they are told."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise
from pathlib import Path

from doorbell.protocol import Request, Ring, Ticket, Upload
from doorbell_client.clock import Moment
from doorbell_client.outbox.disk import Disk
from doorbell_client.outbox.outbox import Outbox
from doorbell_client.outbox.record import Record
from doorbell_client.outbox.spool import Limits, Spool
from doorbell_client.outbox.timeouts import OutboxTimeouts
from doorbell_client.outbox.upload import Sent
from tests.doorbell_client.outbox.spools import names

SHORT = OutboxTimeouts(
    ticket=0.1, first_wait=0.02, longest_wait=0.05, between_trims=0.02, retake=10
)
JPEG = b"\xff\xd8" + b"face" * 500 + b"\xff\xd9"


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))


async def a_few_turns() -> None:
    """Everything that waits for nothing else goes on as far as it can."""
    for _ in range(10):
        await asyncio.sleep(0)


class FailingDisk(Disk):
    """Refuses files whose name ends so, as a full or worn-out disk does."""

    def __init__(self, *endings: str, removes: bool = True) -> None:
        self._endings = endings
        self._removes = removes

    def write(self, file: Path, content: bytes) -> None:
        if self._endings and file.name.endswith(self._endings):
            raise OSError(28, "No space left on device", str(file))
        super().write(file, content)

    def remove(self, file: Path) -> None:
        if not self._removes:
            raise OSError(30, "Read-only file system", str(file))
        super().remove(file)


class Storage:
    """Answers each upload with the next of `answers`, then always delivers."""

    def __init__(self, *answers: Sent | Exception) -> None:
        self._answers = list(answers)
        self.photos: list[bytes] = []
        self.times: list[float] = []
        self.under_way = self.most_at_once = 0
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, ticket: Upload, jpeg: bytes) -> Sent:
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        await self.open.wait()
        self.under_way -= 1
        self.photos.append(jpeg)
        self.times.append(time.monotonic())
        answer = self._answers.pop(0) if self._answers else Sent.DELIVERED
        if isinstance(answer, Exception):
            raise answer
        return answer

    def gaps(self) -> list[float]:
        """Seconds between one photo and the next."""
        return [later - earlier for earlier, later in pairwise(self.times)]


class House:
    """An outbox, and a cloud that gives a ticket for every ring while `gives_tickets`."""

    def __init__(
        self, folder: Path, storage: Storage, spool: Spool, home: str, timeouts: OutboxTimeouts
    ) -> None:
        self.ahead = 0.0
        """Seconds by which the door's clocks are ahead: so time passes at once."""
        self.folder = folder
        self.storage = storage
        self.requests: list[Request] = []
        self.delivered: list[str] = []
        self.fault: Exception | None = None
        """What whoever is told of a delivery answers with."""
        self.gives_tickets = True
        self.is_up = True
        self.outbox = Outbox(
            spool,
            storage,
            self._send,
            timeouts=timeouts,
            home=lambda: home,
            now=self._now,
            delivered=self._told,
        )

    @property
    def rings(self) -> list[str | None]:
        return [each.press for each in self.requests if isinstance(each, Ring)]

    def line(self, *, up: bool) -> None:
        self.is_up = up
        self.outbox.line(up)

    def ticket(self, press: str) -> None:
        self.outbox.hear(Ticket("ring", Upload("PUT", "https://x.example/", {}), 300, press))

    def press(self, age: float = 0.0, *, settled: bool = True) -> str:
        press = str(uuid.uuid4())
        self.outbox.add(press, age)
        if settled:
            self.outbox.settle(press)
        return press

    def files(self) -> set[str]:
        return names(self.folder)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(15):
            while not true():
                await asyncio.sleep(0.002)

    def _now(self) -> Moment:
        now = Moment.now()
        return now._replace(wall=now.wall + self.ahead, uptime=now.uptime + self.ahead)

    def _told(self, press: str) -> None:
        self.delivered.append(press)
        if self.fault is not None:
            raise self.fault

    def _send(self, request: Request) -> bool:
        if not self.is_up:
            return False
        self.requests.append(request)
        if self.gives_tickets and isinstance(request, Ring) and request.press:
            asyncio.get_running_loop().call_soon(self.ticket, request.press)
        return True


@contextlib.asynccontextmanager
async def house(
    folder: Path,
    storage: Storage | None = None,
    disk: Disk | None = None,
    limits: Limits | None = None,
    *,
    home: str = "",
    up: bool = True,
    timeouts: OutboxTimeouts = SHORT,
) -> AsyncIterator[House]:
    spool = Spool(folder, limits or Limits(), disk)
    spool.open()
    it = House(folder, storage or Storage(), spool, home, timeouts)
    it.line(up=up)
    try:
        yield it
    finally:
        await it.outbox.close()
        spool.close()


def left_behind(
    folder: Path, *, age: float = 0.0, jpeg: bytes | None = None, delivered: bool = False
) -> str:
    """A former run took a press and ended."""
    spool = Spool(folder)
    spool.open()
    now = Moment.now()
    record = Record(str(uuid.uuid4()), now._replace(wall=now.wall - age, uptime=now.uptime - age))
    spool.note(record)
    spool.keep(record)
    if jpeg is not None:
        spool.add_photo(record.press, jpeg)
    if delivered:
        spool.mark_delivered(record)
    spool.close()
    return record.press
