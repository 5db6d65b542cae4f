"""Prints and people before a door, short: some of each are judged as they are."""

from __future__ import annotations

import pytest

from doorbell.liveness.judging import moves_like_a_print
from proof.liveness.chances import upper_bound
from proof.liveness.proving import _by_kind, _found
from proof.liveness.scenes import burst
from proof.liveness.trials import Trial
from tracking import tracker


def test_a_phone_with_a_photo_is_marked_and_a_head_that_speaks_is_not() -> None:
    """And the same seed draws the same burst."""
    phone, head = burst("phone", 1), burst("speaking", 1)
    assert moves_like_a_print(tracker, phone.jpegs)
    assert not moves_like_a_print(tracker, head.jpegs)
    assert burst("phone", 1, frames=1).jpegs == phone.jpegs[:1]


@pytest.mark.parametrize(
    ("found", "of", "bound"),
    [(0, 100, 0.0295), (0, 300, 0.00994), (1, 100, 0.0466), (5, 100, 0.1023), (3, 3, 1.0)],
)
def test_the_bound_is_that_of_clopper_and_pearson(found: int, of: int, bound: float) -> None:
    """As tables have it, of one side."""
    assert upper_bound(found, of) == pytest.approx(bound, rel=0.01)


def test_a_person_who_is_marked_makes_the_claim_fail() -> None:
    trials = [Trial("turning", seed, seed < 2, True, 3.0, 1.0) for seed in range(50)]
    wrong, *_ = _found(trials)
    assert not wrong.holds
    assert wrong.found.startswith("2 of 50")


def test_prints_that_are_not_found_make_the_claim_fail() -> None:
    people = [Trial("nodding", seed, False, False, 0.0, 0.0) for seed in range(9)]
    trials = [Trial("waved", seed, seed < 3, seed < 6, 3.0, 1.0) for seed in range(9)]
    _, _, found, of_all = _found([*trials, *people])
    assert not found.holds
    assert (found.found, of_all.found) == ("3 of 6", "3 of 9")
    assert _by_kind(trials)[0].found == "3 of 9; 3 seen not to be flat, 3 unsaid"
