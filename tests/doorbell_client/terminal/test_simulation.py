"""The terminal door against a house on loopback: what is seen, and that the terminal survives."""

import asyncio
import contextlib
import fcntl
import io
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from rich.console import Console

from doorbell.protocol import EnterCode, Open, Opened, RingThrough, Welcome
from doorbell_client.config.profile import Profile
from doorbell_client.config.schema import Camera, Config
from doorbell_client.door.parts import Mood
from doorbell_client.errors import CameraError, ConfigError
from doorbell_client.hardware.absent import NoCamera
from doorbell_client.hardware.lights import BOTH, BUTTON, DARK, STATUS
from doorbell_client.hardware.stills import StillsCamera
from doorbell_client.link.line import Line
from doorbell_client.terminal import panel, simulation
from doorbell_client.terminal.simulation import Simulation
from tests.doorbell_client.fake_cloud import TOKEN, FakeCloud


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, colour in (("ann.jpeg", "red"), ("bob.jpeg", "blue")):
        Image.new("RGB", (640, 480), colour).save(folder / name)
    return folder


def seen(simulation: Simulation) -> str:
    """The screen in 80 by 24 plain characters."""
    console = Console(
        width=panel.WIDTH, height=panel.HEIGHT, file=io.StringIO(), record=True, color_system=None
    )
    console.print(panel.draw(simulation.look, time.monotonic()), height=panel.HEIGHT)
    return console.export_text()


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def at_home(
    tmp_path: Path, cloud: FakeCloud, camera: StillsCamera | NoCamera
) -> AsyncIterator[Simulation]:
    """A simulation that is connected to a running house."""
    async with cloud.running():
        simulation = Simulation(cloud.credentials, camera, tmp_path / "spool")
        alive = asyncio.create_task(simulation.run())
        await until(lambda: simulation.look.line is Line.UP)
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
        await until(lambda: door.look.mood is not Mood.OFF)
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
            assert door.look.typed == ""
            for key in "345":
                door.key(key)
            door.key("x")  # no key of ours
            door.key("n")  # no pictures to turn
            assert door.look.typed == "345"
            door.tick(time.monotonic() + 10)
            assert door.look.typed == ""
            door.tell("a warning")
            assert "a warning" in seen(door)

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("mood", "seconds", "lights"),
    [
        (Mood.READY, 100, STATUS),
        (Mood.OPEN, 0, BOTH),
        (Mood.OFF, 3, DARK),
        (Mood.CAPTURING, 0.01, BUTTON),
        (Mood.CAPTURING, 0.07, DARK),
        (Mood.CAPTURING, 12.01, BUTTON),
        (Mood.ERROR, 1.9, STATUS),
        (Mood.ERROR, 2.5, DARK),
        (Mood.ERROR, 3.5, STATUS),
        (Mood.ERROR, 4.5, DARK),
        (Mood.OFFLINE, 0.3, STATUS),
        (Mood.OFFLINE, 1.0, DARK),
    ],
)
def test_the_lamps_blink_like_the_leds(mood: Mood, seconds: float, lights: object) -> None:
    assert panel.shine(mood, seconds) == lights


def test_every_mood_can_be_drawn_and_fits_a_small_terminal() -> None:
    for mood in Mood:
        for line in Line:
            look = panel.Look(line=line, mood=mood, picture=panel.Picture("a" * 200, ()))
            look.story.extend(["x" * 200, "[bold]not markup", "\x1b[31mno colour"])
            console = Console(width=80, height=24, file=io.StringIO(), record=True)
            console.print(panel.draw(look, 1.0), height=24)
            lines = console.export_text().rstrip("\n").split("\n")
            assert len(lines) <= 24
            assert max(map(len, lines)) <= 80
            assert "[bold]not markup" in "\n".join(lines)
            assert "\x1b" not in "\n".join(lines)


def test_a_picture_is_made_small_and_what_is_none_is_only_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    output = io.BytesIO()
    Image.new("RGB", (640, 480), (255, 0, 0)).save(output, "JPEG")
    picture = panel.small(output.getvalue(), "red.jpeg")
    assert len(picture.pixels) == 24
    assert {len(row) for row in picture.pixels} == {32}
    assert picture.pixels[0][0][0] > 240
    assert panel.small(b"no picture", "x").pixels == ()
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert panel.small(output.getvalue(), "red.jpeg").pixels == ()


def place(folder: Path) -> Profile:
    return Profile(Config(camera=Camera(folder=folder)), None, False, {})


def test_pictures_are_the_named_ones_else_the_configured_else_me(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    absent = tmp_path / "absent"
    assert isinstance(simulation.find_camera(place(absent), None), NoCamera)
    (pictures / "ann.jpeg").rename(tmp_path / "me.jpeg")
    found = simulation.find_camera(place(absent), None)
    assert isinstance(found, StillsCamera)
    assert found.upcoming.name == "me.jpeg"
    found = simulation.find_camera(place(pictures), None)
    assert isinstance(found, StillsCamera)
    assert found.upcoming.name == "bob.jpeg"
    with pytest.raises(CameraError):
        simulation.find_camera(place(pictures), absent)


def test_without_a_terminal_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(ConfigError, match="no terminal"):
        simulation.main(place(Path("absent")), None)


# --- a real terminal --------------------------------------------------------------------------


_OWN_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
"""So that Ctrl-C reaches this program and nobody else."""

_PROGRAM = "import sys; from doorbell_client.__main__ import main; sys.exit(main())"


class Terminal:
    """A pseudo-terminal of 80 by 24 with `doorbell simulate` in it."""

    def __init__(self, url: str, pictures: Path, *, program: str = "") -> None:
        self.keys, self.screen_side = pty.openpty()
        fcntl.ioctl(self.screen_side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.screen_side)
        self.shown = ""
        run = _OWN_TERMINAL + (program or _PROGRAM)
        self.process = subprocess.Popen(
            [sys.executable, "-c", run, "simulate", "--photos", str(pictures)],
            stdin=self.screen_side,
            stdout=self.screen_side,
            stderr=self.screen_side,
            start_new_session=True,
            env={
                **os.environ,
                "TERM": "xterm-256color",
                "PYTHONPATH": os.pathsep.join(sys.path),
                "DOORBELL_CLOUD_URL": url,
                "DOORBELL_TOKEN": TOKEN,
            },
        )

    def read(self) -> str:
        while select.select([self.keys], [], [], 0)[0]:
            self.shown += os.read(self.keys, 65536).decode(errors="replace")
        return self.shown

    async def shows(self, words: str) -> None:
        async with asyncio.timeout(20):
            while words not in self.read():
                assert self.process.poll() is None, self.shown
                await asyncio.sleep(0.02)

    def type(self, keys: str) -> None:
        os.write(self.keys, keys.encode())

    async def ends(self) -> int:
        async with asyncio.timeout(20):
            while self.process.poll() is None:
                self.read()
                await asyncio.sleep(0.02)
        self.read()
        return self.process.returncode

    def is_as_before(self) -> bool:
        """Echo and lines are back, the cursor is, and the shell's screen is."""
        last = self.shown.rfind
        return (
            termios.tcgetattr(self.screen_side) == self.before
            and last("\x1b[?1049l") > last("\x1b[?1049h")
            and last("\x1b[?25h") > last("\x1b[?25l")
        )

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.keys)
        os.close(self.screen_side)


FAILING = """
import sys
from doorbell_client.terminal import simulation as simulate
from doorbell_client.__main__ import main

async def boom(self):
    import asyncio
    await asyncio.sleep(0.5)
    raise RuntimeError("boom")

simulate.Simulation.run = boom
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("how", "status"),
    [("q", 0), ("\x04", 0), ("\x03", 0), (signal.SIGTERM, 0), (signal.SIGHUP, 0), ("crash", 1)],
    ids=["q", "ctrl-d", "ctrl-c", "sigterm", "sighup", "crash"],
)
def test_the_terminal_is_given_back_however_it_ends(
    pictures: Path, how: str | signal.Signals, status: int
) -> None:
    async def scene() -> None:
        cloud = FakeCloud(decide=lambda ring: [Welcome(ring)])
        async with cloud.running():
            program = FAILING if how == "crash" else ""
            terminal = Terminal(cloud.credentials.url, pictures, program=program)
            try:
                if how == "crash":
                    pass
                elif isinstance(how, signal.Signals):
                    await terminal.shows("connected")
                    terminal.process.send_signal(how)
                else:
                    await terminal.shows("connected")
                    if how == "q":
                        terminal.type("\x1b[A\x1bOP ")  # an arrow and F1 are no presses
                        await terminal.shows("welcome: type the code")
                    terminal.type(how)
                assert await terminal.ends() == status, terminal.shown[-2000:]
                assert terminal.is_as_before()
                assert len(cloud.presses) == (1 if how == "q" else 0)
            finally:
                terminal.close()

    asyncio.run(scene())
