"""A film of a thousand pictures takes the memory of one of a hundred."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

from tests.template.sources import ROOT

SHOOT: Final = """
import sys
from pathlib import Path
from filmmaker.films import make_gif, make_mp4
from tests.filmmaker.drawn import jpeg, numbered
make, folder, pictures = sys.argv[1:]
ready = [jpeg(numbered(n, (480, 320))) for n in range(12)]
shot = (ready[n % 12] for n in range(int(pictures)))
if make == "gif":
    made = make_gif(shot, Path(folder, "film.gif"), fps=10, width=320)
else:
    made = make_mp4(shot, Path(folder, "film.mp4"), fps=10)
assert made.frames == int(pictures)
status = dict(line.split(":") for line in open("/proc/self/status"))
print(int(status["VmHWM"].split()[0]) // 1024)
"""
"""Not `getrusage`: that counts what a process was forked from as its own."""


@pytest.mark.parametrize("make", ["gif", "mp4"])
def test_memory_does_not_grow_with_the_film(tmp_path: object, make: str) -> None:
    """Megabytes at most, of a process that does nothing else: within 8 of each other."""
    few, many = (_megabytes(make, str(tmp_path), pictures) for pictures in (100, 1000))
    assert many - few < 8, f"{few} MB for a hundred pictures, {many} MB for a thousand"
    assert many < 150


def _megabytes(make: str, folder: str, pictures: int) -> int:
    ended = subprocess.run(
        [sys.executable, "-c", SHOOT, make, folder, str(pictures)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return int(ended.stdout)
