"""The relay: killed and cut off two hundred times, and a clip of 2 GB through an outage.

    python -m benchmarks relay

Trials: two cameras send a few pictures and clips each, until they hear that a file is kept. The
relay is killed three times with SIGKILL, cameras' cables are pulled, the cloud is cut off, answers
500, loses uploads and answers. In the end every file must be in the cloud, and once.

The clip: 2 GB of noise, in chunks, by one camera; when a part of it is in the cloud, the cloud goes
away. A relay is asked for ten minutes of that; here it is ten seconds, with waits that are shorter
in the same measure. Memory is the kernel's own figure for the relay's process (VmHWM).
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.processes import peak_kilobytes
from benchmarks.report import Figure, show
from tests.doorbell_client.relay.camera import JPEG, Connection, ask, request
from tests.doorbell_client.relay.fake_cloud import FakeCloud
from tests.doorbell_client.relay.living import GARDEN
from tests.doorbell_client.relay.process import Process
from tests.doorbell_client.relay.trials import Outcome, Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TRIALS, AT_ONCE = 200, 4
CLIP_BYTES = 2_000_000_000
PIECE = 1_000_000
OUTAGE_SECONDS = 10.0


class Passage(NamedTuple):
    """How the clip went."""

    received: float
    """Seconds until the relay said that it is kept."""
    delivered: float
    """Seconds from then until it was in the cloud, the outage included."""
    small: int
    """KB of memory that the relay had at most when it had brought one picture to the cloud ..."""
    peak: int
    """... and with the clip."""
    whole: bool
    """The cloud has the same bytes, once."""
    sent: int
    """Bytes that went to the cloud, with those that were sent twice."""


def main() -> None:
    """Measure, and fail if a single file is lost or doubled."""
    outcomes = asyncio.run(trials(TRIALS))
    bad = [each for each in outcomes if each.lost or each.doubled or each.wrongs]
    passage = asyncio.run(clip(CLIP_BYTES))
    show("Relay: kill -9, cut networks, and a clip of 2 GB", [
        _count("trials", len(outcomes)),
        _count("files sent", sum(each.files for each in outcomes)),
        _count("kills -9", sum(each.kills for each in outcomes)),
        _count("faults of both networks and the cloud", sum(each.cuts for each in outcomes)),
        _count("files that a camera had to send again", sum(each.repeats for each in outcomes)),
        _count("files lost", sum(each.lost for each in outcomes), goal="0"),
        _count("files doubled", sum(each.doubled for each in outcomes), goal="0"),
        _count("2 GB arrived byte for byte, once", passage.whole, goal="1"),
        _seconds("2 GB taken from the camera", passage.received, "to the disk, synced"),
        _seconds("2 GB to the cloud", passage.delivered, f"{OUTAGE_SECONDS:g} s of outage in it"),
        _megabytes("sent to the cloud beyond the clip", (passage.sent - CLIP_BYTES) / 1e6),
        _megabytes("memory with a picture of 4 KB, at most", passage.small / 1024),
        _megabytes("memory with the clip, at most", passage.peak / 1024),
    ])  # fmt: skip
    if bad or not passage.whole:
        raise SystemExit(f"something was lost or doubled: {bad}")


async def trials(count: int) -> list[Outcome]:
    """So many, each with its own seed."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(seed: int, folder: Path) -> Outcome:
        async with gate:
            return await Trial(seed, folder / str(seed)).run()

    with tempfile.TemporaryDirectory() as folder:
        return await asyncio.gather(*(one(seed, Path(folder)) for seed in range(count)))


async def clip(size: int) -> Passage:
    """One long clip, and an outage in the middle of its upload."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "cloud").mkdir()
        cloud = FakeCloud(Path(folder) / "cloud", {GARDEN.token: GARDEN.name})
        async with cloud.running():
            relay = await Process.start(cloud.recipient, Path(folder) / "relay")
            try:
                return await _passed(cloud, relay, size)
            finally:
                await relay.kill()


async def _passed(cloud: FakeCloud, relay: Process, size: int) -> Passage:
    port = await relay.port()
    assert port is not None
    await ask(port, request())
    await _until(lambda: cloud.objects)
    small = peak_kilobytes(relay.pid)
    began, expected = time.monotonic(), hashlib.sha256()
    line = await Connection.to(port)
    await line.send(request(pieces=[], kind="video/mp4").removesuffix(b"0\r\n\r\n"))
    for piece in noise(size):
        expected.update(piece)
        await line.send(b"%x\r\n%s\r\n" % (len(piece), piece))
    await line.send(b"0\r\n\r\n")
    assert (await line.answer()).status == 201
    received = time.monotonic()
    await _until(lambda: cloud.steps["stored"] > size // cloud.part_size // 2)
    cloud.go_down()
    await asyncio.sleep(OUTAGE_SECONDS)
    cloud.come_back()
    await _until(lambda: len(cloud.objects) == 2)
    delivered = time.monotonic()
    line.close()
    whole = cloud.contents()[expected.hexdigest()] == 1 and not cloud.wrongs
    sent = cloud.received - len(JPEG)
    return Passage(
        received - began, delivered - received, small, peak_kilobytes(relay.pid), whole, sent
    )


async def _until(true: Callable[[], object]) -> None:
    while not true():  # noqa: ASYNC110 - the fake cloud tells of nothing
        await asyncio.sleep(0.01)


def noise(size: int) -> Iterator[bytes]:
    """So many bytes that cannot be made shorter, the same each time."""
    draw = random.Random(6)
    for at in range(0, size, PIECE):
        yield draw.randbytes(min(PIECE, size - at))


def _count(name: str, number: float, goal: str = "") -> Figure:
    return Figure(name, number, number, 1, unit="", goal=goal)


def _seconds(name: str, number: float, note: str) -> Figure:
    return Figure(name, number, number, 1, note, unit="s")


def _megabytes(name: str, number: float) -> Figure:
    return Figure(name, number, number, 1, unit="MB")


if __name__ == "__main__":
    main()
