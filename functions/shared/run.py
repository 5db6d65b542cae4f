"""How every job runs: one line in the log, and never a word of what was said."""

from __future__ import annotations

import logging
import time
from itertools import count
from traceback import extract_tb
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from doorbell.aws.api.errors import ServiceError
from doorbell.errors import DoorbellError
from functions.shared.log import FACTS, logger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Result = TypeVar("Result")

_jobs = count()
"""How many jobs this environment has run: the first one waited for a cold start."""


class JobFailed(DoorbellError, RuntimeError):
    """A job raised; the text says its name and the kind of error, and nothing of its data."""


def run(
    name: str,
    job: Callable[[], Result],
    facts: Mapping[str, object] = MappingProxyType({}),
    pauses: Sequence[float] = (),
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """Run a job and log that it ran; try again after each of `pauses` (seconds) if it fails.

    `facts` (home, door, ring …) go into the line as they are when the job has ended.

    Raises JobFailed in place of any error: the texts of errors quote keys, tokens and what people
    typed, and Lambda logs them and hands them to its caller. Their kind and place say enough.
    """
    cold = next(_jobs) == 0
    for pause in pauses:
        try:
            return _once(name, job, facts, cold)
        except JobFailed:
            sleep(pause)
    return _once(name, job, facts, cold)


def _once(name: str, job: Callable[[], Result], facts: Mapping[str, object], cold: bool) -> Result:
    began = time.perf_counter()
    try:
        result = job()
    except Exception as error:
        kind, place = _kind(error), _place(error)
        _log_line("job failed", {"job": name, "error": kind, "at": place}, began, facts)
        raise JobFailed(f"{name}: {kind} at {place}") from None
    _log_line("job done", {"job": name, "cold": cold}, began, facts)
    return result


def _log_line(
    message: str, about: dict[str, object], began: float, facts: Mapping[str, object]
) -> None:
    ms = round((time.perf_counter() - began) * 1000)
    level = logging.ERROR if "error" in about else logging.INFO
    logger().log(level, message, extra={FACTS: {**facts, **about, "ms": ms}})


def _kind(error: Exception) -> str:
    """Its class, or the code by which AWS calls it."""
    return error.code if isinstance(error, ServiceError) else type(error).__name__


def _place(error: Exception) -> str:
    """The innermost line of ours that the error passed."""
    frames = extract_tb(error.__traceback__)
    ours = [f for f in frames if "site-packages" not in f.filename] or frames
    last = ours[-1]
    return f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
