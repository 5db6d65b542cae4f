"""`python -m benchmarks film`: films by our maker, `gm convert` and ffmpeg, of the same frames.

Twenty frames of three scenes at 540 by 405, several times in turn; then a day of a thousand. Each
maker runs as a process of its own, so that times and memory hold all that it needs. The frames are
drawn in code (demo/scenes.py).
"""

from __future__ import annotations

import cProfile
import json
import pstats
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import av
from PIL import Image
from rich.console import Console
from rich.table import Table

from benchmarks.film_tools import START, Cost, Tool, ffmpeg, gm, ours, run
from benchmarks.likeness import ssim
from benchmarks.report import RESULTS, WIDTH
from demo.scenes import garden, party, visitor
from filmmaker.films import make_gif

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SCENES: Final = {"visitor": visitor, "party": party, "garden": garden}
SHORT, TURNS = 20, 5
LONG: Final = 1000
COMPARED: Final = 20
"""Frames of a long film that are compared with what was shot."""
STAGES: Final = {
    "open_picture": "JPEGs decoded",
    "palette_of": "palette",
    "_indexed": "pixels to places in the palette",
    "_beyond_noise": "what has changed by more than noise",
    "_squeezed": "LZW",
}
"""Functions of ours, none of which calls another of them."""
TOOLS: Final = (gm(), ffmpeg("gif"), ours("gif"), ffmpeg("mp4"), ours("mp4"))


class Row(NamedTuple):
    """One film by one maker: the median of its runs."""

    scene: str
    kind: str
    tool: str
    cost: Cost
    bytes: int
    ssim: float


def main() -> None:
    """Measure and show."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = []
        for scene, shoot in SCENES.items():
            rows += _compared(scene, _shot(folder / scene, shoot(SHORT)), TURNS)
        stages = _stages(sorted((folder / "visitor").glob("*.jpeg")))
        rows += _compared("1,000 pictures", _shot(folder / "day", garden(LONG)), 1)
    start = statistics.median(run(START).seconds for _ in range(TURNS))
    _show(rows, {"Python and its imports, once": start, **stages})


def _shot(folder: Path, frames: Iterator[bytes]) -> list[Path]:
    folder.mkdir()
    files = []
    for number, frame in enumerate(frames):
        files.append(folder / f"{number:04d}.jpeg")
        files[-1].write_bytes(frame)
    return files


def _compared(scene: str, frames: Sequence[Path], turns: int) -> list[Row]:
    """All makers in turn, so that a machine that grows slower meanwhile does so for all."""
    costs: dict[Tool, list[Cost]] = {tool: [] for tool in TOOLS}
    files = {tool: frames[0].with_name(f"film-{n}.{tool.kind}") for n, tool in enumerate(TOOLS)}
    for _ in range(turns):
        for tool, file in files.items():
            costs[tool].append(run(tool.command(frames, file)))
    return [_row(scene, tool, costs[tool], file, frames) for tool, file in files.items()]


def _row(scene: str, tool: Tool, costs: Sequence[Cost], file: Path, frames: Sequence[Path]) -> Row:
    medians = [statistics.median(each) for each in zip(*costs, strict=True)]
    alike = _likeness(file, tool.kind, frames)
    cost = Cost(*medians)
    return Row(scene, tool.kind, tool.name, cost, file.stat().st_size, alike)


def _likeness(film: Path, kind: str, frames: Sequence[Path]) -> float:
    """The mean SSIM of what the film shows and what was shot."""
    every = max(1, len(frames) // COMPARED)
    found = []
    for number, seen in enumerate(_gif(film) if kind == "gif" else _mp4(film)):
        if number % every == 0:
            with Image.open(frames[number]) as frame:
                # An MP4 may have lost a line at an edge: its sides are even.
                found.append(ssim(frame.crop((0, 0, *seen.size)), seen))
    return statistics.mean(found)


def _gif(film: Path) -> Iterator[Image.Image]:
    with Image.open(film) as opened:
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            yield opened.convert("RGB")


def _mp4(film: Path) -> Iterator[Image.Image]:
    with av.open(str(film)) as opened:
        for frame in opened.decode(video=0):
            convert: Callable[[], Image.Image] = frame.to_image
            yield convert()


def _stages(frames: Sequence[Path]) -> dict[str, float]:
    """Where the time of our GIF goes, in seconds, as Python's own profiler sees it."""
    jpegs = [frame.read_bytes() for frame in frames]
    profile = cProfile.Profile()
    began = time.perf_counter()
    profile.runcall(make_gif, jpegs, frames[0].with_name("stages.gif"), fps=7, width=540)
    whole = time.perf_counter() - began
    spent = dict.fromkeys(STAGES.values(), 0.0)
    for named, found in pstats.Stats(profile).get_stats_profile().func_profiles.items():
        if named in STAGES:
            spent[STAGES[named]] += found.cumtime
    return {**spent, "the rest": whole - sum(spent.values())}


def _show(rows: Sequence[Row], stages: dict[str, float]) -> None:
    table = Table(title=f"Films of {SHORT} frames, and of a thousand", title_justify="left")
    for column in ("scene", "film", "made by"):
        table.add_column(column, no_wrap=True)
    for column in ("s", "CPU s", "MB", "kB", "SSIM", "of its CPU", "of its kB"):
        table.add_column(column, justify="right")
    for row in rows:
        base = next(each for each in rows if each[:2] == row[:2])
        table.add_row(
            row.scene, row.kind, row.tool, f"{row.cost.seconds:.2f}", f"{row.cost.cpu:.2f}",
            f"{row.cost.megabytes:.0f}", f"{row.bytes / 1000:.0f}", f"{row.ssim:.4f}",
            f"{row.cost.cpu / base.cost.cpu:.2f}", f"{row.bytes / base.bytes:.2f}",
            end_section=row.tool == "filmmaker",
        )  # fmt: skip
    console = Console(width=max(WIDTH, Console().width))
    console.print(table)
    console.print(f"Where our GIF of {SHORT} frames (visitor) spends its time:")
    for stage, seconds in stages.items():
        console.print(f"  {seconds * 1000:6.0f} ms  {stage}")
    RESULTS.mkdir(exist_ok=True)
    content = {
        "title": "Film",
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows": [{**row._asdict(), "cost": row.cost._asdict()} for row in rows],
        "stages": stages,
    }
    (RESULTS / "film.json").write_text(json.dumps(content, indent=2) + "\n")
