"""Rings on one machine: press to ticket, photo to answer, press to code; warm and cold.

Cold means that RingPath has no environment when the finger comes down, while the door's socket
has been open for long: that is the usual state of a doorbell on Lambda. The functions are made
cold by changing their configuration, as a deployment would.
"""

from __future__ import annotations

import json
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx

from benchmarks.report import Figure, figure, show
from demo.device import Device
from demo.people import Person, door_photo, portrait
from doorbell.protocol import (
    Code,
    DoorOpened,
    Enrolled,
    EnterCode,
    Open,
    Opened,
    Ring,
    RingThrough,
    Ticket,
    Visitor,
    Welcome,
)
from local import stack as local_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.stack import Stack

WARM, COLD = 50, 5
STRANGERS = 20


class Lap(NamedTuple):
    """The steps of one ring, in seconds."""

    to_ticket: float
    photo_to_answer: float
    whole: float


class Participants(NamedTuple):
    """Who takes part, and what the door's camera sees."""

    stack: Stack
    door: Device
    phone: Device
    http: httpx.Client
    resident: bytes
    stranger: bytes


def main() -> None:
    """Measure and show."""
    with ExitStack() as closing:
        directory = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        stack = closing.enter_context(local_stack.up(directory=directory))
        home = _settle_in(stack, closing)
        warm = [_resident_rings(home) for _ in range(WARM)]
        strangers = [_stranger_rings(home) for _ in range(STRANGERS)]
        cold, environments = _cold_rings(home)
        show("Rings: one machine, IAM on", [
            *_rows("warm", warm, "code"),
            figure("warm: PUT → bell (stranger)", [lap.photo_to_answer for lap in strangers]),
            _face_share(home),
            *_rows("cold", cold, "code"),
            Figure("cold environments on the path", _median(environments), max(environments),
                   len(environments), "count, not ms; one is the goal"),
        ])  # fmt: skip


def _settle_in(stack: Stack, closing: ExitStack) -> Participants:
    door = closing.enter_context(Device("door", stack.websocket, stack.tokens["door"]))
    phone = closing.enter_context(
        Device("phone", stack.websocket, stack.tokens["phone"], shows_codes=True)
    )
    stack.aws.client("s3").put_object(
        Bucket=stack.bucket, Key="source.jpeg", Body=portrait(Person.EILEEN)
    )
    phone.hear(Enrolled)
    # Made beforehand: a door has its client, too, when somebody presses.
    http = closing.enter_context(httpx.Client(trust_env=False))
    home = Participants(
        stack, door, phone, http, door_photo(Person.EILEEN), door_photo(Person.GRACE)
    )
    _resident_rings(home)  # the first ring of all warms everything up
    return home


def _resident_rings(home: Participants) -> Lap:
    codes: list[Code] = []
    lap = _ring(home, home.resident, lambda: codes.append(home.phone.hear(Code)))
    home.door.hear(Welcome)
    _come_in(home, codes[0].code)
    return lap


def _come_in(home: Participants, code: str) -> None:
    """An unused code would make the next press a second one, for which the bell rings."""
    home.door.send(EnterCode(code))
    home.door.send(Opened(home.door.hear(Open).open))
    home.phone.hear(DoorOpened)


def _stranger_rings(home: Participants) -> Lap:
    lap = _ring(home, home.stranger, lambda: home.door.hear(RingThrough))
    home.phone.hear(Visitor)
    return lap


def _ring(home: Participants, photo: bytes, answer: Callable[[], object]) -> Lap:
    pressed = time.perf_counter()
    home.door.send(Ring())
    ticket = home.door.hear(Ticket)
    ticketed = time.perf_counter()
    upload = ticket.upload
    started = time.perf_counter()
    home.http.put(upload.url, content=photo, headers=dict(upload.headers)).raise_for_status()
    answer()
    answered = time.perf_counter()
    return Lap(ticketed - pressed, answered - started, answered - pressed)


def _cold_rings(home: Participants) -> tuple[list[Lap], list[int]]:
    laps, environments = [], []
    for turn in range(COLD):
        _cool_down(home.stack, turn)
        before = int(time.time() * 1000)
        laps.append(_resident_rings(home))
        environments.append(_cold_jobs_since(home.stack, before))
    return laps, environments


def _cool_down(stack: Stack, turn: int) -> None:
    """A changed configuration makes Lambda start new environments."""
    functions = stack.aws.client("lambda")
    for each in functions.list_functions()["Functions"]:
        functions.update_function_configuration(
            FunctionName=each["FunctionName"], Timeout=25 + turn
        )


def _cold_jobs_since(stack: Stack, since: int) -> int:
    """How many environments began with a job of this ring: `functions.shared.run` logs `cold`."""
    time.sleep(0.3)
    logs = stack.aws.client("logs")
    found = logs.filter_log_events(
        logGroupName=f"/doorbell/{stack.name}/ring-path", startTime=since
    )["events"]
    lines = [line["message"] for line in found if line["message"].startswith("{")]
    return sum(bool(json.loads(line).get("cold")) for line in lines)


def _face_share(home: Participants) -> Figure:
    """The comparison alone: the same photo, searched in the same collection."""
    rekognition = home.stack.aws.client("rekognition")
    times = []
    for _ in range(20):
        began = time.perf_counter()
        rekognition.search_faces_by_image(
            CollectionId=f"{home.stack.name}.{home.stack.home}", Image={"Bytes": home.resident}
        )
        times.append(time.perf_counter() - began)
    return figure("of it, the face comparison", times, "SearchFacesByImage alone")


def _rows(kind: str, laps: list[Lap], answer: str) -> list[Figure]:
    return [
        figure(f"{kind}: ring → ticket", [lap.to_ticket for lap in laps]),
        figure(f"{kind}: PUT → {answer}", [lap.photo_to_answer for lap in laps]),
        figure(f"{kind}: ring → {answer}", [lap.whole for lap in laps]),
    ]


def _median(values: list[int]) -> float:
    return float(sorted(values)[len(values) // 2])


if __name__ == "__main__":
    main()
