"""Every job leaves one line in the log: its name, and if it failed the kind and place of the error.
Never a code, a token, a key or a photo's name.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from doorbell.errors import DoorbellError
from functions.shared.run import JobFailed, run
from tests.functions import leaky

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def told() -> subprocess.CompletedProcess[str]:
    """All that a process says that runs leaky jobs."""
    return subprocess.run(
        [sys.executable, "-m", "tests.functions.leaky"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )


def lines(told: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    """The log's lines, by job."""
    found = [json.loads(line) for line in told.stdout.splitlines()]
    return {line["job"]: line for line in found}


@pytest.mark.parametrize("secret", leaky.SECRETS)
def test_nothing_of_the_data_is_told(told: subprocess.CompletedProcess[str], secret: str) -> None:
    """Neither in the log nor in the traceback that Lambda prints."""
    assert "JobFailed" in told.stderr
    assert secret not in told.stdout + told.stderr


@pytest.mark.parametrize(
    ("job", "kind"),
    [
        (leaky.plain, "ValueError"),
        (leaky.keyed, "KeyError"),
        (leaky.chained, "RuntimeError"),
        (leaky.refused, "MessageError"),
        (leaky.of_aws, "ValidationException"),
    ],
)
def test_an_error_is_told_by_kind_and_place(
    told: subprocess.CompletedProcess[str], job: Any, kind: str
) -> None:
    line = lines(told)[job.__name__]
    first = job.__code__.co_firstlineno
    name, number = line["at"].split(":")
    assert (line["level"], line["message"], line["error"]) == ("ERROR", "job failed", kind)
    assert name == "leaky.py"
    assert first < int(number) <= first + 6


def test_a_job_that_went_well_is_one_line_without_its_answer(
    told: subprocess.CompletedProcess[str],
) -> None:
    assert lines(told)["well"]["message"] == "job done"
    assert len(told.stdout.splitlines()) == len(leaky.JOBS)


def test_what_is_raised_says_no_more_than_the_log() -> None:
    """Lambda hands it to Step Functions, where it stands in the history."""
    with pytest.raises(JobFailed) as failed:
        run("issue_code", leaky.plain)
    assert str(failed.value).startswith("issue_code: ValueError at leaky.py:")
    assert isinstance(failed.value, DoorbellError)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


def test_the_answer_of_a_job_is_handed_on() -> None:
    assert run("well", leaky.well) == leaky.WHAT


def test_a_job_that_fails_is_tried_again_after_each_pause_and_no_more() -> None:
    tries: list[int] = []
    slept: list[float] = []

    def fails_twice() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError
        return "done"

    assert run("job", fails_twice, pauses=(0.5, 1.0), sleep=slept.append) == "done"
    assert slept == [0.5, 1.0]
    tries.clear()
    with pytest.raises(JobFailed):
        run("job", fails_twice, pauses=(0.5,), sleep=slept.append)
    assert len(tries) == 2


@pytest.mark.parametrize("job", [leaky.well, leaky.plain])
def test_a_line_says_whose_ring_it_was_and_how_long_it_took(
    told: subprocess.CompletedProcess[str], job: Any
) -> None:
    line = lines(told)[job.__name__]
    assert {name: line[name] for name in leaky.FACTS} == leaky.FACTS
    assert 0 <= line["ms"] < 10_000


@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b[2J", "\x85", "\u2028", '","message":"forged'])
def test_whatever_a_fact_says_it_is_one_line(sign: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A ring's name stands in a key, which somebody with the bucket may choose."""
    run("job", lambda: None, {"ring": f"before{sign}after"})
    said = capsys.readouterr().out
    assert len(said.splitlines()) == 1
    line = json.loads(said)
    assert (line["message"], line["ring"]) == ("job done", f"before{sign}after")
