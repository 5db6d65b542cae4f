"""Whatever the moment at which the plug is pulled: no press is lost, and none is doubled."""

import contextlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorbell_client.clock import Moment
from doorbell_client.errors import SpoolError
from doorbell_client.outbox.disk import Disk
from doorbell_client.outbox.record import Record
from doorbell_client.outbox.recovery import ASIDE, MOST_ASIDE
from doorbell_client.outbox.spool import Limits, Spool

JPEG = b"\xff\xd8" + b"face" * 200 + b"\xff\xd9"


def at(uptime: float) -> Moment:
    return Moment(1_800_000_000 + uptime, "this boot", uptime)


def record(uptime: float = 100.0) -> Record:
    return Record(str(uuid.uuid4()), at(uptime))


def opened(folder: Path, limits: Limits | None = None, disk: Disk | None = None) -> Spool:
    spool = Spool(folder, limits or Limits(), disk)
    spool.open()
    return spool


def kept(spool: Spool, uptime: float = 100.0, jpeg: bytes | None = JPEG) -> Record:
    press = record(uptime)
    spool.note(press)
    spool.keep(press)
    if jpeg is not None:
        spool.add_photo(press.press, jpeg)
    return press


def left_in(spool: Spool, now: Moment) -> list[Record]:
    """What the next process finds."""
    spool.close()
    after = opened(spool._folder)
    found = after.load(now)
    after.close()
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "spool"


@pytest.fixture
def spool(folder: Path) -> Iterator[Spool]:
    spool = opened(folder)
    yield spool
    spool.close()


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} - {"lock"}


# --- an ordinary life ---------------------------------------------------------


def test_a_press_and_its_photo_are_there_after_a_restart(spool: Spool, folder: Path) -> None:
    press = kept(spool)
    spool.close()
    again = opened(folder)
    assert again.load(at(160)) == [press]
    assert again.photo(press.press) == JPEG


def test_a_delivered_press_is_gone_without_a_trace(spool: Spool, folder: Path) -> None:
    press = kept(spool)
    spool.remove(press.press)
    assert names(folder) == set()
    assert spool.load(at(160)) == []


def test_only_the_owner_can_read_what_the_spool_holds(spool: Spool, folder: Path) -> None:
    kept(spool)
    assert folder.stat().st_mode & 0o077 == 0
    assert {file.stat().st_mode & 0o077 for file in folder.iterdir()} == {0}


def test_one_spool_serves_one_process_at_a_time(spool: Spool, folder: Path) -> None:
    with pytest.raises(SpoolError, match="Another doorbell"):
        opened(folder)
    spool.close()
    opened(folder).close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolError, match="cannot be used"):
        opened(tmp_path / "file" / "spool")


def test_another_process_may_look_without_touching(spool: Spool, folder: Path) -> None:
    first, second = kept(spool, 100), kept(spool, 200, None)
    spool.mark_delivered(kept(spool, 150))
    spool.note(record(300))
    found = Spool(folder).peek()
    assert [each for each, _ in found] == [first, second]
    assert found[0][1] > len(JPEG) > found[1][1]
    assert Spool(folder / "none").peek() == []


def test_a_press_of_this_run_is_no_leftover(spool: Spool) -> None:
    left = kept(spool, 50)
    spool.close()
    fresh = opened(spool._folder)
    press = record()
    fresh.note(press)
    assert fresh.load(at(200)) == [left]
    fresh.keep(press)
    assert fresh.load(at(200)) == [left]
    fresh.close()


# --- caps ---------------------------------------------------------------------


def test_the_oldest_give_way_when_the_spool_is_full(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = opened(folder, Limits(max_bytes=3 * (len(JPEG) + 200)))
    presses = [kept(spool, uptime) for uptime in (300.0, 100.0, 200.0, 400.0, 500.0)]
    dropped = spool.trim(at(600))
    assert dropped == [presses[1].press, presses[2].press]
    assert all(press in caplog.text for press in dropped)
    assert [each.press for each in left_in(spool, at(600))] == [presses[n].press for n in (0, 3, 4)]


def test_presses_that_are_too_old_give_way(folder: Path) -> None:
    spool = opened(folder, Limits(max_age=1000))
    old, new = kept(spool, 100), kept(spool, 900)
    assert spool.trim(at(1200)) == [old.press]
    assert left_in(spool, at(1200)) == [new]


def test_a_photo_larger_than_the_spool_is_not_written(folder: Path) -> None:
    spool = opened(folder, Limits(max_bytes=1000))
    press = kept(spool, jpeg=None)
    with pytest.raises(SpoolError, match="more than the whole spool"):
        spool.add_photo(press.press, b"x" * 1000)
    assert left_in(spool, at(200)) == [press]


# --- what does not belong there -----------------------------------------------


def test_foreign_and_damaged_files_are_named_and_moved_aside(
    spool: Spool, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    press = kept(spool)
    spool.close()
    spool = opened(folder)
    (folder / "notes.txt").write_text("mine")
    (folder / "x.json").write_text("{}")
    (folder / "sub").mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe")).mkdir()
    damaged = str(uuid.uuid4())
    (folder / f"{damaged}.json").write_text('{"press": "another"}')
    (folder / f"{damaged}.jpeg").write_bytes(JPEG)
    loaded = spool.load(Moment.now())
    assert {each.press for each in loaded} == {press.press, damaged}
    assert spool.photo(damaged) == JPEG
    assert len(list((folder / ASIDE).iterdir())) == 5
    assert all(name in caplog.text for name in ("notes.txt", "x.json", "sub", damaged))
    spool.close()
    caplog.clear()
    assert len(opened(folder).load(Moment.now())) == 2
    assert caplog.text == ""


def test_a_flood_of_foreign_files_does_not_fill_the_disk_for_ever(
    spool: Spool, folder: Path
) -> None:
    for number in range(MOST_ASIDE * 2):
        (folder / f"junk-{number}").write_text("junk")
    spool.load(at(100))
    assert len(list((folder / ASIDE).iterdir())) == MOST_ASIDE


@pytest.mark.parametrize("ending", ["json", "json.part"])
def test_a_press_torn_by_a_crash_is_as_old_as_its_file(
    spool: Spool, folder: Path, ending: str
) -> None:
    press = str(uuid.uuid4())
    (folder / f"{press}.{ending}").write_bytes(b'{"press": "')
    [found] = spool.load(Moment.now())
    assert found.press == press
    assert Moment.now().since(found.at) < 5, "its visitor still stands there: the bell rings"


def test_a_press_torn_before_this_boot_is_old(spool: Spool, folder: Path) -> None:
    file = folder / f"{uuid.uuid4()}.json"
    file.write_bytes(b"{")
    now = Moment.now()
    before = now.wall - now.uptime - 10
    os.utime(file, (before, before))
    [found] = spool.load(now)
    assert now.since(found.at) >= 61


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=200))
def test_no_content_of_a_file_stops_the_door_from_starting(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name in (f"{uuid.uuid4()}.json", f"{uuid.uuid4()}.json.part", "opened", "lock"):
            (folder / name).write_bytes(content)
        spool = opened(folder)
        assert len(spool.load(Moment.now())) == 2
        spool.close()
        again = opened(folder)
        assert len(again.load(Moment.now())) == 2
        again.close()


# --- crashes ------------------------------------------------------------------


class Killed(BaseException):
    """kill -9: nothing more is done, nothing is tidied."""


class DyingDisk(Disk):
    """Dies before, or in the middle of, its n-th act."""

    def __init__(self, acts: int, torn: int = 0) -> None:
        self.acts = acts
        self._torn = torn

    def _act(self) -> None:
        self.acts -= 1
        if self.acts < 0:
            raise Killed

    def write(self, file: Path, content: bytes) -> None:
        try:
            self._act()
        except Killed:
            if self.acts == -1 and self._torn:
                super().write(file, content[: self._torn - 1])
            raise
        super().write(file, content)

    def sync(self, file: Path) -> None:
        self._act()
        super().sync(file)

    def rename(self, file: Path, name: Path) -> None:
        self._act()
        super().rename(file, name)

    def remove(self, file: Path) -> None:
        self._act()
        super().remove(file)


class House:
    """A visitor who presses, a spool that dies now and then, and a cloud that counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pressed: set[str] = set()
        self.delivered: dict[str, int] = {}
        self.photos: dict[str, bytes] = {}
        self.now = 100.0

    def live(self, script: list[str], disk: Disk) -> None:
        """One process: restores, then presses and delivers as the script says, until it dies."""
        spool = Spool(self.folder, disk=disk)
        spool.open()
        try:
            known = [each.press for each in spool.load(at(self.now))]
            for step in script:
                self.now += 1
                if step == "press":
                    known.append(self._press(spool))
                elif known:
                    self._deliver(spool, known.pop(0))
        except Killed:
            pass
        finally:
            spool.close()

    def _press(self, spool: Spool) -> str:
        press = record(self.now)
        spool.note(press)
        self.pressed.add(press.press)  # from here on it counts: the visitor was told "heard"
        spool.keep(press)
        spool.add_photo(press.press, JPEG)
        return press.press

    def _deliver(self, spool: Spool, press: str) -> None:
        self.delivered[press] = self.delivered.get(press, 0) + 1  # told to the cloud, by its id
        if (jpeg := spool.photo(press)) is not None:
            self.photos.setdefault(press, jpeg)  # If-None-Match: the second is 412
        spool.remove(press)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["press", "press", "deliver"]), max_size=6),
            st.integers(0, 40),
            st.integers(0, 60),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_no_press_is_lost_and_none_invented_at_any_moment_of_death(
    lives: list[tuple[list[str], int, int]],
) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        house = House(Path(made))
        for script, acts, torn in lives:
            house.live(script, DyingDisk(acts, torn))
        house.live(["deliver"] * 50, Disk())
        # A press torn in its very first write may turn up too: somebody was there.
        assert house.pressed <= set(house.delivered)
        assert all(jpeg == JPEG for jpeg in house.photos.values())
        assert names(house.folder) <= {ASIDE}


def test_every_single_point_of_death_is_survived(folder: Path) -> None:
    for acts in range(20):
        house = House(folder / str(acts))
        house.live(["press", "deliver", "press"], DyingDisk(acts))
        house.live(["deliver"] * 5, Disk())
        assert house.pressed <= set(house.delivered)


_PRESSER = """
import sys, time, uuid
from pathlib import Path
from doorbell_client.clock import Moment
from doorbell_client.outbox.record import Record
from doorbell_client.outbox.spool import Spool
spool = Spool(Path(sys.argv[1]))
spool.open()
known = [each.press for each in spool.load(Moment.now())]
while True:
    press = Record(str(uuid.uuid4()), Moment.now())
    spool.note(press)
    print(f"pressed {press.press}\\n", end="", flush=True)
    spool.keep(press)
    spool.add_photo(press.press, b"x" * 50_000)
    known.append(press.press)
    if len(known) > 5:
        print(f"delivered {known[0]}\\n", end="", flush=True)
        spool.remove(known.pop(0))
"""


def test_real_kills_at_random_moments_lose_nothing(folder: Path) -> None:
    told: list[list[str]] = []
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", _PRESSER, str(folder)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(random.random() * 0.05)
            process.send_signal(signal.SIGKILL)
            told += [line.split() for line in [first, *process.stdout]]
    spool = opened(folder)
    left = {each.press for each in spool.load(Moment.now())}
    pressed = {press for what, press in told if what == "pressed"}
    delivered = {press for what, press in told if what == "delivered"}
    assert len(pressed) > 8
    assert pressed <= left | delivered
    # One a kill may have been torn in its very first write: somebody was there.
    assert len(left - pressed) <= 8


# --- full disks ---------------------------------------------------------------


@contextlib.contextmanager
def disk_full_after(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes: what a full disk looks like to a program."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_photo_that_finds_no_room_leaves_the_press_and_no_litter(
    spool: Spool, folder: Path
) -> None:
    press = kept(spool, jpeg=None)
    with disk_full_after(300), pytest.raises(OSError, match="too large"):
        spool.add_photo(press.press, JPEG)
    assert names(folder) == {f"{press.press}.json"}
    spool.add_photo(press.press, JPEG)
    assert spool.photo(press.press) == JPEG


def test_a_press_that_found_no_room_is_still_known_by_its_name(spool: Spool, folder: Path) -> None:
    press = record()
    with disk_full_after(10), pytest.raises(OSError, match="too large"):
        spool.note(press)
    spool.close()
    assert [each.press for each in opened(folder).load(Moment.now())] == [press.press]


def test_a_restart_on_a_full_disk_forgets_nothing(spool: Spool, folder: Path) -> None:
    whole = kept(spool)
    noted = record(101)
    spool.note(noted)
    torn = str(uuid.uuid4())
    (folder / f"{torn}.json.part").write_text("{")
    spool.close()
    damaged = str(uuid.uuid4())
    (folder / f"{damaged}.json").write_text("{")
    for _ in range(2):
        with disk_full_after(0):
            full = opened(folder)
            found = {each.press for each in full.load(Moment.now())}
            full.close()
        assert found == {whole.press, noted.press, torn, damaged}


class FullDisk(Disk):
    """Refuses whatever makes a file larger, with ENOSPC."""

    def write(self, file: Path, content: bytes) -> None:
        del content
        raise OSError(28, "No space left on device", str(file))


def test_what_is_delivered_can_be_removed_from_a_full_disk(spool: Spool, folder: Path) -> None:
    press = kept(spool)
    spool.close()
    full = opened(folder, disk=FullDisk())
    assert full.load(at(200)) == [press]
    full.remove(press.press)
    assert names(folder) == set()


def test_no_ticket_is_ever_stored(spool: Spool, folder: Path) -> None:
    press = kept(spool)
    content = json.loads((folder / f"{press.press}.json").read_text())
    assert set(content) == {"press", "at", "boot", "uptime", "home", "ring", "delivered"}


# --- presses noted in memory ----------------------------------------------------


class BrokenCard(Disk):
    """Nothing below this folder can be written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, file: Path, content: bytes) -> None:
        if file.is_relative_to(self._folder):
            raise OSError(30, "Read-only file system", str(file))
        super().write(file, content)


def test_a_press_is_noted_in_memory_and_then_on_the_card(folder: Path, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    spool = Spool(folder, memory=memory)
    spool.open()
    press = record()
    spool.note(press)
    assert names(folder) == set()
    assert [file.name for file in (memory / "presses").iterdir()] == [f"{press.press}.json"]
    spool.keep(press)
    assert names(folder) == {f"{press.press}.json"}
    assert list((memory / "presses").iterdir()) == []
    spool.close()


@pytest.mark.parametrize("readable", [True, False])
def test_a_killed_run_s_press_is_known_although_the_card_is_broken(
    folder: Path, tmp_path: Path, readable: bool
) -> None:
    folder.parent.mkdir()
    folder.mkdir() if readable else folder.touch()
    press = record()
    first = Spool(folder, disk=BrokenCard(folder), memory=tmp_path)
    first.note(press)
    with pytest.raises(OSError, match="Read-only"):
        first.keep(press)
    second = Spool(folder, disk=BrokenCard(folder), memory=tmp_path)
    assert second.load(at(160)) == [press]
    with pytest.raises(OSError, match="Read-only"):
        second.mark_delivered(press)
    third = Spool(folder, disk=BrokenCard(folder), memory=tmp_path)
    assert third.load(at(160)) == [press._replace(delivered=True)]
    assert not readable or third.peek() == []
    with contextlib.suppress(OSError):
        third.remove(press.press)
    assert Spool(folder, memory=tmp_path).load(at(160)) == []


def test_a_torn_note_is_as_old_as_its_file(folder: Path, tmp_path: Path) -> None:
    press = str(uuid.uuid4())
    (tmp_path / "presses").mkdir()
    (tmp_path / "presses" / f"{press}.json").write_text('{"press')
    (tmp_path / "presses" / "notes.txt").write_text("somebody else's")
    spool = Spool(folder, memory=tmp_path)
    spool.open()
    [found] = spool.load(Moment.now())
    assert found.press == press
    assert Moment.now().since(found.at) < 5
    spool.close()


def test_where_memory_cannot_be_written_the_card_is_noted_on(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "presses").touch()
    spool = Spool(folder, memory=tmp_path)
    spool.open()
    spool.note(record())
    assert len(names(folder)) == 1
    assert "cannot be noted in memory" in caplog.text
    spool.close()
