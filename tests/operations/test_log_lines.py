"""A log group is read whole, also where an answer ends in the middle and does not say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from operations import log_lines
from operations.log_lines import NotRead, groups_below, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 5


class Logs:
    """One group of these times; an answer holds the oldest five, and nothing says that more are
    there. With `pages`, as AWS does it, the next ones follow.
    """

    def __init__(self, times: list[int], *, pages: bool = False) -> None:
        self._lines: list[dict[str, Any]] = [
            {"logStreamName": f"s{place % 2}", "timestamp": time, "message": "the same"}
            for place, time in enumerate(sorted(times))
        ]
        self._pages = pages

    def get_paginator(self, operation: str) -> Any:
        assert operation == "filter_log_events"
        return self

    def paginate(self, *, logGroupName: str, startTime: int) -> Iterator[dict[str, Any]]:  # noqa: N803
        found = [line for line in self._lines if line["timestamp"] >= startTime]
        for start in range(0, len(found) if self._pages else 1, MOST):
            yield {"events": found[start : start + MOST]}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_lines, "MOST", MOST)


@pytest.mark.parametrize("pages", [False, True])
@given(
    times=st.lists(st.integers(0, 40), max_size=60).filter(
        lambda times: all(times.count(time) < MOST for time in times)
    )
)
def test_every_line_is_read_once_also_those_that_are_alike(times: list[int], pages: bool) -> None:
    read = list(lines_of(Logs(times, pages=pages), "/doorbell/one"))
    assert [line["timestamp"] for line in read] == sorted(times)


def test_more_lines_of_one_millisecond_than_can_be_read_are_told() -> None:
    with pytest.raises(NotRead, match="/doorbell/one"):
        list(lines_of(Logs([1, 7, 7, 7, 7, 7, 7, 9]), "/doorbell/one"))


class Groups:
    """Two pages of groups; between them it fails so often, and so."""

    def __init__(self, *failures: str) -> None:
        self._failures = [*failures]

    def get_paginator(self, operation: str) -> Any:
        assert operation == "describe_log_groups"
        return self

    def paginate(self, **asked: str) -> Iterator[dict[str, Any]]:
        assert asked == {"logGroupNamePrefix": "/doorbell/"}
        yield {"logGroups": [{"logGroupName": "/doorbell/a"}]}
        if self._failures:
            raise ClientError({"Error": {"Code": self._failures.pop(0)}}, "DescribeLogGroups")
        yield {"logGroups": [{"logGroupName": "/doorbell/b"}]}


@pytest.mark.parametrize("failures", [(), ("InternalError",), ("InternalError",) * 3])
def test_groups_are_found_on_every_page_also_while_somebody_writes(
    failures: tuple[str, ...],
) -> None:
    assert groups_below(Groups(*failures), "/doorbell/") == ["/doorbell/a", "/doorbell/b"]


@pytest.mark.parametrize("failures", [("AccessDeniedException",), ("InternalError",) * 4])
def test_groups_that_cannot_be_listed_are_no_empty_list(failures: tuple[str, ...]) -> None:
    with pytest.raises(ClientError):
        groups_below(Groups(*failures), "/doorbell/")
