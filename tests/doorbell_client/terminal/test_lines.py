"""A line typed is a press or a code."""

import asyncio
import io
import threading
from pathlib import Path

import pytest

from doorbell_client.door.parts import Key, Notice, Press
from doorbell_client.errors import CameraError
from doorbell_client.terminal.lines import FileCamera, Lines, TypedLines, keypad_keys


def noticed(text: str, *, button: bool = True) -> list[Notice]:
    notices: list[Notice] = []
    typed = TypedLines(io.StringIO(text), button=button)
    typed.start(notices.append)
    assert typed.ended.wait(5)
    return notices


def test_an_empty_line_or_the_word_ring_is_a_press() -> None:
    assert [type(notice) for notice in noticed("\nring\n")] == [Press, Press]
    assert noticed("\nring\n", button=False) == []


def test_digits_are_a_whole_code() -> None:
    assert "".join(n.key for n in noticed("042137\n") if isinstance(n, Key)) == "*042137#"


@pytest.mark.parametrize(
    ("word", "keys"), [("042137", "*042137#"), ("04*1#", "04*1#"), ("4 2 x", "*42#"), ("hi", "*#")]
)
def test_a_word_stands_for_keys(word: str, keys: str) -> None:
    assert keypad_keys(word) == keys


def test_typing_goes_nowhere_once_the_door_is_gone() -> None:
    def gone(notice: Notice) -> None:
        raise RuntimeError("Event loop is closed")

    before = threading.active_count()
    TypedLines(io.StringIO("\n\n")).start(gone)
    while threading.active_count() > before:
        pass


def test_a_file_is_given_as_it_is_or_named(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(b"no picture")
    photo = asyncio.run(FileCamera(tmp_path / "x.txt").capture())
    assert photo == (b"no picture", "x.txt")
    with pytest.raises(CameraError, match="cannot be read"):
        FileCamera(tmp_path / "none.jpeg")


def test_lines_carry_the_seconds_since_the_beginning() -> None:
    out, now = io.StringIO(), iter([10.0, 12.5])
    Lines(out, lambda: next(now)).say("hello")
    assert out.getvalue() == "   2.50 s  hello\n"
