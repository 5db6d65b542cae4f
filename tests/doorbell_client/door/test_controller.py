"""A door's whole life: each press is delivered exactly once and heard in time, whatever is cut."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from doorbell.protocol import (
    Declined,
    EnterCode,
    Hello,
    HelloAnswer,
    Message,
    Open,
    Opened,
    Refused,
    Ring,
    RingThrough,
    Welcome,
)
from doorbell_client.door.effects import Energise
from doorbell_client.door.events import Delivered, Filmed
from doorbell_client.door.parts import Mood, Press
from doorbell_client.link.line import Line
from doorbell_client.outbox.disk import Disk
from doorbell_client.supervisor import Supervisor
from tests.doorbell_client.fake_cloud import STEPS, FakeCloud
from tests.doorbell_client.living import (
    DECISION,
    NOWHERE,
    SHORT_TIMEOUTS,
    Living,
    PretendedParts,
    Systemd,
    alive,
    unplugged_cloud,
)


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))


def delivered(it: Living) -> list[Delivered]:
    return [event for event in it.events if isinstance(event, Delivered)]


def heard(it: Living, presses: list[float]) -> bool:
    """Whether the bell sounded for every press within the time of the self-chime."""
    return all(
        any(press <= bell <= press + DECISION + 0.3 for bell in it.parts.bells) for press in presses
    )


# --- the good day -------------------------------------------------------------


def test_a_strangers_press_is_told_pictured_delivered_and_rung_through(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud()
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            pressed = it.press()
            await it.until(lambda: bool(delivered(it)) and bool(it.parts.bells))
            [press] = cloud.presses
            assert len(cloud.photos[cloud.key_of(press)]) > 100_000
            assert heard(it, [pressed])
            assert it.parts.gongs == 1
            await it.until(lambda: {file.name for file in tmp_path.iterdir()} == {"lock"})
        assert cloud.requests[:2] == [Hello(), Ring(press, cloud.requests[1].age)]  # type: ignore[union-attr]
        assert it.parts.closed[0] == "strike"
        assert len(it.parts.closed) == 7

    run(scene)


def test_a_resident_comes_in_quietly_with_a_code(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud(decide=lambda ring: [Welcome(ring)])
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            it.press()
            await it.until(lambda: Mood.WELCOME in it.parts.moods)
            it.type("999999#")
            await it.until(lambda: EnterCode("999999") in cloud.requests)
            cloud.say(Refused("wrong", 4))
            await it.until(lambda: it.parts.moods[-1] is Mood.ERROR)
            it.type("042137#")
            await it.until(lambda: EnterCode("042137") in cloud.requests)
            cloud.say(Open("o1", next(iter(cloud.presses)), 5, 15))
            await it.until(lambda: Opened("o1") in cloud.requests)
            assert it.parts.strikes == [5]
            assert it.parts.moods[-1] is Mood.OPEN
            assert it.parts.bells == []
            assert it.parts.beeps >= 14

    run(scene)


def test_the_ring_goes_out_at_the_edge_while_the_camera_works(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud()
        parts = PretendedParts(capture_takes=0.2)
        async with cloud.running(), alive(cloud.credentials, tmp_path, parts) as it:
            await it.until(lambda: Line.UP in it.events)
            it.press()
            await it.until(lambda: bool(cloud.presses))
            assert parts.pictures == 0
            await it.until(lambda: bool(delivered(it)))
            assert len(cloud.photos) == 1

    run(scene)


def test_a_press_that_was_held_up_is_told_with_the_age_of_its_edge(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud()
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            it.controller.notify(Press(time.monotonic() - 0.7))
            await it.until(lambda: bool(cloud.presses))
            assert next(r.age for r in cloud.requests if isinstance(r, Ring)) == pytest.approx(
                0.7, abs=0.1
            )

    run(scene)


def test_a_press_delivered_before_the_disk_is_done_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = Disk.sync

    def slowly(disk: Disk, file: Path) -> None:
        time.sleep(0.1)
        sync(disk, file)

    async def scene() -> None:
        cloud = FakeCloud()
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            it.press()
            await it.until(lambda: bool(delivered(it)))
        assert {file.name for file in tmp_path.iterdir()} == {"lock"}

    monkeypatch.setattr(Disk, "sync", slowly)
    run(scene)


# --- the film -----------------------------------------------------------------


def test_a_ring_has_a_film_after_its_photo(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud(films=True)
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            it.press()
            await it.until(lambda: any(isinstance(event, Filmed) for event in it.events))
            [press] = cloud.presses
            assert Filmed(press, 4) in it.events
            assert cloud.arrived == [cloud.key_of(press), cloud.burst_of(press)]
            assert cloud.bursts[cloud.burst_of(press)].count(b"\xff\xd9") == 4
            assert not it.controller.filming

    run(scene)


def test_a_second_press_during_a_film_has_its_photo_at_once_and_goes_before_it(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        cloud = FakeCloud(films=True, film_seconds=0.2)
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            it.press()
            await it.until(lambda: cloud.film_puts == 1)
            pressed = it.press()
            await it.until(lambda: len(cloud.photos) == 2)
            assert time.monotonic() - pressed < 0.2, "it does not wait for the film"
            assert cloud.bursts == {}
            assert heard(it, [pressed])
            await it.until(lambda: len(cloud.bursts) == 2)
            assert cloud.film_puts > 2, "the film that was interrupted is sent again"
            assert len({*cloud.bursts.values()}) == 2

    run(scene)


@pytest.mark.parametrize("status", [403, 500])
def test_a_film_that_the_storage_refuses_costs_the_ring_nothing(
    tmp_path: Path, status: int
) -> None:
    async def scene() -> None:
        cloud = FakeCloud(films=True, answer_film=lambda count: status)
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            pressed = it.press()
            await it.until(lambda: any(isinstance(event, Filmed) for event in it.events))
            [press] = cloud.presses
            assert Filmed(press, 0) in it.events
            assert list(cloud.photos) == [cloud.key_of(press)]
            assert heard(it, [pressed])
            assert cloud.film_puts <= SHORT_TIMEOUTS.upload.tries
            await it.until(lambda: {file.name for file in tmp_path.iterdir()} == {"lock"})

    run(scene)


def test_a_house_that_makes_no_films_gets_none(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud()
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            it.press()
            await it.until(lambda: bool(delivered(it)))
            assert cloud.film_puts == 0
            assert not it.controller.filming

    run(scene)


# --- the cable ----------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("presses", [1, 3])
def test_a_cut_at_any_step_loses_no_press_doubles_none_and_all_are_heard(
    tmp_path: Path, step: str, presses: int
) -> None:
    async def scene() -> None:
        cloud = FakeCloud(cut_at=step)
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            edges, moments = [], []
            for _ in range(presses):
                moments.append(time.time())
                edges.append(it.press())
                await asyncio.sleep(0.06)
            await it.until(lambda: len(delivered(it)) == presses)
            await it.until(lambda: heard(it, edges))
            assert cloud.cuts[step] == 1
            assert len(cloud.presses) == presses
            assert len(cloud.photos) == presses
            assert len(set(cloud.photos.values())) == presses
            assert_told_honestly(cloud, moments)
            assert it.controller.waiting == 0

    run(scene)


def assert_told_honestly(cloud: FakeCloud, moments: list[float]) -> None:
    """However often a press was told, it was told of its own moment."""
    for told, pressed in zip(cloud.presses.values(), moments, strict=True):
        assert all(abs(moment - pressed) < 0.1 for moment in told)


def test_a_press_during_an_outage_is_heard_at_once_and_told_later_as_old(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud(outage=0.5)
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            cloud.cut()
            await it.until(lambda: it.events[-1] is Line.DOWN or Line.DOWN in it.events)
            moment = time.time()
            pressed = it.press()
            await it.until(lambda: bool(it.parts.bells))
            assert it.parts.bells[0] - pressed < DECISION * 0.75, "at once, not when it gives up"
            await it.until(lambda: bool(delivered(it)))
            assert_told_honestly(cloud, [moment])
            assert next(r.age for r in cloud.requests if isinstance(r, Ring)) > 0.2
            assert len(it.parts.bells) == 1  # the late ring_through is silent

    run(scene)


def test_a_house_that_gives_no_tickets_is_asked_again_until_it_does(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud(tickets=False)
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            pressed = it.press()
            await it.until(lambda: sum(isinstance(r, Ring) for r in cloud.requests) >= 2)
            cloud.tickets = True
            await it.until(lambda: bool(delivered(it)))
            assert len(cloud.presses) == 1
            assert heard(it, [pressed])

    run(scene)


@pytest.mark.parametrize("status", [403, 400, 500, 503, 409])
def test_a_storage_that_refuses_gets_the_photo_by_a_fresh_ticket(
    tmp_path: Path, status: int
) -> None:
    async def scene() -> None:
        cloud = FakeCloud(answer_put=lambda count: status if count <= 3 else None)
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            it.press()
            await it.until(lambda: bool(delivered(it)))
            assert cloud.puts == 4
            assert sum(isinstance(r, Ring) for r in cloud.requests) >= 2

    run(scene)


# --- restarts -----------------------------------------------------------------


def test_presses_of_an_offline_night_are_delivered_after_a_restart(tmp_path: Path) -> None:
    async def scene() -> None:
        moments = []
        cloud = await unplugged_cloud()
        async with alive(cloud.credentials, tmp_path) as it:
            for _ in range(5):
                moments.append(time.time())
                it.press()
                await asyncio.sleep(0.03)
            await it.until(lambda: len(list(tmp_path.glob("*.jpeg"))) == 5)
            assert len(it.parts.bells) == 5
        async with cloud.running(cloud.port), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: len(delivered(it)) == 5)
            assert len(set(cloud.photos.values())) == 5
            told = sorted(min(times) for times in cloud.presses.values())
            assert all(abs(a - b) < 0.1 for a, b in zip(told, moments, strict=True))
            await it.until(lambda: {file.name for file in tmp_path.iterdir()} == {"lock"})

    run(scene)


def test_a_press_that_was_delivered_and_not_decided_rings_after_a_restart(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud(decide=lambda ring: [])
        async with cloud.running():
            async with alive(cloud.credentials, tmp_path) as it:
                await it.until(lambda: Line.UP in it.events)
                it.press()
                await it.until(lambda: bool(delivered(it)))
                assert it.parts.bells == []
            async with alive(cloud.credentials, tmp_path) as again:
                await again.until(lambda: len(again.parts.bells) == 1)
                await again.until(lambda: {file.name for file in tmp_path.iterdir()} == {"lock"})
                assert delivered(again) == []
        assert len(cloud.presses) == len(cloud.photos) == 1

    run(scene)


@pytest.mark.parametrize(
    "decision", [Welcome, Declined, lambda ring: RingThrough(ring, "stranger")]
)
def test_a_press_that_was_decided_before_a_restart_does_not_ring_again(
    tmp_path: Path, decision: Callable[[str], Message]
) -> None:
    async def scene() -> None:
        cloud = FakeCloud(decide=lambda ring: [decision(ring)])
        async with cloud.running():
            async with alive(cloud.credentials, tmp_path) as it:
                await it.until(lambda: Line.UP in it.events)
                it.press()
                await it.until(lambda: bool(delivered(it)))
                await it.until(lambda: {file.name for file in tmp_path.iterdir()} == {"lock"})
            async with alive(cloud.credentials, tmp_path) as again:
                await asyncio.sleep(DECISION + 0.2)
                assert again.parts.bells == []

    run(scene)


def test_a_run_that_was_killed_before_the_picture_leaves_it_to_the_next_one(tmp_path: Path) -> None:
    """The visitor still stands there; for an old press nobody does."""

    async def scene() -> None:
        cloud = await unplugged_cloud()
        async with alive(cloud.credentials, tmp_path, PretendedParts(capture_takes=60)) as it:
            it.press()
            await it.until(lambda: len(list(tmp_path.glob("*.json"))) == 1)
        async with cloud.running(cloud.port), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: len(delivered(it)) == 1)
            assert list(cloud.photos) == [cloud.key_of(press) for press in cloud.presses]
        async with alive(cloud.credentials, tmp_path, PretendedParts(capture_takes=60)) as it:
            it.press()
            await it.until(lambda: len(list(tmp_path.glob("*.json"))) == 1)
        async with cloud.running(cloud.port):
            late = SHORT_TIMEOUTS._replace(outbox=SHORT_TIMEOUTS.outbox._replace(retake=0.001))
            async with alive(cloud.credentials, tmp_path, timeouts=late) as it:
                await it.until(lambda: len(delivered(it)) == 1)
                assert it.parts.pictures == 0
                assert (len(cloud.presses), len(cloud.photos)) == (2, 1)
                await it.until(lambda: {file.name for file in tmp_path.iterdir()} == {"lock"})

    run(scene)


def test_systemd_is_told_how_many_presses_wait(tmp_path: Path) -> None:
    async def scene() -> None:
        with Systemd(tmp_path) as it:
            async with alive(NOWHERE, tmp_path / "spool", supervisor=it.supervisor) as door:
                await door.until(lambda: it.was_told("STATUS=line down, 0 presses wait"))
                door.press()
                await door.until(lambda: it.was_told("STATUS=line down, 1 press waits"))

    run(scene)


def test_an_open_is_carried_out_once_also_across_a_restart(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud()
        message = Open("o1", "ring", 5, 15)
        async with cloud.running():
            async with alive(cloud.credentials, tmp_path) as it:
                await it.until(lambda: Line.UP in it.events)
                cloud.say(message, message)
                await it.until(lambda: Opened("o1") in cloud.requests)
                cloud.say(message)
                await it.until(lambda: cloud.requests.count(Opened("o1")) == 2)
                assert it.parts.strikes == [5]
            async with alive(cloud.credentials, tmp_path) as again:
                await again.until(lambda: Line.UP in again.events)
                cloud.say(message)
                await again.until(lambda: cloud.requests.count(Opened("o1")) == 3)
                assert again.parts.strikes == []

    run(scene)


def test_that_the_door_opened_is_told_after_a_restart_if_it_was_lost(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud(acknowledges=False)
        async with cloud.running():
            async with alive(cloud.credentials, tmp_path) as it:
                await it.until(lambda: Line.UP in it.events)
                cloud.say(Open("o1", "ring", 5, 15))
                await it.until(lambda: Opened("o1") in cloud.requests)
            cloud.requests.clear()
            cloud.acknowledges = True
            async with alive(cloud.credentials, tmp_path) as again:
                await again.until(lambda: Opened("o1") in cloud.requests)
                await again.until(lambda: '"o1": 3' in (tmp_path / "opened").read_text())
                assert again.parts.strikes == []
        # Another place of the same home: what is still on its way to the first one is not counted.
        other = FakeCloud()
        async with other.running(), alive(other.credentials, tmp_path) as last:
            await last.until(lambda: Line.UP in last.events)
            await asyncio.sleep(0.3)
            assert Opened("o1") not in other.requests

    run(scene)


def test_what_falls_due_while_the_lights_take_their_time_is_done_all_the_same(
    tmp_path: Path,
) -> None:
    """A machine that stands still for longer than the pause before the next try."""
    (tmp_path / "opened").write_text('{"o1": 2}')

    async def scene() -> None:
        cloud = FakeCloud()
        parts = PretendedParts(lights_take=SHORT_TIMEOUTS.door.first_repeat * 2)
        async with cloud.running(), alive(cloud.credentials, tmp_path, parts) as it:
            await it.until(lambda: Opened("o1") in cloud.requests)

    run(scene)


def test_an_open_that_can_be_written_nowhere_moves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    async def scene() -> None:
        cloud = FakeCloud()
        monkeypatch.setattr("doorbell_client.outbox.disk.Disk.write", full)
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            cloud.say(Open("o1", "ring", 5, 15))
            await it.until(lambda: Mood.ERROR in it.parts.moods)
            assert it.parts.strikes == []

    run(scene)


def test_the_strike_never_moves_by_starting_reconnecting_or_stopping(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud(outage=0.05)
        parts = PretendedParts()
        async with cloud.running(), alive(cloud.credentials, tmp_path, parts) as it:
            for _ in range(3):
                await it.until(lambda: it.events.count(Line.UP) > it.events.count(Line.DOWN))
                cloud.cut()
                await it.until(lambda: it.events.count(Line.UP) == it.events.count(Line.DOWN))
        assert parts.strikes == []

    run(scene)


# --- broken parts -------------------------------------------------------------


def test_a_broken_strike_is_never_acknowledged(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud()
        parts = PretendedParts(strike_breaks=True)
        async with cloud.running(), alive(cloud.credentials, tmp_path, parts) as it:
            await it.until(lambda: Line.UP in it.events)
            cloud.say(Open("o1", "ring", 5, 15))
            await it.until(lambda: Mood.ERROR in parts.moods)
            await asyncio.sleep(0.1)
            assert not any(isinstance(r, Opened) for r in cloud.requests)
            assert not any(isinstance(e, Energise) for e in it.events), "nor told of"

    run(scene)


@pytest.mark.parametrize("ahead", [-3600.0, 0.0, 3600.0])
def test_an_open_that_arrives_late_moves_nothing_whatever_the_clocks_show(
    tmp_path: Path, ahead: float
) -> None:
    async def scene() -> None:
        cloud = FakeCloud(clock=lambda: time.time() + ahead)
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: any(isinstance(event, HelloAnswer) for event in it.events))
            await asyncio.sleep(2)  # what is older than the connection cannot come over it
            cloud.say(Open("late", "ring", 5, 2, cloud.clock() - 3))
            cloud.say(Open("untimed", "ring", 5, 2))
            cloud.say(Open("prompt", "ring", 5, 2, cloud.clock()))
            await it.until(lambda: Opened("prompt") in cloud.requests)
            opened = [each.open for each in cloud.requests if isinstance(each, Opened)]
            assert (opened, it.parts.strikes) == (["prompt"], [5])

    run(scene)


def test_an_open_that_a_slow_disk_holds_up_beyond_its_time_moves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Disk.write

    def slowly(disk: Disk, file: Path, content: bytes) -> None:
        time.sleep(1.2)
        write(disk, file, content)

    async def scene() -> None:
        cloud = FakeCloud()
        monkeypatch.setattr(Disk, "write", slowly)
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            cloud.say(Open("o1", "ring", 5, 1))
            await it.until(lambda: Mood.ERROR in it.parts.moods)
            assert it.parts.strikes == []

    run(scene)


def test_an_open_that_is_no_longer_valid_moves_nothing(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud()
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)
            cloud.say(Open("o1", "ring", 5, 0))
            await it.until(lambda: Mood.ERROR in it.parts.moods)
            assert it.parts.strikes == []

    run(scene)


@pytest.mark.parametrize("takes", [0.01, 3.0])
def test_a_broken_or_hanging_camera_leaves_a_press_without_a_photo(
    tmp_path: Path, takes: float
) -> None:
    async def scene() -> None:
        cloud = FakeCloud()
        parts = PretendedParts(camera_breaks=True, capture_takes=takes)
        async with cloud.running(), alive(cloud.credentials, tmp_path, parts) as it:
            await it.until(lambda: Line.UP in it.events)
            pressed = it.press()
            await it.until(lambda: bool(delivered(it)))
            await it.until(lambda: heard(it, [pressed]))
            assert len(cloud.presses) == 1
            assert cloud.photos == {}

    run(scene)


def test_the_button_works_and_systemd_knows_before_the_camera_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        order: list[str] = []
        parts = PretendedParts()
        door = parts.door()
        supervisor = Supervisor({})
        monkeypatch.setattr(door.button, "start", lambda notify: order.append("button"))
        monkeypatch.setattr(door.camera, "start", lambda: order.append("camera"))
        monkeypatch.setattr(supervisor, "ready", lambda: order.append("ready"))
        monkeypatch.setattr(parts, "door", lambda: door)
        async with alive(NOWHERE, tmp_path, parts, supervisor=supervisor) as it:
            await it.until(lambda: len(order) == 3)
        assert order == ["button", "ready", "camera"]

    run(scene)


def test_a_broken_bell_or_lamp_does_not_keep_a_press_from_the_house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise OSError("burnt out")

    async def scene() -> None:
        cloud = FakeCloud(decide=lambda ring: [Declined(ring)])
        parts = PretendedParts()
        door = parts.door()
        monkeypatch.setattr(door.chime, "ring", broken)
        monkeypatch.setattr(door.lights, "show", broken)
        monkeypatch.setattr(parts, "door", lambda: door)
        async with cloud.running(), alive(cloud.credentials, tmp_path, parts) as it:
            it.press()
            it.press()
            await it.until(lambda: len(delivered(it)) == 2)
            assert parts.gongs >= 1

    run(scene)


def test_a_watcher_that_fails_silences_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        cloud = FakeCloud()
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: Line.UP in it.events)

            def closed(event: object) -> None:
                raise BrokenPipeError

            monkeypatch.setattr(it.controller, "_watcher", closed)
            it.press()
            await it.until(lambda: len(it.parts.bells) == 1 and len(cloud.photos) == 1)
            cloud.say(Open("o1", "ring", 5, 15))
            await it.until(lambda: Opened("o1") in cloud.requests)

    run(scene)


def test_a_full_disk_loses_no_press_while_the_door_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        def full(*arguments: object) -> None:
            raise OSError(28, "No space left on device")

        cloud = FakeCloud()
        async with alive(NOWHERE, tmp_path):
            pass
        monkeypatch.setattr("doorbell_client.outbox.disk.Disk.write", full)
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            cloud.outage = 0.3
            cloud.cut()
            await it.until(lambda: Line.DOWN in it.events or Line.UP not in it.events)
            it.press()
            it.press()
            await it.until(lambda: len(delivered(it)) == 2)
            assert len(cloud.photos) == 2

    run(scene)


def test_a_card_that_stalls_delays_neither_the_bell_nor_the_ring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, memory = tmp_path / "card", tmp_path / "memory"
    write = Disk.write

    def stalls(disk: Disk, file: Path, content: bytes) -> None:
        if file.is_relative_to(card):
            time.sleep(2)
        write(disk, file, content)

    async def scene() -> None:
        cloud = FakeCloud(decide=lambda ring: [])
        monkeypatch.setattr(Disk, "write", stalls)
        async with cloud.running(), alive(cloud.credentials, card, memory=memory) as it:
            await it.until(lambda: Line.UP in it.events)
            it.press()
            pressed = it.press()
            await it.until(lambda: len(cloud.presses) == 2 and len(it.parts.bells) == 1)
            assert time.monotonic() - pressed < 1.8
            assert it.parts.bells[0] - pressed < DECISION * 0.75
            assert len(list((memory / "presses").iterdir())) == 2

    run(scene)


def test_a_press_is_delivered_although_another_is_being_uploaded_slowly(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud()
        parts = PretendedParts()
        timeouts = SHORT_TIMEOUTS._replace(outbox=SHORT_TIMEOUTS.outbox._replace(at_once=1))
        async with cloud.running(), alive(cloud.credentials, tmp_path, parts, timeouts) as it:
            await it.until(lambda: Line.UP in it.events)
            for _ in range(10):
                it.press()
            await it.until(lambda: len(delivered(it)) == 10)
            assert len(cloud.photos) == 10

    run(scene)
