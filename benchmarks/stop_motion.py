"""Ten thousand pictures end to end: a camera sends them, the operator has a film made of them.

    python -m benchmarks stop_motion

The camera sends over HTTP, as an Arduino does, 800 by 600; the film is asked for as `make film`
asks. Runs of Film are counted by the state machine's history, their times are those of Film's own
log, and its memory is the kernel's figure for each of its processes (VmHWM), every one of which
would be an environment of its own on Lambda.
"""

from __future__ import annotations

import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Final, NamedTuple

import httpx

from benchmarks.processes import peak_kilobytes, running
from benchmarks.report import Figure, show
from demo.scenes import garden
from local import stack as local_stack
from operations.film import film

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack

PICTURES: Final = 10_000
DRAWN: Final = 100
"""Pictures that are drawn; they are sent again and again."""
SIZE: Final = (800, 600)
AT_ONCE: Final = 4
FILM: Final = "functions.film"
"""Stands in the command line of Film's processes."""
ONCE: Final = ("plan", "join", "make_gif", "finish")
"""Jobs of Film that a film needs once; all others make a part."""
LOOK_EVERY: Final = 0.2
MOST_SECONDS, MOST_MEGABYTES = 900, 1769
"""What template.yaml gives Film."""


class Job(NamedTuple):
    """One run of Film, by its log."""

    name: str
    seconds: float


def main() -> None:
    """Measure, and fail if a picture is missing."""
    with tempfile.TemporaryDirectory() as name, local_stack.up(directory=Path(name)) as stack:
        began = time.time()
        sent_in = _send(stack, PICTURES)
        with _watched() as peaks:
            asked = time.perf_counter()
            made = film(stack.deployed, stack.home, "Camera", (began - 1, time.time() + 1))
            film_in = time.perf_counter() - asked
        sizes = [len(httpx.get(link, trust_env=False).content) for link in (made.mp4, made.gif)]
        jobs, runs = list(_jobs(stack)), _runs(stack)
    show("Stop motion: ten thousand pictures of 800 by 600, from the camera to the film", [
        _count("pictures sent, and kept", PICTURES),
        _seconds("until the last was kept", sent_in, f"{AT_ONCE} at once"),
        _count("pictures in the film", made.frames, goal=str(PICTURES)),
        _seconds("from `make film` to the links", film_in),
        _count("parts", runs - len(ONCE)),
        _count("runs of Film", runs),
        _seconds("the longest run", max(job.seconds for job in jobs), goal=f"< {MOST_SECONDS}"),
        _seconds("all runs together", sum(job.seconds for job in jobs)),
        *(_seconds(f"{step}", sum(job.seconds for job in jobs if job.name == step))
          for step in ONCE),
        _figure("memory of Film's processes, the largest", max(peaks) / 1024, "MB",
                goal=f"< {MOST_MEGABYTES}"),
        _figure("the MP4", sizes[0] / 1e6, "MB"),
        _figure("the GIF", sizes[1] / 1e6, "MB"),
    ])  # fmt: skip
    if (made.frames, made.skipped) != (PICTURES, 0):
        raise SystemExit(f"pictures are missing: {made.frames} are in the film.")


def _send(stack: Stack, count: int) -> float:
    """Have the camera send so many; the seconds until the last was kept."""
    pictures = list(islice(garden(DRAWN, SIZE), DRAWN))
    headers = {"Authorization": f"Bearer {stack.tokens['camera']}", "Content-Type": "image/jpeg"}
    assert stack.cameras
    with httpx.Client(trust_env=False, timeout=60, headers=headers) as camera:

        def send(number: int) -> None:
            answer = camera.post(str(stack.cameras), content=pictures[number % DRAWN])
            answer.raise_for_status()

        began = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(send, range(count)))
        return time.perf_counter() - began


@contextmanager
def _watched() -> Iterator[list[int]]:
    """The most KB that each look has found in a process of Film's."""
    peaks, over = [0], Event()

    def look() -> None:
        while not over.wait(LOOK_EVERY):
            peaks.extend(peak_kilobytes(pid) for pid in running(FILM))

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peaks
    finally:
        over.set()
        watcher.join()


def _runs(stack: Stack) -> int:
    """How often the one execution has run Film."""
    machines = stack.aws.client("stepfunctions")
    (film,) = machines.list_executions(stateMachineArn=stack.outputs["StopMotion"])["executions"]
    pages = machines.get_paginator("get_execution_history").paginate(
        executionArn=film["executionArn"]
    )
    return sum(event["type"] == "TaskScheduled" for page in pages for event in page["events"])


def _jobs(stack: Stack) -> Iterator[Job]:
    """What Film's log tells of its runs."""
    logs = stack.aws.client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/doorbell/{stack.name}/film"
    )
    for page in pages:
        for event in page["events"]:
            if event["message"].startswith("{"):
                line = json.loads(event["message"])
                if "job" in line:
                    yield Job(line["job"], line["ms"] / 1000)


def _count(name: str, count: int, goal: str = "") -> Figure:
    return Figure(name, count, count, 1, goal=goal, unit="")


def _seconds(name: str, seconds: float, note: str = "", goal: str = "") -> Figure:
    return Figure(name, seconds, seconds, 1, note, "s", goal)


def _figure(name: str, value: float, unit: str, goal: str = "") -> Figure:
    return Figure(name, value, value, 1, unit=unit, goal=goal)
