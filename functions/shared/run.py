"""How every job runs: one line in the log, and never a word of what was said."""

from __future__ import annotations

import time
from functools import cache
from itertools import count
from traceback import extract_tb
from typing import TYPE_CHECKING, TypeVar

from aws_lambda_powertools.logging import Logger
from botocore.exceptions import ClientError

from doorbell.errors import DoorbellError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Result = TypeVar("Result")

_jobs = count()
"""How many jobs this environment has run: the first one waited for a cold start."""


class JobFailed(DoorbellError, RuntimeError):
    """A job raised; the text says its name and the kind of error, and nothing of its data."""


def run(
    name: str,
    job: Callable[[], Result],
    pauses: Sequence[float] = (),
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """Run a job and log that it ran; try again after each of `pauses` (seconds) if it fails.

    Raises JobFailed in place of any error: the texts of errors quote keys, tokens and what people
    typed, and Lambda logs them and hands them to its caller. Their kind and place say enough.
    """
    cold = next(_jobs) == 0
    for pause in pauses:
        try:
            return _once(name, job, cold)
        except JobFailed:
            sleep(pause)
    return _once(name, job, cold)


def _once(name: str, job: Callable[[], Result], cold: bool) -> Result:
    try:
        result = job()
    except Exception as error:
        kind, place = _kind(error), _place(error)
        logger().error("job failed", job=name, error=kind, at=place)
        raise JobFailed(f"{name}: {kind} at {place}") from None
    logger().info("job done", job=name, cold=cold)
    return result


@cache
def logger() -> Logger:
    """Powertools' logger: JSON lines that CloudWatch can search."""
    return Logger(service="doorbell")


def _kind(error: Exception) -> str:
    """Its class, or the code by which AWS calls it."""
    if isinstance(error, ClientError):
        return error.response["Error"]["Code"]
    return type(error).__name__


def _place(error: Exception) -> str:
    """The innermost line of ours that the error passed."""
    frames = extract_tb(error.__traceback__)
    ours = [f for f in frames if "site-packages" not in f.filename] or frames
    last = ours[-1]
    return f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
