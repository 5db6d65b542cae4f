"""Every press reaches the cloud once, whatever the line, the storage or the disk does meanwhile."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from doorbell.protocol import Request, Ring, Ticket, Upload
from doorbell_client.clock import Moment
from doorbell_client.errors import UploadFailed
from doorbell_client.outbox.disk import Disk
from doorbell_client.outbox.outbox import Outbox
from doorbell_client.outbox.record import Record
from doorbell_client.outbox.spool import Limits, Spool
from doorbell_client.outbox.timeouts import OutboxTimeouts
from doorbell_client.outbox.upload import Sent

SHORT = OutboxTimeouts(
    ticket=0.1, first_wait=0.02, longest_wait=0.05, between_trims=0.02, retake=10
)
JPEG = b"\xff\xd8" + b"face" * 500 + b"\xff\xd9"


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))


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
        self.under_way = self.most_at_once = 0
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, ticket: Upload, jpeg: bytes) -> Sent:
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        await self.open.wait()
        self.under_way -= 1
        self.photos.append(jpeg)
        answer = self._answers.pop(0) if self._answers else Sent.DELIVERED
        if isinstance(answer, Exception):
            raise answer
        return answer


class House:
    """An outbox, and a cloud that gives a ticket for every ring while `gives_tickets`."""

    def __init__(self, folder: Path, storage: Storage, spool: Spool, home: str) -> None:
        self.folder = folder
        self.storage = storage
        self.requests: list[Request] = []
        self.delivered: list[str] = []
        self.gives_tickets = True
        self.is_up = True
        self.outbox = Outbox(
            spool,
            storage,
            self._send,
            timeouts=SHORT,
            home=lambda: home,
            delivered=self.delivered.append,
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
        return {file.name for file in self.folder.iterdir()} - {"lock"}

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(15):
            while not true():
                await asyncio.sleep(0.002)

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
) -> AsyncIterator[House]:
    spool = Spool(folder, limits or Limits(), disk)
    spool.open()
    it = House(folder, storage or Storage(), spool, home)
    it.line(up=up)
    try:
        yield it
    finally:
        await it.outbox.close()
        spool.close()


# --- a good day ---------------------------------------------------------------


def test_a_press_is_on_the_disk_and_on_the_wire_before_add_returns(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path) as it:
            press = it.press(age=1.5)
            [ring] = it.requests
            assert isinstance(ring, Ring)
            assert ring.press == press
            assert ring.age == pytest.approx(1.5, abs=0.1)
            assert it.files() == {f"{press}.json.part"}
            assert it.outbox.waiting == 1

    run(scene)


def test_a_press_with_its_photo_is_delivered_once_and_forgotten(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path) as it:
            press = it.press()
            it.outbox.add_photo(press, JPEG)
            it.outbox.add_photo(press, b"another")
            await it.outbox.empty()
            assert (it.delivered, it.storage.photos) == ([press], [JPEG])
            assert it.files() == set()
            assert it.rings == [press]

    run(scene)


def test_a_press_without_a_picture_is_delivered_when_it_was_told_twice(tmp_path: Path) -> None:
    """Whoever gave the first ticket may have died before the phones heard of the press."""

    async def scene() -> None:
        async with house(tmp_path) as it:
            press = it.press()
            it.outbox.add_photo(press, None)
            await it.outbox.empty()
            assert (it.delivered, it.storage.photos) == ([press], [])
            assert it.rings == [press, press]
            assert it.files() == set()

    run(scene)


def test_tickets_and_photos_of_unknown_presses_are_ignored(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path) as it:
            it.ticket(str(uuid.uuid4()))
            it.outbox.hear(Ticket("ring", Upload("PUT", "https://x.example/", {}), 300, None))
            it.outbox.add_photo(str(uuid.uuid4()), JPEG)
            await it.outbox.empty()
            assert it.storage.photos == []

    run(scene)


def test_a_delivered_press_is_kept_without_its_photo_until_its_bell_has_sounded(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        async with house(tmp_path) as it:
            press = it.press(settled=False)
            it.outbox.add_photo(press, JPEG)
            await it.outbox.empty()
            assert (it.delivered, it.outbox.waiting) == ([press], 0)
            assert it.files() == {f"{press}.json"}
        async with house(tmp_path) as again:
            [restored] = await again.outbox.restore()
            assert (restored.press, restored.pictured, restored.ring) == (press, True, "ring")
            assert again.outbox.waiting == 0
            again.outbox.settle(press)
            await again.until(lambda: again.files() == set())
            assert (again.rings, again.delivered) == ([], []), "it is not delivered twice"

    run(scene)


def test_a_delivered_press_that_nobody_waits_for_any_more_is_forgotten(tmp_path: Path) -> None:
    async def scene() -> None:
        await left_behind(tmp_path, age=62, delivered=True)
        async with house(tmp_path) as it:
            await it.outbox.restore()
            await it.until(lambda: it.files() == set())

    run(scene)


def test_a_press_made_at_one_home_is_not_delivered_to_the_next(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path, home="first", up=False) as it:
            press = it.press()
            it.outbox.add_photo(press, JPEG)
            await it.until((tmp_path / f"{press}.jpeg").exists)
        async with house(tmp_path, home="second") as other:
            await other.outbox.restore()
            own = other.press()
            other.outbox.add_photo(own, JPEG)
            await other.until(lambda: other.delivered == [own])
            await asyncio.sleep(0.1)
            assert set(other.rings) == {own}
        async with house(tmp_path, home="first") as again:
            await again.outbox.restore()
            await again.outbox.empty()
            assert again.delivered == [press]

    run(scene)


# --- the line and the storage ---------------------------------------------------


def test_a_cloud_that_gives_no_ticket_is_asked_again(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path) as it:
            it.gives_tickets = False
            press = it.press()
            it.outbox.add_photo(press, JPEG)
            await it.until(lambda: len(it.rings) >= 3)
            assert set(it.rings) == {press}
            it.ticket(press)
            it.ticket(press)
            await it.outbox.empty()
            assert it.storage.photos == [JPEG]

    run(scene)


def test_a_press_without_a_line_waits_and_goes_out_as_soon_as_it_is_up(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path, up=False) as it:
            press = it.press()
            it.outbox.add_photo(press, JPEG)
            await asyncio.sleep(0.2)
            assert it.rings == []
            it.line(up=True)
            await it.outbox.empty()
            assert it.rings == [press]

    run(scene)


def test_a_line_that_is_lost_before_the_ticket_is_asked_again_when_it_is_back(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        async with house(tmp_path) as it:
            it.gives_tickets = False
            press = it.press()
            it.outbox.add_photo(press, JPEG)
            await asyncio.sleep(0.01)
            it.line(up=False)
            await asyncio.sleep(0.03)
            assert it.rings == [press]
            it.gives_tickets = True
            it.line(up=True)
            await it.outbox.empty()
            assert it.rings == [press, press]

    run(scene)


@pytest.mark.parametrize("answer", [Sent.STALE, UploadFailed("The storage answers 503.")])
def test_a_photo_that_does_not_arrive_is_sent_again_with_a_fresh_ticket(
    tmp_path: Path, answer: Sent | UploadFailed
) -> None:
    async def scene() -> None:
        async with house(tmp_path, Storage(answer, answer)) as it:
            press = it.press()
            it.outbox.add_photo(press, JPEG)
            await it.outbox.empty()
            assert it.storage.photos == [JPEG] * 3
            assert it.rings == [press] * 3
            assert it.delivered == [press]

    run(scene)


def test_an_error_that_nobody_foresaw_is_only_one_more_failed_try(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path, Storage(RuntimeError("an odd ticket"))) as it:
            press = it.press()
            it.outbox.add_photo(press, JPEG)
            await it.outbox.empty()
            assert it.delivered == [press]

    run(scene)


def test_many_old_presses_that_are_refused_are_tried_slowly(tmp_path: Path) -> None:
    async def scene() -> None:
        for _ in range(40):
            await left_behind(tmp_path, age=3600, jpeg=JPEG)
        async with house(tmp_path, Storage(*[Sent.STALE] * 1000)) as it:
            await it.outbox.restore()
            await asyncio.sleep(10 * SHORT.first_wait)
            assert 2 <= len(it.storage.photos) <= 11 * SHORT.at_once

    run(scene)


# --- disks that fail --------------------------------------------------------------


@pytest.mark.parametrize("ending", [".json.part", ".jpeg.part"])
def test_what_finds_no_room_on_the_disk_is_delivered_from_memory(
    tmp_path: Path, ending: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with house(tmp_path, disk=FailingDisk(ending), up=False) as it:
            press = it.press()
            it.outbox.add_photo(press, JPEG)
            await asyncio.sleep(0.05)
            it.line(up=True)
            await it.outbox.empty()
            assert (it.delivered, it.storage.photos) == ([press], [JPEG])
            assert it.files() == set()

    run(scene)
    assert "kept in memory only" in caplog.text


def test_memory_holds_only_so_many_presses_that_found_no_room(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path, disk=FailingDisk(".json.part"), up=False) as it:
            presses = [it.press() for _ in range(SHORT.most_in_memory + 5)]
            for press in presses:
                it.outbox.add_photo(press, JPEG)
            await it.until(lambda: it.outbox.waiting == SHORT.most_in_memory)
            it.line(up=True)
            await it.outbox.empty()
            assert set(it.delivered) == set(presses[5:])

    run(scene)


def test_a_photo_that_cannot_be_read_any_more_does_not_hold_its_press_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with house(tmp_path, up=False) as it:
            press = it.press()
            it.outbox.add_photo(press, JPEG)
            photo = tmp_path / f"{press}.jpeg"
            await it.until(photo.exists)
            photo.unlink()
            photo.mkdir()
            await asyncio.sleep(0.02)
            it.line(up=True)
            await it.until(lambda: it.delivered == [press])
            assert it.storage.photos == []

    run(scene)
    assert "cannot be read" in caplog.text


def test_a_delivered_press_that_cannot_be_removed_is_told_as_delivered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with house(tmp_path, disk=FailingDisk(removes=False)) as it:
            press = it.press()
            it.outbox.add_photo(press, None)
            await it.outbox.empty()
            assert it.delivered == [press]

    run(scene)
    assert "cannot be changed" in caplog.text


def test_a_press_that_gives_way_to_newer_ones_is_not_tried_any_more(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path, limits=Limits(max_bytes=3 * len(JPEG)), up=False) as it:
            presses = []
            for _ in range(5):
                presses.append(it.press())
                it.outbox.add_photo(presses[-1], JPEG)
                await asyncio.sleep(0.03)
            await it.until(lambda: it.outbox.waiting == 2)
            it.line(up=True)
            await it.outbox.empty()
            assert set(it.delivered) == set(presses[3:])

    run(scene)


# --- restarts -----------------------------------------------------------------------


async def left_behind(
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


@pytest.mark.parametrize("age", [0.0, 30.0, 3600.0])
def test_a_press_with_a_photo_is_delivered_by_the_next_run(tmp_path: Path, age: float) -> None:
    async def scene() -> None:
        press = await left_behind(tmp_path, age=age, jpeg=JPEG)
        async with house(tmp_path) as it:
            [restored] = await it.outbox.restore()
            assert (restored.press, restored.pictured) == (press, True)
            assert restored.age == pytest.approx(age, abs=1)
            it.outbox.settle(press)
            await it.outbox.empty()
            assert it.storage.photos == [JPEG]
            [ring] = it.requests
            assert isinstance(ring, Ring)
            assert ring.press == press
            assert ring.age == pytest.approx(age, abs=1)
            await it.until(lambda: it.files() == set())

    run(scene)


def test_a_recent_press_without_a_photo_waits_for_one_taken_now(tmp_path: Path) -> None:
    async def scene() -> None:
        press = await left_behind(tmp_path, age=2)
        async with house(tmp_path) as it:
            [restored] = await it.outbox.restore()
            assert not restored.pictured
            await asyncio.sleep(0.05)
            assert it.delivered == []
            it.outbox.add_photo(press, JPEG)
            await it.outbox.empty()
            assert it.storage.photos == [JPEG]

    run(scene)


def test_an_old_press_without_a_photo_is_delivered_without_one(tmp_path: Path) -> None:
    async def scene() -> None:
        press = await left_behind(tmp_path, age=20)
        async with house(tmp_path) as it:
            [restored] = await it.outbox.restore()
            assert restored.pictured, "nobody stands there any more"
            await it.outbox.empty()
            assert (it.delivered, it.storage.photos) == ([press], [])

    run(scene)


def test_old_presses_go_two_at_a_time_and_a_new_one_does_not_wait_for_them(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        for _ in range(6):
            await left_behind(tmp_path, age=3600, jpeg=JPEG)
        async with house(tmp_path) as it:
            it.storage.open.clear()
            await it.outbox.restore()
            await it.until(lambda: it.storage.under_way == SHORT.at_once)
            await asyncio.sleep(0.05)
            assert it.storage.most_at_once == SHORT.at_once
            press = it.press()
            it.outbox.add_photo(press, b"new")
            await it.until(lambda: it.storage.under_way == SHORT.at_once + 1)
            it.storage.open.set()
            await it.outbox.empty()
            assert len(it.delivered) == 7

    run(scene)


def test_what_is_not_delivered_at_the_end_is_there_for_the_next_run(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path, up=False) as it:
            press = it.press()
            it.outbox.add_photo(press, JPEG)
            await it.until((tmp_path / f"{press}.jpeg").exists)
        async with house(tmp_path) as again:
            await again.outbox.restore()
            await again.outbox.empty()
            assert (again.delivered, again.storage.photos) == ([press], [JPEG])

    run(scene)
