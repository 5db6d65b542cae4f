"""Which file of the spool belongs to which press."""

from pathlib import Path

import pytest

from doorbell_client.outbox.disk import Disk
from doorbell_client.outbox.files import Files, PressFile, press_file
from doorbell_client.outbox.record import record_bytes
from tests.doorbell_client.outbox.spools import JPEG, record

PRESS = "0f2a7c1e-5c1b-4d7e-9a53-2d8a1c0b7e44"


@pytest.mark.parametrize(
    ("name", "is_photo", "is_part"),
    [
        (f"{PRESS}.json", False, False),
        (f"{PRESS}.json.part", False, True),
        (f"{PRESS}.jpeg", True, False),
        (f"{PRESS}.jpeg.part", True, True),
    ],
)
def test_a_press_has_files_of_four_kinds(name: str, is_photo: bool, is_part: bool) -> None:
    assert press_file(name) == PressFile(PRESS, is_photo, is_part)


@pytest.mark.parametrize(
    "name", ["lock", "opened", f"{PRESS}.png", f"{PRESS}.json.part.part", f"x{PRESS}.json", PRESS]
)
def test_any_other_name_belongs_to_no_press(name: str) -> None:
    assert press_file(name) is None


def test_a_press_takes_the_bytes_of_its_files_that_are_there(tmp_path: Path) -> None:
    files = Files(tmp_path, Disk())
    assert files.size(PRESS) == 0
    files.photo(PRESS).write_bytes(b"1234567")
    assert files.size(PRESS) == 7
    files.record(PRESS).write_bytes(b"123")
    assert files.size(PRESS) == 10


def test_whole_presses_are_listed_by_the_time_of_the_finger(tmp_path: Path) -> None:
    files = Files(tmp_path, Disk())
    presses = [record(uptime) for uptime in (300, 100, 200)]
    for press in presses:
        files.record(press.press).write_bytes(record_bytes(press))
    files.photo(presses[0].press).write_bytes(JPEG)
    (tmp_path / f"{PRESS}.json").write_text("{")
    (tmp_path / f"{PRESS}.jpeg").write_bytes(JPEG)
    first, second, third = files.whole_records()
    assert [each for each, _ in (first, second, third)] == [presses[1], presses[2], presses[0]]
    assert third[1] == len(record_bytes(presses[0])) + len(JPEG)
