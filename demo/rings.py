"""The demonstration: a resident rings and comes in by code; a stranger rings and is let in."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import httpx

from demo.device import Device
from demo.errors import DemoFailed
from demo.people import Person, door_photo, portrait
from demo.screen import Screen
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
from local.stack import Stack

RESIDENT = Person.EILEEN
VISITOR = Person.GRACE


class Clock:
    """Prints what devices tell, with the time since the last press."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._since = time.monotonic()

    def restart(self) -> None:
        """From here on, times count anew."""
        self._since = time.monotonic()

    def passed(self) -> float:
        """Seconds since then."""
        return time.monotonic() - self._since

    def tell(self, who: str, what: str) -> None:
        """One line of the story."""
        self._screen.line(f"{self.passed():.2f} s", who, what)


class House(NamedTuple):
    """Who takes part."""

    stack: Stack
    door: Device
    phone: Device
    clock: Clock


def demonstrate(stack: Stack, screen: Screen) -> None:
    """Enrol a resident and tell both stories. Raises StoryFailed at the first step that fails."""
    with _house(stack, Clock(screen)) as house:
        screen.title(f"{RESIDENT.value} moves in")
        enrol(house)
        screen.title(f"{RESIDENT.value}, who lives here, rings")
        summary = resident_rings(house)
        screen.say(f"  {summary}")
        screen.title(f"{VISITOR.value}, whom nobody here has enrolled, rings")
        summary = stranger_rings(house)
        screen.say(f"  {summary}")


def enrol(house: House) -> None:
    """Put the resident's portrait into the bucket and wait until the phone hears of the face."""
    house.clock.restart()
    house.phone.does(f"puts a portrait of {RESIDENT.value} into the bucket")
    key = f"residents/{house.stack.home}/{RESIDENT.value}/portrait.jpeg"
    s3 = house.stack.aws.client("s3")
    s3.put_object(
        Bucket=house.stack.bucket, Key=key, Body=portrait(RESIDENT), ContentType="image/jpeg"
    )
    enrolled = house.phone.hear(Enrolled)
    _must(enrolled.faces == 1, f"one face of {RESIDENT.value} was awaited, not {enrolled.faces}")


def resident_rings(house: House) -> str:
    """Ring, type the code, open; the same code is refused the second time."""
    _ring_with(house, door_photo(RESIDENT))
    house.door.hear(Welcome)
    code = house.phone.hear(Code)
    to_code = house.clock.passed()
    house.door.send(EnterCode(code.code))
    opened_by = _open(house)
    to_open = house.clock.passed()
    _must(opened_by == "code", f"the door was to open by the code, not by {opened_by}")
    house.door.send(EnterCode(code.code))
    refused = house.door.hear(Refused)
    _must(refused.reason == "used", f"the code was to be refused as used, not {refused.reason}")
    return f"Press to code: {to_code:.2f} s; typed to opened: {to_open - to_code:.2f} s."


def stranger_rings(house: House) -> str:
    """Ring, sound the bell, show the photo; somebody at the phone lets the visitor in."""
    photo = door_photo(VISITOR)
    _ring_with(house, photo)
    rung = house.door.hear(RingThrough)
    to_bell = house.clock.passed()
    _must(rung.reason == "stranger", f"the bell was to ring for a stranger, not {rung.reason}")
    visitor = house.phone.hear(Visitor)
    _must(_fetch(visitor.photo) == photo, "the phone was to get the very photo the door took")
    house.phone.does(f"shows the photo ({len(photo) // 1024} kB)")
    house.phone.send(Answer(visitor.ring, "let_in"))
    answered = house.clock.passed()
    opened_by = _open(house)
    _must(opened_by != "code", "the door was to open by a resident, not by a code")
    waited = house.clock.passed() - answered
    return f"Press to bell: {to_bell:.2f} s; let in to opened: {waited:.2f} s."


@contextlib.contextmanager
def _house(stack: Stack, clock: Clock) -> Iterator[House]:
    with (
        Device("door", stack.websocket, stack.tokens["door"], clock.tell) as door,
        Device("phone", stack.websocket, stack.tokens["phone"], clock.tell) as phone,
    ):
        yield House(stack, door, phone, clock)


def _ring_with(house: House, photo: bytes) -> None:
    house.clock.restart()
    house.door.send(Ring())
    ticket = house.door.hear(Ticket)
    house.phone.hear(Pressed)
    upload = ticket.upload
    _attempt(
        "The photo could not be uploaded",
        lambda: httpx.put(upload.url, content=photo, headers=dict(upload.headers), trust_env=False),
    )
    house.door.does(f"has uploaded the photo ({len(photo) // 1024} kB)")


def _open(house: House) -> str:
    """The door opens and says so; by what, as the phone hears it."""
    order = house.door.hear(Open)
    house.door.send(Opened(order.open))
    return house.phone.hear(DoorOpened).by


def _fetch(url: str | None) -> bytes:
    _must(url is not None, "the phone was to get a link to the photo, and got none")
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


def _must(held: bool, otherwise: str) -> None:
    if not held:
        raise DemoFailed(f"{otherwise[0].upper()}{otherwise[1:]}.")
