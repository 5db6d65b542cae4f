"""A period's pictures are put into parts: each picture once, none of another time or camera."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.films.model import Period, Segment
from doorbell.films.names import just_before
from doorbell.films.plan import (
    IN_A_GIF,
    IN_A_SEGMENT,
    MOST_PICTURES,
    every,
    keys_of,
    pictures_in,
    segments,
)
from tests.doorbell.films.fakes import FakeStore

NOON = 1_700_000_000.0


def key(at: float, camera: str = "yard", home: str = "home", name: str = "picture") -> str:
    """The key of a picture that came then."""
    return f"{just_before(Period(home, camera, at, at + 1))}-{name}.jpeg"


def kept(*keys: str) -> FakeStore:
    """A bucket with these objects."""
    store = FakeStore()
    store.objects = dict.fromkeys(keys, b"picture")
    return store


def test_a_period_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    wanted = [key(NOON), key(NOON + 30), key(NOON + 59.999)]
    store = kept(*wanted, key(NOON - 0.001), key(NOON + 60), key(NOON + 86_400))
    assert list(pictures_in(store, Period("home", "yard", NOON, NOON + 60))) == wanted


def test_no_other_camera_and_no_other_home_is_in_it() -> None:
    others = [key(NOON, "yard-2"), key(NOON, "yar"), key(NOON, home="away"), key(NOON, "yard", "h")]
    store = kept(key(NOON), *others)
    assert list(pictures_in(store, Period("home", "yard", NOON, NOON + 60))) == [key(NOON)]


def test_what_is_no_picture_is_passed_over() -> None:
    """Whatever an operator has put there."""
    at = key(NOON).removesuffix(".jpeg")
    store = kept(f"{at}.txt", f"{at}/b.jpeg", "pictures/home/yard/2023/99/99/x.jpeg", key(NOON + 1))
    assert list(pictures_in(store, Period("home", "yard", NOON, NOON + 60))) == [key(NOON + 1)]


def test_listing_begins_where_the_period_does() -> None:
    """A camera's year is not read for the film of a day."""
    store = kept()
    list(pictures_in(store, Period("home", "yard", NOON, NOON + 60)))
    assert store.listed == [("pictures/home/yard/", "pictures/home/yard/2023/11/14/221320-000")]


@given(st.integers(0, 25_000))
def test_the_parts_hold_each_picture_once_and_no_more_than_a_film_may(count: int) -> None:
    keys = [f"{n:06d}" for n in range(count)]
    parts = segments(keys)
    step = every(count, MOST_PICTURES)
    taken = [k for part in parts for k in keys[int(part.first) : int(part.last) + 1 : part.every]]
    assert taken == keys[::step]
    assert len(taken) <= MOST_PICTURES
    assert [part.number for part in parts] == list(range(len(parts)))
    assert all((int(p.last) - int(p.first)) // step < IN_A_SEGMENT for p in parts)


@given(st.integers(1, 100_000), st.integers(1, 20_000))
def test_evenly_spread_means_at_most_so_many_and_more_than_half(count: int, most: int) -> None:
    taken = len(range(0, count, every(count, most)))
    assert taken <= most
    assert taken > min(count, most) / 2 or count <= most == taken


def test_a_part_finds_its_pictures_again() -> None:
    keys = [key(NOON + n) for n in range(10)]
    store = kept(*keys)
    assert list(keys_of(store, "home", "yard", Segment(0, keys[2], keys[6], 1))) == keys[2:7]
    assert list(keys_of(store, "home", "yard", Segment(0, keys[2], keys[6], 2))) == keys[2:7:2]


def test_what_is_no_picture_is_in_no_part() -> None:
    """It may come while the film is made."""
    keys = [key(NOON + n) for n in range(3)]
    store = kept(*keys, f"{keys[1]}.txt", key(NOON + 1).replace(".jpeg", ".png"))
    assert list(keys_of(store, "home", "yard", Segment(0, keys[0], keys[2], 1))) == keys


def test_a_part_lists_no_more_than_its_own() -> None:
    keys = [key(NOON + n) for n in range(10)]
    store = kept(*keys)
    list(keys_of(store, "home", "yard", Segment(0, keys[5], keys[6], 1)))
    ((_, after),) = store.listed
    assert keys[4] < after < keys[5]


def test_what_the_state_machine_carries_is_small() -> None:
    """Step Functions takes 256 KB; ten thousand pictures are twenty parts."""
    keys = [key(NOON + n, "c" * 32, "h" * 32, "n" * 64) for n in range(MOST_PICTURES)]
    parts = segments(keys)
    assert len(parts) == 20
    assert len(repr([part._asdict() for part in parts])) < 20_000


@pytest.mark.parametrize(("count", "gif"), [(1, 1), (60, 60), (61, 31), (10_000, 60)])
def test_a_gif_has_at_most_sixty(count: int, gif: int) -> None:
    assert len(range(0, count, every(count, IN_A_GIF))) == gif
