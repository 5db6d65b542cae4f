"""A nonce lives for some minutes, and each of its counts is taken once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.relay.nonces import LIFE_SECONDS, MOST_KEPT, WINDOW, Nonces


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.integers(1, 200)))
def test_no_count_is_taken_twice_and_none_in_the_window_is_lost(counts: list[int]) -> None:
    nonces, taken = Nonces(), set[int]()
    nonce = nonces.new()
    for count in counts:
        fresh = count not in taken and count > max(taken, default=0) - WINDOW
        assert nonces.take(nonce, count) is fresh
        if fresh:
            taken.add(count)


def test_counts_begin_at_one() -> None:
    nonces = Nonces()
    assert not nonces.take(nonces.new(), 0)


def test_a_nonce_that_is_old_is_not_taken() -> None:
    clock = Clock()
    nonces = Nonces(clock)
    nonce = nonces.new()
    clock.now += LIFE_SECONDS
    assert nonces.take(nonce, 1)
    clock.now += 1
    assert not nonces.take(nonce, 2)


@given(st.text(max_size=60))
def test_only_our_own_are_taken(nonce: str) -> None:
    assert not Nonces().take(nonce, 1)


def test_those_of_an_earlier_run_are_not_ours() -> None:
    assert not Nonces().take(Nonces().new(), 1)
    key = bytes(32)
    assert Nonces(key=key).take(Nonces(key=key).new(), 1)


def test_a_nonce_cannot_be_made_younger() -> None:
    nonces = Nonces()
    moment, rest = nonces.new().split("-", 1)
    assert not nonces.take(f"{float(moment) + 1:.3f}-{rest}", 1)


def test_what_is_forgotten_for_room_is_not_taken_again() -> None:
    clock = Clock()
    nonces = Nonces(clock)
    first = nonces.new()
    assert nonces.take(first, 1)
    for _ in range(MOST_KEPT):
        clock.now += 0.001
        assert nonces.take(nonces.new(), 1)
    assert not nonces.take(first, 1), "its counts are forgotten, so it must not count any more"
    assert not nonces.take(first, 2)
