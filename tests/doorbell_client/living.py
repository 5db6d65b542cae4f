"""A whole door of pretended parts, alive against the fake cloud, with short waits."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from doorbell_client.config.credentials import Credentials
from doorbell_client.door.burst import BurstPlan
from doorbell_client.door.controller import Controller, Timeouts
from doorbell_client.door.events import Event
from doorbell_client.door.filming import FilmPlan
from doorbell_client.door.parts import Key, Mood, Notify, Parts, Photo, Press, Shape
from doorbell_client.door.replay_guard import ReplayGuard
from doorbell_client.door.timeouts import DoorTimeouts
from doorbell_client.errors import CameraError, HardwareError
from doorbell_client.link.line import LinkTimeouts
from doorbell_client.outbox.spool import OPENED_FILE, Limits, Spool
from doorbell_client.outbox.timeouts import OutboxTimeouts
from doorbell_client.outbox.upload import Uploader, UploadTimeouts
from doorbell_client.supervisor import Supervisor
from tests.doorbell_client.fake_cloud import FakeCloud

# Before any clock runs: to import what uploads need takes longer than these short waits.
Uploader().warm_up()

NOWHERE = Credentials("ws://127.0.0.1:9/", "home.front.secret")
"""Where nobody answers."""
DECISION = 0.4
"""Seconds until the bell sounds by itself, in place of 8."""

SHORT_TIMEOUTS = Timeouts(
    link=LinkTimeouts(
        connect=0.5, ping=5, pong=0.3, first_retry=0.03, longest_retry=0.1, refused_retry=0.3,
        stable=1, hurry=0.02, beat=0.05, asleep=2,
    ),
    door=DoorTimeouts(decision=DECISION, notice=0.1, answer=0.3, offline=0.1, first_repeat=0.1),
    outbox=OutboxTimeouts(ticket=0.3, first_wait=0.05, longest_wait=0.2),
    upload=UploadTimeouts(
        connect=0.3, silence=0.3, whole=1, tries=2, tries_within=0.5, first_wait=0.02
    ),
    capture=1.5,
    film=FilmPlan(BurstPlan(4, 0.02), life=3),
)  # fmt: skip


@dataclass
class PretendedParts:
    """Remembers what was done to it."""

    bells: list[float] = field(default_factory=list)
    gongs: int = 0
    beeps: int = 0
    moods: list[Mood] = field(default_factory=list)
    strikes: list[float] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    camera_started: bool = False
    capture_takes: float = 0.01
    camera_breaks: bool = False
    lights_take: float = 0
    strike_breaks: bool = False
    breaks_at_start: str = ""
    """The part that cannot be started."""
    pictures: int = 0
    frames: int = 0
    notify: Notify | None = None

    def door(self) -> Parts:
        return Parts(
            _Source("button", self), _Source("keypad", self), _Lights("lights", self),
            _Chime("chime", self), _Gong("gong", self), _Strike("strike", self),
            _Camera("camera", self),
        )  # fmt: skip


class _Part:
    def __init__(self, name: str, parts: PretendedParts) -> None:
        self._name = name
        self.parts = parts

    def begun(self) -> None:
        if self._name == self.parts.breaks_at_start:
            raise OSError("no such pin")

    def close(self) -> None:
        self.parts.closed.append(self._name)


class _Source(_Part):
    def start(self, notify: Notify) -> None:
        self.begun()
        self.parts.notify = notify


class _Lights(_Part):
    def show(self, mood: Mood) -> None:
        time.sleep(self.parts.lights_take)
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
    def start(self) -> None:
        self.begun()
        self.parts.camera_started = True

    async def capture(self) -> Photo:
        await asyncio.sleep(self.parts.capture_takes)
        if self.parts.camera_breaks:
            raise CameraError("no picture")
        self.parts.pictures += 1
        return Photo(b"\xff\xd8" + bytes([self.parts.pictures]) * 100_000 + b"\xff\xd9", "x.jpeg")

    async def frame(self, shape: Shape) -> bytes:
        await asyncio.sleep(self.parts.capture_takes)
        self.parts.frames += 1
        return b"\xff\xd8" + bytes([self.parts.frames]) * 20_000 + b"\xff\xd9"


class Living:
    """One run of a door."""

    def __init__(
        self,
        controller: Controller,
        parts: PretendedParts,
        events: list[Event],
        running: asyncio.Task[None],
    ) -> None:
        self.controller = controller
        self.parts = parts
        self.events = events
        self._running = running

    def press(self) -> float:
        now = time.monotonic()
        self.controller.notify(Press(now))
        return now

    def type(self, keys: str) -> None:
        for key in keys:
            self.controller.notify(Key(key))

    async def until(self, true: Callable[[], bool], seconds: float = 15) -> None:
        """Far longer than anything here takes: a busy machine may stand still for seconds."""
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    self._still_runs()
                    await asyncio.sleep(0.005)
        except TimeoutError as error:
            raise AssertionError(f"it did not come; so far: {self.events}") from error

    def _still_runs(self) -> None:
        """A door that ended by itself says why, in place of a wait in vain."""
        if self._running.done():
            self._running.result()
            raise AssertionError("the door ended by itself")


@contextlib.asynccontextmanager
async def alive(
    credentials: Credentials,
    folder: Path,
    parts: PretendedParts | None = None,
    timeouts: Timeouts = SHORT_TIMEOUTS,
    *,
    limits: Limits | None = None,
    supervisor: Supervisor | None = None,
    memory: Path | None = None,
    faults: Sequence[str] = (),
) -> AsyncIterator[Living]:
    parts = parts or PretendedParts()
    events: list[Event] = []
    spool = Spool(folder, limits or Limits(), memory=memory)
    spool.open()
    records = [place / OPENED_FILE for place in (memory, folder) if place is not None]
    controller = Controller(
        parts.door(), lambda: credentials, spool, ReplayGuard(records),
        timeouts=timeouts, watch=events.append, supervisor=supervisor, faults=faults,
    )  # fmt: skip
    running = asyncio.create_task(controller.run())
    try:
        yield Living(controller, parts, events, running)
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        spool.close()


async def unplugged_cloud() -> FakeCloud:
    """A cloud whose address is known, and where nobody answers yet."""
    cloud = FakeCloud()
    async with cloud.running():
        pass
    return cloud


class Systemd:
    """Hears what a service tells (sd_notify(3)), while entered."""

    def __init__(self, place: Path) -> None:
        """The socket is made in this folder."""
        self._place = place / "notify"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._told: list[str] = []

    def __enter__(self) -> "Systemd":
        self._listener.bind(str(self._place))
        self._listener.setblocking(False)
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    @property
    def supervisor(self) -> Supervisor:
        """What a door of this service has."""
        return Supervisor({"NOTIFY_SOCKET": str(self._place)})

    def was_told(self, words: str) -> bool:
        """Whether it has heard just this, such as `READY=1`."""
        with contextlib.suppress(BlockingIOError):
            while True:
                self._told.append(self._listener.recv(1000).decode())
        return words in self._told
