"""A burst is told apart into its JPEGs: byte for byte, whatever they hold, whatever is damaged."""

from __future__ import annotations

import io
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from doorbell.errors import NoFilm
from doorbell.films.burst import MOST_BYTES, MOST_FRAMES, Split, split

START, END = b"\xff\xd8", b"\xff\xd9"


def drawn(seed: int, *, progressive: bool = False, **options: object) -> bytes:
    """A JPEG as Pillow writes it."""
    written = io.BytesIO()
    picture = Image.frombytes("L", (24, 16), Random(seed).randbytes(24 * 16))
    picture.save(written, "JPEG", quality=50 + seed % 50, progressive=progressive, **options)
    return written.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    """A marker and what belongs to it (ISO 10918-1, B.1.1.4)."""
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


thumbnail = st.builds(drawn, st.integers(0, 9))
content = st.binary(max_size=40) | thumbnail | st.just(END + START)
segments = st.builds(
    segment, st.sampled_from([*range(0xC0, 0xC4), 0xDB, 0xE0, 0xE1, 0xFE]), content
)
entropy = st.binary(max_size=60).map(lambda data: data.replace(b"\xff", b"\xff\x00"))
restarts = st.integers(0xD0, 0xD7).map(lambda marker: bytes([0xFF, marker]))
filling = st.integers(0, 3).map(lambda count: b"\xff" * count)
scans = st.builds(
    lambda head, data, fill: segment(0xDA, head) + b"".join(data) + fill,
    st.binary(max_size=10),
    st.lists(entropy | restarts, max_size=4),
    filling,
)
made_up = st.builds(
    lambda parts, scan: START + b"".join(parts) + b"".join(scan) + END,
    st.lists(st.builds(lambda fill, part: fill + part, filling, segments), max_size=4),
    st.lists(scans, min_size=1, max_size=3),
)
"""Whatever the standard lets a JPEG be, with a JPEG inside of it now and then."""
real = st.builds(
    lambda seed, progressive, restart, inside: drawn(
        seed, progressive=progressive, restart_marker_blocks=restart, exif=b"Exif\0\0" + inside
    ),
    st.integers(0, 200), st.booleans(), st.integers(0, 3), thumbnail | st.just(b""),
)  # fmt: skip
jpegs = st.lists(made_up | real, min_size=1, max_size=6)


@given(jpegs)
def test_whatever_jpegs_stand_one_after_another_come_back_byte_for_byte(
    frames: list[bytes],
) -> None:
    found = split(b"".join(frames))
    assert found.frames == tuple(frames)
    assert found.damaged == 0


@given(jpegs, st.sampled_from([b"\r\n", b"\0" * 7, b" \n\t"]))
def test_what_fills_the_space_between_them_is_no_damage(frames: list[bytes], gap: bytes) -> None:
    found = split(gap + gap.join(frames) + gap)
    assert (found.frames, found.damaged) == (tuple(frames), 0)


@given(st.lists(real, min_size=2, max_size=5), st.data())
def test_a_picture_that_was_cut_off_costs_no_other(
    frames: list[bytes], data: st.DataObject
) -> None:
    """It broke off within its pixels, and went on with the next."""
    number = data.draw(st.integers(0, len(frames) - 1))
    pixels = frames[number].rindex(b"\xff\xda") + 20
    found = split(_cut(frames, number, data.draw(st.integers(pixels, len(frames[number]) - 2))))
    assert found.frames == (*frames[:number], *frames[number + 1 :])
    assert found.damaged == 1


@given(st.lists(real, min_size=2, max_size=5), st.data())
def test_a_picture_that_was_cut_off_anywhere_costs_none_before_it(
    frames: list[bytes], data: st.DataObject
) -> None:
    """A head that is cut off says how long it would be, and what follows may stand within that."""
    number = data.draw(st.integers(0, len(frames) - 1))
    burst = _cut(frames, number, data.draw(st.integers(1, len(frames[number]) - 2)))
    try:
        found = split(burst).frames
    except NoFilm:
        found = ()
    assert found[:number] == tuple(frames[:number])


def _cut(frames: list[bytes], number: int, at: int) -> bytes:
    """The burst in which one of them is cut off there."""
    broken = frames[number][:at].rstrip(b"\xff")
    return b"".join([*frames[:number], broken, *frames[number + 1 :]])


@given(jpegs, st.binary(min_size=1, max_size=50), st.data())
@example([drawn(1), drawn(2)], b"--frame\r\nContent-Type: image/jpeg\r\n\r\n", None)
def test_what_stands_between_two_pictures_and_is_none_is_passed_over(
    frames: list[bytes], noise: bytes, data: object
) -> None:
    noise = b"x" + noise.replace(b"\xff", b"x")
    found = split(b"".join(noise + frame for frame in frames))
    assert found.frames == tuple(frames)
    assert found.damaged == len(frames)


@settings(max_examples=300)
@given(
    st.binary(max_size=300)
    | st.builds(
        lambda frames, at, noise, gap: (
            (whole := b"".join(frames))[: at % len(whole)] + noise + whole[at % len(whole) + gap :]
        ),
        jpegs, st.integers(0, 5000), st.binary(max_size=30), st.integers(0, 100),
    )
)  # fmt: skip
def test_no_damage_raises_anything_but_the_named_error(burst: bytes) -> None:
    """And what comes out has stood there, in this order."""
    try:
        found = split(burst)
    except NoFilm:
        return
    at = 0
    for frame in found.frames:
        assert frame.startswith(START)
        assert frame.endswith(END)
        at = burst.index(frame, at) + len(frame)


def test_a_thumbnail_within_a_picture_is_no_picture_of_the_burst() -> None:
    outer = drawn(1, exif=b"Exif\0\0" + drawn(2))
    assert split(outer + outer).frames == (outer, outer)


ALONE = b"\xff\x01"
"""TEM: a marker that stands alone (ISO 10918-1, table B.1)."""


def tables(picture: bytes) -> int:
    """Where the first table of pixels' weights begins: its marker is FFDB."""
    return picture.index(b"\xff\xdb")


def test_a_marker_that_stands_alone_may_stand_between_two_others() -> None:
    one = drawn(1)
    at = tables(one)
    odd = one[:at] + ALONE + one[at:]
    assert split(odd + one) == Split((odd, one), 0)


def test_a_picture_that_is_cut_off_within_a_table_does_not_take_the_next_with_it() -> None:
    """The table says that it is longer than what is left of it."""
    one, other = drawn(1), drawn(2)
    cut = one[: tables(one) + 20]
    assert split(cut + other + other) == Split((other, other), 1)


def test_what_is_inside_of_a_damaged_picture_is_none_of_the_burst() -> None:
    one, other = drawn(1, exif=b"Exif\0\0" + drawn(3)), drawn(2)
    at = tables(one)
    damaged = one[:at] + b"no marker" + one[at:]
    assert split(damaged + other) == Split((other,), 1)


def test_what_is_inside_of_a_picture_that_is_cut_off_behind_it_is_none_either() -> None:
    """All that was there of a picture is its EXIF."""
    only = START + segment(0xE1, b"Exif\0\0" + drawn(3))
    with pytest.raises(NoFilm, match="no_pictures"):
        split(only)


def test_a_head_that_says_it_is_longer_than_the_burst_hides_no_picture() -> None:
    cut = START + b"\xff\xe1" + (60_000).to_bytes(2, "big") + b"Exif"
    assert split(cut + drawn(1)) == Split((drawn(1),), 1)


def test_a_stuffed_zero_outside_of_pixels_is_damage() -> None:
    one, other = drawn(1), drawn(2)
    at = tables(one)
    damaged = one[:at] + b"\xff\x00" + (4).to_bytes(2, "big") + b"ab" + one[at:]
    assert split(damaged + other) == Split((other,), 1)


@pytest.mark.parametrize("burst", [b"", b"\0\0\r\n", b"text", START, START + END[:1]])
def test_without_a_picture_there_is_no_film(burst: bytes) -> None:
    with pytest.raises(NoFilm) as refused:
        split(burst)
    assert refused.value.reason == "no_pictures"


def test_thirty_two_are_a_film_and_thirty_three_are_too_many() -> None:
    assert len(split(drawn(1) * MOST_FRAMES).frames) == MOST_FRAMES
    with pytest.raises(NoFilm) as refused:
        split(drawn(1) * (MOST_FRAMES + 1))
    assert refused.value.reason == "too_many"


def test_what_is_damaged_counts_as_well() -> None:
    """Else a burst of nothing but beginnings would be looked through for ever."""
    with pytest.raises(NoFilm) as refused:
        split(START * 10_000)
    assert refused.value.reason == "too_many"


def test_a_burst_that_is_too_large_is_not_looked_at() -> None:
    with pytest.raises(NoFilm) as refused:
        split(bytes(MOST_BYTES + 1))
    assert refused.value.reason == "too_large"


@pytest.mark.parametrize(
    "burst",
    [
        START + b"\xff" * (MOST_BYTES - 2),
        START + segment(0xE0, b"") * ((MOST_BYTES - 2) // 4),
        START + segment(0xDA, b"") + b"\xff\x00" * ((MOST_BYTES - 8) // 2),
        bytes(MOST_BYTES),
    ],
    ids=["filling", "segments", "stuffing", "nothing"],
)
@pytest.mark.timeout(20)
def test_the_largest_burst_is_told_apart_in_seconds(burst: bytes) -> None:
    """Each byte is looked at once, whatever they are."""
    with pytest.raises(NoFilm):
        split(burst)


def test_the_limits_are_those_that_doors_are_told() -> None:
    assert (MOST_FRAMES, MOST_BYTES) == (32, 20_000_000)
