"""Which object is a burst, and where films go."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.films.model import FilmKeys, Party, Period
from doorbell.films.names import burst_of, film_id, just_before, moment, period_film, segment_key

MINUTE = 60.0
NOON = 1_700_000_000.0


def picture(key: str) -> str:
    """A picture's key, by its place in time and its name."""
    return f"pictures/home/yard/{key}.jpeg"


def test_a_rings_burst_becomes_the_rings_film() -> None:
    found = burst_of("guest/home/4be0643f/burst.mjpeg")
    assert found
    assert (found.home, found.ring, found.party) == ("home", "4be0643f", None)
    assert found.film == ("guest/home/4be0643f/film.gif", "guest/home/4be0643f/film.mp4")


def test_a_partys_burst_becomes_a_film_of_its_camera() -> None:
    """Under its own name, which no other burst has, and of the moment that its key says."""
    found = burst_of("bursts/home/party/2026/07/01/201530-042-3f1d.mjpeg")
    assert found
    at = datetime(2026, 7, 1, 20, 15, 30, 42_000, tzinfo=UTC).timestamp()
    assert (found.home, found.ring) == ("home", None)
    assert found.party == Party("party", film_id("201530-042-3f1d"), at)
    assert found.film == FilmKeys(
        "films/home/party/201530-042-3f1d.gif", "films/home/party/201530-042-3f1d.mp4"
    )


@pytest.mark.parametrize(
    "key",
    [
        "guest/home/ring/photo.jpeg",
        "guest/home/ring/more/burst.mjpeg",
        "guest//ring/burst.mjpeg",
        "guest/home/ri ng/burst.mjpeg",
        "guest/home/../burst.mjpeg",
        "bursts/home/party/2026/07/01/a/201530-042-3f1d.mjpeg",
        "bursts/home/party/201530-042-3f1d.mjpeg",
        "bursts/home/party/2026/07/01/..mjpeg",
        "bursts/home/party/2026/13/01/201530-042-3f1d.mjpeg",
        "films/home/party/201530-042-3f1d.mp4",
        "burst.mjpeg",
        "",
    ],
)
def test_another_object_is_no_burst(key: str) -> None:
    """The rule's wildcards match slashes too: the code looks again."""
    assert burst_of(key) is None


@pytest.mark.parametrize(
    ("key", "at"),
    [
        ("2023/11/14/221320-000-picture", NOON),
        ("2023/11/14/221320-250-a_b-c", NOON + 0.25),
        ("2023/13/14/221320-000-picture", None),
        ("2023/11/14/251320-000-picture", None),
        ("2023/11/14/221320-000-a/b", None),
        ("2023/11/14/221320-000-", None),
        ("2023/11/14/picture", None),
    ],
)
def test_a_pictures_key_says_when_it_came(key: str, at: float | None) -> None:
    assert moment(picture(key)) == at


@given(
    st.integers(0, 4_000_000_000_000),
    st.integers(0, 4_000_000_000_000),
)
def test_what_came_before_the_period_stands_before_it_and_the_rest_behind(
    came: int, start: int
) -> None:
    """Milliseconds: so a listing can begin where the period does."""
    before = just_before(Period("home", "yard", start / 1000, start / 1000 + 60))
    own = just_before(Period("home", "yard", came / 1000, came / 1000 + 60)) + "-picture.jpeg"
    assert moment(own) == pytest.approx(came / 1000, abs=0.0011)
    if came >= start + 1:
        assert own > before
    if came <= start - 2:
        assert own < before


def test_a_film_is_named_by_its_period() -> None:
    keys = period_film(Period("home", "yard", NOON, NOON + MINUTE), "0123abcd")
    assert keys.mp4 == "films/home/yard/20231114T221320Z-20231114T221420Z-0123abcd.mp4"
    assert keys.gif == "films/home/yard/20231114T221320Z-20231114T221420Z-0123abcd.gif"


def test_segments_are_in_the_order_of_their_numbers() -> None:
    keys = [segment_key("home", "yard", "0123abcd", number) for number in range(25)]
    assert keys == sorted(keys)
    assert keys[7] == "films/home/yard/segments/0123abcd/0007.mp4"


def test_a_key_says_its_moment_in_utc_wherever_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert moment("pictures/home/yard/2023/11/14/221320-250-x.jpeg") == 1_700_000_000.25
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_last_moment_of_a_second_has_three_digits_too() -> None:
    almost = 1_700_000_000.9999
    key = just_before(Period("home", "yard", almost, almost + 60))
    assert key == "pictures/home/yard/2023/11/14/221320-999"
