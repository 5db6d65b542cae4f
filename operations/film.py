"""The film of what a camera saw: now, or of each day or week."""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from doorbell.aws.dynamodb.home_devices import HomeDeviceTable
from doorbell.aws.dynamodb.table import Table
from doorbell.aws.film_machine import FilmMachine, FilmSchedules, Target
from doorbell.errors import BadSetting, DoorbellError
from doorbell.films.asking import fps_asked
from doorbell.films.model import Period
from doorbell.films.schedule import remove_schedule, set_schedule
from doorbell.homes import check_id, id_from_name
from operations.stacks import NoStack, outputs_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.films.schedule import Every
    from operations.stacks import Deployed

LINK_LIFE: Final = 3600
"""Seconds for which the printed links serve."""
LOOK_EVERY: Final = 2.0
"""Seconds between two looks whether the film is made."""
DAY: Final = timedelta(days=1)

WORDS: Final = {
    "no_pictures": "no picture of that time can be opened",
    "unavailable": "something failed; the function's log says what, and its alarm too",
}


class FilmNotMade(DoorbellError, RuntimeError):
    """There is no film; the text says why."""


class Made(NamedTuple):
    """A film, and where it can be seen for an hour."""

    frames: int
    skipped: int
    mp4: str
    gif: str


def film(
    stack: Deployed,
    home: str,
    camera: str,
    period: tuple[float, float],
    fps: float | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Made:
    """Have it made, and wait for it. Raises BadName, BadSetting, NoStack, FilmNotMade."""
    if not period[0] < period[1]:
        raise BadSetting("A film ends after it has begun.")
    fps_asked({"fps": fps})
    machine = FilmMachine(stack.client, outputs_of(stack)["StopMotion"])
    execution = machine.start(Period(home, known_camera(stack, home, camera), *period), fps)
    made = _awaited(stack, execution, sleep)
    if "reason" in made:
        raise FilmNotMade(f"There is no film: {WORDS[made['reason']]}.")
    mp4, gif = (
        stack.client.presigned("GET", stack.bucket, made[kind], {}, LINK_LIFE)
        for kind in ("mp4", "gif")
    )
    return Made(made["frames"], made["skipped"], mp4, gif)


def film_every(
    stack: Deployed, home: str, camera: str, every: Every | None, at: str, zone: str
) -> None:
    """From now on, of each day or week; None: no more. Raises BadName, BadSetting, NoStack."""
    if every is None:
        stop_films(stack, home, camera)
    else:
        set_schedule(_schedules(stack), home, known_camera(stack, home, camera), every, at, zone)


def stop_films(stack: Deployed, home: str, camera: str) -> None:
    """No more by themselves; none were is no error. The camera may be gone. Raises BadName."""
    remove_schedule(_schedules(stack), check_id(home, "home"), id_from_name(camera))


def _schedules(stack: Deployed) -> FilmSchedules:
    outputs = outputs_of(stack)
    queue = stack.client_of("sqs").get_queue_attributes(
        QueueUrl=outputs["Lost"], AttributeNames=["QueueArn"]
    )
    scheduler: Any = stack.client_of("scheduler")
    return FilmSchedules(
        lambda: scheduler,
        Target(
            group=outputs["FilmSchedules"],
            machine=outputs["StopMotion"],
            role=outputs["FilmScheduleRole"],
            lost=queue["Attributes"]["QueueArn"],
        ),
    )


def read_period(begin: str, end: str, now: datetime) -> tuple[float, float]:
    """From when until when, in epoch seconds. A day alone means the whole of it; a time without a
    zone is this machine's. Without an end it is now, without a beginning a day before that.

    Raises BadSetting.
    """
    until = _moment(end, whole_day=DAY) if end else now
    since = _moment(begin, whole_day=timedelta()) if begin else until - DAY
    if not since < until:
        raise BadSetting("FROM must be before TO.")
    return since.timestamp(), until.timestamp()


def known_camera(stack: Deployed, home: str, camera: str) -> str:
    """The id of the camera of this name. Raises BadName, NoStack if the home has none such."""
    wanted = id_from_name(camera)
    devices = HomeDeviceTable(Table(stack.client, stack.table))
    cameras = [each.id for each in devices.all(check_id(home, "home")) if each.role == "camera"]
    if wanted not in cameras:
        others = ", ".join(cameras) or "none"
        raise NoStack(f"{home} has no camera named {camera}; it has: {others}.")
    return wanted


def _moment(text: str, *, whole_day: timedelta) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise BadSetting(f"A time is 2026-07-01 or 2026-07-01T08:30, unlike {text!r}.") from None
    if len(text) <= len("2026-07-01"):
        read += whole_day
    return read.astimezone()


def _awaited(stack: Deployed, execution: str, sleep: Callable[[float], None]) -> dict[str, Any]:
    """What the machine has answered. Raises FilmNotMade."""
    machines = stack.client_of("stepfunctions")
    while True:
        found = machines.describe_execution(executionArn=execution)
        if found["status"] == "SUCCEEDED":
            answer: dict[str, Any] = json.loads(found["output"])
            return answer
        if found["status"] != "RUNNING":
            raise FilmNotMade(f"There is no film: {WORDS['unavailable']}.")
        sleep(LOOK_EVERY)


def show(made: Made) -> None:
    """Tell a person; the links alone go to standard output."""
    skipped = f", {made.skipped} could not be opened" if made.skipped else ""
    pictures = "1 picture" if made.frames == 1 else f"{made.frames} pictures"
    print(f"{pictures}{skipped}. For an hour:", file=sys.stderr)
    print(made.mp4)
    print(made.gif)
