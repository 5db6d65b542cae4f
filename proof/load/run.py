"""Presses, many at once or so many a second, on one event loop of their own."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from typing import TYPE_CHECKING, Final, NamedTuple

import httpx

from demo.people import Person
from doorbell.protocol import Code, Enrolled, Pressed, RingThrough, Ticket, Visitor
from proof.load import town
from proof.load.heard import Hearing, all_of
from proof.load.judge import judge
from proof.load.line import connected
from proof.load.press import Doorstep, Press, draw

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from typing import TypeAlias

    from doorbell.protocol import Message
    from local.stack import Stack
    from proof.load.heard import Heard
    from proof.load.judge import Verdict
    from proof.load.press import Rung
    from proof.load.town import Home

    Ringing: TypeAlias = asyncio.Task[Rung]

ENROLLED: Final = 120.0


class Times(NamedTuple):
    """Seconds after the press; None if it did not come. Of phones, the first counts."""

    ticket: float | None
    notice: float | None
    """On a phone: somebody is at the door."""
    code: float | None
    bell: float | None
    """At the door."""
    visitor: float | None
    """On a phone: a link to the photo."""

    @property
    def answer(self) -> float | None:
        """Code or bell."""
        return self.bell if self.code is None else self.code


class Ended(NamedTuple):
    """A ring, judged."""

    rung: Rung
    verdict: Verdict
    times: Times


class Crowd:
    """Doors and phones that are connected, and the presses at them; `random` decides who."""

    def __init__(self, doorstep: Doorstep, homes: Sequence[Home], chance: random.Random) -> None:
        self._doorstep = doorstep
        self._homes = homes
        self._doors = [(home, door) for home in homes for door in home.doors]
        self._chance = chance
        self._turn: list[Press] = []
        self._number = 0
        self.ended = 0
        """Rings that are over; read by whoever looks at the machine meanwhile."""

    @property
    def connected(self) -> int:
        """Devices."""
        return len(self._doorstep.lines)

    async def burst(self, size: int) -> list[Ended]:
        """So many doors at the same moment."""
        return await self.judged([self._start(self._next()) for _ in range(size)])

    async def offer(self, rate: float, seconds: float) -> list[Ringing]:
        """So many rings a second, evenly, however long the answers take."""
        began, rings = time.perf_counter(), []
        for number in range(round(rate * seconds)):
            await asyncio.sleep(began + number / rate - time.perf_counter())
            rings.append(self._start(self._next()))
        return rings

    async def by_turns(self, person: Person, rounds: int) -> list[Ended]:
        """One ring after the other: this person at the first door of each home, so many times."""
        firsts = [(home, home.doors[0]) for home in self._homes]
        ended = []
        for home, door in firsts * rounds:
            self._number += 1
            press = Press(self._number, home, door, person, lets_in=True)
            ended += await self.judged([self._start(press)])
        return ended

    async def judged(self, rings: Sequence[Ringing]) -> list[Ended]:
        """Wait until they are over and nothing more comes of them, and judge each."""
        rung = await asyncio.gather(*rings)
        await asyncio.sleep(self._doorstep.pause)
        return [self._end(each) for each in rung]

    def _start(self, press: Press) -> Ringing:
        return asyncio.create_task(self._ring(press))

    async def _ring(self, press: Press) -> Rung:
        rung = await self._doorstep.ring(press)
        self.ended += 1
        return rung

    def _end(self, rung: Rung) -> Ended:
        heard = self._doorstep.hearing.about(rung.ring) if rung.ring else []
        return Ended(rung, judge(rung, heard), _times(rung.pressed, heard))

    def _next(self) -> Press:
        """Every door has its turn before any has its second."""
        if not self._turn:
            people = list(Person)
            for home, door in self._chance.sample(self._doors, len(self._doors)):
                self._number += 1
                person = self._chance.choice(people)
                lets_in = self._chance.random() < 0.5
                self._turn.append(Press(self._number, home, door, person, lets_in))
            self._turn.reverse()
        return self._turn.pop()


@contextlib.asynccontextmanager
async def crowd(
    stack: Stack, homes: Sequence[Home], seed: int, pause: float, *, enrol: bool = True
) -> AsyncIterator[Crowd]:
    """The doors and phones of these homes, connected, and their residents enrolled."""
    hearing = Hearing()
    tokens = await asyncio.to_thread(town.add, stack, homes)
    async with (
        connected(stack.websocket, tokens, hearing) as lines,
        httpx.AsyncClient(
            trust_env=False, timeout=60, limits=httpx.Limits(max_connections=100)
        ) as http,
    ):
        if enrol:
            await asyncio.to_thread(town.move_in, stack, homes)
            await asyncio.gather(*(_enrolled(hearing, home) for home in homes))
        await asyncio.to_thread(draw)
        yield Crowd(Doorstep(lines, hearing, http, pause), homes, random.Random(seed))


async def _enrolled(hearing: Hearing, home: Home) -> None:
    """All of the home's phones have heard of all of its residents. Raises TimeoutError."""
    count = len(home.residents) * len(home.phones)
    known = await hearing.until(
        home.id, lambda heard: len(all_of(heard, Enrolled)) >= count or None, ENROLLED
    )
    if known is None:
        raise TimeoutError(f"In {home.id} somebody was not enrolled.")


def _times(pressed: float, heard: Sequence[Heard]) -> Times:
    def after(kind: type[Message]) -> float | None:
        return next((each.at - pressed for each in heard if isinstance(each.message, kind)), None)

    return Times(after(Ticket), after(Pressed), after(Code), after(RingThrough), after(Visitor))
