"""A whole door of pretended parts, alive against the fake cloud, with short waits."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from doorbell_client.courier import Persistence
from doorbell_client.credentials import Credentials
from doorbell_client.door import Patience
from doorbell_client.errors import CameraError, HardwareError
from doorbell_client.keeper import Event, Keeper, Tempo
from doorbell_client.ledger import LEDGER, Ledger
from doorbell_client.line import Timings
from doorbell_client.notify import Supervisor
from doorbell_client.parts import Door, Key, Mood, Notify, Photo, Press
from doorbell_client.spool import Limits, Spool
from doorbell_client.upload import Pace

DECISION = 0.4
"""Seconds until the bell sounds by itself, in place of 8."""

TEMPO = Tempo(
    line=Timings(
        connect=0.5, ping=5, pong=0.3, first_retry=0.03, most_retry=0.1, refused_retry=0.3,
        stable=1, hurry=0.02, beat=0.05, asleep=2,
    ),
    door=Patience(decision=DECISION, notice=0.1, answer=0.3, offline=0.1),
    courier=Persistence(ticket=0.3, first_wait=0.05, most_wait=0.2),
    upload=Pace(connect=0.3, silence=0.3, whole=1, tries=2, tries_within=0.5, first_wait=0.02),
    capture=0.5,
)  # fmt: skip


@dataclass
class Parts:
    """Remembers what was done to it."""

    bells: list[float] = field(default_factory=list)
    gongs: int = 0
    beeps: int = 0
    moods: list[Mood] = field(default_factory=list)
    strikes: list[float] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    capture_takes: float = 0.01
    camera_breaks: bool = False
    strike_breaks: bool = False
    pictures: int = 0
    notify: Notify | None = None

    def door(self) -> Door:
        return Door(
            _Source("button", self), _Source("keypad", self), _Lights("lights", self),
            _Chime("chime", self), _Gong("gong", self), _Strike("strike", self),
            _Camera("camera", self),
        )  # fmt: skip


class _Part:
    def __init__(self, name: str, parts: Parts) -> None:
        self._name = name
        self.parts = parts

    def close(self) -> None:
        self.parts.closed.append(self._name)


class _Source(_Part):
    def start(self, notify: Notify) -> None:
        self.parts.notify = notify


class _Lights(_Part):
    def show(self, mood: Mood) -> None:
        self.parts.moods.append(mood)


class _Chime(_Part):
    def ring(self) -> None:
        self.parts.bells.append(time.monotonic())

    def beep(self) -> None:
        self.parts.beeps += 1


class _Gong(_Part):
    def ring(self) -> None:
        self.parts.gongs += 1

    def beep(self) -> None:
        pass


class _Strike(_Part):
    def energise(self, seconds: float) -> None:
        if self.parts.strike_breaks:
            raise HardwareError("the relay is gone")
        self.parts.strikes.append(seconds)


class _Camera(_Part):
    async def capture(self) -> Photo:
        await asyncio.sleep(self.parts.capture_takes)
        if self.parts.camera_breaks:
            raise CameraError("no picture")
        self.parts.pictures += 1
        return Photo(b"\xff\xd8" + bytes([self.parts.pictures]) * 100_000 + b"\xff\xd9", "x.jpeg")


class Living:
    """One run of a door."""

    def __init__(self, keeper: Keeper, parts: Parts, events: list[Event]) -> None:
        self.keeper = keeper
        self.parts = parts
        self.events = events

    def press(self) -> float:
        now = time.monotonic()
        self.keeper.notify(Press(now))
        return now

    def type(self, keys: str) -> None:
        for key in keys:
            self.keeper.notify(Key(key))

    async def until(self, true: Callable[[], bool], seconds: float = 5) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def alive(
    credentials: Credentials,
    folder: Path,
    parts: Parts | None = None,
    tempo: Tempo = TEMPO,
    limits: Limits | None = None,
    supervisor: Supervisor | None = None,
) -> AsyncIterator[Living]:
    parts = parts or Parts()
    events: list[Event] = []
    spool = Spool(folder, limits or Limits())
    spool.open()
    keeper = Keeper(
        parts.door(), credentials, spool, Ledger(folder / LEDGER), tempo=tempo,
        watch=events.append, supervisor=supervisor,
    )  # fmt: skip
    running = asyncio.create_task(keeper.run())
    try:
        yield Living(keeper, parts, events)
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        spool.close()
