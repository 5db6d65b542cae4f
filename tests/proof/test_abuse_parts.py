"""The parts of the proof of abuse see what is wrong, and what was never tried."""

from __future__ import annotations

import json
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest

from operations import log_lines
from proof import abuse
from proof.abuse import frames, guessing
from proof.abuse.guessing import Guessed
from proof.abuse.logs import CANARY, LEAVES, Injected, read

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS: Final = 3
SINCE: Final = 1_000_000
LEFT: Final = [job for job, count in LEAVES.items() for _ in range(count * TEXTS)]


class Logs:
    """One group: old lines, and those that an injection has left."""

    def __init__(self, *messages: str, before: int = 0) -> None:
        times = [*range(SINCE - before, SINCE), *range(SINCE, SINCE + len(messages))]
        self._lines = [
            {"logStreamName": "one", "timestamp": time, "message": message}
            for time, message in zip(times, [*["{}"] * before, *messages], strict=True)
        ]

    def get_paginator(self, operation: str) -> Any:
        return SimpleNamespace(paginate=getattr(self, operation))

    def describe_log_groups(self) -> Iterator[dict[str, Any]]:
        yield {"logGroups": [{"logGroupName": "/doorbell/one"}]}

    def filter_log_events(self, *, logGroupName: str, startTime: int) -> Iterator[dict[str, Any]]:  # noqa: N803
        found = [line for line in self._lines if line["timestamp"] >= startTime]
        yield {"events": found[: log_lines.MOST]}


def wrong_in(*messages: str, before: int = 0) -> list[str]:
    logs = Logs(*messages, before=before)
    aws = SimpleNamespace(client=lambda _: logs)
    house: Any = SimpleNamespace(home=SimpleNamespace(stack=SimpleNamespace(aws=aws)))
    return read(house, Injected(TEXTS, 33, SINCE), patience=0).wrong


def lines(jobs: list[str]) -> list[str]:
    return [json.dumps({"job": job, "message": "job done"}) for job in jobs]


def test_what_an_injection_must_leave_is_enough() -> None:
    assert wrong_in(*lines(LEFT)) == []


def test_a_forged_line_is_found_behind_ten_thousand_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer has the oldest ones; those that were forged are the newest."""
    monkeypatch.setattr(log_lines, "MOST", 50)
    forged = json.dumps({"level": "ERROR", "message": CANARY})
    (wrong,) = wrong_in(*lines(LEFT), forged, before=120)
    assert wrong.startswith("forged")


@pytest.mark.parametrize("job", LEAVES)
def test_an_injection_that_left_too_few_lines_of_a_job_proves_nothing(job: str) -> None:
    few, due = [*LEFT], LEAVES[job] * TEXTS
    few.remove(job)
    assert wrong_in(*lines(few)) == [], "one may come too late"
    few.remove(job)
    assert wrong_in(*lines(few)) == [f"only {due - 2} of {due} lines of {job}"]


def test_lines_of_before_are_none_of_an_injection() -> None:
    assert len(wrong_in(before=100)) == len(LEAVES)


@pytest.mark.parametrize(("tries", "holds"), [(0, False), (10, True)])
def test_guesses_of_which_none_was_judged_prove_nothing(
    monkeypatch: pytest.MonkeyPatch, tries: int, holds: bool
) -> None:
    found = Guessed(12, tries, tries, tries * 1e-6)
    monkeypatch.setattr(guessing, "guess", lambda *_: found)
    assert {claim.holds for claim in abuse._guesses(short=True, seed=1)} == {holds}


def test_an_opening_that_comes_a_moment_later_is_seen() -> None:
    opened: list[object] = []
    device = SimpleNamespace(heard=lambda _: opened)
    steps: Any = [SimpleNamespace(door=device, phone=device)]
    before = [frames._effects(step) for step in steps]
    assert not frames._changes(steps, before, within=0.1)
    threading.Timer(0.2, lambda: opened.append("open")).start()
    assert frames._changes(steps, before, within=10)
