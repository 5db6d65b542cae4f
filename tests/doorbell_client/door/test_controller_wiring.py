"""A door's parts, line and clock belong together: each is told what it must know of the others."""

import asyncio
import gc
import logging
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from doorbell.protocol import HelloAnswer, Open, Opened, Ping, RingThrough, Ticket
from doorbell_client.config.credentials import Credentials
from doorbell_client.door import alarm
from doorbell_client.door.controller import Timeouts
from doorbell_client.door.effects import Begin, Energise, Sound
from doorbell_client.door.events import Delivered, Event, Filmed, Pictured
from doorbell_client.door.parts import Mood
from doorbell_client.door.replay_guard import ReplayGuard
from doorbell_client.link.line import Line
from doorbell_client.outbox.outbox import Outbox
from doorbell_client.outbox.spool import OPENED_FILE
from doorbell_client.outbox.upload import Uploader
from tests.doorbell_client.fake_cloud import FakeCloud
from tests.doorbell_client.living import (
    DECISION,
    NOWHERE,
    SHORT_TIMEOUTS,
    PretendedParts,
    Systemd,
    alive,
    unplugged_cloud,
)

NEVER = 3600.0
ROOM = Path(alarm.__file__).parents[1]
"""Where the device's programs are."""


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))


def test_a_broken_part_shows_on_the_lights_and_to_systemd(tmp_path: Path) -> None:
    async def scene() -> None:
        faults = ("keypad: no such pin", "strike: the relay is gone")
        broken = f"STATUS=line up, 0 presses wait, broken: {'; '.join(faults)}"
        cloud = FakeCloud()
        with Systemd(tmp_path) as it:
            async with (
                cloud.running(),
                alive(
                    cloud.credentials, tmp_path / "spool", supervisor=it.supervisor, faults=faults
                ) as door,
            ):
                await door.until(lambda: Mood.FAULT in door.parts.moods)
                await door.until(lambda: it.was_told(broken))
                await door.until(lambda: it.was_told("WATCHDOG=1"))
                assert Mood.READY not in door.parts.moods
            assert it.was_told("STOPPING=1")

    run(scene)


NOT_VITAL: dict[str, Callable[[pytest.MonkeyPatch], PretendedParts | None]] = {
    "the keypad": lambda patch: PretendedParts(breaks_at_start="keypad"),
    "the camera": lambda patch: PretendedParts(breaks_at_start="camera"),
    "the way of photos": lambda patch: patch.setattr(Uploader, "warm_up", fails),
    "what former runs left": lambda patch: patch.setattr(Outbox, "restore", fails),
}


def fails(*_: object) -> None:
    raise OSError("of all things")


@pytest.mark.parametrize("what", NOT_VITAL)
def test_what_is_not_vital_may_fail_and_the_door_rings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        cloud = FakeCloud()
        parts = NOT_VITAL[what](monkeypatch)
        with Systemd(tmp_path) as systemd:
            async with (
                cloud.running(),
                alive(
                    cloud.credentials, tmp_path / "spool", parts, supervisor=systemd.supervisor
                ) as it,
            ):
                await it.until(lambda: Mood.FAULT in it.parts.moods)
                broken = f"STATUS=line up, 0 presses wait, broken: {what}: OSError"
                await it.until(lambda: systemd.was_told(broken))
                it.press()
                await it.until(lambda: len(it.parts.bells) == 1)
                await it.until(lambda: any(isinstance(each, Delivered) for each in it.events))
        assert what in caplog.text

    run(scene)


def test_a_door_whose_button_fails_ends(tmp_path: Path) -> None:
    """Nobody could ring at it; whoever looks after the program must see that."""

    async def scene() -> None:
        parts = PretendedParts(breaks_at_start="button")
        with pytest.raises(OSError, match="no such pin"):
            async with alive(NOWHERE, tmp_path, parts) as it:
                await it.until(lambda: False)
        assert "strike" in parts.closed

    run(scene)


def test_whoever_watches_is_told_of_all_that_happens_in_its_order(tmp_path: Path) -> None:
    def place(kind: type[Event], events: list[Event]) -> int:
        return next(n for n, event in enumerate(events) if isinstance(event, kind))

    async def scene() -> None:
        cloud = FakeCloud(films=True)
        async with cloud.running(), alive(cloud.credentials, tmp_path) as it:
            await it.until(lambda: any(isinstance(each, HelloAnswer) for each in it.events))
            it.press()
            await it.until(lambda: any(isinstance(each, Filmed) for each in it.events))
            await it.until(lambda: any(isinstance(each, Sound) for each in it.events))
            cloud.say(Open("o1", "ring", 5, 15))
            await it.until(lambda: Opened("o1") in cloud.requests)
            for one, other in (
                (Begin, Ticket), (Begin, Pictured), (Ticket, Delivered), (Pictured, Delivered),
                (Begin, Sound), (Open, Energise),
            ):  # fmt: skip
                assert place(one, it.events) < place(other, it.events)
            [pictured] = [each for each in it.events if isinstance(each, Pictured)]
            [begun] = [each for each in it.events if isinstance(each, Begin)]
            assert pictured == Pictured(begun.press, "x.jpeg")

    run(scene)


async def undecided_press_rings(folder: Path, timeouts: Timeouts) -> None:
    """The line is up and the cloud decides nothing: the bell waits for its time, and sounds."""
    cloud = FakeCloud(decide=lambda ring: [])
    async with cloud.running(), alive(cloud.credentials, folder, timeouts=timeouts) as it:
        await it.until(lambda: Line.UP in it.events)
        it.press()
        await it.until(lambda: any(isinstance(each, Begin) for each in it.events))
        assert it.parts.bells == []
        await it.until(lambda: len(it.parts.bells) == 1, seconds=10)


def test_the_bell_sounds_at_its_moment_and_not_at_the_next_beat(tmp_path: Path) -> None:
    async def scene() -> None:
        rarely = SHORT_TIMEOUTS._replace(link=SHORT_TIMEOUTS.link._replace(beat=NEVER))
        await undecided_press_rings(tmp_path, rarely)

    run(scene)


def test_the_bell_sounds_although_timers_stand_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they do while a machine sleeps."""
    monkeypatch.setattr(alarm, "LATER", NEVER)

    async def scene() -> None:
        await undecided_press_rings(tmp_path, SHORT_TIMEOUTS)

    run(scene)


def test_the_lights_show_that_the_door_is_ready_before_anything_else_happens(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        rarely = SHORT_TIMEOUTS._replace(link=SHORT_TIMEOUTS.link._replace(beat=NEVER))
        slow = rarely._replace(link=rarely.link._replace(connect=NEVER))
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            nobody = Credentials(f"ws://127.0.0.1:{port}/", NOWHERE.token)
            async with alive(nobody, tmp_path, timeouts=slow) as it:
                await it.until(lambda: bool(it.parts.moods), seconds=5)

    run(scene)


def test_a_press_cuts_a_long_pause_between_two_tries_short(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def scene() -> None:
        cloud = await unplugged_cloud()
        slow = SHORT_TIMEOUTS.link._replace(first_retry=NEVER, longest_retry=NEVER)
        patient = SHORT_TIMEOUTS._replace(link=slow)
        async with alive(cloud.credentials, tmp_path, timeouts=patient) as it:
            await it.until(lambda: "no line to the cloud" in caplog.text)
            async with cloud.running(cloud.port):
                it.press()
                await it.until(lambda: Line.UP in it.events, seconds=10)

    run(scene)


def test_a_press_leaves_a_line_that_is_up_alone(tmp_path: Path) -> None:
    """What hurries a try would cut the pause after the next loss of the line short."""

    async def scene() -> None:
        cloud = FakeCloud()
        slow = SHORT_TIMEOUTS.link._replace(first_retry=NEVER, longest_retry=NEVER)
        patient = SHORT_TIMEOUTS._replace(link=slow)
        async with cloud.running(), alive(cloud.credentials, tmp_path, timeouts=patient) as it:
            await it.until(lambda: Line.UP in it.events)
            it.press()
            await it.until(lambda: any(isinstance(each, Delivered) for each in it.events))
            cloud.cut()
            await it.until(lambda: Line.DOWN in it.events)
            await asyncio.sleep(0.5)
            assert it.events.count(Line.UP) == 1

    run(scene)


def pings(cloud: FakeCloud) -> list[Ping]:
    return [each for each in cloud.requests if isinstance(each, Ping)]


def test_while_a_visitor_waits_the_line_is_tried_more_often(tmp_path: Path) -> None:
    """A line that is dead would be noticed after minutes; the visitor stands there now."""

    async def scene() -> None:
        cloud = FakeCloud(decide=lambda ring: [])
        often = SHORT_TIMEOUTS.link._replace(ping=NEVER, busy_ping=0.1)
        asking = SHORT_TIMEOUTS._replace(link=often)
        async with cloud.running(), alive(cloud.credentials, tmp_path, timeouts=asking) as it:
            await it.until(lambda: Line.UP in it.events)
            await asyncio.sleep(0.5)
            assert not pings(cloud)
            it.press()
            await it.until(lambda: bool(pings(cloud)), seconds=10)

    run(scene)


def test_that_the_door_opened_is_on_the_disk_too_before_the_cloud_knows(tmp_path: Path) -> None:
    """A power cut takes what is in memory alone; the door would open a second time."""

    async def scene() -> None:
        card, memory = tmp_path / "card", tmp_path / "memory"
        memory.mkdir()
        cloud = FakeCloud(acknowledges=False)
        async with cloud.running(), alive(cloud.credentials, card, memory=memory) as it:
            await it.until(lambda: Line.UP in it.events)
            cloud.say(Open("o1", "ring", 5, 15))
            await it.until(lambda: "o1" in ReplayGuard([memory / OPENED_FILE]).known)
            await it.until(lambda: "o1" in ReplayGuard([card / OPENED_FILE]).known)

    run(scene)


def test_the_light_strobes_no_longer_than_the_picture_takes(tmp_path: Path) -> None:
    async def scene() -> None:
        long = SHORT_TIMEOUTS._replace(door=SHORT_TIMEOUTS.door._replace(capture=NEVER))
        cloud = FakeCloud(decide=lambda ring: [])
        async with cloud.running(), alive(cloud.credentials, tmp_path, timeouts=long) as it:
            await it.until(lambda: Line.UP in it.events)
            it.press()
            await it.until(lambda: Mood.CAPTURING in it.parts.moods)
            await it.until(lambda: it.parts.moods[-1] is Mood.WAITING)

    run(scene)


def test_a_press_whose_bell_is_decided_after_a_restart_rings_once(tmp_path: Path) -> None:
    """The decision names the ring, and the former run had heard whose press that is."""

    async def scene() -> None:
        cloud = FakeCloud(decide=lambda ring: [])
        late = SHORT_TIMEOUTS._replace(door=SHORT_TIMEOUTS.door._replace(decision=1.0))
        async with cloud.running():
            async with alive(cloud.credentials, tmp_path, timeouts=late) as it:
                await it.until(lambda: Line.UP in it.events)
                it.press()
                await it.until(lambda: any(isinstance(each, Delivered) for each in it.events))
                assert it.parts.bells == []
                [ring] = [each.ring for each in it.events if isinstance(each, Ticket)]
            async with alive(cloud.credentials, tmp_path, timeouts=late) as again:
                await again.until(lambda: Line.UP in again.events)
                cloud.say(RingThrough(ring, "stranger"))
                await again.until(lambda: len(again.parts.bells) == 1)
                await asyncio.sleep(1.5)
                assert len(again.parts.bells) == 1

    run(scene)


def test_after_its_end_no_bell_sounds_and_nothing_of_the_door_goes_on(tmp_path: Path) -> None:
    """Somebody has pressed, the camera hangs, and no decision has come."""

    async def scene() -> None:
        cloud = FakeCloud(decide=lambda ring: [], tickets=False)
        parts = PretendedParts(capture_takes=NEVER)
        async with cloud.running():
            before = asyncio.all_tasks()
            async with alive(cloud.credentials, tmp_path, parts) as it:
                await it.until(lambda: Line.UP in it.events)
                it.press()
                await it.until(lambda: bool(cloud.presses))
            left = {task for task in asyncio.all_tasks() - before if is_of_the_door(task)}
            assert left == set()
            await asyncio.sleep(DECISION + 0.3)
            assert parts.bells == []

    run(scene)


def is_of_the_door(task: asyncio.Task[object]) -> bool:
    """Whether its code is the product's."""
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and Path(code.co_filename).is_relative_to(ROOM)


def test_the_end_drops_the_film_and_lets_go_of_the_uploads(tmp_path: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud(films=True, film_seconds=NEVER)
        before = open_clients()
        async with cloud.running():
            async with alive(cloud.credentials, tmp_path) as it:
                await it.until(lambda: Line.UP in it.events)
                it.press()
                await it.until(lambda: cloud.film_puts == 1)
                assert len(open_clients()) == len(before) + 2, "one for photos, one for films"
            assert not it.controller.filming
            assert [each for each in open_clients() if each not in before] == []

    run(scene)


def open_clients() -> list[httpx.AsyncClient]:
    found = [each for each in gc.get_objects() if type(each) is httpx.AsyncClient]
    return [each for each in found if not each.is_closed]
