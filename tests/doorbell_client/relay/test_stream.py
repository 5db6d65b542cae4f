"""A stream is fetched as it is, in files that each begin with a whole picture, whatever breaks."""

from __future__ import annotations

import asyncio
import errno
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import av
import numpy as np
import pytest

from doorbell_client.config.cameras import Camera
from doorbell_client.errors import StreamError, StreamRefused
from doorbell_client.relay.events import StreamFound, StreamLost
from doorbell_client.relay.incoming import Incoming
from doorbell_client.relay.room import Limits
from doorbell_client.relay.rtsp import RtspTimeouts, opened
from doorbell_client.relay.segments import Cutter
from tests.doorbell_client.relay.living import SHORT, Living, alive
from tests.rtsp import FRAMES_A_SECOND, FRAMES_TO_A_KEY, L16, RtspServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from doorbell_client.relay.segments import Container
    from tests.doorbell_client.relay.fake_cloud import FakeCloud

SEGMENT = SHORT.stream.segment
PASSWORD = "correct-horse"


@pytest.fixture(scope="module")
def server() -> Iterator[RtspServer]:
    with RtspServer() as server:
        yield server


def camera(url: str, container: Container = "mkv") -> Camera:
    return Camera("garden", "home.garden.secret", "garden", "home.garden.secret", url, container)


class Film(NamedTuple):
    """What a player sees of a file."""

    format: str
    codecs: list[str]
    times: list[float]
    """Of its pictures, in seconds."""
    begins_whole: bool
    sizes: set[tuple[int, int]]


def film(file: Path) -> Film:
    with av.open(str(file)) as source:
        pictures = list(source.decode(source.streams.video[0]))
        return Film(
            source.format.name, [each.codec_context.name for each in source.streams],
            [each.time for each in pictures], pictures[0].key_frame,
            {(each.width, each.height) for each in pictures},
        )  # fmt: skip


def scene(
    cloud: FakeCloud,
    folder: Path,
    url: str,
    play: Callable[[Living], Awaitable[None]],
    *,
    container: Container = "mkv",
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> None:
    """Let it play with a relay that fetches this stream."""

    async def played() -> None:
        async with (
            cloud.running(),
            alive(cloud, folder / "relay", [camera(url, container)], limits=limits) as relay,
        ):
            await asyncio.wait_for(play(relay), 40)

    asyncio.run(played())
    assert cloud.wrongs == []


@contextmanager
def kept_by_the_cloud(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Copies of what the fake cloud got: it keeps hashes alone."""
    files: list[Path] = []
    join = cloud._join

    def copied(key: str, about: Any, parts: list[Path]) -> None:
        file = cloud.folder / f"film-{len(files)}"
        file.write_bytes(b"".join(part.read_bytes() for part in parts))
        files.append(file)
        join(key, about, parts)

    monkeypatch.setattr(cloud, "_join", copied)
    yield files


@pytest.mark.parametrize(("container", "name"), [("mkv", "matroska"), ("mp4", "mov")])
def test_a_stream_becomes_files_that_each_play_alone_and_together_have_all_of_it(
    server: RtspServer, cloud: FakeCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    container: Container, name: str,
) -> None:  # fmt: skip
    with kept_by_the_cloud(cloud, monkeypatch) as files:

        async def play(relay: Living) -> None:
            await relay.until(lambda: len(files) == 3)

        scene(cloud, tmp_path, server.url, play, container=container)
    types = {each.type for each in cloud.objects.values()}
    assert types == {{"mkv": "video/x-matroska", "mp4": "video/mp4"}[container]}
    films = [film(file) for file in files]
    for each in films:
        assert name in each.format
        assert each.codecs == ["h264"], "sound that does not fit is left out"
        assert each.begins_whole
        assert each.sizes == {(320, 240)}
        assert each.times[0] == pytest.approx(0, abs=0.1)
        steps = {round(b - a, 2) for a, b in zip(each.times, each.times[1:], strict=False)}
        assert max(steps) < 0.2
    for each in films[:-1]:
        # Cut at the first key frame after a second: nothing is lost between two files.
        assert len(each.times) % FRAMES_TO_A_KEY == 0
        seconds = len(each.times) / FRAMES_A_SECOND
        assert SEGMENT <= seconds <= SEGMENT + 2 * FRAMES_TO_A_KEY / FRAMES_A_SECOND


def test_sound_that_fits_is_kept(cloud: FakeCloud, tmp_path: Path) -> None:
    """Samples of two bytes, high byte first, are Matroska's own."""

    async def play(relay: Living) -> None:
        cloud.go_down()
        await relay.until(lambda: len([n for n in relay.left() if n.endswith(".json")]) == 1)
        (file,) = (tmp_path / "relay").glob("*.data")
        assert film(file).codecs == ["h264", "pcm_s16be"]

    with RtspServer(sound=L16) as server:
        scene(cloud, tmp_path, server.url, play)


def test_a_relay_that_stops_keeps_the_file_that_it_was_writing(
    server: RtspServer, cloud: FakeCloud, tmp_path: Path
) -> None:
    async def play(relay: Living) -> None:
        await relay.until(lambda: relay.of(StreamFound))
        await relay.until(lambda: any((tmp_path / "relay").glob("*.data.part")))
        await asyncio.sleep(0.4)
        await relay.stop()
        assert not any((tmp_path / "relay").glob("*.part"))
        assert [film(file).begins_whole for file in (tmp_path / "relay").glob("*.data")] == [True]

    scene(cloud, tmp_path, server.url, play)


def test_a_camera_that_goes_is_told_and_found_again(cloud: FakeCloud, tmp_path: Path) -> None:
    server = RtspServer()
    server.start()

    async def play(relay: Living) -> None:
        await relay.until(lambda: relay.of(StreamFound))
        await asyncio.sleep(0.5)
        server.stop()
        await relay.until(lambda: relay.of(StreamLost))
        await relay.until(lambda: cloud.troubles)
        assert {(each.camera, each.what) for each in cloud.troubles} == {("garden", "unreachable")}
        before = len(cloud.objects)
        assert before >= 1, "what came until then is kept"
        await asyncio.to_thread(server.start)
        await relay.until(lambda: len(relay.of(StreamFound)) >= 2)
        await relay.until(lambda: len(cloud.objects) > before)

    try:
        scene(cloud, tmp_path, server.url, play)
    finally:
        server.stop()


@pytest.mark.parametrize("why", ["the cap", "the disk"])
def test_a_stream_that_finds_no_room_is_told_and_leaves_nothing_half(
    server: RtspServer, cloud: FakeCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if why == "the disk":
        monkeypatch.setattr(Incoming, "write_at", full)
    limits = Limits(most=1000, spare=0) if why == "the cap" else Limits()

    async def play(relay: Living) -> None:
        await relay.until(lambda: cloud.troubles)
        trouble = cloud.troubles[0]
        assert (trouble.camera, trouble.what) == ("garden", "disk_full")
        assert trouble.dropped >= 1
        await relay.stop()
        assert relay.left() == []

    scene(cloud, tmp_path, server.url, play, limits=limits)


def test_a_user_and_password_in_the_url_are_used_and_never_told(
    cloud: FakeCloud, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def let_in(relay: Living) -> None:
        await relay.until(lambda: relay.of(StreamFound))

    async def turned_away(relay: Living) -> None:
        await relay.until(lambda: relay.of(StreamLost))
        assert "user and password" in relay.of(StreamLost)[0].why

    with RtspServer(password=PASSWORD) as server:
        right = server.url.replace("//", f"//relay:{PASSWORD}@")
        scene(cloud, tmp_path, right, let_in)
        scene(cloud, tmp_path, right.replace("horse", "donkey"), turned_away)
        refused = pytest.raises(StreamRefused, match="no stream of this name")
        with refused, opened(right + "s", RtspTimeouts()):
            pass
    assert "correct" not in caplog.text


def test_what_is_no_stream_is_told_without_its_url() -> None:
    with pytest.raises(StreamError) as caught, opened("rtsp://a:b@127.0.0.1:9/x", RtspTimeouts()):
        pass
    assert "a:b" not in str(caught.value)


# --- time that goes wrong ---------------------------------------------------------------------


class Sink:
    """Remembers what becomes of a file."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.ended = ""

    def write_at(self, offset: int, piece: bytes) -> None:
        self.content[offset : offset + len(piece)] = piece

    def finish(self) -> None:
        self.ended = "finished"

    def discard(self) -> None:
        self.ended = "discarded"


def packets(path: Path) -> tuple[Any, Any, list[Any]]:
    """Three seconds of pictures in a stream with a key frame each second."""
    with av.open(str(path), "w", format="matroska") as made:
        stream = made.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.gop_size = 10
        for number in range(30):
            frame = av.VideoFrame.from_ndarray(np.full((72, 64), 128, np.uint8), "yuv420p")
            frame.pts = number
            made.mux(stream.encode(frame))
        made.mux(stream.encode())
    source = av.open(str(path))
    return source, source.streams.video[0], list(source.demux(source.streams.video[0]))


def cut(tmp_path: Path, change: Callable[[int, Any], None]) -> list[Sink]:
    source, stream, read = packets(tmp_path / "made.mkv")
    sinks: list[Sink] = []

    def begin() -> Sink:
        sinks.append(Sink())
        return sinks[-1]

    cutter = Cutter([stream], "mkv", begin, 1.0)
    try:
        for number, packet in enumerate(read):
            if packet.size:
                change(number, packet)
            cutter.take(packet)
    finally:
        cutter.finish()
        source.close()
    return sinks


def test_a_stream_of_three_seconds_is_three_files(tmp_path: Path) -> None:
    sinks = cut(tmp_path, lambda number, packet: None)
    assert [sink.ended for sink in sinks] == ["finished"] * 3
    for number, sink in enumerate(sinks):
        (tmp_path / str(number)).write_bytes(sink.content)
        assert len(film(tmp_path / str(number)).times) == 10


def test_packets_of_one_moment_and_without_a_second_time_are_taken(tmp_path: Path) -> None:
    def change(number: int, packet: Any) -> None:
        if number % 10 in (3, 4):
            packet.pts = packet.dts = packet.dts - packet.dts % 1000
        if number % 10 == 7:
            packet.dts = None

    assert [sink.ended for sink in cut(tmp_path, change)] == ["finished"] * 3


def test_a_camera_whose_time_jumps_is_opened_again(tmp_path: Path) -> None:
    def change(number: int, packet: Any) -> None:
        if number >= 5:
            packet.pts, packet.dts = packet.pts + 3_600_000, packet.dts + 3_600_000

    with pytest.raises(StreamError, match="jumped"):
        cut(tmp_path, change)
