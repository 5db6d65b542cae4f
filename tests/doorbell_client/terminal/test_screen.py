"""`doorbell simulate` in a real terminal, which it gives back however it ends."""

import asyncio
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from doorbell.protocol import Welcome
from tests.doorbell_client.fake_cloud import TOKEN, FakeCloud

_OWN_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
"""So that Ctrl-C reaches this program and nobody else."""

_PROGRAM = "import sys; from doorbell_client.__main__ import main; sys.exit(main())"


class Terminal:
    """A pseudo-terminal of 80 by 24 with `doorbell simulate` in it, or another command."""

    def __init__(
        self,
        url: str,
        pictures: Path,
        *words: str,
        program: str = "",
        **environment: str,
    ) -> None:
        self.keys, self.screen_side = pty.openpty()
        fcntl.ioctl(self.screen_side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.screen_side)
        self.shown = ""
        run = _OWN_TERMINAL + (program or _PROGRAM)
        self.process = subprocess.Popen(
            [sys.executable, "-c", run, *(words or ("simulate",)), "--photos", str(pictures)],
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
                **environment,
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
from doorbell_client.terminal import simulation
from doorbell_client.__main__ import main

async def boom(self):
    import asyncio
    await asyncio.sleep(0.5)
    raise RuntimeError("boom")

simulation.Simulation.run = boom
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


@pytest.mark.parametrize(
    "environment",
    [
        {"TERM": "dumb"},
        {"TERM": ""},
        {"PYTHONIOENCODING": "ascii"},
        {"NO_COLOR": "1"},
        {"COLUMNS": "60", "LINES": "20"},
        {"COLUMNS": "40", "LINES": "12"},
    ],
    ids=str,
)
def test_every_terminal_gets_a_whole_door(pictures: Path, environment: dict[str, str]) -> None:
    async def scene() -> None:
        cloud = FakeCloud(decide=lambda ring: [Welcome(ring)])
        async with cloud.running():
            terminal = Terminal(cloud.credentials.url, pictures, **environment)
            try:
                await terminal.shows("connected")
                terminal.type(" ")
                await terminal.shows("welcome: type the code")
                await terminal.shows("keypad" if "COLUMNS" not in environment else "keys")
                terminal.type("042")
                await terminal.shows("042" if "TERM" in environment else "0 4 2")
                terminal.type("q")
                assert await terminal.ends() == 0, terminal.shown[-2000:]
                assert "Traceback" not in terminal.shown
                if "PYTHONIOENCODING" in environment or environment.get("TERM") == "dumb":
                    assert terminal.shown.isascii()
                if "NO_COLOR" in environment:
                    assert "\x1b[3" not in terminal.shown
            finally:
                terminal.close()

    asyncio.run(scene())
