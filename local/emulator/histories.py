"""What AWS keeps on its disks for weeks, or not at all, and ministack in memory for ever.

A home that stays up would grow with each ring and each ping of its doors. Here the newest are
kept, which is what anybody looks at: executions that have ended, and streams of log lines, of which
ministack begins one for each run of a function. Of events a bus keeps none, on AWS as here.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from ministack.services import cloudwatch_logs, eventbridge, lambda_svc, stepfunctions

EXECUTIONS: Final = 1_000
"""That have ended, of all state machines: 300 rings; 30 MB."""
RUNS: Final = 10_000
"""Of each function, whose log lines are kept: a day of a home with 30 devices; 50 MB."""


def keep_the_newest() -> None:
    """From now on."""
    _remember_no_events()
    _forget_executions(EXECUTIONS)
    _forget_log_lines(RUNS)


class Newest:
    """So many of something; what is older is let go."""

    def __init__(self, limit: int, let_go: Callable[[str], None]) -> None:
        self._limit = limit
        self._let_go = let_go
        self._lock = threading.Lock()
        self._kept: deque[str] = deque()

    def add(self, name: str) -> None:
        """One more."""
        with self._lock:
            self._kept.append(name)
            oldest = self._kept.popleft() if len(self._kept) > self._limit else None
        if oldest is not None:
            self._let_go(oldest)


def _remember_no_events() -> None:
    eventbridge._events_log_list = lambda: deque(maxlen=0)


def _forget_executions(limit: int) -> None:
    tell, newest = stepfunctions._emit_execution_status_event, Newest(limit, _forget_execution)

    def tell_and_forget(execution: dict[str, Any]) -> None:
        tell(execution)
        if execution["status"] != "RUNNING":
            newest.add(execution["executionArn"])

    stepfunctions._emit_execution_status_event = tell_and_forget


def _forget_execution(arn: str) -> None:
    with contextlib.suppress(KeyError):
        del stepfunctions._executions[arn]


def _forget_log_lines(limit: int) -> None:
    write, lock = lambda_svc._emit_lambda_logs, threading.Lock()

    def write_and_forget(function: dict[str, Any], *given: Any, **named: Any) -> None:
        write(function, *given, **named)
        with lock:
            _drop_oldest(_streams_of(function), limit)

    lambda_svc._emit_lambda_logs = write_and_forget


def _streams_of(function: dict[str, Any]) -> dict[str, Any]:
    config = function.get("config") or function
    group = (config.get("LoggingConfig") or {}).get("LogGroup")
    name = group or f"/aws/lambda/{config.get('FunctionName')}"
    streams: dict[str, Any] = (cloudwatch_logs._log_groups.get(name) or {}).get("streams", {})
    return streams


def _drop_oldest(streams: dict[str, Any], limit: int) -> None:
    # Another run may begin a stream meanwhile: then the next one finds this one still there.
    with contextlib.suppress(RuntimeError, KeyError):
        while len(streams) > limit:
            del streams[next(iter(streams))]
