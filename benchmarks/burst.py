"""A burst: a hundred doors ring at the same moment, ten times over, on one machine.

    python -m benchmarks.burst

Each door asks again at once when it gets no ticket in time or its photo is not taken, as an
impatient door would. Measured are the rings that were decided (the bell rang, or a resident was
welcomed), how long that took, and how many processes ran and how much memory they held.
"""

from __future__ import annotations

import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx

from benchmarks.processes import Usage, watched
from benchmarks.report import Figure, figure, show
from demo.device import Device
from demo.errors import DemoFailed
from demo.people import Person, door_photo, portrait
from doorbell.protocol import Enrolled, Ring, RingThrough, Ticket
from doorbell_client.outbox.timeouts import OutboxTimeouts
from local import stack as local_stack
from operations import devices

if TYPE_CHECKING:
    from local.stack import Stack

DOORS, ROUNDS = 100, 10
DOORS_PER_HOME = 10
TICKET_SECONDS = OutboxTimeouts().ticket
"""A door that has waited so long for a ticket asks again."""
DECISION_SECONDS = 120.0
"""So long a press may take on a machine that has other work, too."""


class Outcome(NamedTuple):
    """What became of one press: seconds until it was decided (None: never), and repeated asks."""

    seconds: float | None
    repeats: int


def main() -> None:
    """Measure and show."""
    outcomes, usage = measure(DOORS, ROUNDS)
    seconds = [each.seconds for each in outcomes if each.seconds is not None]
    show(f"Burst: {DOORS} doors at once, {ROUNDS} times", [
        figure("ring → bell", seconds, f"{len(seconds)} of {len(outcomes)} decided"),
        _count("repeated asks", sum(each.repeats for each in outcomes)),
        _count("processes at most", usage.processes),
        _count("memory at most", usage.megabytes, "MB, shared pages counted once"),
    ])  # fmt: skip


def measure(doors: int, rounds: int) -> tuple[list[Outcome], Usage]:
    """Let so many doors ring at once, so many times."""
    with ExitStack() as closing:
        directory = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        stack = closing.enter_context(local_stack.up(directory=directory))
        usage = closing.enter_context(watched())
        outcomes = rung(settle(stack, closing, doors), rounds)
    return outcomes, usage


def settle(stack: Stack, closing: ExitStack, doors: int) -> list[Device]:
    """So many doors, connected, in homes of a few doors where somebody lives."""
    connected = []
    for number in range(doors):
        home = f"burst-{number // DOORS_PER_HOME}"
        if number % DOORS_PER_HOME == 0:
            _move_in(stack, home, closing)
        token = devices.add_device(stack.deployed, "door", f"Door {number}", home, None)
        door = Device(f"door {number}", stack.websocket, token)
        connected.append(closing.enter_context(door))
    return connected


def rung(doors: list[Device], rounds: int) -> list[Outcome]:
    """Let all doors ring at once, so many times: what became of every press."""
    photo = door_photo(Person.GRACE)
    together = threading.Barrier(len(doors))
    with ThreadPoolExecutor(len(doors)) as pool:
        all_of = pool.map(lambda door: _rings(door, photo, rounds, together), doors)
        return [outcome for each in all_of for outcome in each]


def _move_in(stack: Stack, home: str, closing: ExitStack) -> None:
    """Somebody comes to live here, and has a phone."""
    token = devices.add_device(stack.deployed, "phone", "Phone", home, None)
    phone = closing.enter_context(Device("phone", stack.websocket, token, shows_codes=True))
    stack.demo.put(f"residents/{home}/Eileen/portrait.jpeg", portrait(Person.EILEEN))
    phone.hear(Enrolled)


def _rings(door: Device, photo: bytes, rounds: int, together: threading.Barrier) -> list[Outcome]:
    outcomes = []
    with httpx.Client(trust_env=False, timeout=30) as http:
        for _ in range(rounds):
            together.wait()
            outcomes.append(_press(door, photo, http))
    return outcomes


def _press(door: Device, photo: bytes, http: httpx.Client) -> Outcome:
    press, pressed, repeats = str(uuid.uuid4()), time.monotonic(), 0
    ticket = None
    while time.monotonic() - pressed < DECISION_SECONDS:
        door.send(Ring(press, time.monotonic() - pressed))
        try:
            ticket = door.hear(Ticket, TICKET_SECONDS, press=press)
            if _uploaded(ticket, photo, http):
                break
        except DemoFailed:
            pass
        repeats += 1
    if ticket is None:
        return Outcome(None, repeats)
    try:
        door.hear(RingThrough, DECISION_SECONDS, ring=ticket.ring)
    except DemoFailed:
        return Outcome(None, repeats)
    return Outcome(time.monotonic() - pressed, repeats)


def _uploaded(ticket: Ticket, photo: bytes, http: httpx.Client) -> bool:
    """Whether the photo is there; 412 says that an earlier upload has arrived."""
    upload = ticket.upload
    try:
        answer = http.put(upload.url, content=photo, headers=dict(upload.headers))
    except httpx.HTTPError:
        return False
    return answer.status_code in (200, 412)


def _count(name: str, number: float, note: str = "") -> Figure:
    return Figure(name, number, number, 1, note, unit="")


if __name__ == "__main__":
    main()
