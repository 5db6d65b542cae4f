"""`python -m benchmarks push`: a code for a phone in a pocket, until a push service has taken it.

A resident without an open app; the push service is a loopback one, which takes all at once.
"""

from __future__ import annotations

import json
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import httpx

from benchmarks.report import Figure, figure, show
from benchmarks.rings import cool_down
from demo.device import Device
from demo.people import Person, door_photo, portrait
from doorbell.aws.dynamodb.subscriptions import SubscriptionTable
from doorbell.aws.dynamodb.table import Table
from doorbell.household.model import Subscription
from doorbell.protocol import Enrolled, EnterCode, Open, Opened, Ring, Ticket, Welcome
from local import stack as local_stack
from operations.devices import add_device, revoke
from tests.push_service import Browser, push_service

if TYPE_CHECKING:
    from local.stack import Stack

WARM: Final = 15
COLD: Final = 4
NAME: Final = "Eileen"


class Lap(NamedTuple):
    """One ring of a resident, in seconds."""

    press_to_notice: float
    photo_to_code: float
    photo_to_welcome: float


class Scene(NamedTuple):
    """Who takes part."""

    stack: Stack
    door: Device
    browser: Browser
    photo: bytes


def main() -> None:
    """Measure and show."""
    with ExitStack() as closing:
        directory = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        stack = closing.enter_context(local_stack.up(directory=directory))
        scene = _scene(stack, closing)
        _ring(scene)
        since = int(time.time() * 1000)
        warm = [_ring(scene) for _ in range(WARM)]
        runs = _runs(stack, since)
        cold = []
        for turn in range(COLD):
            cool_down(stack, turn)
            cold.append(_ring(scene))
    show("Push: a phone in a pocket", [
        *_rows("warm", warm),
        *_rows("cold", cold),
        figure("of it: code drawn, pushed, door welcomed", runs, "Push's own run, warm"),
    ])  # fmt: skip


def _rows(kind: str, laps: list[Lap]) -> list[Figure]:
    return [
        figure(f"{kind}: press → notice taken", [lap.press_to_notice for lap in laps]),
        figure(f"{kind}: photo stored → code taken", [lap.photo_to_code for lap in laps]),
        figure(f"{kind}: photo stored → door welcomes", [lap.photo_to_welcome for lap in laps]),
    ]


def _scene(stack: Stack, closing: ExitStack) -> Scene:
    door = closing.enter_context(Device("door", stack.websocket, stack.tokens["door"]))
    with Device("phone", stack.websocket, stack.tokens["phone"]) as phone:
        stack.deployed.put(f"residents/{stack.home}/{NAME}/1.jpeg", portrait(Person.EILEEN))
        phone.hear(Enrolled)
    # The household's phone would take the code through its socket.
    revoke(stack.deployed, "Phone", stack.home)
    add_device(stack.deployed, "phone", "Pocket", stack.home, NAME)
    browser = Browser(closing.enter_context(push_service()), "pocket")
    SubscriptionTable(Table(stack.deployed.client, stack.table)).add(
        Subscription(
            stack.home, "pocket", browser.endpoint, browser.p256dh, browser.auth,
            code_on_lock_screen=False, added_at=time.time(),
        )
    )  # fmt: skip
    return Scene(stack, door, browser, door_photo(Person.EILEEN))


def _ring(scene: Scene) -> Lap:
    """Eileen rings, types what was pushed, and comes in."""
    scene.browser.service.got.clear()
    pressed = time.time()
    scene.door.send(Ring())
    ticket = scene.door.hear(Ticket)
    upload = ticket.upload
    httpx.put(upload.url, content=scene.photo, headers=dict(upload.headers), trust_env=False)
    stored = time.time()
    scene.door.hear(Welcome, ring=ticket.ring)
    welcomed = time.time()
    code = scene.browser.hear("code", ring=ticket.ring)
    scene.browser.hear("pressed", ring=ticket.ring)
    at = {scene.browser.read(each)["type"]: each.at for each in scene.browser.service.got}
    scene.door.send(EnterCode(code["code"]))
    scene.door.send(Opened(scene.door.hear(Open, ring=ticket.ring).open))
    return Lap(at["pressed"] - pressed, at["code"] - stored, welcomed - stored)


def _runs(stack: Stack, since: int) -> list[float]:
    """How long each run of `push_code` took, in seconds, by its own log."""
    time.sleep(0.5)
    found = stack.aws.client("logs").filter_log_events(
        logGroupName=f"/doorbell/{stack.name}/push", startTime=since
    )["events"]
    lines: list[dict[str, Any]] = [
        json.loads(each["message"]) for each in found if each["message"].startswith("{")
    ]
    return [line["ms"] / 1000 for line in lines if line.get("job") == "push_code"]


if __name__ == "__main__":
    main()
