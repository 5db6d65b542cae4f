"""JPEGs are repaired by what is in them: a known damage gives the original back, and nothing else
is touched.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.cameras.jpeg import END, START, repair
from doorbell.cameras.problems import Problem
from tests.doorbell.cameras.fakes import jpegs, picture

NOT_AN_END = st.binary(max_size=600).filter(lambda rubbish: END not in rubbish)


@given(jpegs())
def test_a_whole_picture_stays_byte_for_byte(whole: bytes) -> None:
    assert repair(whole) is whole


@given(jpegs(), st.booleans(), st.integers(0, 3), NOT_AN_END)
def test_any_of_the_known_damages_gives_the_original_back(
    whole: bytes, first_byte_lost: bool, line_ends: int, rubbish: bytes
) -> None:
    """A lost first byte, line ends before it, what stood in a buffer behind it; and all at once."""
    damaged = b"\r\n" * line_ends + whole[first_byte_lost:] + rubbish
    assert repair(damaged) == whole


@given(st.binary(max_size=200))
def test_what_is_no_jpeg_is_refused(body: bytes) -> None:
    start = body
    while start.startswith(b"\r\n"):
        start = start[2:]
    if start.startswith((START, b"\xd8\xff")):
        return
    with pytest.raises(Problem) as refused:
        repair(body)
    assert refused.value.name == "wrong_type"


@given(st.binary(max_size=200))
def test_no_byte_is_made_up_but_the_first(rest: bytes) -> None:
    """Whatever follows the start: what comes out is a beginning of what came in."""
    assert (START + rest).startswith(repair(START + rest))
    assert (START + b"\xff" + rest).startswith(repair(b"\xd8\xff" + rest))


@given(jpegs(), st.data())
def test_repairing_twice_changes_nothing_more(whole: bytes, data: st.DataObject) -> None:
    damaged = whole[: data.draw(st.integers(2, len(whole)))] + data.draw(st.binary(max_size=50))
    once = repair(damaged)
    assert repair(once) == once


def test_half_a_picture_is_not_cut_to_the_small_one_in_its_head() -> None:
    """A head may hold a whole picture, with an end of its own: half of the large one is left as it
    is, for the library to refuse.
    """
    whole = picture((400, 300), exif=b"Exif\x00\x00" + picture((16, 16)))
    half = whole[: len(whole) // 2]
    assert END in half
    assert repair(half) is half


def test_a_picture_without_an_end_is_left_alone() -> None:
    unended = picture()[:-2]
    assert repair(unended) is unended


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"\xd8",
        b"\r\n",
        b"\n" + picture(),
        b"\r" + picture(),
        b" " + picture(),
        b"PK\x03\x04 a ZIP named image.jpeg",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        picture()[2:],
    ],
)
def test_other_damages_are_not_guessed_at(body: bytes) -> None:
    with pytest.raises(Problem, match="no JPEG"):
        repair(body)


def test_a_picture_with_something_behind_it_loses_that() -> None:
    """A polyglot: a JPEG with a ZIP behind it is the JPEG alone."""
    assert repair(picture() + b"PK\x03\x04" + b"payload" * 99) == picture()


def scan_of(whole: bytes) -> int:
    """Where the picture itself begins."""
    return whole.rindex(b"\xff\xda")


@pytest.mark.parametrize("between", [b"\xff", b"\xff\xff", b"\xff\x01", b"\xff\xd0"])
def test_filling_and_marks_that_stand_alone_are_parts_of_a_head(between: bytes) -> None:
    """Filling before a mark, and marks without a segment (T.81, B.1.1.2 and B.1.1.3)."""
    plain = picture()
    at = scan_of(plain)
    whole = plain[:at] + between + plain[at:]
    assert repair(whole + b"rubbish") == whole


def test_a_picture_ends_at_its_last_end_mark() -> None:
    """What stands between two of them belongs to it: some cameras send two pictures in one."""
    two = picture() + picture((16, 16))
    assert repair(two + b"rubbish") == two


def test_a_head_alone_is_not_cut_to_the_small_picture_in_it() -> None:
    whole = picture((400, 300), exif=b"Exif\x00\x00" + picture((16, 16)))
    head = whole[: scan_of(whole)]
    assert END in head
    assert repair(head) is head
