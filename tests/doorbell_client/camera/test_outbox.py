"""Every shot reaches the cloud once, whatever the line, the storage or the disk does meanwhile."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from doorbell_client.camera.cloud import CameraCloud
from doorbell_client.camera.outbox import Progress, ShotOutbox, ShotTimeouts
from doorbell_client.camera.shot import Shot, home_mark, new_shot
from doorbell_client.camera.shots import ShotSpool
from doorbell_client.outbox.disk import Disk
from doorbell_client.outbox.upload import Uploader, UploadTimeouts
from tests.doorbell_client.camera.fake_recipient import FakeRecipient, until

SHORT = ShotTimeouts(first_wait=0.02, longest_wait=0.1, most_in_memory=2)
QUICK = UploadTimeouts(
    connect=0.5, silence=0.5, whole=1, tries=2, tries_within=0.5, first_wait=0.01
)
NOON = 1_700_000_000.0

Uploader().warm_up()


class FullDisk(Disk):
    """No room for anything new."""

    full = True

    def write(self, file: Path, content: bytes) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        super().write(file, content)


class Scene:
    """An outbox at work."""

    def __init__(self, recipient: FakeRecipient, outbox: ShotOutbox, folder: Path) -> None:
        self.recipient = recipient
        self.outbox = outbox
        self.folder = folder
        self.progress: list[Progress] = []
        self.sent: list[Shot] = []
        outbox.watch(self.progress.append)

    async def add(self, second: int = 0, content: bytes = b"") -> Shot:
        shot = new_shot("burst", NOON + second, self.outbox.home)
        assert await self.outbox.add(shot, content or f"film {second}".encode())
        return shot

    def files(self) -> set[str]:
        return {file.name for file in self.folder.iterdir()} - {"lock"}


@contextlib.asynccontextmanager
async def working(
    folder: Path,
    recipient: FakeRecipient,
    *,
    disk: Disk | None = None,
    max_bytes: int = 1_000_000,
    runs: bool = True,
) -> AsyncIterator[Scene]:
    spool = ShotSpool(folder, max_bytes, disk)
    spool.open()
    cloud, uploader = CameraCloud(recipient.credentials, QUICK), Uploader(QUICK)
    sent: list[Shot] = []
    outbox = ShotOutbox(
        spool, cloud, uploader, home_mark(recipient.credentials),
        timeouts=SHORT, sent=sent.append, clock=lambda: NOON,
    )  # fmt: skip
    await outbox.load()
    it = Scene(recipient, outbox, folder)
    it.sent = sent
    running = asyncio.create_task(outbox.run()) if runs else None
    try:
        yield it
        assert running is None or not running.done()
    finally:
        if running is not None:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        await outbox.close()
        await cloud.close()
        await uploader.close()
        spool.close()


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))


# --- a good day ---------------------------------------------------------------------


def test_a_shot_is_sent_once_and_leaves_the_device_only_then(tmp_path: Path) -> None:
    async def scene() -> None:
        recipient = FakeRecipient()
        async with recipient.running(), working(tmp_path, recipient, runs=False) as it:
            shot = await it.add(content=b"frames")
            assert it.files() == {shot.file_name}
            assert recipient.asks == 0
        async with recipient.running(recipient.port), working(tmp_path, recipient) as it:
            await until(lambda: it.sent == [shot])
            assert recipient.objects == {f"bursts/home/party/{shot.id}": b"frames"}
            assert it.files() == set()
            assert it.outbox.waiting == 0
            await until(lambda: it.progress[-1] is Progress.IDLE)

    run(scene)


def test_what_was_kept_is_said_before_it_may_go(tmp_path: Path) -> None:
    async def scene() -> None:
        recipient = FakeRecipient()
        async with recipient.running(), working(tmp_path, recipient) as it:
            shot = new_shot("picture", NOON, it.outbox.home)

            async def kept() -> None:
                assert it.files() == {shot.file_name}
                await asyncio.sleep(0.05)
                assert recipient.asks == 0

            await it.outbox.add(shot, b"picture", kept)
            await until(lambda: it.sent == [shot])

    run(scene)


def test_the_newest_goes_first(tmp_path: Path) -> None:
    async def scene() -> None:
        recipient = FakeRecipient()
        async with recipient.running(), working(tmp_path, recipient, runs=False) as it:
            shots = [await it.add(second) for second in (3, 1, 2)]
        async with recipient.running(recipient.port), working(tmp_path, recipient) as it:
            await until(lambda: len(it.sent) == 3)
            assert it.sent == sorted(shots, reverse=True)

    run(scene)


# --- the line and the storage -----------------------------------------------------------


def test_films_of_a_night_without_a_network_arrive_when_it_is_back(tmp_path: Path) -> None:
    async def scene() -> None:
        recipient = FakeRecipient()
        async with recipient.running(), working(tmp_path, recipient) as it:
            recipient.down = True
            recipient.cut()
            for second in range(5):
                await it.add(second)
            await until(lambda: Progress.STUCK in it.progress)
            assert len(it.files()) == 5
            recipient.down = False
            await until(lambda: len(it.sent) == 5)
            assert len(recipient.objects) == 5

    run(scene)


def test_a_lost_answer_doubles_nothing(tmp_path: Path) -> None:
    async def scene(*, says_done: bool) -> None:
        recipient = FakeRecipient(loses_answers=lambda count: count <= 2, says_done=says_done)
        folder = tmp_path / str(says_done)
        async with recipient.running(), working(folder, recipient) as it:
            shot = await it.add()
            await until(lambda: it.sent == [shot])
            assert recipient.stored == [f"bursts/home/party/{shot.id}"]
            assert len({asked["taken_at"] for asked in recipient.asked}) == 1

    run(lambda: scene(says_done=False))
    run(lambda: scene(says_done=True))


@pytest.mark.parametrize("status", [403, 500, 503, 409])
def test_a_storage_that_refuses_gets_the_shot_by_a_fresh_ticket(
    tmp_path: Path, status: int
) -> None:
    async def scene() -> None:
        recipient = FakeRecipient(answer_put=lambda count: status if count <= 3 else None)
        async with recipient.running(), working(tmp_path, recipient) as it:
            shot = await it.add()
            await until(lambda: it.sent == [shot])
            assert recipient.asks >= 2

    run(scene)


def test_a_shot_that_is_refused_for_ever_lies_aside_and_holds_nobody_up(tmp_path: Path) -> None:
    async def scene() -> None:
        recipient = FakeRecipient(answer_ask=lambda count: 413 if count == 1 else None)
        async with recipient.running(), working(tmp_path, recipient, runs=False) as it:
            shots = [await it.add(second) for second in range(3)]
        async with recipient.running(recipient.port), working(tmp_path, recipient) as it:
            await until(lambda: it.outbox.waiting == 0)
            assert it.sent == [shots[1], shots[0]]
            assert [file.name for file in (tmp_path / "aside").iterdir()] == [shots[2].file_name]

    run(scene)


def test_a_revoked_camera_keeps_its_films_and_says_so(tmp_path: Path) -> None:
    async def scene() -> None:
        recipient = FakeRecipient(token="another")
        async with recipient.running(), working(tmp_path, recipient) as it:
            shot = await it.add()
            await until(lambda: Progress.REFUSED in it.progress)
            assert it.files() == {shot.file_name}
            recipient.token = recipient.credentials.token
            await until(lambda: it.sent == [shot])

    run(scene)


def test_of_a_thousand_that_wait_two_are_tried_while_the_cloud_is_ill(tmp_path: Path) -> None:
    async def scene() -> None:
        recipient = FakeRecipient()
        async with recipient.running(), working(tmp_path, recipient, runs=False) as it:
            for second in range(10):
                await it.add(second)
        recipient.answer_ask = lambda count: 503
        async with recipient.running(recipient.port), working(tmp_path, recipient) as it:
            await until(lambda: Progress.STUCK in it.progress)
            assert recipient.asks == 2

    run(scene)


# --- other homes -------------------------------------------------------------------------


def test_a_film_of_another_home_is_never_sent_to_this_one(tmp_path: Path) -> None:
    async def scene() -> None:
        recipient = FakeRecipient()
        async with recipient.running(), working(tmp_path, recipient, runs=False) as it:
            foreign = new_shot("burst", NOON, "ffffffff")
            await it.outbox.add(foreign, b"their party")
        async with recipient.running(recipient.port), working(tmp_path, recipient) as it:
            ours = await it.add(1)
            await until(lambda: it.sent == [ours])
            assert it.outbox.waiting == 0
            assert it.files() == {foreign.file_name}

    run(scene)


# --- no room ----------------------------------------------------------------------------


def test_on_a_full_disk_a_few_films_live_in_memory_and_the_rest_is_told(tmp_path: Path) -> None:
    async def scene() -> None:
        recipient = FakeRecipient()
        disk = FullDisk()
        async with recipient.running(), working(tmp_path, recipient, disk=disk) as it:
            recipient.down = True
            recipient.cut()
            added = [
                await it.outbox.add(new_shot("burst", NOON + n, it.outbox.home), b"film")
                for n in range(4)
            ]
            assert added == [True, True, False, False]
            assert it.files() == set()
            recipient.down = False
            await until(lambda: len(it.sent) == 2)
            await until(lambda: len(recipient.troubles) == 1)
            assert recipient.troubles == [{"what": "disk_full", "since": NOON, "dropped": 2}]

    run(scene)


def test_the_oldest_films_give_way_and_that_is_told_once(tmp_path: Path) -> None:
    async def scene() -> None:
        recipient = FakeRecipient()
        async with (
            recipient.running(),
            working(tmp_path, recipient, max_bytes=250, runs=False) as it,
        ):
            shots = [await it.add(second, b"x" * 100) for second in range(4)]
            assert it.outbox.waiting == 2
            running = asyncio.create_task(it.outbox.run())
            await until(lambda: len(it.sent) == 2)
            assert it.sent == [shots[3], shots[2]]
            await until(lambda: len(recipient.troubles) == 1)
            assert recipient.troubles[0]["dropped"] == 2
            running.cancel()

    run(scene)


def test_trouble_that_cannot_be_told_is_told_with_the_next_shot(tmp_path: Path) -> None:
    async def scene() -> None:
        recipient = FakeRecipient()
        async with recipient.running(), working(tmp_path, recipient, max_bytes=250) as it:
            recipient.down = True
            recipient.cut()
            for second in range(4):
                await it.add(second, b"x" * 100)
            recipient.down = False
            await until(lambda: len(recipient.troubles) == 1)

    run(scene)


def test_a_file_that_somebody_took_away_is_no_trouble(tmp_path: Path) -> None:
    async def scene() -> None:
        recipient = FakeRecipient()
        async with recipient.running(), working(tmp_path, recipient, runs=False) as it:
            shot = await it.add()
            (tmp_path / shot.file_name).unlink()
            running = asyncio.create_task(it.outbox.run())
            await until(lambda: it.outbox.waiting == 0)
            assert it.sent == []
            running.cancel()

    run(scene)
