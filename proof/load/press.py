"""One ring from the button to the open door, as door and phones go through it."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import httpx

from demo.people import Person, door_photo, with_comment
from doorbell.protocol import (
    Answer,
    Code,
    Declined,
    DoorOpened,
    EnterCode,
    Open,
    Opened,
    Ring,
    RingThrough,
    Ticket,
    Visitor,
)
from doorbell_client.outbox.timeouts import OutboxTimeouts
from proof.load.heard import all_of, first

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from proof.load.heard import Heard, Hearing
    from proof.load.line import Lines
    from proof.load.town import Device, Home

T = TypeVar("T")

PATIENCE: Final = 90.0
"""Seconds for each step on a machine that has other work, too; a code lives for 120."""
TICKET_SECONDS: Final = OutboxTimeouts().ticket
"""A door that has waited so long for a ticket asks again."""
SHOTS: Final = 8
"""Pictures of each person; every ring's is marked besides, so that no two are the same file."""


class Press(NamedTuple):
    """Who presses where, and what a stranger is answered."""

    number: int
    home: Home
    door: Device
    person: Person
    lets_in: bool

    @property
    def lives_here(self) -> bool:
        """Whether the right answer is a code."""
        return self.person in self.home.residents

    @property
    def photo(self) -> bytes:
        """What the door's camera takes, with this press's number in a comment of the file."""
        taken = door_photo(self.person, self.number % SHOTS)
        return with_comment(taken, f"press {self.number}".encode())


def draw() -> None:
    """Take all pictures now: it is no part of a ring that `demo` draws its people."""
    for person in Person:
        for shot in range(SHOTS):
            door_photo(person, shot)


class Rung(NamedTuple):
    """What became of a press, as far as the door saw it."""

    press: Press
    pressed: float
    """When, as `Heard.at`."""
    ring: str | None = None
    repeats: int = 0
    """How often the door asked again."""
    shown: bool | None = None
    """Whether a phone's link led to this very photo; None if no phone got one."""


class Doorstep(NamedTuple):
    """What a ring needs."""

    lines: Lines
    hearing: Hearing
    http: httpx.AsyncClient
    pause: float
    """Seconds in which somebody reads and types six digits, or looks and answers."""

    async def ring(self, press: Press) -> Rung:
        """Press, and do what people do; it ends when the door is open, or nobody is awaited."""
        rung = await self._asked(press)
        if rung.ring is None:
            return rung
        if await self._heard(rung, _decision) is None:
            return rung
        await asyncio.sleep(self.pause)
        about = self.hearing.about(rung.ring)
        if code := first(about, Code):
            await self.lines.send(press.door, EnterCode(code.code))
            await self._come_in(rung)
        elif await self._heard(rung, lambda heard: first(heard, Visitor)):
            rung = await self._answered(rung)
        return rung

    async def _asked(self, press: Press) -> Rung:
        """Ask until there is a ticket, as the door's own program does, and bring the photo."""
        id_, pressed, photo = str(uuid.uuid4()), time.perf_counter(), press.photo
        for repeats in range(round(PATIENCE / TICKET_SECONDS)):
            await self.lines.send(press.door, Ring(id_, time.perf_counter() - pressed))
            ticket = await self.hearing.until(id_, lambda all_: first(all_, Ticket), TICKET_SECONDS)
            if ticket and await self._uploaded(ticket, photo):
                return Rung(press, pressed, ticket.ring, repeats)
        return Rung(press, pressed, None, repeats)

    async def _uploaded(self, ticket: Ticket, photo: bytes) -> bool:
        """Whether the photo is there; 412 says that an earlier upload has arrived."""
        try:
            upload = ticket.upload
            answer = await self.http.put(upload.url, content=photo, headers=dict(upload.headers))
        except httpx.HTTPError:
            return False
        return answer.status_code in (httpx.codes.OK, httpx.codes.PRECONDITION_FAILED)

    async def _answered(self, rung: Rung) -> Rung:
        """One of the phones looks at the photo, and lets the visitor in or declines."""
        press, ring = rung.press, rung.ring or ""
        visitor = first(self.hearing.about(ring), Visitor)
        rung = rung._replace(shown=await self._shows(visitor, press.photo))
        phone = press.home.phones[press.number % len(press.home.phones)]
        await self.lines.send(phone, Answer(ring, "let_in" if press.lets_in else "decline"))
        if press.lets_in:
            await self._come_in(rung)
        else:
            await self._heard(rung, lambda heard: first(heard, Declined))
        return rung

    async def _shows(self, visitor: Visitor | None, photo: bytes) -> bool | None:
        if visitor is None or visitor.photo is None:
            return None
        try:
            return (await self.http.get(visitor.photo)).content == photo
        except httpx.HTTPError:
            return False

    async def _come_in(self, rung: Rung) -> None:
        """The door opens, says so, and the phones hear it."""
        if order := await self._heard(rung, lambda heard: first(heard, Open)):
            await self.lines.send(rung.press.door, Opened(order.open))
            count = len(rung.press.home.phones)
            await self._heard(rung, lambda heard: len(all_of(heard, DoorOpened)) >= count or None)

    async def _heard(self, rung: Rung, found: Callable[[Sequence[Heard]], T | None]) -> T | None:
        return await self.hearing.until(rung.ring or "", found, PATIENCE)


def _decision(heard: Sequence[Heard]) -> Code | RingThrough | None:
    return first(heard, Code) or first(heard, RingThrough)
