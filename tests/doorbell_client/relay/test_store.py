"""A file is there whole or not at all, at whatever moment the machine dies or the disk is full."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from base64 import b64encode
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from doorbell_client.errors import SpoolError, SpoolFull, SpoolTaken
from doorbell_client.outbox.disk import Disk
from doorbell_client.relay.kept import About, Kept
from doorbell_client.relay.progress import Progress
from doorbell_client.relay.room import Limits, Room
from doorbell_client.relay.store import Receipt, Store
from doorbell_client.relay.unanswered import REMEMBERED_SECONDS

if TYPE_CHECKING:
    import io
    from collections.abc import Callable
    from pathlib import Path

CLIP = About("garden", "video/mp4", "clip.mp4", 1_700_000_000.25)
BODY = b"a garden " * 1000


class Power(Exception):
    """It went out."""


class FailingDisk(Disk):
    """Fails at one operation, counted from 1; `after` that it is done."""

    def __init__(self, at: int, error: Callable[[], BaseException], *, after: bool = False) -> None:
        self.operations = 0
        self._at = at
        self._error = error
        self._after = after

    def create(self, file: Path) -> io.FileIO:
        with self._step():
            return super().create(file)

    def sync(self, file: Path) -> None:
        with self._step():
            super().sync(file)

    def rename(self, file: Path, name: Path) -> None:
        with self._step():
            super().rename(file, name)

    def remove(self, file: Path) -> None:
        with self._step():
            super().remove(file)

    def _step(self) -> _Step:
        self.operations += 1
        return _Step(self._error if self.operations == self._at else None, self._after)


class _Step:
    def __init__(self, error: Callable[[], BaseException] | None, after: bool) -> None:
        self._error, self._after = error, after

    def __enter__(self) -> None:
        if self._error and not self._after:
            raise self._error()

    def __exit__(self, *_: object) -> None:
        if self._error and self._after:
            raise self._error()


def disk_full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def receive(store: Store, body: bytes = BODY, about: About = CLIP) -> Receipt:
    kept, incoming = store.begin(len(body))
    for at in range(0, len(body), 1000):
        incoming.write(body[at : at + 1000])
    return store.keep(kept, incoming, about)


def opened(
    folder: Path,
    disk: Disk | None = None,
    limits: Limits = Limits(),  # noqa: B008 - immutable
    now: Callable[[], float] = lambda: CLIP.taken_at,
) -> tuple[Store, list[Kept]]:
    store = Store(folder, limits, disk=disk, now=now)
    return store, store.open()


def content(store: Store, kept: Kept) -> bytes:
    return b"".join(store.read(kept, at, 1000) for at in range(0, kept.size, 1000))


def names(folder: Path) -> Counter[str]:
    """How many files of each kind there are."""
    return Counter(file.name[36:] for file in folder.iterdir() if file.name != "lock")


def test_what_came_in_is_there_after_a_restart_byte_for_byte(tmp_path: Path) -> None:
    store, none = opened(tmp_path)
    kept = receive(store).kept
    store.close()
    again, found = opened(tmp_path)
    assert (none, found) == ([], [kept])
    assert content(again, kept) == BODY
    assert (kept.about, kept.size, kept.kind) == (CLIP, len(BODY), "clip")
    assert kept.sha256 == (b64encode(hashlib.sha256(BODY).digest()).decode(),)
    assert again.room.taken == len(BODY)
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.iterdir())


def test_a_file_that_is_coming_in_is_no_file(tmp_path: Path) -> None:
    store, _ = opened(tmp_path)
    kept, incoming = store.begin()
    incoming.write(BODY)
    assert store.peek() == []
    assert names(tmp_path) == {".data.part": 1}
    store.discard(kept, incoming)
    assert names(tmp_path) == {}
    assert store.room.taken == 0


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 14))
def test_when_the_power_fails_a_file_is_there_whole_or_was_not_acknowledged(
    tmp_path: Path, at: int, after: bool
) -> None:
    store, _ = opened(tmp_path, FailingDisk(at, Power, after=after))
    acknowledged = None
    with contextlib.suppress(Power):
        acknowledged = receive(store).kept
    store.close()
    again, found = opened(tmp_path)
    if acknowledged:
        assert found == [acknowledged]
    for each in found:
        assert content(again, each) == BODY
    assert names(tmp_path) == ({".data": 1, ".json": 1} if found else {})
    assert again.room.taken == sum(each.size for each in found)


@pytest.mark.parametrize("at", range(1, 9))
def test_when_the_power_fails_while_a_file_is_forgotten_it_is_there_whole_or_gone(
    tmp_path: Path, at: int
) -> None:
    store, _ = opened(tmp_path)
    kept = receive(store).kept
    store.answered(kept)
    store.save(kept, Progress("key", "upload", 1000, {1: "etag"}))
    store.close()
    failing, _ = opened(tmp_path, FailingDisk(at, Power))
    with contextlib.suppress(Power):
        failing.forget(kept)
    failing.close()
    again, found = opened(tmp_path)
    if found:
        assert content(again, kept) == BODY
        assert again.progress(kept) is not None
    else:
        assert names(tmp_path) == {}


@pytest.mark.parametrize("at", range(1, 10))
def test_a_full_disk_keeps_nothing_half(tmp_path: Path, at: int) -> None:
    disk = FailingDisk(at, disk_full)
    store, _ = opened(tmp_path, disk)
    try:
        receipt = receive(store)
    except OSError:
        assert store.peek() == []
        assert store.room.taken == 0
        assert names(tmp_path) == {}
    else:
        # It failed where no byte and no name depends on it, or not at all.
        assert store.peek() == [receipt.kept]


def test_more_than_the_cap_is_refused_before_a_byte_is_written(tmp_path: Path) -> None:
    store, _ = opened(tmp_path, limits=Limits(most=3 * len(BODY), spare=0))
    for _ in range(3):
        receive(store)
    with pytest.raises(SpoolFull):
        store.begin(1)
    store.forget(store.peek()[0])
    store.begin(len(BODY))
    with pytest.raises(SpoolFull):
        store.begin(1)


def test_a_file_without_a_length_is_refused_as_soon_as_it_is_too_much(tmp_path: Path) -> None:
    store, _ = opened(tmp_path, limits=Limits(most=3_000_000, spare=0))
    kept, incoming = store.begin()
    for _ in range(2):
        incoming.write(bytes(1_000_000))
    with pytest.raises(SpoolFull):
        incoming.write(bytes(1_048_577))
    store.discard(kept, incoming)
    assert store.room.taken == 0
    assert names(tmp_path) == {}


def test_a_spare_part_of_the_disk_is_left_free_and_promises_count(tmp_path: Path) -> None:
    free = 1000
    room = Room(tmp_path, Limits(most=10_000, spare=100), lambda folder: free)
    room.take(500)
    with pytest.raises(SpoolFull):
        room.take(401)
    room.take(400)
    room.wrote(500)
    free = 500
    with pytest.raises(SpoolFull):
        room.take(1)
    room.give_back(500, 400)
    room.take(400)


# --- a camera that did not hear ---------------------------------------------------------------


def test_a_file_that_is_sent_again_because_its_answer_was_lost_is_kept_once(tmp_path: Path) -> None:
    store, _ = opened(tmp_path)
    first = receive(store)
    store.not_answered(first.kept)
    again = receive(store)
    assert (first.is_new, again) == (True, Receipt(first.kept, is_new=False))
    store.answered(again.kept)
    assert store.peek() == [first.kept]
    assert store.room.taken == len(BODY)
    assert receive(store).is_new, "the third one is another, for the second was answered"


def test_the_same_is_so_after_a_kill_and_when_the_cloud_has_it_already(tmp_path: Path) -> None:
    store, _ = opened(tmp_path)
    first = receive(store).kept
    store.close()
    killed, _ = opened(tmp_path)
    killed.forget(first)
    assert names(tmp_path) == {".gone": 1}
    killed.close()
    again, found = opened(tmp_path)
    assert found == []
    assert receive(again) == Receipt(first, is_new=False)
    again.answered(first)
    assert names(tmp_path) == {}
    assert again.room.taken == 0


@pytest.mark.parametrize(
    "about",
    [
        About("drive", CLIP.type, CLIP.name, CLIP.taken_at),
        About(CLIP.camera, CLIP.type, "other.mp4", CLIP.taken_at),
    ],
)
def test_two_cameras_and_two_names_are_two_files(tmp_path: Path, about: About) -> None:
    store, _ = opened(tmp_path)
    store.not_answered(receive(store).kept)
    assert receive(store, about=about).is_new
    assert receive(store, BODY + b"!").is_new


def test_files_that_were_answered_are_never_the_same(tmp_path: Path) -> None:
    store, _ = opened(tmp_path)
    for _ in range(3):
        store.answered(receive(store).kept)
    store.close()
    again, found = opened(tmp_path)
    assert len(found) == 3
    assert receive(again).is_new


def test_after_a_day_nobody_sends_it_again(tmp_path: Path) -> None:
    now = CLIP.taken_at
    store, _ = opened(tmp_path, now=lambda: now)
    old = receive(store).kept
    store.forget(old)
    store.not_answered(old)
    assert names(tmp_path) == {".gone": 1}
    now += REMEMBERED_SECONDS
    young = About("garden", "video/mp4", "later.mp4", now)
    store.not_answered(receive(store, about=young).kept)
    assert ".gone" not in names(tmp_path)


# --- streams ----------------------------------------------------------------------------------

STREAM = About("garden", "video/x-matroska", "stream", 1_700_000_000.0)


def test_what_was_fetched_of_a_stream_before_a_crash_is_kept(tmp_path: Path) -> None:
    store, _ = opened(tmp_path)
    _, incoming = store.begin_stream(STREAM)
    incoming.write_at(0, BODY)
    incoming.write_at(4, b"!")
    store.close()
    again, found = opened(tmp_path)
    (kept,) = found
    assert kept.about == STREAM
    assert content(again, kept) == BODY[:4] + b"!" + BODY[5:]
    assert names(tmp_path) == {".data": 1, ".json": 1, ".told": 1}
    assert kept.sha256 == (b64encode(hashlib.sha256(content(again, kept)).digest()).decode(),)


@pytest.mark.parametrize("at", range(1, 9))
def test_a_crash_while_it_is_saved_loses_nothing(tmp_path: Path, at: int) -> None:
    store, _ = opened(tmp_path)
    _, incoming = store.begin_stream(STREAM)
    incoming.write_at(0, BODY)
    store.close()
    crashing = Store(tmp_path, disk=FailingDisk(at, Power))
    with contextlib.suppress(Power):
        crashing.open()
    crashing.close()
    again, found = opened(tmp_path)
    assert [content(again, each) for each in found] == [BODY]


@pytest.mark.parametrize("at", range(1, 9))
def test_a_disk_that_is_full_while_it_is_saved_loses_nothing(tmp_path: Path, at: int) -> None:
    """The next start finds it, and this one goes on with all others."""
    store, _ = opened(tmp_path)
    other = receive(store).kept
    _, incoming = store.begin_stream(STREAM)
    incoming.write_at(0, BODY)
    store.close()
    full, found = opened(tmp_path, FailingDisk(at, disk_full))
    assert other in found
    assert not names(tmp_path)[".json.part"], "half a record takes no room on a full disk"
    full.close()
    again, found = opened(tmp_path)
    saved = [each for each in found if each.about == STREAM]
    assert [content(again, each) for each in saved] == [BODY]
    again.close()
    assert opened(tmp_path)[1] == found
    assert names(tmp_path) == {".data": 2, ".json": 2, ".told": 1}


def test_a_stream_of_which_nothing_is_left_is_not_waited_for(tmp_path: Path) -> None:
    store, _ = opened(tmp_path)
    kept, _ = store.begin_stream(STREAM)
    store.close()
    store.places.data(kept).with_name(f"{kept}.data.part").unlink()
    assert opened(tmp_path)[1] == []
    assert names(tmp_path) == {}


@pytest.mark.parametrize(
    ("about", "body"),
    [(STREAM, b"head"), (About("garden", "video/mp4", "stream", 1.0), BODY)],
    ids=["a head alone", "an MP4 without its end"],
)
def test_what_could_not_be_opened_is_not_kept(tmp_path: Path, about: About, body: bytes) -> None:
    store, _ = opened(tmp_path)
    _, incoming = store.begin_stream(about)
    incoming.write_at(0, body)
    store.close()
    assert opened(tmp_path)[1] == []
    assert names(tmp_path) == {}


def test_a_stream_that_was_kept_leaves_nothing_beside_it(tmp_path: Path) -> None:
    store, _ = opened(tmp_path)
    kept, incoming = store.begin_stream(STREAM)
    incoming.write_at(0, BODY)
    store.keep(kept, incoming, STREAM, told=True)
    assert names(tmp_path) == {".data": 1, ".json": 1, ".told": 1}
    other, incoming = store.begin_stream(STREAM)
    store.discard(other, incoming)
    assert names(tmp_path) == {".data": 1, ".json": 1, ".told": 1}


# --- what lies there --------------------------------------------------------------------------


def test_damaged_and_foreign_files_stop_nothing_and_stay(tmp_path: Path) -> None:
    store, _ = opened(tmp_path)
    torn, short, whole = (receive(store).kept for _ in range(3))
    store.close()
    store.places.record(torn.id).write_text("{")
    store.places.data(short.id).write_bytes(b"x")
    (tmp_path / "holiday.jpeg").write_bytes(b"x")
    store.places.upload(whole.id).write_bytes(b"\xff")
    again, found = opened(tmp_path)
    assert found == [whole]
    assert again.progress(whole) is None, "the upload begins again"
    assert (tmp_path / "holiday.jpeg").exists()
    assert store.places.data(torn.id).read_bytes() == BODY


def test_one_process_at_a_time_has_the_folder(tmp_path: Path) -> None:
    store, _ = opened(tmp_path)
    kept = receive(store).kept
    with pytest.raises(SpoolTaken):
        Store(tmp_path).open()
    assert Store(tmp_path).peek() == [kept]
    store.close()
    Store(tmp_path).open()


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SpoolError):
        Store(tmp_path / "file").open()
    assert Store(tmp_path / "none").peek() == []
