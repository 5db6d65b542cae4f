"""Six digits and `#` are a code; everything else is not."""

from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.door.keypad_entry import FORGOTTEN_AFTER, KeypadEntry, Mistake, Typed

KEYS = st.text("0123456789*#", max_size=40)


def typed(keys: str, seconds_between: float = 0.1) -> list[Typed]:
    entry = KeypadEntry()
    return [entry.press(key, number * seconds_between) for number, key in enumerate(keys)]


def test_six_digits_and_the_hash_are_a_code() -> None:
    assert typed("042137#")[-1] == "042137"


def test_the_star_clears() -> None:
    assert typed("99*042137#")[-1] == "042137"


def test_five_and_seven_digits_are_a_mistake() -> None:
    assert typed("04213#")[-1] is Mistake.LENGTH
    assert typed("0421370#")[-1] is Mistake.LENGTH
    assert typed("#")[-1] is Mistake.LENGTH


def test_ten_silent_seconds_forget_what_was_typed() -> None:
    entry = KeypadEntry()
    for number, key in enumerate("042"):
        entry.press(key, float(number))
    assert entry.forget_at == 2 + FORGOTTEN_AFTER
    entry.tick(2 + FORGOTTEN_AFTER)
    assert entry.length == 0
    assert entry.forget_at == float("inf")


@given(KEYS)
def test_only_the_last_six_digits_before_a_hash_are_ever_a_code(keys: str) -> None:
    results = typed(keys)
    since = ""
    for key, result in zip(keys, results, strict=True):
        if key == "#":
            assert result == (since if len(since) == 6 else Mistake.LENGTH)
        else:
            assert result is None
        since = "" if key in "*#" else since + key


@given(st.lists(st.tuples(st.sampled_from("0123456789*#"), st.floats(0, 30)), max_size=30))
def test_no_code_holds_digits_from_before_a_long_silence(presses: list[tuple[str, float]]) -> None:
    entry = KeypadEntry()
    now, since = 0.0, ""
    for key, pause in presses:
        now += pause
        since = "" if pause >= FORGOTTEN_AFTER else since
        result = entry.press(key, now)
        if isinstance(result, str):
            assert result == since
        since = "" if key in "*#" else since + key


@given(st.text(max_size=5), st.integers(0, 1000))
def test_no_key_that_is_none_counts_and_nothing_grows(odd: str, times: int) -> None:
    entry = KeypadEntry()
    if odd not in set("0123456789*#"):
        entry.press(odd, 0)
        assert entry.length == 0
    for _ in range(times):
        entry.press("1", 0)
    assert entry.length <= 7
