"""Limits from the environment: in range, or refused by name."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorbell import settings as module
from doorbell.errors import SettingsError
from doorbell.settings import Settings, read_settings, required, whole_number

NUMBERS = sorted(module._BOUNDS)
SWITCHES = ("show_name_at_door", "show_code_at_door")


def test_every_limit_is_a_number_with_bounds_or_a_switch() -> None:
    assert sorted((*NUMBERS, *SWITCHES)) == sorted(Settings._fields)


def test_what_is_not_set_or_empty_keeps_its_default() -> None:
    assert read_settings({"RING_GAP": "", "OTHER": "x"}) == Settings()


def test_the_defaults_are_within_their_own_bounds() -> None:
    told = {name.upper(): str(Settings._field_defaults[name]) for name in NUMBERS}
    assert read_settings(told) == Settings()


@pytest.mark.parametrize("name", NUMBERS)
def test_the_bounds_are_in_and_one_beyond_is_out(name: str) -> None:
    low, high = module._BOUNDS[name]
    for value in (low, high):
        assert getattr(read_settings({name.upper(): str(value)}), name) == value
    for value in (low - 1, high + 1):
        with pytest.raises(SettingsError, match=name.upper()):
            read_settings({name.upper(): str(value)})


@given(st.sampled_from(NUMBERS), st.text())
@example("ring_gap", "nan")
@example("late_after", "inf")
@example("late_after", "1e999")
@example("code_life", "1.5")
@example("code_life", "9" * 5000)
def test_any_text_gives_a_value_in_range_or_a_sentence(name: str, text: str) -> None:
    low, high = module._BOUNDS[name]
    try:
        value = getattr(read_settings({name.upper(): text}), name)
    except SettingsError as error:
        refused = str(error)
    else:
        assert low <= value <= high
        return
    assert name.upper() in refused


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("ring_gap", "2.5", 2.5), ("late_after", "2.5", 2.5), ("code_life", "99.6", 100)],
)
def test_a_gap_may_have_a_fraction_and_all_else_is_whole(
    name: str, text: str, value: float
) -> None:
    read = getattr(read_settings({name.upper(): text}), name)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("30", 30), ("", 7)])
def test_a_whole_number_lies_within_its_bounds(text: str, number: int) -> None:
    assert whole_number({"DAYS": text}, "DAYS", 7, low=1, high=30) == number


@pytest.mark.parametrize("text", ["0", "31", "-1", "1.5", "x", "²", "٣"])
def test_any_other_text_is_no_whole_number(text: str) -> None:
    with pytest.raises(SettingsError, match="DAYS must be a whole number from 1 to 30"):
        whole_number({"DAYS": text}, "DAYS", 7, low=1, high=30)


@pytest.mark.parametrize("name", SWITCHES)
@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False)])
def test_a_switch_is_true_or_false(name: str, text: str, value: bool) -> None:
    assert getattr(read_settings({name.upper(): text}), name) is value


@pytest.mark.parametrize("text", ["True", "1", "yes", " true"])
def test_no_other_word_switches_a_code_onto_the_door(text: str) -> None:
    with pytest.raises(SettingsError, match="SHOW_CODE_AT_DOOR"):
        read_settings({"SHOW_CODE_AT_DOOR": text})


def test_a_code_may_not_live_longer_than_nist_allows() -> None:
    with pytest.raises(SettingsError):
        read_settings({"CODE_LIFE": "601"})


def test_what_nothing_works_without_is_asked_for_by_name() -> None:
    assert required({"TABLE": "t"}, "TABLE") == "t"
    for environment in ({}, {"TABLE": ""}):
        with pytest.raises(SettingsError, match="TABLE"):
            required(environment, "TABLE")
