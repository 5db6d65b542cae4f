"""Rings on one machine: press to ticket, photo to answer, press to code; warm and cold.

Cold means that RingPath has no environment when the finger comes down, while the door's socket
has been open for long: that is the usual state of a doorbell on Lambda. The functions are made
cold by changing their configuration, as a deployment would.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx

from benchmarks import toll
from benchmarks.baseline import TURNS, bare_client, ratio
from benchmarks.report import Figure, figure, median_of, show
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

    from benchmarks.toll import Toll
    from local.stack import Stack

WARM, COLD = 50, 5
STRANGERS = 20
TOLLS = 5
ALONE = 0.2
"""Seconds before each press: nobody rings while the last visitor's door still closes."""

WATCHED = 17.0
"""Seconds after which no former ring's watch looks whether the door opened: it would start an
environment, or be counted.
"""

GOALS = {"warm": (0.04, 1.1), "cold": (0.35, 2.0)}
"""Ring → ticket and ring → code, in bare boto3 clients: about what the compiled doorbell that this
one continues took for its ticket (0.7 of it warm, twice of it cold) and for its code (0.6, 0.85).
"""


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
        time.sleep(WATCHED)
        tolls = [_toll(home) for _ in range(TOLLS)]
        time.sleep(WATCHED)
        cold, environments = _cold_rings(home)
        unit = statistics.median(bare_client() for _ in range(TURNS))
        show("Rings: one machine, IAM on", [
            *_rows("warm", warm, "code"),
            figure("warm: PUT → bell (stranger)", [lap.photo_to_answer for lap in strangers]),
            _face_share(home),
            *_rows("cold", cold, "code"),
            Figure("cold environments on the path", median_of(environments), max(environments),
                   len(environments), "the code is typed at once", unit="", goal="1"),
            *toll.rows(tolls),
            figure("a bare boto3 client", [unit], "the unit of the rows below"),
            *_ratios("warm", warm, unit),
            *_ratios("cold", cold, unit),
        ])  # fmt: skip


def _toll(home: Participants) -> Toll:
    since = toll.now()
    _resident_rings(home)
    return toll.toll_since(home.stack, since)


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
    time.sleep(ALONE)
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
        cool_down(home.stack, turn)
        since = toll.now()
        laps.append(_resident_rings(home))
        environments.append(toll.toll_since(home.stack, since).cold)
    return laps, environments


def cool_down(stack: Stack, turn: int) -> None:
    """A changed configuration makes Lambda start new environments."""
    functions = stack.aws.client("lambda")
    for each in functions.list_functions()["Functions"]:
        functions.update_function_configuration(
            FunctionName=each["FunctionName"], Timeout=25 + turn
        )


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


def _ratios(kind: str, laps: list[Lap], unit: float) -> list[Figure]:
    to_ticket, to_code = GOALS[kind]
    return [
        ratio(f"{kind}: ring → ticket", [lap.to_ticket for lap in laps], unit, to_ticket),
        ratio(f"{kind}: ring → code", [lap.whole for lap in laps], unit, to_code),
    ]


if __name__ == "__main__":
    main()
