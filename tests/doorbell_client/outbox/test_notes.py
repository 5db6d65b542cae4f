"""A press is noted in memory first, whatever the card is doing."""

import contextlib
import uuid
from pathlib import Path

import pytest

from doorbell_client.clock import Moment
from doorbell_client.outbox.disk import Disk
from doorbell_client.outbox.spool import Spool
from tests.doorbell_client.outbox.spools import at, names, opened, record


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
    spool = opened(folder, memory=memory)
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
    spool = opened(folder, memory=tmp_path)
    [found] = spool.load(Moment.now())
    assert found.press == press
    assert Moment.now().since(found.at) < 5
    spool.close()


def test_where_memory_cannot_be_written_the_card_is_noted_on(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "presses").touch()
    spool = opened(folder, memory=tmp_path)
    spool.note(record())
    assert len(names(folder)) == 1
    assert "cannot be noted in memory" in caplog.text
    spool.close()


def test_only_the_owner_can_read_what_is_noted(folder: Path, tmp_path: Path) -> None:
    spool = opened(folder, memory=tmp_path / "memory")
    spool.note(record())
    noted = tmp_path / "memory" / "presses"
    assert {each.stat().st_mode & 0o077 for each in (noted, *noted.iterdir())} == {0}
    spool.close()


def test_the_next_run_writes_what_was_only_noted_on_the_card(folder: Path, tmp_path: Path) -> None:
    killed = opened(folder, memory=tmp_path)
    presses = [record(100), record(101)]
    for press in presses:
        killed.note(press)
    killed.close()
    after = opened(folder, memory=tmp_path)
    assert after.load(at(160)) == presses
    assert names(folder) == {f"{press.press}.json" for press in presses}
    assert list((tmp_path / "presses").iterdir()) == []
    after.close()


def test_a_press_that_is_being_noted_now_keeps_no_older_one_back(
    folder: Path, tmp_path: Path
) -> None:
    killed = opened(folder, memory=tmp_path)
    left = [record(), record(), record()]
    for press in left:
        killed.note(press)
    killed.close()
    after = opened(folder, memory=tmp_path)
    # Names are looked at in their order: one of this run stands before all of the others.
    new = record(150)._replace(press="00000000" + str(uuid.uuid4())[8:])
    after.note(new)
    assert {each.press for each in after.load(at(160))} == {press.press for press in left}
    after.close()


@pytest.mark.parametrize("delivered", [True, False])
def test_nothing_stays_noted_of_a_press_that_is_delivered(
    folder: Path, tmp_path: Path, delivered: bool
) -> None:
    spool = opened(folder, memory=tmp_path)
    press = record()
    spool.note(press)
    spool.mark_delivered(press) if delivered else spool.remove(press.press)
    assert list((tmp_path / "presses").iterdir()) == []
    spool.close()


def test_a_note_that_cannot_be_removed_stops_nothing(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = opened(folder, memory=tmp_path)
    press = record()
    spool.note(press)
    note = tmp_path / "presses" / f"{press.press}.json"
    note.unlink()
    note.mkdir()
    spool.keep(press)
    assert names(folder) == {f"{press.press}.json"}
    assert "stays" in caplog.text
    spool.close()


def test_another_process_sees_what_is_only_noted(folder: Path, tmp_path: Path) -> None:
    spool = opened(folder, memory=tmp_path)
    press = record()
    spool.note(press)
    [(found, size)] = Spool(folder, memory=tmp_path).peek()
    assert (found, size) == (press, (tmp_path / "presses" / f"{press.press}.json").stat().st_size)
    spool.close()
