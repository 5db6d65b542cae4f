"""The demonstration: a resident rings and comes in by code; a stranger rings and is let in.

It rings on any stack, on this machine or in the cloud: `demo.stack` says what it needs of one.
"""

import time
from collections.abc import Callable

import httpx

from demo.device import Device
from demo.errors import DemoFailed
from demo.people import Person, door_photo, portrait
from demo.screen import Screen
from demo.stack import DemoStack
from doorbell.protocol import (
    Answer,
    Code,
    DoorOpened,
    Enrolled,
    EnterCode,
    Open,
    Opened,
    Pressed,
    Refused,
    Ring,
    RingThrough,
    Ticket,
    Visitor,
    Welcome,
)

RESIDENT = Person.EILEEN
VISITOR = Person.GRACE
TYPING_SECONDS = 1.0
"""Nobody reads and types six digits faster."""


class StepLog:
    """Prints what devices do and are told, with the time since the last press."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._since = time.monotonic()

    def restart(self) -> None:
        """From here on, times count anew."""
        self._since = time.monotonic()

    def elapsed(self) -> float:
        """Seconds since then."""
        return time.monotonic() - self._since

    def add(self, device: str, what: str) -> None:
        """One line."""
        self._screen.line(f"{self.elapsed():.2f} s", device, what)


def demonstrate(stack: DemoStack, screen: Screen) -> None:
    """Enrol a resident, then ring as the resident and as a stranger.

    Raises DemoFailed at the first step that does not happen.
    """
    log = StepLog(screen)
    with (
        Device("door", stack.websocket, stack.tokens["door"], log.add) as door,
        Device("phone", stack.websocket, stack.tokens["phone"], log.add, shows_codes=True) as phone,
    ):
        it = Demonstration(stack, door, phone, log)
        screen.title(f"{RESIDENT.value} moves in")
        it.enrol()
        screen.title(f"{RESIDENT.value}, who lives here, rings")
        screen.say(f"  {it.resident_rings()}")
        screen.title(f"{VISITOR.value}, whom nobody here has enrolled, rings")
        screen.say(f"  {it.stranger_rings()}")


class Demonstration:
    """A door and a phone of one home, and the rings they go through."""

    def __init__(self, stack: DemoStack, door: Device, phone: Device, log: StepLog) -> None:
        self._stack = stack
        self._door = door
        self._phone = phone
        self._log = log

    def enrol(self) -> None:
        """Put the portrait into the bucket, and wait until the phone is told of the face."""
        self._log.restart()
        self._phone.note(f"puts a portrait of {RESIDENT.value} into the bucket")
        key = f"residents/{self._stack.home}/{RESIDENT.value}/portrait.jpeg"
        self._stack.put(key, portrait(RESIDENT))
        enrolled = self._phone.hear(Enrolled)
        _require(
            enrolled.faces == 1, f"one face of {RESIDENT.value} was awaited, not {enrolled.faces}"
        )

    def resident_rings(self) -> str:
        """Ring, type the code, open; the same code is refused the second time."""
        self._ring_with(door_photo(RESIDENT))
        self._door.hear(Welcome)
        code = self._phone.hear(Code)
        to_code = self._log.elapsed()
        time.sleep(TYPING_SECONDS)
        typed = self._log.elapsed()
        self._door.send(EnterCode(code.code))
        opened_by = self._open()
        to_open = self._log.elapsed()
        _require(opened_by == "code", f"the door was to open by the code, not by {opened_by}")
        self._door.send(EnterCode(code.code))
        refused = self._door.hear(Refused)
        _require(
            refused.reason == "used", f"the code was to be refused as used, not {refused.reason}"
        )
        return f"Press to code: {to_code:.2f} s; typed to opened: {to_open - typed:.2f} s."

    def stranger_rings(self) -> str:
        """Ring, sound the bell, show the photo; somebody at the phone lets the visitor in."""
        photo = door_photo(VISITOR)
        self._ring_with(photo)
        rung = self._door.hear(RingThrough)
        to_bell = self._log.elapsed()
        _require(
            rung.reason == "stranger", f"the bell was to ring for a stranger, not {rung.reason}"
        )
        visitor = self._phone.hear(Visitor)
        _require(
            _fetch(visitor.photo) == photo, "the phone was to get the very photo the door took"
        )
        self._phone.note(f"shows the photo ({len(photo) // 1024} kB)")
        self._phone.send(Answer(visitor.ring, "let_in"))
        answered = self._log.elapsed()
        opened_by = self._open()
        _require(opened_by != "code", "the door was to open by a resident, not by a code")
        waited = self._log.elapsed() - answered
        return f"Press to bell: {to_bell:.2f} s; let in to opened: {waited:.2f} s."

    def _ring_with(self, photo: bytes) -> None:
        self._log.restart()
        self._door.send(Ring())
        ticket = self._door.hear(Ticket)
        self._phone.hear(Pressed)
        upload = ticket.upload
        _attempt(
            "The photo could not be uploaded",
            lambda: httpx.put(
                upload.url, content=photo, headers=dict(upload.headers), trust_env=False
            ),
        )
        self._door.note(f"has uploaded the photo ({len(photo) // 1024} kB)")

    def _open(self) -> str:
        """The door opens and says so; by what, as the phone hears it."""
        order = self._door.hear(Open)
        self._door.send(Opened(order.open))
        return self._phone.hear(DoorOpened).by


def _fetch(url: str | None) -> bytes:
    _require(url is not None, "the phone was to get a link to the photo, and got none")
    return _attempt(
        "The photo could not be fetched", lambda: httpx.get(str(url), trust_env=False)
    ).content


def _attempt(failure: str, request: Callable[[], httpx.Response]) -> httpx.Response:
    try:
        return request().raise_for_status()
    except httpx.HTTPStatusError as error:
        # The error's own text holds the URL, and that its signature.
        status = error.response.status_code
        raise DemoFailed(f"{failure}: S3 answered {status}.") from None
    except httpx.HTTPError as error:
        raise DemoFailed(f"{failure}: {error}.") from error


def _require(held: bool, otherwise: str) -> None:
    if not held:
        raise DemoFailed(f"{otherwise[0].upper()}{otherwise[1:]}.")
