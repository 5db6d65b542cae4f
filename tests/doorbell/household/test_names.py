"""Names that people choose: any script, one line, and never what would mislead or break a key."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorbell.errors import BadName
from doorbell.homes import check_id, resident_photo, resident_photo_key
from doorbell.household.names import check_name, check_resident_name, device_id
from tests.fakes import Dice

any_text = st.text(st.characters(exclude_categories=()), max_size=80)

GOOD = [
    "Anna",
    "Anna's phone",
    '<b>Anna</b> & "Ben"',
    "<script>alert(1)</script>",
    "👩‍👩‍👧‍👦 Tablet",
    "Łukasz Žižek",
    "שלום",
    "جدتي",
    "אנna 12",
    "奶奶的手机",
    "x" * 64,
    "😀" * 64,
    "100% Anna?",
    "a/b" * 9,
    "#pair",
]


@pytest.mark.parametrize("name", GOOD)
def test_a_name_is_kept_letter_by_letter(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", GOOD)
def test_so_is_a_residents_unless_it_has_a_slash(name: str) -> None:
    """It is a folder in the bucket."""
    if "/" in name:
        with pytest.raises(BadName):
            check_resident_name(name)
    else:
        assert check_resident_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", " ", "\n", "x" * 65, "😀" * 65, "two\nlines", "two\r\nlines", "two\u2028lines", "a\x00b",
     "\x1b[31mred", "\x9b31mred", "a\x7f", "half \ud83d", "code", " code "],
)  # fmt: skip
def test_what_is_no_name_is_refused(name: str) -> None:
    for check in (check_name, check_resident_name):
        with pytest.raises(BadName):
            check(name)


@pytest.mark.parametrize("name", [".", "..", " .. "])
def test_a_resident_is_not_named_as_a_step_in_a_path(name: str) -> None:
    """A browser takes it out of a URL, so that no photo could be uploaded."""
    with pytest.raises(BadName):
        check_resident_name(name)


@given(any_text)
@example("  Anna\t")
@example("\u00a0Anna\u3000")
def test_white_space_around_a_name_is_dropped_and_a_checked_name_stays(text: str) -> None:
    try:
        name = check_name(text)
    except BadName:
        return
    assert name == text.strip() == check_name(name)
    assert 1 <= len(name) <= 64
    assert len(name.splitlines()) == 1
    assert name != "code"
    name.encode()


@given(any_text, st.sampled_from(["0000000000001-00000000", "4be0643f1d98573b97cdca98a6"]))
def test_a_residents_name_stands_in_a_photos_key_and_is_read_from_it(text: str, photo: str) -> None:
    try:
        name = check_resident_name(text)
    except BadName:
        return
    key = resident_photo_key("home", name, photo)
    found = resident_photo(key, default_home="other", owner="owner")
    assert found
    assert (found.home, found.resident) == ("home", name)


@given(any_text, st.integers(0, 16**6))
@example("İstanbul", 0)
@example("-" * 64, 0)
@example("a" * 23 + " b", 0)
def test_any_name_gives_an_id_that_may_stand_in_tokens_and_keys(name: str, chance: int) -> None:
    made = device_id(name, Dice(chance))
    assert check_id(made, "device") == made
    assert re.fullmatch(r".*-[0-9a-f]{4}", made)


@pytest.mark.parametrize(
    ("name", "made"),
    [("Anna's phone", "anna-s-phone-002a"), ("奶奶的手机", "phone-002a"), ("Küche", "k-che-002a")],
)
def test_an_id_has_what_latin_letters_the_name_has(name: str, made: str) -> None:
    assert device_id(name, Dice(42)) == made


@pytest.mark.parametrize("letters", range(20, 30))
def test_an_id_never_ends_its_name_with_a_hyphen_and_is_not_shorter_for_one(letters: int) -> None:
    """Wherever it is cut."""
    made = device_id(f"!! {'a' * letters} phone", Dice())
    start = made.rpartition("-")[0]
    assert start.startswith("a" * min(letters, 24))
    assert "--" not in made
