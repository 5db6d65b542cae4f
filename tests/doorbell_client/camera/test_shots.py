"""Shots on the disk: whole or not there, whatever moment power or process end."""

from pathlib import Path

import pytest

from doorbell_client.camera.shot import Shot, new_shot
from doorbell_client.camera.shots import MOST_ASIDE, ShotSpool, counted_shots
from doorbell_client.errors import SpoolError, SpoolTaken
from doorbell_client.outbox.disk import Disk

CONTENT = b"\xff\xd8" + b"party" * 200 + b"\xff\xd9"


class Power(Exception):
    """It is gone."""


class FailingDisk(Disk):
    """Fails at the n-th call: as a disk that is full, or as if power had failed."""

    def __init__(self, fails_at: int, failure: BaseException) -> None:
        self._calls = 0
        self._fails_at = fails_at
        self._failure = failure

    def _step(self) -> None:
        self._calls += 1
        if self._calls == self._fails_at:
            raise self._failure

    def write(self, file: Path, content: bytes) -> None:
        self._step()
        super().write(file, content)

    def sync(self, file: Path) -> None:
        self._step()
        super().sync(file)

    def rename(self, file: Path, name: Path) -> None:
        self._step()
        super().rename(file, name)


def shot(second: int = 0) -> Shot:
    return new_shot("burst", 1_700_000_000 + second, "0123abcd")


def opened(folder: Path, max_bytes: int = 1_000_000, disk: Disk | None = None) -> ShotSpool:
    spool = ShotSpool(folder, max_bytes, disk)
    spool.open()
    return spool


def test_shots_come_back_oldest_first_after_a_restart(tmp_path: Path) -> None:
    spool, shots = opened(tmp_path), [shot(second) for second in (5, 1, 3)]
    for each in shots:
        spool.add(each, CONTENT)
    spool.close()
    again = opened(tmp_path)
    assert again.load() == sorted(shots)
    assert all(again.read(each) == CONTENT for each in shots)
    again.remove(shots[0])
    assert again.load() == sorted(shots[1:])
    assert again.read(shots[0]) is None
    assert again.size(shots[0]) == 0


@pytest.mark.parametrize("fails_at", range(1, 5))
def test_power_that_fails_at_any_step_leaves_all_of_a_shot_or_nothing(
    tmp_path: Path, fails_at: int
) -> None:
    spool, one = opened(tmp_path, disk=FailingDisk(fails_at, Power())), shot()
    with pytest.raises(Power):
        spool.add(one, CONTENT)
    spool.close()
    again = opened(tmp_path)
    for left in again.load():
        assert again.read(left) == CONTENT
    assert not list(tmp_path.glob("*.part"))
    assert bool(again.load()) is (fails_at == 4), "only its name's safety was still to come"


def test_a_full_disk_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    spool = opened(tmp_path, disk=FailingDisk(2, OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        spool.add(shot(), CONTENT)
    assert {file.name for file in tmp_path.iterdir()} == {"lock"}


def test_a_shot_larger_than_the_whole_spool_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpoolError, match="more than all"):
        opened(tmp_path, 100).add(shot(), CONTENT)


def test_the_oldest_give_way(tmp_path: Path) -> None:
    spool = opened(tmp_path, max_bytes=3 * len(CONTENT))
    shots = [shot(second) for second in range(5)]
    for each in shots:
        spool.add(each, CONTENT)
    assert spool.trim() == shots[:2]
    assert spool.trim() == []
    assert spool.load() == shots[2:]


def test_what_the_cloud_never_takes_lies_aside_and_only_so_much_of_it(tmp_path: Path) -> None:
    spool = opened(tmp_path)
    for second in range(MOST_ASIDE + 2):
        spool.add(shot(second), CONTENT)
    shots = spool.load()
    for each in shots:
        spool.put_aside(each)
    assert spool.load() == []
    aside = sorted(file.name for file in (tmp_path / "aside").iterdir())
    assert aside == [each.file_name for each in shots[-MOST_ASIDE:]]
    spool.put_aside(shots[0])  # it is gone: nothing to be done


def test_files_of_others_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("ours")
    (tmp_path / "x.jpeg.part").write_text("theirs")
    assert opened(tmp_path).load() == []
    assert {file.name for file in tmp_path.iterdir()} == {"lock", "notes.txt", "x.jpeg.part"}


def test_a_folder_serves_one_process(tmp_path: Path) -> None:
    first = opened(tmp_path)
    with pytest.raises(SpoolTaken):
        opened(tmp_path)
    first.close()
    opened(tmp_path).close()


def test_a_folder_that_is_not_there_holds_nothing_and_one_that_cannot_be_read_is_named(
    tmp_path: Path,
) -> None:
    assert ShotSpool(tmp_path / "absent", 100).peek() == []
    (tmp_path / "file").touch()
    with pytest.raises(SpoolError, match="cannot be read"):
        ShotSpool(tmp_path / "file", 100).peek()


def test_pictures_are_counted_for_a_person() -> None:
    assert [counted_shots(n) for n in (0, 1, 2)] == [
        "0 pictures wait", "1 picture waits", "2 pictures wait",
    ]  # fmt: skip
