"""What one run of the door leaves, the next one delivers."""

import asyncio
from pathlib import Path

import pytest

from doorbell.protocol import Ring
from tests.doorbell_client.outbox.houses import (
    JPEG,
    SHORT,
    house,
    left_behind,
    run,
)


@pytest.mark.parametrize("age", [0.0, 30.0, 3600.0])
def test_a_press_with_a_photo_is_delivered_by_the_next_run(tmp_path: Path, age: float) -> None:
    async def scene() -> None:
        press = left_behind(tmp_path, age=age, jpeg=JPEG)
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
        press = left_behind(tmp_path, age=2)
        async with house(tmp_path) as it:
            [restored] = await it.outbox.restore()
            assert not restored.pictured
            await asyncio.sleep(0.05)
            assert it.delivered == []
            it.outbox.add_photo(press, JPEG)
            await it.outbox.empty()
            assert it.storage.photos == [JPEG]

    run(scene)


def test_a_photo_taken_after_the_restart_survives_the_next_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        press = left_behind(tmp_path, age=2)
        async with house(tmp_path, up=False) as it:
            await it.outbox.restore()
            it.outbox.add_photo(press, JPEG)
            await it.until((tmp_path / f"{press}.jpeg").exists)
        assert (tmp_path / f"{press}.jpeg").read_bytes() == JPEG

    run(scene)
    assert caplog.text == ""


def test_an_old_press_without_a_photo_is_delivered_without_one(tmp_path: Path) -> None:
    async def scene() -> None:
        press = left_behind(tmp_path, age=20)
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
            left_behind(tmp_path, age=3600, jpeg=JPEG)
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
