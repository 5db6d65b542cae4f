"""A door's parts, line and clock belong together: each is told what it must know of the others."""

import asyncio
import gc
import logging
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from doorbell.protocol import HelloAnswer, Open, Opened, Ping, Ticket
from doorbell_client.config.credentials import Credentials
from doorbell_client.door import alarm
from doorbell_client.door.effects import Begin, Energise, Sound
from doorbell_client.door.events import Delivered, Event, Filmed, Pictured
from doorbell_client.door.parts import Mood
from doorbell_client.link.line import Line
from tests.doorbell_client.fake_cloud import FakeCloud
from tests.doorbell_client.living import (
    NOWHERE,
    SHORT_TIMEOUTS,
    Systemd,
    alive,
    unplugged_cloud,
)

NEVER = 3600.0


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
                assert Mood.READY not in door.parts.moods
            assert it.was_told("STOPPING=1")

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


def test_the_bell_sounds_at_its_moment_and_not_at_the_next_beat(tmp_path: Path) -> None:
    async def scene() -> None:
        rarely = SHORT_TIMEOUTS._replace(link=SHORT_TIMEOUTS.link._replace(beat=NEVER))
        async with alive(NOWHERE, tmp_path, timeouts=rarely) as it:
            it.press()
            await it.until(lambda: len(it.parts.bells) == 1, seconds=10)

    run(scene)


def test_the_bell_sounds_although_timers_stand_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they do while a machine sleeps."""
    monkeypatch.setattr(alarm, "LATER", NEVER)

    async def scene() -> None:
        async with alive(NOWHERE, tmp_path) as it:
            it.press()
            await it.until(lambda: len(it.parts.bells) == 1, seconds=10)

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
