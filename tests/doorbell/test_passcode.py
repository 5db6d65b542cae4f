"""Codes: how they are drawn, what is kept of them, and how a typed one is judged."""

from __future__ import annotations

import secrets
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.model import HOUR, Attempt, AttemptLog, Passcode
from doorbell.passcode import CODES, MAX_CHANCES_AN_HOUR, Verdict, check, digest, draw
from doorbell.protocol import Refused
from doorbell.settings import Settings
from tests.fakes import KEY, NOON, a_code

SETTINGS = Settings()


def issued(
    code: str = "042137", ring: str = "r", at: float = NOON, life: float = 120, used: float = 0.0
) -> Passcode:
    """A code of the front door."""
    return a_code(code, ring, at, life)._replace(used_at=used, uses_left=0 if used else 1)


def judge(
    typed: str, codes: list[Passcode], *, log: AttemptLog | None = None, now: float = NOON
) -> Verdict:
    """Judge a typed code with the usual limits."""
    return check(typed, codes, log or AttemptLog(), KEY, SETTINGS, now)


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


@pytest.mark.parametrize("changed", ["code", "key", "home", "door", "ring", "kind"])
def test_a_digest_fits_one_code_of_one_passcode_of_one_home(changed: str) -> None:
    code = issued()
    other = {
        "home": code._replace(home="away"),
        "door": code._replace(doors=("back",)),
        "ring": code._replace(id="s"),
        "kind": code._replace(kind="guest"),
    }.get(changed, code)
    typed = "042138" if changed == "code" else "042137"
    key = b"another key" if changed == "key" else KEY
    assert digest("042137", KEY, code) == code.hashes[0]
    assert digest(typed, key, other) != code.hashes[0]


def test_a_guests_pin_fits_each_of_its_doors() -> None:
    """Its digest is bound to the PIN's own id, not to one door."""
    pin = issued()._replace(kind="guest", id="plumber", doors=("front", "back"))
    kept = pin._replace(hashes=(digest("271828", KEY, pin),))
    assert judge("271828", [kept]).accepted == kept
    assert digest("271828", KEY, pin._replace(doors=("back",))) == kept.hashes[0]


def test_the_digest_does_not_show_the_code() -> None:
    assert "042137" not in issued().hashes[0]


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
    assert verdict.log.tries == (Attempt(NOON, ("a", "b"), 2),)


def test_the_fifth_wrong_try_leaves_none_and_the_sixth_is_locked() -> None:
    log, left = AttemptLog(), []
    for _ in range(5):
        verdict = judge("000000", [issued()], log=log)
        log = verdict.log
        assert verdict.refused
        left.append(verdict.refused.attempts_left)
    assert left == [4, 3, 2, 1, 0]
    for typed in ("000000", "042137"):
        assert judge(typed, [issued()], log=log).refused == Refused("locked", 0)


def test_the_door_s_own_hour_bounds_the_tries_that_are_left() -> None:
    """A new ring has five, but of the door's ten eight are gone."""
    log = AttemptLog(tuple(Attempt(NOON, ("old",)) for _ in range(7)))
    assert judge("000000", [issued(ring="new")], log=log).refused == Refused("wrong", 2)


def test_where_no_code_is_alive_the_door_s_tries_are_told() -> None:
    log = AttemptLog(tuple(Attempt(NOON, ("old",)) for _ in range(3)))
    assert judge("000000", [], log=log).refused == Refused("none", 7)


def test_a_new_ring_has_tries_of_its_own_but_the_hour_counts_on() -> None:
    log = AttemptLog(tuple(Attempt(NOON, ("old",)) for _ in range(5)))
    fresh = issued(ring="new")
    old = issued("111111", "old")
    assert judge("042137", [old, fresh], log=log).accepted == fresh
    assert reason(judge("111111", [old, fresh], log=log)) == "locked"
    refused = judge("000000", [old, fresh], log=log).refused
    assert refused
    assert refused.attempts_left == 4


@pytest.mark.parametrize(("later", "locked"), [(3599.9, True), (3600.0, False)])
def test_ten_tries_lock_the_door_until_the_first_is_an_hour_old(later: float, locked: bool) -> None:
    log = AttemptLog(tuple(Attempt(NOON + n, (f"r{n}",)) for n in range(10)))
    now = NOON + later
    verdict = judge("042137", [issued(at=now)], log=log, now=now)
    assert (verdict.accepted is None) is locked
    if locked:
        assert verdict.refused == Refused("locked", 0, 1)


@given(st.integers(0, 3599), st.integers(0, 3599))
def test_after_the_time_it_names_the_lock_is_gone(first: int, later: int) -> None:
    log = AttemptLog(tuple(Attempt(NOON + first, ("x",)) for _ in range(10)))
    now = NOON + first + later
    refused = judge("042137", [issued(at=now)], log=log, now=now).refused
    assert refused
    assert refused.retry_after
    then = now + refused.retry_after
    assert judge("042137", [issued(at=then)], log=log, now=then).accepted


def test_of_two_codes_alike_the_one_that_is_alive_opens() -> None:
    """However unlikely: a used code of another ring must not stand before it."""
    alive = issued(ring="alive", at=NOON - 10)
    used = issued(ring="used", at=NOON - 5, used=NOON - 1)
    assert judge("042137", [alive, used]).accepted == alive
    assert judge("042137", [used, alive]).accepted == alive


def test_each_of_a_rings_codes_serves() -> None:
    """A phone that came back has one of its own."""
    two = issued()._replace(hashes=(*issued("111111").hashes, *issued("222222").hashes))
    assert judge("111111", [two]).accepted
    assert judge("222222", [two]).accepted
    assert reason(judge("333333", [two])) == "wrong"


@given(st.text(max_size=8), st.lists(st.integers(0, 10), max_size=20))
def test_nothing_but_the_code_opens(typed: str, tries: list[int]) -> None:
    """Whatever is typed, with any history of tries."""
    log = AttemptLog(tuple(Attempt(NOON - n, ("r",)) for n in sorted(tries, reverse=True)))
    verdict = judge(typed, [issued()], log=log)
    assert (verdict.accepted is not None) <= (typed == "042137")
    assert verdict.accepted is not None or reason(verdict) in ("wrong", "locked")


def test_a_passcode_opens_as_often_as_it_has_uses_and_only_in_its_time() -> None:
    """A guest's PIN may serve several times, from a day on and until another."""
    pin = issued()._replace(kind="guest", id="plumber", valid_from=NOON, valid_until=NOON + 9)
    pin = pin._replace(uses_left=2, used_at=NOON - 60, hashes=(digest("271828", KEY, pin),))
    assert judge("271828", [pin]).accepted == pin
    assert judge("271828", [pin], now=NOON - 1).accepted is None
    assert judge("271828", [pin], now=NOON + 9).accepted is None
    assert judge("271828", [pin._replace(uses_left=0)]).accepted is None


@given(st.floats(0.001, 86_400), st.booleans(), st.lists(st.floats(0, 3599), max_size=11))
def test_a_pin_that_is_typed_early_is_answered_as_any_code_that_is_none(
    early: float, something_lives: bool, tried: list[float]
) -> None:
    """Else guessing before its time, when no try counts, would show which digits will open."""
    pin = issued()._replace(kind="guest", id="plumber", valid_from=NOON, valid_until=NOON + 600)
    pin = pin._replace(hashes=(digest("271828", KEY, pin),))
    now = NOON - early
    others = [issued(at=now)] if something_lives else []
    log = AttemptLog(tuple(Attempt(now - age, ("r",)) for age in sorted(tried, reverse=True)))
    wrong = judge("999999", [pin, *others], log=log, now=now)
    assert judge("271828", [pin, *others], log=log, now=now) == wrong


def test_a_try_costs_as_many_chances_as_it_could_have_hit_codes() -> None:
    codes = [issued(f"{n:06d}", f"r{n}") for n in range(40)]
    log = judge("999999", codes).log
    assert log.chances == 40
    log = judge("999999", codes, log=log).log
    assert log.chances == 80
    refused = judge("999999", codes, log=log, now=NOON + 60).refused
    assert refused
    assert (refused.reason, refused.retry_after) == ("locked", 3541)


@pytest.mark.parametrize(
    ("alive", "refused"), [(99, Refused("wrong", 4)), (100, Refused("locked", 0))]
)
def test_the_first_try_may_not_hit_more_codes_than_an_hour_may(
    alive: int, refused: Refused
) -> None:
    """So many live only after presses and phones that nobody has; letting in still opens."""
    codes = [issued(f"{n:06d}", f"r{n}") for n in range(alive)]
    assert judge("999999", codes).refused == refused


@given(
    st.lists(st.integers(1, 120), min_size=1, max_size=40),
    st.lists(st.floats(0, 600), min_size=1, max_size=40),
)
def test_guessing_stays_below_one_in_ten_thousand_an_hour(
    alive: list[int], pauses: list[float]
) -> None:
    """Whatever is alive at each try and however the tries are spread, all that a guesser could
    hit within any hour is less than a ten-thousandth of all codes.
    """
    log, now = AttemptLog(), NOON
    tried: list[tuple[float, int]] = []
    for number, pause in zip(alive, pauses, strict=False):
        now += pause
        codes = [issued(f"{n:06d}", f"{len(tried)}-{n}", at=now) for n in range(number)]
        verdict = judge("999999", codes, log=log, now=now)
        if verdict.refused and verdict.refused.reason != "locked":
            tried.append((now, number))
        log = verdict.log
    for start, _ in tried:
        chances = sum(n for at, n in tried if start <= at < start + HOUR)
        assert chances <= MAX_CHANCES_AN_HOUR
    assert MAX_CHANCES_AN_HOUR / CODES < 1e-4
