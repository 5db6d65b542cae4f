"""One burst after another is judged, and what that takes is measured."""

from __future__ import annotations

import io
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from PIL import Image

from doorbell.films.bursts import FPS, GIF_WIDTH, MP4_WIDTH
from doorbell.liveness.judging import STEPS, is_flat, look, moves_like_a_print
from filmmaker.films import make_gif, make_mp4
from proof.liveness.scenes import burst
from tracking import tracker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from doorbell.liveness.judging import Seen

MEASURED: Final = ("waved", "tilted", "turning", "walking up")
"""Kinds of bursts of which the cost is taken: the larger what moves is, the more it takes."""


SENT: Final = (1280, 960)


class Trial(NamedTuple):
    """How one burst was judged."""

    kind: str
    seed: int
    marked: bool
    """It was said to move like a flat print."""
    told: bool
    """There was enough tilt to say something."""
    tilt: float
    beside: float
    """Of the steps that told, in pixels (root of the sum of squares)."""


class Cost(NamedTuple):
    """What one burst took, in CPU seconds."""

    judged: float
    filmed: float


def run(wanted: Iterable[tuple[str, int]]) -> list[Trial]:
    """Judge these kinds and seeds, side by side."""
    with ProcessPoolExecutor(initializer=_kindly) as pool:
        return list(pool.map(_one, wanted, chunksize=4))


def _kindly() -> None:
    """Others may want the machine."""
    os.nice(10)


def _one(wanted: tuple[str, int]) -> Trial:
    kind, seed = wanted
    seen = [found for step in tracker.steps(burst(kind, seed).jpegs) if (found := look(step))]
    return trial(kind, seed, seen)


def trial(kind: str, seed: int, seen: list[Seen]) -> Trial:
    """What was seen of a burst, and what is said of it."""
    telling = [step for step in seen if step.tells]
    tilt, beside = (
        sum(getattr(step, name) ** 2 for step in telling) ** 0.5 for name in ("tilt", "beside")
    )
    return Trial(kind, seed, is_flat(seen), len(telling) >= STEPS, tilt, beside)


def costs(seed: int) -> list[Cost]:
    """Each of some bursts, judged and filmed in turn by one process."""
    return [_cost(_as_sent(burst(kind, seed).jpegs)) for kind in MEASURED]


def _as_sent(jpegs: list[bytes]) -> list[bytes]:
    """As large as a door's camera takes them if nobody says otherwise."""
    large = []
    for jpeg in jpegs:
        with Image.open(io.BytesIO(jpeg)) as picture:
            out = io.BytesIO()
            picture.resize(SENT, Image.Resampling.BICUBIC).save(out, "JPEG", quality=85)
        large.append(out.getvalue())
    return large


def _cost(jpegs: list[bytes]) -> Cost:
    begin = time.process_time()
    moves_like_a_print(tracker, jpegs)
    judged = time.process_time()
    _film(jpegs)
    return Cost(judged - begin, time.process_time() - judged)


def _film(jpegs: list[bytes]) -> None:
    """As the function does."""
    with tempfile.TemporaryDirectory() as folder:
        make_gif(jpegs, Path(folder, "film.gif"), fps=FPS, width=GIF_WIDTH)
        make_mp4(jpegs, Path(folder, "film.mp4"), fps=FPS, width=MP4_WIDTH)


def memory(seed: int) -> tuple[float, float]:
    """The most that a process has taken, in MB: that only films, and that also judges."""
    jpegs = _as_sent(burst(MEASURED[0], seed).jpegs)
    return _most(_film, jpegs), _most(_film_and_judge, jpegs)


def _film_and_judge(jpegs: list[bytes]) -> None:
    _film(jpegs)
    moves_like_a_print(tracker, jpegs)


def _most(work: Callable[[list[bytes]], None], jpegs: list[bytes]) -> float:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_resident, work, jpegs).result()


def _resident(work: Callable[[list[bytes]], None], jpegs: list[bytes]) -> float:
    work(jpegs)
    # Not getrusage's: that would also count what this process was before it was itself.
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1000
