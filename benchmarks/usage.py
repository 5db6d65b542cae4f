"""`python -m benchmarks usage`: what a ring uses of each service, written to costs/recorded.json.

Rings, pings and visits of the app on the one-machine stack, in two minutes, with meters on every
service (`benchmarks.metered`). The watches wait as long as on AWS, for they are billed by the time.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import httpx

from benchmarks.metered import USAGE
from demo.device import Device
from demo.people import Person, door_photo, portrait
from doorbell.aws.dynamodb.subscriptions import SubscriptionTable
from doorbell.aws.dynamodb.table import Table
from doorbell.household.model import Subscription
from doorbell.protocol import (
    Answer,
    Code,
    DoorOpened,
    Enrolled,
    EnterCode,
    Hello,
    HelloAnswer,
    Open,
    Opened,
    Ping,
    Pong,
    Ring,
    RingThrough,
    Ticket,
    Visitor,
    Welcome,
)
from local import stack as local_stack
from local.server import ROOT
from operations.devices import add_device, revoke
from tests.push_service import Browser, push_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from local.stack import Stack

FILE: Final = ROOT / "costs" / "recorded.json"
NAME: Final = "Eileen"
GIVEN: Final = {"RingGap": "5", "OfflineAfter": "1", "AnswerSeconds": "15"}
"""As on AWS; but how long a Standard machine waits costs nothing, and is short here."""
SETTLED: Final = 3.0
"""Seconds after which nothing of a step goes on, but what waits."""
WATCHED: Final = 24.0
"""Seconds after which both watches of a ring have looked."""
APART: Final = 6.0
"""Seconds after which a press is no repeat of the last one."""
PINGS: Final = 10
_INIT: Final = """
import sys, time
sys.path.insert(0, ".")
began = time.process_time()
import functions.{0}.entry
print(1e3 * (time.process_time() - began))
"""
_INIT_TURNS: Final = 5


class Scene(NamedTuple):
    """A door, and the phones of Eileen and Sam, whose browsers take notices."""

    stack: Stack
    door: Device
    browser: Browser
    """Eileen's."""
    token: str
    """Her phone's."""
    spare: str
    """The token of another door."""

    def line(self, name: str, token: str) -> Device:
        """A connection of a device that is not there all the time."""
        return Device(name, self.stack.websocket, token)

    def usage(self) -> dict[str, Any]:
        """What the meters have counted since they were read last."""
        told: dict[str, Any] = httpx.get(self.stack.endpoint + USAGE, trust_env=False).json()
        return told


def main() -> None:
    """Record, and write the file."""
    with ExitStack() as closing:
        directory = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        stack = closing.enter_context(
            local_stack.up(directory=directory, parameters=GIVEN, program="benchmarks.metered")
        )
        scene = _settle_in(stack, closing)
        _resident(scene)  # the first rings warm everything up
        time.sleep(APART)
        _stranger(scene, presses=1)
        time.sleep(WATCHED)
        stories = {
            "resident": _record(scene, _doing(_resident), WATCHED),
            "resident_in_app": _record(scene, _resident_in_app, WATCHED),
            "stranger": _record(scene, _doing(lambda it: _stranger(it, presses=1)), WATCHED),
            "stranger_twice": _record(scene, _doing(lambda it: _stranger(it, presses=2)), WATCHED),
            "ping": _record(scene, _doing(_pings), SETTLED, times=PINGS),
            "app_opened": _record(scene, _doing(_open_app), SETTLED),
            # The last, for its door is offline afterwards.
            "reconnection": _record(scene, _reconnection, SETTLED),
        }
        functions = _functions(stack)
    recording = {
        "recorded": datetime.now(UTC).date().isoformat(),
        "functions": functions,
        "stories": stories,
    }
    FILE.write_text(json.dumps(recording, indent=1) + "\n", "utf-8")
    print(f"{len(stories)} stories are in {FILE.relative_to(ROOT)}")


def _settle_in(stack: Stack, closing: ExitStack) -> Scene:
    door = closing.enter_context(Device("door", stack.websocket, stack.tokens["door"]))
    with Device("phone", stack.websocket, stack.tokens["phone"]) as phone:
        stack.deployed.put(f"residents/{stack.home}/{NAME}/1.jpeg", portrait(Person.EILEEN))
        phone.hear(Enrolled)
    # A household's phone would get her codes, too.
    revoke(stack.deployed, "Phone", stack.home)
    service = closing.enter_context(push_service())
    token = add_device(stack.deployed, "phone", NAME, stack.home, NAME)
    add_device(stack.deployed, "phone", "Sam", stack.home, "Sam")
    browsers = {name: Browser(service, name) for name in (NAME, "Sam")}
    for name, browser in browsers.items():
        SubscriptionTable(Table(stack.deployed.client, stack.table)).add(
            Subscription(
                stack.home, name.lower(), browser.endpoint, browser.p256dh, browser.auth,
                code_on_lock_screen=False, added_at=time.time(),
            )
        )  # fmt: skip
    spare = add_device(stack.deployed, "door", "Back door", stack.home, None)
    return Scene(stack, door, browsers[NAME], token, spare)


Story: TypeAlias = "Callable[[Scene, Callable[[], object]], AbstractContextManager[None]]"
"""Calls what it is given when it begins; when its block is entered, all is done but what waits."""


def _record(scene: Scene, story: Story, settled: float, times: int = 1) -> dict[str, Any]:
    """What was used meanwhile, for each of so many times."""
    since = 0

    def begin() -> None:
        nonlocal since
        scene.usage()
        since = int(time.time() * 1000)

    with story(scene, begin):
        time.sleep(settled)
        told = scene.usage()
    counts = {**told["counts"], "logs.bytes": _logged(scene.stack, since)}
    each = {meter: round(count / times, 3) for meter, count in sorted(counts.items())}
    return {"counts": each, "states": told["states"]}


def _doing(act: Callable[[Scene], None]) -> Story:
    """A story of one act."""

    @contextlib.contextmanager
    def story(scene: Scene, begin: Callable[[], object]) -> Iterator[None]:
        begin()
        act(scene)
        yield

    return story


def _logged(stack: Stack, since: int) -> int:
    """Bytes of our own lines, as CloudWatch counts them: the text, and 26 for each."""
    logs = stack.aws.client("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix=f"/doorbell/{stack.name}/")["logGroups"]
    lines = [
        event["message"]
        for group in groups
        for event in logs.filter_log_events(
            logGroupName=group["logGroupName"], startTime=since
        )["events"]
        if event["message"].startswith("{")
    ]  # fmt: skip
    return sum(len(line.encode()) + 26 for line in lines)


def _resident(scene: Scene) -> None:
    """Her phone is in her pocket: its browser is pushed the code."""
    ring = _press(scene, Person.EILEEN)
    scene.door.hear(Welcome, ring=ring)
    code = scene.browser.hear("code", ring=ring)["code"]
    scene.door.send(EnterCode(code))
    _come_in(scene, ring)


@contextlib.contextmanager
def _resident_in_app(scene: Scene, begin: Callable[[], object]) -> Iterator[None]:
    """She has had the app open: its socket gets the code."""
    with Device("phone", scene.stack.websocket, scene.token, shows_codes=True) as phone:
        time.sleep(SETTLED)
        begin()
        ring = _press(scene, Person.EILEEN)
        scene.door.hear(Welcome, ring=ring)
        scene.door.send(EnterCode(phone.hear(Code, ring=ring).code))
        _come_in(scene, ring)
        phone.hear(DoorOpened, ring=ring)
        yield


def _stranger(scene: Scene, presses: int) -> None:
    """Eileen is notified, opens the app, sees the photo and lets them in."""
    ring = _press(scene, Person.GRACE)
    scene.door.hear(RingThrough, ring=ring)
    for _ in range(presses - 1):
        _press(scene, Person.GRACE)
        time.sleep(SETTLED / 2)
    scene.browser.hear("visitor", ring=ring)
    with scene.line("phone", scene.token) as phone:
        phone.send(Hello())
        visitor = phone.hear(Visitor, ring=ring)
        _look_up(scene, "home", f"rings/{ring}")
        httpx.get(str(visitor.photo), trust_env=False).raise_for_status()
        phone.send(Answer(ring, "let_in"))
        _come_in(scene, ring)
        phone.hear(DoorOpened, ring=ring)


def _open_app(scene: Scene) -> None:
    """Eileen looks who came, and closes the app."""
    with scene.line("phone", scene.token) as phone:
        phone.send(Hello())
        phone.hear(HelloAnswer)
        _look_up(scene, "home", "rings")


def _pings(scene: Scene) -> None:
    for _ in range(PINGS):
        scene.door.send(Ping())
        scene.door.hear(Pong)


@contextlib.contextmanager
def _reconnection(scene: Scene, begin: Callable[[], object]) -> Iterator[None]:
    """As a door does before API Gateway hangs up: its line is closed, and there again at once."""
    with scene.line("door", scene.spare):
        time.sleep(SETTLED)
        begin()
    with scene.line("door", scene.spare) as door:
        door.send(Hello())
        door.hear(HelloAnswer)
        yield


def _press(scene: Scene, person: Person) -> str:
    scene.door.send(Ring())
    ticket = scene.door.hear(Ticket)
    url, headers = ticket.upload.url, dict(ticket.upload.headers)
    stored = httpx.put(url, content=door_photo(person), headers=headers, trust_env=False)
    if stored.status_code != httpx.codes.PRECONDITION_FAILED:  # a repeat's photo is there already
        stored.raise_for_status()
    return ticket.ring


def _come_in(scene: Scene, ring: str) -> None:
    scene.door.send(Opened(scene.door.hear(Open, ring=ring).open))


def _look_up(scene: Scene, *resources: str) -> None:
    for each in resources:
        asked = httpx.get(
            f"{scene.stack.phone}/api/{each}",
            headers={"Authorization": f"Bearer {scene.token}"},
            trust_env=False,
        )
        asked.raise_for_status()


def _functions(stack: Stack) -> dict[str, dict[str, float]]:
    """Each function's memory in MB, and the processor's milliseconds for its imports here."""
    listed = stack.aws.client("lambda").list_functions()["Functions"]
    memory = {each["Handler"].split(".")[1]: each["MemorySize"] for each in listed}
    return {
        name: {"memory": memory[name], "imports_ms": _imports_ms(name)} for name in sorted(memory)
    }


def _imports_ms(function: str) -> float:
    """The quickest of a few, in the processor's time: others use this machine, too."""
    command = [sys.executable, "-c", _INIT.format(function)]
    took = [
        float(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
        for _ in range(_INIT_TURNS)
    ]
    return round(min(took), 1)
