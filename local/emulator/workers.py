"""How many functions run at once: more than a few only get in each other's way on one machine.

ministack starts a process for every run that finds no idle one: a burst of a hundred rings makes
hundreds of them, which then time out together. Here a run beyond the ceiling waits for its turn,
in the order of arrival, as if the network were slow; nobody is refused. The time that a function
may take begins when it runs. Idle processes are let go by ministack's own LAMBDA_WARM_TTL_SECONDS.

No function of the doorbell calls another one and waits for it; one that did could wait for ever.
"""

import os
import threading
import time
from collections import deque
from typing import Any

from ministack.services import lambda_svc

CEILING = 4 * (os.cpu_count() or 1)
"""Functions that run at the same time; most of a run is waiting for AWS."""


class Turns:
    """So many at once; who comes later waits in a queue."""

    def __init__(self, ceiling: int) -> None:
        self._lock = threading.Lock()
        self._free = ceiling
        self._waiting: deque[threading.Event] = deque()

    def __enter__(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self._waiting:
                # Handed on, so that nobody who has just come overtakes.
                self._waiting.popleft().set()
            else:
                self._free += 1


def limit(ceiling: int) -> None:
    """Let at most so many functions run at the same time."""
    dispatch, turns = lambda_svc._execute_function_dispatch, Turns(ceiling)

    def in_turn(function: Any, config: Any, event: Any, request: str, _came: float) -> Any:
        with turns:
            # The log's `Duration` counts from here: waiting for a turn is no work of the function.
            return dispatch(function, config, event, request, time.time())

    lambda_svc._execute_function_dispatch = in_turn
