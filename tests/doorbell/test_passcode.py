"""Codes: how they are drawn, what is kept of them, and how a typed one is judged."""

from __future__ import annotations

import secrets
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.model import Attempt, AttemptLog, Passcode
from doorbell.passcode import Verdict, check, digest, draw
from doorbell.settings import Settings
from tests.fakes import KEY, NOON

SETTINGS = Settings()


def issued(
    code: str = "042137", ring: str = "r", at: float = NOON, life: float = 120, used: float = 0.0
) -> Passcode:
    """A code of the front door."""
    kept = (digest(code, KEY, "home", "front", ring),)
    return Passcode("home", "front", ring, "Ada", at, at + life, kept, used)


def judge(
    typed: str, codes: list[Passcode], *, keypad: AttemptLog | None = None, now: float = NOON
) -> Verdict:
    """Judge a typed code with the usual limits."""
    return check(typed, codes, keypad or AttemptLog(), KEY, SETTINGS, now)


def reason(verdict: Verdict) -> str:
    """Why it was refused."""
    assert verdict.accepted is None
    assert verdict.refused is not None
    assert verdict.refused.attempts_left >= 0
    return verdict.refused.reason


@given(st.integers(0, 999_999))
def test_a_code_is_six_digits_with_its_leading_zeros(number: int) -> None:
    code = draw(lambda _: number)
    assert len(code) == 6
    assert int(code) == number


def test_codes_are_drawn_from_all_of_a_million() -> None:
    asked: list[int] = []
    draw(lambda below: asked.append(below) or 0)  # type: ignore[func-returns-value]
    assert asked == [1_000_000]


def test_drawn_codes_are_uniform_in_every_place() -> None:
    """Chi-square of each place's digits; over 65 is less likely than one in a billion."""
    drawn = [draw(secrets.randbelow) for _ in range(50_000)]
    for place in range(6):
        counts = Counter(code[place] for code in drawn)
        expected = len(drawn) / 10
        chi = sum((counts[digit] - expected) ** 2 / expected for digit in "0123456789")
        assert chi < 65, (place, counts)


@pytest.mark.parametrize("changed", range(5))
def test_a_digest_fits_one_code_of_one_ring_at_one_door_of_one_home(changed: int) -> None:
    parts = ["042137", "key", "home", "front", "ring"]
    other = [part + "x" * (place == changed) for place, part in enumerate(parts)]
    assert _digest(parts) == _digest(parts)
    assert _digest(parts) != _digest(other)


def _digest(parts: list[str]) -> str:
    code, key, home, door, ring = parts
    return digest(code, key.encode(), home, door, ring)


def test_the_digest_does_not_show_the_code() -> None:
    assert "042137" not in digest("042137", KEY, "home", "front", "r")


def test_the_right_code_is_accepted_and_costs_no_try() -> None:
    verdict = judge("042137", [issued()])
    assert verdict.accepted == issued()
    assert verdict.log.tries == ()


@pytest.mark.parametrize(("age", "outcome"), [(119.999, None), (120, "expired"), (3599, "expired")])
def test_a_code_expires_exactly_at_the_end_of_its_life(age: float, outcome: str | None) -> None:
    verdict = judge("042137", [issued()], now=NOON + age)
    assert bool(verdict.accepted) is (outcome is None)
    assert (verdict.refused and verdict.refused.reason) == outcome


def test_a_used_code_is_refused_as_used_even_after_its_life() -> None:
    for later in (1.0, 300.0):
        assert reason(judge("042137", [issued(used=NOON)], now=NOON + later)) == "used"


def test_with_no_code_alive_there_is_nothing_to_guess() -> None:
    verdict = judge("000000", [issued()], now=NOON + 120)
    assert reason(verdict) == "none"
    assert verdict.log.tries == ()


def test_a_wrong_code_counts_against_every_ring_that_is_alive() -> None:
    verdict = judge("000000", [issued(ring="a"), issued("111111", ring="b"), issued(used=1.0)])
    assert reason(verdict) == "wrong"
    assert verdict.log.tries == (Attempt(NOON, ("a", "b")),)


def test_the_fifth_wrong_try_leaves_none_and_the_sixth_is_locked() -> None:
    keypad, left = AttemptLog(), []
    for _ in range(5):
        verdict = judge("000000", [issued()], keypad=keypad)
        keypad = verdict.log
        assert verdict.refused
        left.append(verdict.refused.attempts_left)
    assert left == [4, 3, 2, 1, 0]
    assert reason(judge("000000", [issued()], keypad=keypad)) == "locked"
    assert reason(judge("042137", [issued()], keypad=keypad)) == "locked"


def test_a_new_ring_has_tries_of_its_own_but_the_hour_counts_on() -> None:
    keypad = AttemptLog(tuple(Attempt(NOON, ("old",)) for _ in range(5)))
    fresh = issued(ring="new")
    old = issued("111111", "old")
    assert judge("042137", [old, fresh], keypad=keypad).accepted == fresh
    assert reason(judge("111111", [old, fresh], keypad=keypad)) == "locked"
    refused = judge("000000", [old, fresh], keypad=keypad).refused
    assert refused
    assert refused.attempts_left == 4


@pytest.mark.parametrize(("later", "locked"), [(3599.9, True), (3600.0, False)])
def test_ten_tries_lock_the_door_until_the_first_is_an_hour_old(later: float, locked: bool) -> None:
    keypad = AttemptLog(tuple(Attempt(NOON + n, (f"r{n}",)) for n in range(10)))
    now = NOON + later
    verdict = judge("042137", [issued(at=now)], keypad=keypad, now=now)
    assert (verdict.accepted is None) is locked
    if locked:
        assert verdict.refused
        assert verdict.refused.retry_after == 1


@given(st.integers(0, 3599), st.integers(0, 3599))
def test_after_the_time_it_names_the_lock_is_gone(first: int, later: int) -> None:
    keypad = AttemptLog(tuple(Attempt(NOON + first, ("x",)) for _ in range(10)))
    now = NOON + first + later
    refused = judge("042137", [issued(at=now)], keypad=keypad, now=now).refused
    assert refused
    assert refused.retry_after
    then = now + refused.retry_after
    assert judge("042137", [issued(at=then)], keypad=keypad, now=then).accepted


def test_of_two_codes_alike_the_one_that_is_alive_opens() -> None:
    """However unlikely: a used code of another ring must not stand before it."""
    alive = issued(ring="alive", at=NOON - 10)
    used = issued(ring="used", at=NOON - 5, used=NOON - 1)
    assert judge("042137", [alive, used]).accepted == alive
    assert judge("042137", [used, alive]).accepted == alive


def test_two_codes_of_one_ring_open_once_between_them() -> None:
    """A job that Lambda repeated has issued twice; using one uses both."""
    first = issued("111111", at=NOON - 2, used=NOON - 1)
    second = issued("222222", at=NOON - 1)
    verdict = judge("222222", [first, second])
    assert reason(verdict) == "used"


def test_each_of_a_rings_codes_serves() -> None:
    """A phone that came back has one of its own."""
    two = issued()._replace(
        hashes=tuple(digest(c, KEY, "home", "front", "r") for c in ("111111", "222222"))
    )
    assert judge("111111", [two]).accepted
    assert judge("222222", [two]).accepted
    assert reason(judge("333333", [two])) == "wrong"


@given(st.text(max_size=8), st.lists(st.integers(0, 10), max_size=20))
def test_nothing_but_the_code_opens(typed: str, tries: list[int]) -> None:
    """Whatever is typed, with any history of tries."""
    keypad = AttemptLog(tuple(Attempt(NOON - n, ("r",)) for n in sorted(tries, reverse=True)))
    verdict = judge(typed, [issued()], keypad=keypad)
    assert (verdict.accepted is not None) <= (typed == "042137")
    assert verdict.accepted is not None or reason(verdict) in ("wrong", "locked")
