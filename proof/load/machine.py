"""What the processes of the stack use while it rings: memory, processors, and how many they are.

Linux alone says so (`/proc`); elsewhere there are no samples.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.processes import descendants, own_kilobytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

PROC: Final = Path("/proc")
MEASURABLE: Final = (PROC / "self" / "smaps_rollup").exists()
APART: Final = 1.0
"""Seconds between two samples."""
LOOK: Final = 0.01
"""Seconds between two looks at what a thread does."""
TICKS: Final = os.sysconf("SC_CLK_TCK")

LOOP: Final = "server: event loop"
SERVER: Final = "server: its other threads"
FACES: Final = "face matching"
RING_PATH: Final = "RingPath"
OTHERS: Final = "other functions"
PEOPLE: Final = "doors and phones"
NOT_OURS: Final = "not of this proof"
KINDS: Final = (FACES, LOOP, SERVER, RING_PATH, OTHERS, PEOPLE)


class Process(NamedTuple):
    """One process of the stack, or this one."""

    pid: int
    kind: str
    seconds: float
    """Of a processor, since it began."""
    threads: int


class Sample(NamedTuple):
    """One look."""

    rings: int
    """That had ended."""
    processes: int
    """Besides this one."""
    threads: int
    """Of the server."""
    kilobytes: Mapping[tuple[int, str], int]
    """What each process has written itself and shares with nobody, by its id and kind."""


class Point(NamedTuple):
    """The memory of the processes of a kind that lasted, after so many rings."""

    rings: int
    kilobytes: int


@dataclass
class Watched:
    """The samples so far."""

    samples: list[Sample] = field(default_factory=list)


@contextlib.contextmanager
def watched(rings: Callable[[], int]) -> Iterator[Watched]:
    """Look once a second while entered; `rings` says how many have ended."""
    result = Watched()
    with _looking(APART, lambda: result.samples.append(_sample(rings()))):
        yield result


@contextlib.contextmanager
def _looking(every: float, look: Callable[[], None]) -> Iterator[None]:
    """Look again and again while entered, after so many seconds each time."""
    over = threading.Event()

    def again() -> None:
        while MEASURABLE and not over.wait(every):
            look()

    looking = threading.Thread(target=again, daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()


def lasting(samples: Sequence[Sample], kind: str, settled: int) -> list[Point]:
    """The processes of this kind that were there from `settled` rings to the end, together.

    One that began later has grown by all of its imports, one that ended takes its leak with it:
    both would hide what a ring leaves behind.
    """
    late = [each for each in samples if each.rings >= settled]
    lasted = set.intersection(*(set(each.kilobytes) for each in late)) if late else set()
    ours = [each for each in lasted if each[1] == kind]
    return [Point(each.rings, sum(each.kilobytes[key] for key in ours)) for each in late if ours]


def growth(points: Sequence[Point]) -> float:
    """KB a ring, by the straight line that fits best."""
    rings, kilobytes = zip(*points, strict=True)
    return linear_regression(rings, kilobytes).slope


class Clock(NamedTuple):
    """Processor time that was used until a moment, by kind; of the whole machine besides."""

    at: float
    seconds: Mapping[str, float]
    machine: float


def clock() -> Clock:
    """Now. A process that ends between two moments takes its share along: they last longer."""
    seconds = dict.fromkeys(KINDS, 0.0)
    for each in processes() if MEASURABLE else ():
        seconds[each.kind] += each.seconds
    return Clock(time.perf_counter(), seconds, _busy() if MEASURABLE else 0.0)


def cores(before: Clock, after: Clock) -> dict[str, float]:
    """How many processors each kind kept busy between two moments."""
    took = after.at - before.at
    used = {kind: (after.seconds[kind] - before.seconds[kind]) / took for kind in KINDS}
    rest = (after.machine - before.machine) / took - sum(used.values())
    return {kind: max(0.0, share) for kind, share in {**used, NOT_OURS: rest}.items()}


@dataclass
class Rest:
    """How often the server's event loop was found at rest, waiting for what comes next. Else it
    works, or waits for Python's lock or for a processor.
    """

    looks: int = 0
    rested: int = 0

    @property
    def share(self) -> float:
        """From 0 to 1; 1 where nobody could look."""
        return self.rested / self.looks if self.looks else 1.0


@contextlib.contextmanager
def resting(loops: Sequence[int] | None = None) -> Iterator[Rest]:
    """Counts, a hundred times a second while entered, how often the server's event loop rests; or
    the first threads of the processes with these ids.
    """
    result = Rest()
    if loops is None:
        loops = [each.pid for each in processes() if each.kind == LOOP] if MEASURABLE else []

    def look() -> None:
        for pid in loops:
            with contextlib.suppress(OSError):
                # proc(5): the kernel's function in which it sleeps; 0 if it runs.
                sleeps_in = (PROC / str(pid) / "task" / str(pid) / "wchan").read_bytes()
                result.rested += b"epoll" in sleeps_in or b"ep_poll" in sleeps_in
                result.looks += 1

    with _looking(LOOK, look):
        yield result


def processes() -> list[Process]:
    """This process and all that it has started, and they; the server's event loop is apart."""
    return [each for pid in (os.getpid(), *descendants()) for each in _process(pid)]


def _process(pid: int) -> Iterator[Process]:
    with contextlib.suppress(OSError):  # it may have ended
        stat, kind = _stat(PROC / str(pid) / "stat"), _kind(pid)
        if kind == SERVER:
            # The first thread runs the event loop.
            loop = _stat(PROC / str(pid) / "task" / str(pid) / "stat").seconds
            yield Process(pid, LOOP, loop, 1)
            stat = stat._replace(seconds=stat.seconds - loop)
        yield Process(pid, kind, *stat)


class _Stat(NamedTuple):
    seconds: float
    threads: int


def _sample(rings: int) -> Sample:
    found = [each for each in processes() if each.kind != LOOP]
    return Sample(
        rings,
        len([each for each in found if each.kind != PEOPLE]),
        max((each.threads for each in found if each.kind == SERVER), default=0),
        {(each.pid, each.kind): own_kilobytes(each.pid) for each in found},
    )


def _stat(file: Path) -> _Stat:
    """proc(5), by what follows the name in brackets: utime, stime, and threads."""
    fields = file.read_text().rpartition(")")[2].split()
    return _Stat((int(fields[11]) + int(fields[12])) / TICKS, int(fields[17]))


def _kind(pid: int) -> str:
    if pid == os.getpid():
        return PEOPLE
    command = (PROC / str(pid) / "cmdline").read_bytes()
    return next((kind for words, kind in _COMMANDS if words in command), OTHERS)


_COMMANDS: Final = (
    (b"local.faces.worker", FACES),
    (b"functions.ring_path", RING_PATH),
    (b"local.serve", SERVER),
)


def _busy() -> float:
    """Seconds that all processors of this machine have worked."""
    user, nice, system, _idle, _wait, *others = map(
        int, (PROC / "stat").read_text().split("\n", 1)[0].split()[1:]
    )
    interrupts, soft, stolen = others[:3]
    return (user + nice + system + interrupts + soft + stolen) / TICKS
