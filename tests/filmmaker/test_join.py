"""Parts are joined as they are: the same pictures, the same bytes, one film."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filmmaker.errors import CannotJoin, NoPictures
from filmmaker.films import join, make_mp4
from filmmaker.pictures import Size
from tests.filmmaker.drawn import frames, mp4, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE = Size(96, 64)


def part(folder: Path, numbers: range, fps: float = 10, size: Size = LARGE) -> Path:
    """A part of a film."""
    file = folder / f"{numbers.start}-{numbers.stop}-{fps}-{size.width}.mp4"
    make_mp4(frames(numbers), file, fps=fps, size=size)
    return file


def packets(file: Path) -> list[bytes]:
    """The frames of a film as they are stored."""
    with opened(file) as film:
        return [bytes(packet) for packet in film.demux(video=0) if packet.size]


def test_nothing_is_encoded_again(tmp_path: Path) -> None:
    parts = [part(tmp_path, range(n, n + 4)) for n in (0, 4, 8)]
    assert join(iter(parts), tmp_path / "film.mp4") == 12
    stored = [packet for each in parts for packet in packets(each)]
    assert packets(tmp_path / "film.mp4") == stored


@pytest.mark.parametrize("fps", [10, 6.67])
def test_the_pictures_come_in_order_and_evenly(tmp_path: Path, fps: float) -> None:
    """Also where two parts meet, and with a part of a single picture."""
    numbers = [range(5), range(5, 6), range(6, 12)]
    join((part(tmp_path, each, fps) for each in numbers), tmp_path / "film.mp4")
    seen = mp4(tmp_path / "film.mp4")
    assert seen.numbers == list(range(12))
    assert seen.seconds == pytest.approx([n / fps for n in range(13)], rel=0.01)


@settings(max_examples=10)
@given(lengths=st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_parts_of_any_length_make_one_even_film(lengths: list[int]) -> None:
    """However many frames x264 has kept ahead in each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shot = [part(folder, range(length)) for length in lengths]
        assert join(iter(shot), folder / "film.mp4") == sum(lengths)
        seen = mp4(folder / "film.mp4")
        assert seen.numbers == [number for length in lengths for number in range(length)]
        assert seen.seconds == pytest.approx([n / 10 for n in range(sum(lengths) + 1)], rel=0.01)


def test_every_part_can_be_jumped_to(tmp_path: Path) -> None:
    """Each begins with a picture that needs no other, so whoever jumps there sees it at once."""
    join((part(tmp_path, range(n, n + 4)) for n in (0, 4, 8)), tmp_path / "film.mp4")
    with opened(tmp_path / "film.mp4") as film:
        keys = [packet.pts * packet.time_base for packet in film.demux(video=0)
                if packet.size and packet.is_keyframe]  # fmt: skip
    assert [round(float(key), 3) for key in keys] == [0, 0.4, 0.8]


def test_it_plays_before_it_is_all_there(tmp_path: Path) -> None:
    join((part(tmp_path, range(n, n + 4)) for n in (0, 4)), tmp_path / "film.mp4")
    content = (tmp_path / "film.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_a_part_may_be_gone_when_the_next_one_is_asked_for(tmp_path: Path) -> None:
    """So that a film of any length needs the place of one part beside its own."""

    def one_by_one() -> Iterator[Path]:
        for n in (0, 4, 8):
            file = part(tmp_path, range(n, n + 4))
            yield file
            file.unlink()

    assert join(one_by_one(), tmp_path / "film.mp4") == 12


@pytest.mark.parametrize(("fps", "size"), [(10, Size(64, 64)), (5, LARGE)])
def test_parts_of_another_kind_are_refused(tmp_path: Path, fps: float, size: Size) -> None:
    """Another size or rate under one head would be a film that no player shows rightly."""
    other = part(tmp_path, range(4, 8), fps, size)
    with pytest.raises(CannotJoin):
        join(iter([part(tmp_path, range(4)), other]), tmp_path / "film.mp4")


def test_no_parts_are_no_film(tmp_path: Path) -> None:
    with pytest.raises(NoPictures):
        join(iter([]), tmp_path / "film.mp4")
