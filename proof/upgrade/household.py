"""A household at its door, over and over: somebody presses, somebody inside answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

from demo.device import Device
from demo.errors import DemoFailed
from demo.people import Person, door_photo, portrait
from doorbell.protocol import Answer, Code, DoorOpened, Enrolled, Got, Missed, NotOpened, Visitor
from operations.devices import add_device
from proof.upgrade.door import PATIENCE, Door

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from local.stack import Stack

PAUSE: Final = 2.0
"""Seconds between two visits of one home."""
LOOK_EVERY: Final = 0.02
RESIDENT: Final = "Ada"


class Press(NamedTuple):
    """One press that was heard inside."""

    ring: str
    waited: float
    """Seconds until it was heard."""
    under_way: bool
    """Whether the update ran meanwhile."""


class Household:
    """One home: its door's program, its phone, and who comes: a resident or a stranger."""

    def __init__(
        self, stack: Stack, release: Path, folder: Path, *, resident: bool, waits: bool
    ) -> None:
        self.id = folder.name
        self.release = release
        self.waits = waits
        """Whether what was rung before the update is answered after it."""
        self.resident = resident
        self.presses: list[Press] = []
        self.answered: set[str] = set()
        """Rings whose code was typed, or whose visitor was let in."""
        stills = folder / "stills"
        stills.mkdir(parents=True)
        who = Person.EILEEN if resident else Person.GRACE
        (stills / "0.jpeg").write_bytes(door_photo(who))
        at = stack.deployed
        token = add_device(at, "door", "Front door", self.id, None)
        self.door = Door(release, folder, stack.websocket, token)
        token = add_device(at, "phone", "Phone", self.id, None)
        self.phone = Device("phone", stack.websocket, token)
        self._stack = stack

    @property
    def opened(self) -> set[str]:
        """The rings for which the door said that it opened."""
        return {each.ring for each in self.phone.heard(DoorOpened) if each.ring}

    def enrol(self) -> None:
        """Give the home its resident, and wait until the face is known."""
        key = f"residents/{self.id}/{RESIDENT}/portrait.jpeg"
        self._stack.deployed.put(key, portrait(Person.EILEEN))
        self.phone.hear(Enrolled, PATIENCE)

    def live(self, stop: threading.Event, updating: Callable[[], bool]) -> None:
        """Press, and answer as soon as it is heard, until told to stop."""
        while not stop.is_set():
            self.answer(self.press(updating))
            stop.wait(PAUSE)

    def press(self, updating: Callable[[], bool]) -> Code | Visitor:
        """Press, until it is heard inside. Raises DemoFailed if it never is."""
        began, before = time.monotonic(), updating()
        known = {each.ring for each in self.presses}
        self.door.type("ring")
        for _ in _looks():
            heard: list[Code | Visitor] = [*self.phone.heard(Code), *self.phone.heard(Visitor)]
            for told in heard:
                if told.ring not in known:
                    waited = time.monotonic() - began
                    self.presses.append(Press(told.ring, waited, before or updating()))
                    if isinstance(told, Code):
                        self.phone.send(Got(told.ring))
                    return told
        raise DemoFailed(f"A press at {self.id} was not heard inside.")

    def answer(self, told: Code | Visitor) -> None:
        """The code is typed, or the visitor let in, until the ring has ended one way or another."""
        asked = 0
        self._do(told)
        for _ in _looks():
            if self._ended(told.ring):
                return
            # A code that came too late: the ring went on as a visitor's.
            again = [each for each in self.phone.heard(Visitor) if each.ring == told.ring]
            if isinstance(told, Code) and len(again) > asked:
                asked = len(again)
                self._do(again[-1])
        raise DemoFailed(f"Ring {told.ring} of {self.id} never ended.")

    def _do(self, told: Code | Visitor) -> None:
        self.answered.add(told.ring)
        if isinstance(told, Code):
            self.door.type(told.code)
        else:
            self.phone.send(Answer(told.ring, "let_in"))

    def _ended(self, ring: str) -> bool:
        ends: list[Missed | NotOpened] = [
            *self.phone.heard(Missed),
            *self.phone.heard(NotOpened),
        ]
        return ring in self.opened or any(each.ring == ring for each in ends)


def _looks() -> Iterator[None]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        yield
        time.sleep(LOOK_EVERY)
