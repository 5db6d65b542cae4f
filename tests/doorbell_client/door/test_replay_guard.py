"""No `open` is carried out twice, not even after a restart."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorbell_client.door.replay_guard import REMEMBERED, Progress, ReplayGuard
from doorbell_client.outbox.disk import Disk


class FullDisk(Disk):
    """Refuses to write below these folders, with ENOSPC."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders

    def write(self, file: Path, content: bytes) -> None:
        if file.parent in self._folders:
            raise OSError(28, "No space left on device", str(file))
        super().write(file, content)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """One in memory, one on the card."""
    for name in ("memory", "card"):
        (tmp_path / name).mkdir()
    return [tmp_path / "memory" / "opened", tmp_path / "card" / "opened"]


def test_how_far_an_open_has_come_is_known_after_a_restart(files: list[Path]) -> None:
    guard = ReplayGuard(files)
    for number in range(100):
        guard.begin(f"open-{number}")
    guard.advance("open-98", Progress.OPENED)
    guard.advance("open-99", Progress.ACKNOWLEDGED)
    known = ReplayGuard(files).known
    assert len(known) == REMEMBERED
    assert list(known.items())[-3:] == [
        ("open-97", Progress.BEGUN),
        ("open-98", Progress.OPENED),
        ("open-99", Progress.ACKNOWLEDGED),
    ]


def test_a_slow_card_is_written_only_when_nobody_waits(files: list[Path]) -> None:
    guard = ReplayGuard(files)
    guard.begin("open-1")
    guard.advance("open-1", Progress.OPENED)
    assert files[0].exists()
    assert not files[1].exists()
    guard.copy()
    assert ReplayGuard(files[1:]).known == {"open-1": Progress.OPENED}


def test_a_progress_that_can_be_written_nowhere_is_remembered_by_this_process(
    files: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    guard = ReplayGuard(files, FullDisk(*(file.parent for file in files)))
    guard.advance("open-1", Progress.OPENED)
    guard.copy()
    assert guard.known == {"open-1": Progress.OPENED}
    assert "not written down" in caplog.text


@pytest.mark.parametrize("full", [0, 1])
def test_one_place_that_can_be_written_is_enough(files: list[Path], full: int) -> None:
    guard = ReplayGuard(files, FullDisk(files[full].parent))
    guard.begin("open-1")
    guard.advance("open-1", Progress.OPENED)
    assert ReplayGuard(files).known == {"open-1": Progress.OPENED}


def test_where_nothing_can_be_written_the_strike_must_not_move(files: list[Path]) -> None:
    full = FullDisk(*(file.parent for file in files))
    with pytest.raises(OSError, match="No space"):
        ReplayGuard(files, full).begin("open-1")
    with pytest.raises(OSError, match="no file"):
        ReplayGuard([]).begin("open-1")


def test_of_two_files_the_further_progress_counts(files: list[Path]) -> None:
    files[0].write_text('{"open-1": 1, "open-2": 3}')
    files[1].write_text('{"open-1": 2, "open-2": 1}')
    known = ReplayGuard(files).known
    assert known == {"open-1": Progress.OPENED, "open-2": Progress.ACKNOWLEDGED}


def test_an_open_whose_strike_did_not_move_may_begin_again(files: list[Path]) -> None:
    guard = ReplayGuard(files)
    guard.begin("open-1")
    guard.forget("open-1")
    guard.forget("unheard-of")
    assert guard.known == ReplayGuard(files).known == {}


def test_nothing_goes_back(files: list[Path]) -> None:
    guard = ReplayGuard(files)
    guard.advance("open-1", Progress.ACKNOWLEDGED)
    guard.begin("open-1")
    assert guard.known == {"open-1": Progress.ACKNOWLEDGED}


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=200) | st.just(b'["a"]') | st.just(b'{"a": 9}'))
def test_no_content_of_the_file_stops_the_door_from_starting(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "opened"
        file.write_bytes(content)
        ReplayGuard([file]).begin("open-1")
        assert ReplayGuard([file]).known["open-1"] is Progress.BEGUN
