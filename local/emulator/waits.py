"""Waits of ministack that stand for nothing on AWS, and would hide what the product takes."""

import array
import fcntl
import queue
import termios
import time
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import stepfunctions

START_WAIT = 0.15
"""Seconds that ministack sleeps before each execution of a state machine."""

_SETTLE_SECONDS = 0.001
_DRAIN_SECONDS = 0.25


def leave_out() -> None:
    """Take all of them out."""
    _start_machines_at_once()
    _send_small_answers_at_once()
    _stop_reading_logs_when_there_are_no_more()


def _start_machines_at_once() -> None:
    code = stepfunctions._run_execution.__code__
    constants = tuple(0.0 if value == START_WAIT else value for value in code.co_consts)
    stepfunctions._run_execution.__code__ = code.replace(co_consts=constants)


def _send_small_answers_at_once() -> None:
    """The runtime API writes head and body apart: Nagle's algorithm holds the body for 40 ms."""
    build = lambda_runtime.ProvidedWorker._build_handler_class

    def build_without_delay(worker: Any, *arguments: Any) -> Any:
        handler = build(worker, *arguments)
        handler.disable_nagle_algorithm = True
        return handler

    lambda_runtime.ProvidedWorker._build_handler_class = build_without_delay


def _stop_reading_logs_when_there_are_no_more() -> None:
    """After each run ministack waits 5 to 50 ms for log lines; the pipe says whether any come."""
    lambda_runtime.ProvidedWorker._drain_stderr_bounded = _drain


def _drain(worker: Any, **_: Any) -> str:
    """All lines that were written until now.

    A line is in the pipe before the run's result is there, so an empty pipe and a queue that stays
    empty for a moment mean that all were read.
    """
    lines: list[str] = []
    deadline = time.monotonic() + _DRAIN_SECONDS
    while time.monotonic() < deadline:
        try:
            lines.append(worker._stderr_queue.get(timeout=_SETTLE_SECONDS))
        except queue.Empty:
            if not _waiting_bytes(worker._proc):
                break
    return "\n".join(lines)


def _waiting_bytes(process: Any) -> int:
    """How many bytes of its output nobody has read yet."""
    size = array.array("i", [0])
    try:
        fcntl.ioctl(process.stdout.fileno(), termios.FIONREAD, size)
    except (AttributeError, OSError, ValueError):
        return 0  # it has ended, and its pipe is closed
    return size[0]
