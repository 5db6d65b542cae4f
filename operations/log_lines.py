"""All lines of a log group, in the order of their times, however many there are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from botocore.exceptions import ClientError

from doorbell.errors import DoorbellError

if TYPE_CHECKING:
    from collections.abc import Iterator

    Line: TypeAlias = dict[str, Any]
    """As CloudWatch Logs gives it, with `logStreamName`, `timestamp` and `message`."""

MOST: Final = 10_000
"""So many lines one answer holds at most (FilterLogEvents, `limit`). What AWS has beside them it
gives by the next page; the one machine says nothing of them.
"""
TRIES: Final = 3
"""So often the names of all groups are asked for once more."""


class NotRead(DoorbellError, RuntimeError):
    """A group has lines that cannot be read."""


def groups_below(logs: Any, prefix: str = "") -> list[str]:
    """The names of all log groups that begin so."""
    for _ in range(TRIES):
        try:
            return _names(logs, prefix)
        except ClientError as error:
            # The one machine stumbles over a group to which somebody begins to write.
            if error.response["Error"]["Code"] != "InternalError":
                raise
    return _names(logs, prefix)


def _names(logs: Any, prefix: str) -> list[str]:
    asked = {"logGroupNamePrefix": prefix} if prefix else {}
    pages = logs.get_paginator("describe_log_groups").paginate(**asked)
    return [str(group["logGroupName"]) for page in pages for group in page["logGroups"]]


def lines_of(logs: Any, group: str, since: int = 0, pattern: str = "") -> Iterator[Line]:
    """Those from `since` on (epoch milliseconds) that match the pattern.

    Raises NotRead if more were written in one millisecond than an answer holds.
    """
    asked = {"logGroupName": group, **({"filterPattern": pattern} if pattern else {})}
    known: Counter[tuple[object, ...]] = Counter()
    while True:
        read = list(_pages(logs, {**asked, "startTime": since}))
        fresh = [line for line in read if not _is_known(line, known)]
        yield from fresh
        if len(read) < MOST:
            return
        if not fresh:
            raise NotRead(f"{group} has more lines of one millisecond than can be read.")
        # Once more from the last millisecond on: whoever else wrote in it stands there, too.
        since = max(line["timestamp"] for line in read)
        known = Counter(_key(line) for line in read if line["timestamp"] == since)


def _pages(logs: Any, asked: dict[str, Any]) -> Iterator[Line]:
    for page in logs.get_paginator("filter_log_events").paginate(**asked):
        yield from page["events"]


def _is_known(line: Line, known: Counter[tuple[object, ...]]) -> bool:
    """Two lines may be the same, letter by letter: each is taken for known once."""
    known[_key(line)] -= 1
    return known[_key(line)] >= 0


def _key(line: Line) -> tuple[object, ...]:
    # The one machine gives no `eventId`.
    parts = ("eventId", "logStreamName", "timestamp", "ingestionTime", "message")
    return tuple(line.get(part) for part in parts)
