"""Names that stand in keys, and where photos lie in the bucket."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorbell.errors import BadName
from doorbell.homes import (
    MAX_KEY_BYTES,
    check_id,
    collection_id,
    guest_burst_key,
    guest_photo_key,
    id_from_name,
    misplaced,
    photo_name,
    resident_photo,
    resident_photo_key,
    ring_of_photo,
)
from doorbell.model import ResidentPhoto

any_text = st.text(st.characters(exclude_categories=()))


def photo(key: str) -> ResidentPhoto | None:
    """Whom this object enrols in a deployment of Ada's."""
    return resident_photo(key, default_home="home", owner="Ada")


@given(any_text)
@example("a\n")
@example("-a")
@example("a-")
def test_an_id_is_safe_in_every_key_or_refused(value: str) -> None:
    try:
        checked = check_id(value, "home")
    except BadName:
        return
    assert re.fullmatch(r"[a-z0-9-]{1,32}", checked)
    assert checked[0] != "-" != checked[-1]


@given(any_text)
def test_any_name_gives_a_safe_id_or_is_refused(name: str) -> None:
    try:
        made = id_from_name(name)
    except BadName:
        return
    assert id_from_name(made) == check_id(made, "device")


@pytest.mark.parametrize(
    ("name", "made"), [("Front door", "front-door"), ("  Ada's phone! ", "ada-s-phone"), ("7", "7")]
)
def test_a_name_becomes_an_id(name: str, made: str) -> None:
    assert id_from_name(name) == made


@pytest.mark.parametrize("name", ["", "---", "ÄÖ", "x" * 33])
def test_a_name_of_which_nothing_is_left_is_refused(name: str) -> None:
    with pytest.raises(BadName):
        id_from_name(name)


def test_the_longest_id_has_32_characters() -> None:
    assert check_id("x" * 32, "home") == "x" * 32
    with pytest.raises(BadName):
        check_id("x" * 33, "home")


def test_source_jpeg_enrols_the_owner() -> None:
    assert photo("source.jpeg") == ResidentPhoto("home", "Ada", "source.jpeg")


def test_a_residents_photo_names_home_and_resident() -> None:
    key = "residents/home-2/Zoë van Dyk/1.jpeg"
    assert photo(key) == ResidentPhoto("home-2", "Zoë van Dyk", key)


@pytest.mark.parametrize("name", ["1.jpg", "1.JPEG", "1.png", "1.HEIC", ".jpeg", "a.b.jpeg"])
def test_whether_it_is_a_picture_does_not_show_by_its_name(name: str) -> None:
    """Rekognition looks, and what it cannot read is refused with a notice."""
    key = f"residents/home/Ada/{name}"
    assert photo(key) == ResidentPhoto("home", "Ada", key)
    assert photo(f"source{name}") == (
        ResidentPhoto("home", "Ada", f"source{name}") if name.startswith(".") else None
    )


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("residents/home/Ada/1.jpeg", "1"),
        ("residents/home/Ada/1.jpg", "1.jpg"),
        ("residents/home/Ada/1.jpg.jpeg", "1.jpg.jpeg"),
        ("residents/home/Ada/.jpeg", ""),
    ],
)
def test_a_photo_is_called_by_its_file(key: str, name: str) -> None:
    assert photo_name(key) == name


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1),
    st.sampled_from(["", ".jpeg", ".jpg", ".png.jpeg"]),
)
@example("1", ".jpeg")
@example("1", ".jpg")
def test_a_photo_is_found_by_what_it_is_called(stem: str, ending: str) -> None:
    """So a phone can delete each photo it is shown, whatever its ending."""
    key = f"residents/home/Ada/{stem}{ending}"
    if photo(key):
        assert resident_photo_key("home", "Ada", photo_name(key)) == key


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("residents/Home/Ada/1.jpeg", ("home", "Ada")),
        ("residents/My Flat/Ada/1.jpeg", ("my-flat", "Ada")),
        ("residents/--/Ada/1.jpeg", ("default", "Ada")),
        ("residents/Ada/1.jpeg", ("default", "Ada")),
        ("residents/flat/Ada/more/1.jpeg", ("flat", "Ada")),
        ("residents/1.jpeg", ("default", "residents/1.jpeg")),
    ],
)
def test_what_is_misplaced_is_told_where_it_was_meant_for(key: str, meant: tuple[str, str]) -> None:
    assert misplaced(key, "default") == meant


@given(any_text)
def test_whoever_is_told_of_what_is_misplaced_is_a_home(key: str) -> None:
    home, _ = misplaced(key, "home")
    assert check_id(home, "home") == home


@pytest.mark.parametrize(
    "key",
    [
        "residents/home/Ada",
        "residents/home/Ada/portrait",
        "residents/home/Ada/",
        "residents/Ada/1.jpeg",
        "residents/home/Ada/more/1.jpeg",
        "residents/Home/Ada/1.jpeg",
        "residents//Ada/1.jpeg",
        "residents/home//1.jpeg",
        "residents/home/A\x00a/1.jpeg",
        "residents/home/" + "a" * 65 + "/1.jpeg",
        "guest/home/r/photo.jpeg",
        "other/source.jpeg",
        "source.d/1.jpeg",
        "source.",
        "source",
        "",
    ],
)
def test_any_other_object_enrols_nobody(key: str) -> None:
    assert photo(key) is None


@given(any_text)
def test_any_key_is_read_without_an_error(key: str) -> None:
    found = photo(key)
    assert found is None or found.key == key


@given(any_text, any_text)
def test_no_key_reaches_a_home_that_it_does_not_name(home: str, rest: str) -> None:
    found = photo(f"residents/{home}/{rest}")
    assert found is None or found.home == home


def test_visitors_photos_lie_where_they_expire() -> None:
    assert guest_photo_key("home", "r-1") == "guest/home/r-1/photo.jpeg"


def test_a_ring_s_burst_lies_beside_its_photo_and_is_not_taken_for_one() -> None:
    key = guest_burst_key("home", "r-1")
    assert key == "guest/home/r-1/burst.mjpeg"
    assert ring_of_photo(key) is None


@pytest.mark.parametrize("key", ["guest//r-1/photo.jpeg", "guest/home//photo.jpeg"])
def test_a_visitor_s_photo_names_home_and_ring(key: str) -> None:
    assert ring_of_photo("guest/home/r-1/photo.jpeg") == ("home", "r-1")
    assert ring_of_photo(key) is None


def test_each_home_has_a_collection_of_its_own() -> None:
    assert collection_id("doorbell", "home") == "doorbell.home"


def test_a_key_too_long_for_the_table_enrols_nobody() -> None:
    for length, enrols in ((MAX_KEY_BYTES, True), (MAX_KEY_BYTES + 1, False)):
        head, tail = "residents/home/Ada/", ".jpeg"
        key = head + "x" * (length - len(head) - len(tail)) + tail
        assert (resident_photo(key, default_home="home", owner="owner") is not None) is enrols
