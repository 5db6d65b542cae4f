"""The terminal door against a cloud on loopback: what is seen when somebody rings."""

import asyncio
import contextlib
import io
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from doorbell.protocol import EnterCode, Open, Opened, RingThrough, Welcome
from doorbell_client.door.parts import Mood
from doorbell_client.hardware.absent import NoCamera
from doorbell_client.hardware.stills import StillsCamera
from doorbell_client.link.line import Line
from doorbell_client.terminal import canvas, panel
from doorbell_client.terminal.simulation import Simulation
from tests.doorbell_client.fake_cloud import FakeCloud


def seen(simulation: Simulation) -> str:
    """The screen in 80 by 24 plain characters."""
    console = Console(
        width=canvas.WIDTH, height=canvas.HEIGHT, file=io.StringIO(), record=True, color_system=None
    )
    console.print(panel.draw(simulation.view, time.monotonic()), height=canvas.HEIGHT)
    return console.export_text()


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def at_home(
    tmp_path: Path, cloud: FakeCloud, camera: StillsCamera | NoCamera
) -> AsyncIterator[Simulation]:
    """A simulation that is connected to a running cloud."""
    async with cloud.running():
        simulation = Simulation(cloud.credentials, camera, tmp_path / "spool")
        alive = asyncio.create_task(simulation.run())
        await until(lambda: simulation.view.line is Line.UP)
        yield simulation
        simulation.quit.set()
        await asyncio.wait_for(alive, 10)


def test_a_resident_rings_types_the_code_and_comes_in(tmp_path: Path, pictures: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud(decide=lambda ring: [Welcome(ring)])
        async with at_home(tmp_path, cloud, StillsCamera(pictures)) as door:
            await until(lambda: "ready: press space" in seen(door))
            assert "next: ann.jpeg" in seen(door)
            door.key(" ")
            await until(lambda: "type your code, then #" in seen(door))
            assert "ann.jpeg" in seen(door)
            for key in "042137":
                door.key(key)
            assert "0 4 2 1 3 7" in seen(door)
            door.key("#")
            await until(lambda: EnterCode("042137") in cloud.requests)
            assert "_ _ _ _ _ _" in seen(door)
            cloud.say(Open("open-1", next(iter(cloud.presses)), 5, 15))
            await until(lambda: "OPEN, 5 s left" in seen(door))
            await until(lambda: Opened("open-1") in cloud.requests)
            assert "come in" in seen(door)
            assert len(cloud.photos) == 1

    asyncio.run(scene())


def test_a_stranger_rings_the_bells(tmp_path: Path, pictures: Path) -> None:
    async def scene() -> None:
        cloud = FakeCloud(decide=lambda ring: [RingThrough(ring, "stranger")])
        async with at_home(tmp_path, cloud, StillsCamera(pictures)) as door:
            door.key("n")
            assert "next: bob.jpeg" in seen(door)
            door.key("\r")
            await until(lambda: seen(door).count("ding-dong") >= 2)
            assert "bob.jpeg" in seen(door)
            assert "nobody who lives here" in seen(door)
            assert "locked" in seen(door)

    asyncio.run(scene())


def test_without_pictures_and_without_a_line_a_press_still_rings(tmp_path: Path) -> None:
    async def scene() -> None:
        rung: list[bool] = []
        cloud = FakeCloud()
        async with cloud.running():
            nowhere = cloud.credentials
        door = Simulation(nowhere, NoCamera(), tmp_path / "s", sound=lambda: rung.append(True))
        alive = asyncio.create_task(door.run())
        await until(lambda: door.view.mood is not Mood.OFF)
        assert "no line" in seen(door)
        door.key(" ")
        await until(lambda: rung)
        assert "ding-dong" in seen(door)
        door.key("q")
        await asyncio.wait_for(alive, 10)

    asyncio.run(scene())


def test_typed_digits_are_cleared_and_forgotten_as_the_keypad_does(tmp_path: Path) -> None:
    async def scene() -> None:
        async with at_home(tmp_path, FakeCloud(), NoCamera()) as door:
            for key in "12":
                door.key(key)
            door.key("*")
            assert door.view.typed == ""
            for key in "345":
                door.key(key)
            door.key("x")  # no key of ours
            door.key("n")  # no pictures to turn
            assert door.view.typed == "345"
            door.tick(time.monotonic() + 10)
            assert door.view.typed == ""
            door.add_line("a warning")
            assert "a warning" in seen(door)

    asyncio.run(scene())
