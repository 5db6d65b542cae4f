"""How many functions run at once: more than a few only get in each other's way on one machine.

ministack starts a process for every run that finds no idle one: a burst of a hundred rings makes
hundreds of them, which then time out together. Here a run beyond the ceiling waits for its turn,
as if the network were slow; nobody is refused. The time that a function
may take begins when it runs. Idle processes are let go by ministack's own LAMBDA_WARM_TTL_SECONDS.

No function of the doorbell calls another one and waits for it; one that did could wait for ever.
"""

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from ministack.services import lambda_svc

CEILING = 4 * (os.cpu_count() or 1)
"""Functions that run at the same time; most of a run is waiting for AWS."""

_GOES_ON = ("got", "enter_code", "answer", "opened")
"""Actions about a ring that is under way. They are looked for in the frame without reading it: one
that only looks so is served sooner, and no more.
"""


class Turns:
    """So many at once; who comes later waits in a queue, and what is urgent before all others."""

    def __init__(self, ceiling: int) -> None:
        self._lock = threading.Lock()
        self._free = ceiling
        self._urgent: deque[threading.Event] = deque()
        self._others: deque[threading.Event] = deque()

    @contextlib.contextmanager
    def taken(self, *, urgent: bool) -> Iterator[None]:
        """Wait for a turn, and give it on at the end."""
        self._wait(self._urgent if urgent else self._others)
        try:
            yield
        finally:
            self._give_on()

    def waiting(self) -> int:
        """How many wait."""
        return len(self._urgent) + len(self._others)

    def _wait(self, queue: deque[threading.Event]) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Event()
            queue.append(turn)
        turn.wait()

    def _give_on(self) -> None:
        with self._lock:
            if queue := self._urgent or self._others:
                # Handed on, so that nobody who has just come overtakes.
                queue.popleft().set()
            else:
                self._free += 1


def limit(ceiling: int) -> None:
    """Let at most so many functions run at the same time."""
    dispatch, turns = lambda_svc._execute_function_dispatch, Turns(ceiling)

    def in_turn(function: Any, config: Any, event: Any, request: str, _came: float) -> Any:
        with turns.taken(urgent=not _is_asked(event)):
            # The log's `Duration` counts from here: waiting for a turn is no work of the function.
            return dispatch(function, config, event, request, time.time())

    lambda_svc._execute_function_dispatch = in_turn


def _is_asked(event: Any) -> bool:
    """Whether a device asks for something new; all else goes on with what was begun.

    What was begun is brought to its end first: else devices that ask again, because they got no
    answer in time, would keep all of them from one. So a phone that has got its code does not
    wait behind a hundred presses until the bell rings for want of its `got`.
    """
    match event:
        case {"requestContext": {"http": _}}:
            return True
        case {"requestContext": {"eventType": "MESSAGE"}, "body": str(body)}:
            return not any(f'"{action}"' in body for action in _GOES_ON)
    return False
