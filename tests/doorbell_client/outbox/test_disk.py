"""What is kept survives a power cut; what is being written is there as before, whole, or not."""

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorbell_client.outbox.disk import Disk, store
from tests.doorbell_client.outbox.spools import JPEG, at, open_files, opened, record


class PowerCut(BaseException):
    """Nothing more is done."""


class Card(Disk):
    """A real folder, and what of it would survive a power cut: only what was synced, by POSIX.

    https://pubs.opengroup.org/onlinepubs/9799919799/functions/fsync.html: contents and the names
    in a folder are two things, each with a sync of its own.
    """

    def __init__(self, acts: int = 1_000_000) -> None:
        """The power fails before the act after so many."""
        self._acts = acts
        self._made = 0
        self._names: dict[Path, int] = {}
        self._safe_names: dict[Path, int] = {}
        self._safe_contents: dict[int, bytes] = {}

    def write(self, file: Path, content: bytes) -> None:
        self._act()
        super().write(file, content)
        if file not in self._names:
            self._made += 1
            self._names[file] = self._made

    def sync(self, file: Path) -> None:
        self._act()
        super().sync(file)
        if file.is_dir():
            elsewhere = {f: n for f, n in self._safe_names.items() if f.parent != file}
            here = {f: n for f, n in self._names.items() if f.parent == file}
            self._safe_names = elsewhere | here
        else:
            self._safe_contents[self._names[file]] = file.read_bytes()

    def rename(self, file: Path, name: Path) -> None:
        self._act()
        super().rename(file, name)
        self._names[name] = self._names.pop(file)

    def remove(self, file: Path) -> None:
        self._act()
        super().remove(file)
        self._names.pop(file, None)

    def cut_power(self, chance: random.Random) -> None:
        """Each name is, by chance, as it was synced last or as it was when the power failed."""
        for file in sorted(self._names.keys() | self._safe_names.keys()):
            if chance.random() < 0.5:
                continue
            if file in self._safe_names:
                file.write_bytes(self._safe_contents.get(self._safe_names[file], b""))
            else:
                file.unlink(missing_ok=True)

    def _act(self) -> None:
        self._acts -= 1
        if self._acts < 0:
            raise PowerCut


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 30), st.randoms(use_true_random=False))
def test_whenever_power_fails_what_was_kept_is_there_and_what_was_removed_is_not(
    acts: int, chance: random.Random
) -> None:
    kept: set[str] = set()
    pictured: set[str] = set()
    delivered: set[str] = set()
    removed: set[str] = set()
    with tempfile.TemporaryDirectory() as made:
        card = Card(acts)
        spool = opened(Path(made), disk=card)
        try:
            for uptime in (100, 101, 102):
                press = record(uptime)
                spool.note(press)
                spool.keep(press)
                kept.add(press.press)
                spool.add_photo(press.press, JPEG)
                pictured.add(press.press)
                if uptime == 101:
                    kept.discard(press.press)
                    spool.remove(press.press)
                    removed.add(press.press)
                elif uptime == 102:
                    pictured.discard(press.press)
                    spool.mark_delivered(press)
                    delivered.add(press.press)
        except PowerCut:
            pass
        spool.close()
        card.cut_power(chance)
        after = opened(Path(made))
        found = {each.press: each for each in after.load(at(160))}
        assert kept <= found.keys()
        assert not removed & found.keys()
        assert all(found[press].delivered for press in delivered)
        for each in found:
            assert after.photo(each) in ({JPEG} if each in pictured & kept else {JPEG, None})
        after.close()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4), st.randoms(use_true_random=False))
def test_a_file_that_is_written_anew_has_its_old_content_or_its_new_one(
    acts: int, chance: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "opened"
        card = Card(4 + acts)  # the first: write, sync, rename, sync of the folder
        store(card, file, b"old")
        try:
            store(card, file, b"new")
            possible = {b"new"}
        except PowerCut:
            possible = {b"old", b"new"}
        card.cut_power(chance)
        assert file.read_bytes() in possible


def test_a_sync_that_the_disk_refuses_is_told() -> None:
    """The kernel's own files cannot be synced."""
    with pytest.raises(OSError, match="Invalid argument"):
        Disk().sync(Path("/proc/self/status"))


def test_a_sync_leaves_no_file_open(tmp_path: Path) -> None:
    before = open_files()
    for _ in range(5):
        Disk().sync(tmp_path)
    assert open_files() <= before
