"""Timed steps in a thread of their own: how lights blink and chimes sing without blocking anyone.

gpiozero's own `blink` knows one on-time and one off-time; a double blink or a melody does not.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

_log = logging.getLogger(__name__)

T = TypeVar("T")


class Step(NamedTuple, Generic[T]):
    """Hold `state` for so many seconds."""

    state: T
    seconds: float


class Pattern(NamedTuple, Generic[T]):
    """Steps in turn; then again from step `again`, or, when that is None, stay at the last."""

    steps: Sequence[Step[T]]
    again: int | None = None


class Sequencer(Generic[T]):
    """Plays one pattern at a time; a new one replaces the one that plays. Idle, it sleeps."""

    def __init__(self, name: str, apply: Callable[[T], None]) -> None:
        """`apply` sets the hardware to a state; it is called from this sequencer's thread only."""
        self._apply = apply
        self._changed = threading.Condition()
        self._pattern: Pattern[T] | None = None
        self._playing = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def playing(self) -> bool:
        """Whether a pattern is waiting to play or still has steps to come."""
        with self._changed:
            return self._playing

    def play(self, pattern: Pattern[T]) -> None:
        """Start this pattern now. Returns at once, from any thread."""
        with self._changed:
            self._pattern = pattern
            self._playing = True
            self._changed.notify()

    def close(self) -> None:
        """Stop playing and wait for the thread, so that the pins may be let go."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while (pattern := self._next_pattern()) is not None:
            try:
                self._play_through(pattern)
            except Exception:
                # A lamp that fails must not keep the next bell from sounding.
                _log.exception("%s: the hardware refused", self._thread.name)
                time.sleep(0.1)

    def _next_pattern(self) -> Pattern[T] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._pattern is not None or self._closed)
            pattern, self._pattern = self._pattern, None
            return None if self._closed else pattern

    def _play_through(self, pattern: Pattern[T]) -> None:
        at: int | None = 0
        while at is not None:
            for step in pattern.steps[at:]:
                self._apply(step.state)
                if self._replaced_within(step.seconds):
                    return
            at = pattern.again
        with self._changed:
            self._playing = self._pattern is not None

    def _replaced_within(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(
                lambda: self._pattern is not None or self._closed, timeout=seconds
            )
