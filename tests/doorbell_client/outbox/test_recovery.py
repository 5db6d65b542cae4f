"""Nothing that lies in the spool stops a door from starting, and nothing of it is lost."""

import os
import tempfile
import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorbell_client.clock import Moment
from doorbell_client.outbox.recovery import ASIDE, MOST_ASIDE
from doorbell_client.outbox.spool import Spool
from tests.doorbell_client.outbox.spools import JPEG, at, kept, names, opened, record


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


def test_what_is_moved_aside_is_numbered_and_keeps_its_name(spool: Spool, folder: Path) -> None:
    long = "7 pictures of the garden " + "x" * 200 + ".txt"
    for name in ("first.txt", long):
        (folder / name).write_text("somebody else's")
        spool.load(at(100))
    aside = folder / ASIDE
    assert names(aside) == {"000001-first.txt", f"000002-{long[-80:]}"}
    assert aside.stat().st_mode & 0o077 == 0


def test_the_newest_of_a_flood_is_what_stays_aside(spool: Spool, folder: Path) -> None:
    for number in range(MOST_ASIDE + 3):
        (folder / f"junk-{number}").write_text("junk")
        spool.load(at(100))
    stays = {f"{number + 1:06d}-junk-{number}" for number in range(3, MOST_ASIDE + 3)}
    assert names(folder / ASIDE) == stays


def test_what_somebody_put_aside_by_hand_does_not_stop_the_numbers(
    spool: Spool, folder: Path
) -> None:
    (folder / ASIDE).mkdir()
    (folder / ASIDE / "by hand").write_text("")
    (folder / ASIDE / "0000041-seven digits").write_text("")
    (folder / "junk").write_text("junk")
    spool.load(at(100))
    assert "000005-junk" in names(folder / ASIDE)


def test_a_press_whose_file_had_no_name_yet_has_one_after_the_restart(
    spool: Spool, folder: Path
) -> None:
    press = record()
    spool.note(press)
    assert names(folder) == {f"{press.press}.json.part"}
    spool.close()
    after = opened(folder)
    assert after.load(at(160)) == [press]
    assert names(folder) == {f"{press.press}.json"}
    after.close()


@pytest.mark.parametrize("ending", ["json", "json.part"])
def test_a_torn_press_is_written_anew(spool: Spool, folder: Path, ending: str) -> None:
    press = str(uuid.uuid4())
    (folder / f"{press}.{ending}").write_bytes(b'{"press": "')
    [found] = spool.load(Moment.now())
    assert names(folder) - {ASIDE} == {f"{press}.json"}
    spool.close()
    after = opened(folder)
    assert after.load(Moment.now()) == [found], "its time is no longer that of the file"
    after.close()


@pytest.mark.parametrize("ending", ["json.part", "jpeg.part"])
def test_a_part_beside_the_whole_press_is_removed(spool: Spool, folder: Path, ending: str) -> None:
    press = kept(spool, jpeg=None)
    (folder / f"{press.press}.{ending}").write_bytes(b"half")
    spool.close()
    after = opened(folder)
    assert after.load(at(160)) == [press]
    assert names(folder) == {f"{press.press}.json"}
    after.close()


def test_a_photo_without_a_press_is_removed(spool: Spool, folder: Path) -> None:
    (folder / f"{uuid.uuid4()}.jpeg").write_bytes(JPEG)
    assert spool.load(at(100)) == []
    assert names(folder) == set()
