"""Whatever the moment at which the plug is pulled: no press is lost, and none is doubled."""

import contextlib
import json
import random
import resource
import signal
import subprocess
import sys
import tempfile
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
from doorbell_client.outbox.recovery import ASIDE
from doorbell_client.outbox.spool import Limits, Spool, counted
from tests.doorbell_client.outbox.spools import (
    JPEG,
    at,
    kept,
    left_in,
    names,
    open_files,
    opened,
    record,
)

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


def test_a_press_that_was_only_noted_is_gone_without_a_trace_too(
    spool: Spool, folder: Path
) -> None:
    press = record()
    spool.note(press)
    spool.remove(press.press)
    assert names(folder) == set()


def test_nothing_of_a_removed_press_stays_in_memory(folder: Path, tmp_path: Path) -> None:
    spool = opened(folder, memory=tmp_path)
    press = kept(spool)
    assert press.press in repr(vars(spool))
    spool.remove(press.press)
    assert press.press not in repr(vars(spool))
    spool.close()


def test_presses_are_counted_in_words() -> None:
    assert [counted(presses) for presses in (0, 1, 2)] == [
        "0 presses wait",
        "1 press waits",
        "2 presses wait",
    ]


def test_only_the_owner_can_read_what_the_spool_holds(spool: Spool, folder: Path) -> None:
    kept(spool)
    assert folder.stat().st_mode & 0o077 == 0
    assert {file.stat().st_mode & 0o077 for file in folder.iterdir()} == {0}


def test_one_spool_serves_one_process_at_a_time(spool: Spool, folder: Path) -> None:
    with pytest.raises(SpoolError, match="Another doorbell"):
        opened(folder)
    spool.close()
    opened(folder).close()


def test_who_does_not_get_the_spool_leaves_no_file_open(spool: Spool, folder: Path) -> None:
    """A door that waits for another one to end asks again and again."""
    before = open_files()
    for _ in range(5):
        with pytest.raises(SpoolError, match="Another doorbell"):
            opened(folder)
    assert open_files() <= before


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
    assert all(f"press {press} is dropped: the spool is full" in caplog.text for press in dropped)
    assert [each.press for each in left_in(spool, at(600))] == [presses[n].press for n in (0, 3, 4)]


def test_presses_that_are_too_old_give_way(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    spool = opened(folder, Limits(max_age=1000))
    old, new = kept(spool, 100), kept(spool, 900)
    assert spool.trim(at(1100)) == [], "as old as it may be"
    assert spool.trim(at(1200)) == [old.press]
    assert f"press {old.press} is dropped: it is too old" in caplog.text
    assert left_in(spool, at(1200)) == [new]


def test_what_just_fits_stays(folder: Path) -> None:
    spool = opened(folder)
    press = kept(spool)
    size = sum(file.stat().st_size for file in folder.iterdir())
    spool.close()
    small = opened(folder, Limits(max_bytes=size))
    assert small.load(at(160)) == [press]
    assert small.trim(at(160)) == []
    small.close()


def test_what_is_too_old_after_a_restart_is_not_taken_up(folder: Path) -> None:
    spool = opened(folder)
    kept(spool, 100)
    new = kept(spool, 900)
    spool.close()
    after = opened(folder, Limits(max_age=1000))
    assert after.load(at(1200)) == [new]
    assert names(folder) == {f"{new.press}.json", f"{new.press}.jpeg"}
    after.close()


@pytest.mark.parametrize("wall", [0.0, 1_500_000_000.0, 1_800_000_000.0 - 8 * 86400])
def test_a_press_of_another_boot_is_never_too_old_at_the_start(folder: Path, wall: float) -> None:
    """Its clock may have been years behind: a Pi has none of its own, and no network set it."""
    spool = opened(folder)
    press = record()._replace(at=Moment(wall, "an earlier boot", 100.0))
    spool.note(press)
    spool.keep(press)
    spool.add_photo(press.press, JPEG)
    spool.close()
    after = opened(folder)
    assert after.load(at(30)) == [press]
    assert after.photo(press.press) == JPEG
    week = Limits().max_age
    assert after.trim(at(week)) == []
    assert after.trim(at(week + 1)) == [press.press]
    after.close()


def test_a_photo_larger_than_the_spool_is_not_written(folder: Path) -> None:
    spool = opened(folder, Limits(max_bytes=1000))
    press = kept(spool, jpeg=None)
    with pytest.raises(SpoolError, match="more than the whole spool"):
        spool.add_photo(press.press, b"x" * 1000)
    assert left_in(spool, at(200)) == [press]


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
