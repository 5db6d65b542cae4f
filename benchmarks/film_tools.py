"""Three makers of films, each in a process of its own: ours, GraphicsMagick, and ffmpeg."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.debian import program

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

DELAY: Final = 15
"""Hundredths of a second for each frame, as the party camera of old had it."""
FPS: Final = f"100/{DELAY}"

OURS: Final = """
import sys
from pathlib import Path
from filmmaker.films import make_gif, make_mp4
kind, into, *frames = sys.argv[1:]
jpegs = (Path(frame).read_bytes() for frame in frames)
make = {"gif": make_gif, "mp4": make_mp4}[kind]
make(jpegs, Path(into), fps=100 / 15, width=540)
"""
START: Final = [sys.executable, "-c", "import filmmaker.films"]
"""What of ours goes into Python and its imports; in a warm function nothing does."""
LAUNCH: Final = """
import os, sys, time
began = time.perf_counter()
child = os.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
print(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Linux counts what a process was forked from as its own memory, so it is forked from a small
one.
"""
PALETTE: Final = "split[a][b];[a]palettegen[p];[b][p]paletteuse"
EVEN: Final = "crop=trunc(iw/2)*2:trunc(ih/2)*2"
"""4:2:0 has a colour for each four pixels; ffmpeg refuses odd sides."""


class Cost(NamedTuple):
    """What one run took."""

    seconds: float
    cpu: float
    """Seconds of all cores together."""
    megabytes: float
    """The most memory it had."""


class Tool(NamedTuple):
    """One maker of one kind of film."""

    name: str
    kind: str
    command: Callable[[Sequence[Path], Path], list[str]]


def ours(kind: str) -> Tool:
    """The room `filmmaker`."""
    head = [sys.executable, "-c", OURS, kind]
    return Tool("filmmaker", kind, lambda frames, into: [*head, str(into), *map(str, frames)])


def gm() -> Tool:
    """`gm convert`, as the party camera of old called it."""
    head = [str(program("gm", "graphicsmagick")), "convert", "-delay", str(DELAY)]
    return Tool("gm convert", "gif", lambda frames, into: [*head, *map(str, frames), str(into)])


def ffmpeg(kind: str) -> Tool:
    """`ffmpeg`, its GIF with a palette of its own; MP4 with its own settings."""
    head = [str(program("ffmpeg")), "-v", "error", "-y", "-framerate", FPS]
    tail = ["-vf", PALETTE] if kind == "gif" else [
        "-vf", EVEN, "-pix_fmt", "yuv420p", "-movflags", "+faststart",
    ]  # fmt: skip

    def command(frames: Sequence[Path], into: Path) -> list[str]:
        # The frames are numbered, so that they need not be named one by one.
        return [*head, "-i", str(frames[0].parent / "%04d.jpeg"), *tail, str(into)]

    return Tool("ffmpeg", kind, command)


def run(command: Sequence[str]) -> Cost:
    """Run to its end. Raises CalledProcessError if it fails; it says why on standard error."""
    launched = [sys.executable, "-I", "-S", "-c", LAUNCH, *command]
    said = subprocess.run(launched, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Cost(*map(float, said.split()[-3:]))
