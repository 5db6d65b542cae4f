"""A disk that fails or is full loses no press, and no press stays on it for ever."""

import asyncio
from pathlib import Path

import pytest

from doorbell_client.outbox.spool import Limits
from doorbell_client.outbox.upload import Sent
from tests.doorbell_client.outbox.houses import (
    JPEG,
    SHORT,
    FailingDisk,
    Storage,
    house,
    run,
)


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
            await it.until(it.outbox._deliveries[press].written.is_set)
            photo.unlink()
            photo.mkdir()
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


def test_a_press_that_grows_too_old_while_it_waits_is_given_up(tmp_path: Path) -> None:
    async def scene() -> None:
        refused = Storage(*[Sent.STALE] * 1000)
        async with house(tmp_path, refused, limits=Limits(max_age=3600)) as it:
            it.outbox.add_photo(it.press(), JPEG)
            await it.until(lambda: len(it.storage.photos) > 1)
            assert it.outbox.waiting == 1
            it.ahead = 3601
            await it.outbox.empty()
            assert it.delivered == []
            assert it.files() == set()

    run(scene)


def test_a_delivered_press_whose_bell_is_silent_may_grow_too_old_as_well(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with house(tmp_path, limits=Limits(max_age=3600)) as it:
            silent = it.press(settled=False)
            it.outbox.add_photo(silent, JPEG)
            await it.outbox.empty()
            it.ahead = 3601
            press = it.press()
            it.outbox.add_photo(press, JPEG)
            await it.outbox.empty()
            assert it.delivered == [silent, press]
            await it.until(lambda: it.files() == set())

    run(scene)
    assert "kept in memory" not in caplog.text
    assert "stuck" not in caplog.text
