"""Every press reaches the cloud once, whatever the line or the storage does meanwhile."""

import asyncio
import gc
import threading
import time
import uuid
from pathlib import Path

import pytest

from doorbell.protocol import Ring, Ticket, Upload
from doorbell_client.clock import Moment
from doorbell_client.errors import UploadFailed
from doorbell_client.outbox.delivery import Delivery
from doorbell_client.outbox.spool import Spool
from doorbell_client.outbox.upload import Sent
from tests.doorbell_client.outbox.houses import (
    JPEG,
    SHORT,
    Storage,
    house,
    left_behind,
    run,
)

# --- a good day ---------------------------------------------------------------


def test_a_press_is_on_the_disk_and_on_the_wire_before_add_returns(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path) as it:
            press = it.press(age=1.5)
            [ring] = it.requests
            assert isinstance(ring, Ring)
            assert ring.press == press
            assert ring.age == pytest.approx(1.5, abs=1)
            assert it.files() == {f"{press}.json.part"}
            assert it.outbox.waiting == 1

    run(scene)


def test_a_press_is_kept_with_the_moment_of_the_finger_by_both_clocks(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path, up=False) as it:
            press = it.press(age=500.0)
            await it.until((tmp_path / f"{press}.json").exists)
            [(record, _)] = Spool(tmp_path).peek()
            now = Moment.now()
            assert now.uptime - record.at.uptime == pytest.approx(500, abs=5)
            assert now.wall - record.at.wall == pytest.approx(500, abs=5)

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


def test_a_bell_that_sounds_after_the_delivery_ends_it(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path) as it:
            press = it.press(settled=False)
            it.outbox.add_photo(press, JPEG)
            await it.until(lambda: it.delivered == [press])
            await asyncio.sleep(0.1)
            assert it.files() == {f"{press}.json"}, "its bell has not sounded"
            it.outbox.settle(press)
            await it.until(lambda: it.files() == set())

    run(scene)


def test_a_delivered_press_that_nobody_waits_for_any_more_is_forgotten(tmp_path: Path) -> None:
    async def scene() -> None:
        left_behind(tmp_path, age=62, delivered=True)
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


def test_a_second_press_is_waited_for_like_the_first(tmp_path: Path) -> None:
    async def scene() -> None:
        async with house(tmp_path) as it:
            for number in (1, 2):
                press = it.press()
                waiter = asyncio.ensure_future(it.outbox.empty())
                await asyncio.sleep(0.01)
                assert not waiter.done()
                it.outbox.add_photo(press, JPEG)
                await waiter
                assert len(it.delivered) == number

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
        async with house(tmp_path, timeouts=SHORT._replace(ticket=60)) as it:
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
            assert it.storage.photos == [JPEG] * 2, "what failed is not taken for delivered"

    run(scene)


def test_old_presses_that_are_refused_are_tried_until_they_are_taken(tmp_path: Path) -> None:
    async def scene() -> None:
        presses = {left_behind(tmp_path, age=3600, jpeg=JPEG) for _ in range(3)}
        async with house(tmp_path, Storage(*[Sent.STALE] * 5)) as it:
            await it.outbox.restore()
            await it.outbox.empty()
            assert set(it.delivered) == presses
            assert len(it.storage.photos) == 5 + 3

    run(scene)


def test_who_is_refused_comes_ever_more_slowly_until_the_line_is_new(tmp_path: Path) -> None:
    async def scene() -> None:
        patient = SHORT._replace(first_wait=0.05, longest_wait=60)
        async with house(tmp_path, Storage(*[Sent.STALE] * 100), timeouts=patient) as it:
            it.outbox.add_photo(it.press(), JPEG)
            await it.until(lambda: len(it.storage.photos) == 7)
            gaps = it.storage.gaps()
            for number, gap in enumerate(gaps):
                # The event loop's clock ticks in milliseconds.
                assert gap >= patient.first_wait * 2**number - 0.002
            await asyncio.sleep(0.01)
            it.line(up=False)
            it.line(up=True)
            await it.until(lambda: len(it.storage.photos) == 9)
            *_, at_once, quick = it.storage.gaps()
            assert at_once < patient.first_wait * 2**6, "a new line ends the pause"
            assert quick < patient.first_wait * 2**6, "and the pauses begin anew"

    run(scene)


def test_many_old_presses_that_are_refused_are_tried_slowly(tmp_path: Path) -> None:
    async def scene() -> None:
        for _ in range(40):
            left_behind(tmp_path, age=3600, jpeg=JPEG)
        async with house(tmp_path, Storage(*[Sent.STALE] * 1000)) as it:
            began = time.monotonic()
            await it.outbox.restore()
            await it.until(lambda: len(it.storage.photos) >= 10)
            rounds = (time.monotonic() - began) / SHORT.first_wait + 1
            assert len(it.storage.photos) <= rounds * SHORT.at_once

    run(scene)


# --- for years ---------------------------------------------------------------------


def over_and_held() -> int:
    """How many deliveries and ended tasks this process holds in memory."""
    gc.collect()
    # By type: to ask a weak reference what it is may find nothing there.
    tasks = [each for each in gc.get_objects() if type(each) is asyncio.Task]
    deliveries = [each for each in gc.get_objects() if type(each) is Delivery]
    return len(deliveries) + len([each for each in tasks if each.done()])


def test_a_door_that_runs_for_years_forgets_what_it_has_delivered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        before = over_and_held()
        async with house(tmp_path) as it:
            for _ in range(10):
                it.outbox.add_photo(it.press(), JPEG)
            await it.outbox.empty()
            await it.until(lambda: it.files() == set())
            await asyncio.sleep(0.02)
            assert over_and_held() <= before

    run(scene)
    assert "got stuck" not in caplog.text


def test_a_fault_of_whoever_is_told_is_named_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with house(tmp_path) as it:
            it.fault = RuntimeError("a display that is gone")
            press = it.press()
            it.outbox.add_photo(press, JPEG)
            await it.until(lambda: "a press got stuck" in caplog.text)

    run(scene)
    assert "a display that is gone" in caplog.text


def test_the_end_leaves_no_task_and_no_thread(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        before = asyncio.all_tasks()
        async with house(tmp_path, up=False) as it:
            it.press()
            await asyncio.sleep(0.02)
            assert asyncio.all_tasks() > before
        assert asyncio.all_tasks() == before
        assert not [each for each in threading.enumerate() if each.name.startswith("spool")]

    run(scene)
    assert caplog.text == "", "to be stopped is no fault"
