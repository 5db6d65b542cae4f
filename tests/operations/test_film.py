"""`make film`: a film of what a camera saw, with links to it; and one of each day by itself."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from doorbell.aws.film_machine import schedule_name
from doorbell.errors import BadName, BadSetting
from operations import __main__ as command
from operations.devices import add_device
from operations.film import FilmNotMade, film, film_every, read_period
from operations.stacks import NoStack
from tests.filmmaker.drawn import frames, mp4

if TYPE_CHECKING:
    from pathlib import Path

    from local.stack import Stack

BEGIN: Final = datetime(2025, 6, 15, 12, 0, tzinfo=UTC)
NOW: Final = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
_numbers = count(1)


@pytest.fixture
def home(stack: Stack) -> str:
    """A home with a camera in the yard."""
    name = f"filmed-{next(_numbers)}"
    add_device(stack.deployed, "camera", "Back yard", name, None)
    return name


def took(stack: Stack, home: str, pictures: int, begin: datetime = BEGIN) -> None:
    """The camera took these, one a minute."""
    s3 = stack.aws.client("s3")
    for minute, picture in enumerate(frames(range(pictures))):
        at = (begin + timedelta(minutes=minute)).strftime("%Y/%m/%d/%H%M%S")
        key = f"pictures/{home}/back-yard/{at}-000-picture.jpeg"
        s3.put_object(Bucket=stack.bucket, Key=key, Body=picture)


def run(stack: Stack, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The command, of this stack."""
    monkeypatch.setattr(command, "find_stack", lambda _: stack.deployed)
    return command.main(["film", *arguments])


def test_it_is_made_and_the_links_show_it(
    stack: Stack, home: str, monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    """As the operator types it: a camera by its name, a day, and pictures a second."""
    took(stack, home, 6)
    given = ["Back yard", "--from", "2025-06-15", "--to", "2025-06-16", "--fps", "6"]
    assert run(stack, monkeypatch, *given, "--home", home) == 0
    said = capsys.readouterr()
    assert "6 pictures. For an hour:" in said.err
    film_link, gif_link = said.out.split()
    (tmp_path / "film.mp4").write_bytes(httpx.get(film_link, trust_env=False).content)
    assert mp4(tmp_path / "film.mp4").numbers == list(range(6))
    assert httpx.get(gif_link, trust_env=False).content.startswith(b"GIF89a")


def test_a_time_without_pictures_is_told(
    stack: Stack, home: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    assert run(stack, monkeypatch, "Back yard", "--from", "2025-06-15", "--home", home) == 1
    assert "no picture of that time can be opened" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["Front yard", "Phone"])
def test_a_camera_that_is_none_is_told_with_those_that_are(
    stack: Stack, home: str, name: str
) -> None:
    add_device(stack.deployed, "phone", "Phone", home, None)
    with pytest.raises(NoStack, match="it has: back-yard"):
        film(stack.deployed, home, name, (0, 1))


def test_what_cannot_be_is_not_begun(stack: Stack, home: str) -> None:
    for period, fps in (((2.0, 1.0), None), ((1.0, 2.0), 100.0)):
        with pytest.raises(BadSetting):
            film(stack.deployed, home, "Back yard", period, fps)
    with pytest.raises(BadName):
        film(stack.deployed, home, "!!", (1.0, 2.0))


def test_a_film_that_fails_is_told(stack: Stack, home: str) -> None:
    """A picture is there, and S3 is not: what is waited for ends."""
    took(stack, home, 60)  # long enough to be stopped in the middle
    sfn = stack.aws.client("stepfunctions")

    def stop(_: float) -> None:
        for each in sfn.list_executions(
            stateMachineArn=stack.outputs["StopMotion"], statusFilter="RUNNING"
        )["executions"]:
            sfn.stop_execution(executionArn=each["executionArn"])

    with pytest.raises(FilmNotMade, match="something failed"):
        film(stack.deployed, home, "Back yard", (0, BEGIN.timestamp() + 3600), sleep=stop)


# --- by itself -----------------------------------------------------------------------


def scheduled(stack: Stack, home: str) -> dict[str, Any] | None:
    """The camera's schedule, as EventBridge Scheduler has it."""
    scheduler = stack.aws.client("scheduler")
    try:
        found: dict[str, Any] = scheduler.get_schedule(
            GroupName=stack.outputs["FilmSchedules"], Name=schedule_name(home, "back-yard")
        )
    except scheduler.exceptions.ResourceNotFoundException:
        return None
    return found


def test_a_film_of_each_day_is_set_changed_and_removed(
    stack: Stack, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ["Back yard", "--home", home, "--zone", "Europe/Berlin"]
    assert run(stack, monkeypatch, *given, "--every", "day", "--at", "05:30") == 0
    found = scheduled(stack, home)
    assert found
    assert found["ScheduleExpression"] == "cron(30 5 * * ? *)"
    assert found["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert found["Target"]["Arn"] == stack.outputs["StopMotion"]
    assert run(stack, monkeypatch, *given, "--every", "week") == 0
    found = scheduled(stack, home)
    assert found
    assert found["ScheduleExpression"] == "cron(0 6 ? * MON *)"
    for _ in range(2):
        assert run(stack, monkeypatch, *given, "--every", "never") == 0
        assert scheduled(stack, home) is None


def test_a_camera_that_is_revoked_makes_no_more_films(
    stack: Stack, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    film_every(stack.deployed, home, "Back yard", "day", "06:00", "UTC")
    assert scheduled(stack, home)
    monkeypatch.setattr(command, "find_stack", lambda _: stack.deployed)
    assert command.main(["revoke", "Back yard", "--home", home]) == 0
    assert scheduled(stack, home) is None


def test_a_schedule_makes_the_film_of_the_day_before(stack: Stack, home: str) -> None:
    """The very schedule, only that its time has come."""
    took(stack, home, 3, datetime.now(UTC) - timedelta(hours=1))
    took(stack, home, 3, datetime.now(UTC) - timedelta(hours=30))
    film_every(stack.deployed, home, "Back yard", "day", "06:00", "UTC")
    _now(stack, home)
    made = _film_of(stack, home)
    assert (made["frames"], made["skipped"]) == (3, 0)
    assert scheduled(stack, home)


def _now(stack: Stack, home: str) -> None:
    """One machine looks every ten seconds whether a schedule is due."""
    found = scheduled(stack, home)
    assert found
    kept = {name: found[name] for name in ("Name", "GroupName", "FlexibleTimeWindow", "Target")}
    stack.aws.client("scheduler").update_schedule(
        **kept, ScheduleExpression=f"at({datetime.now(UTC):%Y-%m-%dT%H:%M:%S})"
    )


def _film_of(stack: Stack, home: str) -> dict[str, Any]:
    sfn, deadline = stack.aws.client("stepfunctions"), time.monotonic() + 40
    while time.monotonic() < deadline:
        for each in sfn.list_executions(stateMachineArn=stack.outputs["StopMotion"])["executions"]:
            found = sfn.describe_execution(executionArn=each["executionArn"])
            if json.loads(found["input"])["home"] == home and found["status"] != "RUNNING":
                made: dict[str, Any] = json.loads(found["output"])
                return made
        time.sleep(0.2)
    raise AssertionError("the schedule started nothing")


def test_a_camera_that_is_none_gets_no_schedule(stack: Stack, home: str) -> None:
    with pytest.raises(NoStack):
        film_every(stack.deployed, home, "Front yard", "day", "06:00", "UTC")


# --- times as people type them ---------------------------------------------------------


def local(*parts: int) -> float:
    """A time of this machine's zone."""
    return datetime(*parts).astimezone().timestamp()  # type: ignore[arg-type]


def test_a_day_alone_is_the_whole_of_it() -> None:
    wanted = (local(2026, 6, 28), local(2026, 6, 30))
    assert read_period("2026-06-28", "2026-06-29", NOW) == wanted


def test_times_and_zones_are_understood() -> None:
    begin, end = read_period("2026-06-28T08:30", "2026-06-29T08:30+02:00", NOW)
    assert begin == local(2026, 6, 28, 8, 30)
    assert end == datetime(2026, 6, 29, 6, 30, tzinfo=UTC).timestamp()


def test_what_is_not_said_is_a_day_until_now() -> None:
    now = NOW.timestamp()
    assert read_period("", "", NOW) == (now - 86_400, now)
    assert read_period("2026-06-28", "", NOW) == (local(2026, 6, 28), now)
    assert (
        read_period("", "2026-06-28T12:00Z", NOW)[1] - 86_400
        == (read_period("", "2026-06-28T12:00Z", NOW)[0])
    )


@pytest.mark.parametrize(
    ("begin", "end"),
    [("yesterday", ""), ("", "28.6."), ("2026-06-29", "2026-06-27"), ("2026-07-02", "")],
)
def test_what_is_no_time_is_refused(begin: str, end: str) -> None:
    with pytest.raises(BadSetting):
        read_period(begin, end, NOW)
