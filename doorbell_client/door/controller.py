"""Runs one door: hands what parts, line and clock say to `Behaviour`, and does what it answers.

No rule stands here. A part that fails is logged and never keeps another part, or the press, from
its work.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from doorbell.protocol import Message, Open, Ticket
from doorbell_client.clock import uptime
from doorbell_client.config.credentials import Credentials
from doorbell_client.door.alarm import Alarm
from doorbell_client.door.behaviour import Behaviour
from doorbell_client.door.effects import (
    Acknowledge,
    Begin,
    Effect,
    Energise,
    OpenedKnown,
    Settle,
    Submit,
)
from doorbell_client.door.events import Delivered, Event, Filmed, Pictured
from doorbell_client.door.filming import Filming, FilmPlan
from doorbell_client.door.opener import Opener
from doorbell_client.door.parts import Notice, Parts, Press, close_all
from doorbell_client.door.performance import perform
from doorbell_client.door.photographer import take_picture
from doorbell_client.door.replay_guard import ReplayGuard
from doorbell_client.door.timeouts import DoorTimeouts
from doorbell_client.link.line import Line, LinkTimeouts
from doorbell_client.link.session import Session
from doorbell_client.outbox.outbox import Outbox
from doorbell_client.outbox.spool import Spool, counted
from doorbell_client.outbox.timeouts import OutboxTimeouts
from doorbell_client.outbox.upload import Uploader, UploadTimeouts
from doorbell_client.supervisor import BROKEN, Supervisor

_log = logging.getLogger(__name__)


class Timeouts(NamedTuple):
    """All waits of a door; tests make them short."""

    link: LinkTimeouts = LinkTimeouts()
    door: DoorTimeouts = DoorTimeouts()
    outbox: OutboxTimeouts = OutboxTimeouts()
    upload: UploadTimeouts = UploadTimeouts()
    capture: float = 6.0
    """Seconds for one picture."""
    film: FilmPlan = FilmPlan()


class Controller:
    """One door, running."""

    def __init__(
        self,
        hardware: Parts,
        find_credentials: Callable[[], Credentials],
        spool: Spool,
        replay_guard: ReplayGuard,
        *,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - immutable
        watch: Callable[[Event], None] = lambda event: None,
        supervisor: Supervisor | None = None,
        faults: Sequence[str] = (),
    ) -> None:
        """`spool` is open; `faults` says which parts do not work, and the lights show it.

        Make it within a running event loop, whose thread it belongs to.
        """
        self._hardware = hardware
        self._watcher = watch
        self._timeouts = timeouts
        self._supervisor = supervisor or Supervisor({})
        self._opener = Opener(hardware.strike, replay_guard)
        self._loop = asyncio.get_running_loop()
        self._faults = tuple(faults)
        self._behaviour = Behaviour(
            _new_press, timeouts.door, replay_guard.known, faulty=bool(faults)
        )
        self._uploader = Uploader(timeouts.upload)
        self._session = Session(
            find_credentials, self._hear, self._line, busy=self._busy, alive=self._beat,
            timeouts=timeouts.link,
        )  # fmt: skip
        self._outbox = Outbox(
            spool, self._uploader, self._session.send, timeouts=timeouts.outbox,
            home=lambda: self._session.home, delivered=self._delivered,
        )  # fmt: skip
        self._filming = Filming(
            hardware.camera, Uploader(timeouts.upload), timeouts.film,
            over=lambda press, frames: self._watch(Filmed(press, frames)),
        )  # fmt: skip
        self._alarm = Alarm(self._tick)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """How many presses are not delivered yet."""
        return self._outbox.waiting

    @property
    def filming(self) -> bool:
        """Whether the film of a press is taken or sent."""
        return self._filming.busy

    async def run(self) -> None:
        """Until cancelled. The parts are closed at the end, whatever happened."""
        try:
            self._hardware.button.start(self.notify)
            with self._not_vital("the keypad"):
                self._hardware.keypad.start(self.notify)
            self._tick()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._session.run())
                tasks.create_task(self._restore())
                tasks.create_task(self._warm_up())
                self._supervisor.ready()
                # The camera last: to import and open it takes seconds, and it may hang.
                with self._not_vital("the camera"):
                    self._hardware.camera.start()
        finally:
            self._supervisor.stopping()
            await self._stop()

    def notify(self, notice: Notice) -> None:
        """What a button or a keypad noticed; from any thread."""
        self._loop.call_soon_threadsafe(self._noticed, notice)

    # --- in: hardware, line, time -----------------------------------------------------

    def _noticed(self, notice: Notice) -> None:
        now = uptime()
        if isinstance(notice, Press):
            ago = max(0.0, time.monotonic() - notice.at)
            self._apply(self._behaviour.press(now - ago, now))
        else:
            self._apply(self._behaviour.key(notice.key, now))

    def _hear(self, message: Message) -> None:
        self._watch(message)
        if isinstance(message, Ticket):
            self._outbox.hear(message)
            self._filming.hear(message)
        age = self._session.age_at_most(message.time) if isinstance(message, Open) else 0.0
        self._apply(self._behaviour.hear(message, uptime(), age))

    def _line(self, line: Line) -> None:
        self._watch(line)
        self._outbox.line(up=line is Line.UP)
        self._apply(self._behaviour.line(line, uptime()))

    def _beat(self) -> None:
        self._supervisor.alive()
        line = self._session.line.value
        broken = [f"{BROKEN} {'; '.join(self._faults)}"] if self._faults else []
        self._supervisor.status(", ".join((f"line {line}", counted(self._outbox.waiting), *broken)))
        # Timers stand still while a machine sleeps; the door's own clock does not.
        if self._alarm.is_set:
            self._tick()

    def _busy(self) -> bool:
        return self._behaviour.busy(uptime())

    def _tick(self) -> None:
        self._apply(self._behaviour.tick(uptime()))

    async def _restore(self) -> None:
        with self._not_vital("what former runs left"):
            for press, age, pictured, ring in await self._outbox.restore():
                self._apply(self._behaviour.restored(press, age, uptime(), ring))
                if not pictured:
                    self._start(self._take_picture(press))

    async def _warm_up(self) -> None:
        with self._not_vital("the way of photos"):
            await asyncio.to_thread(self._uploader.warm_up)

    # --- out: effects -------------------------------------------------------------------

    def _apply(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            try:
                self._do(effect)
            except Exception:
                _log.exception("a part of the door failed: %s", type(effect).__name__)
            # That the door opens is told when it does.
            if not isinstance(effect, Energise):
                self._watch(effect)
        self._alarm.set(self._behaviour.wake_at() - uptime())

    def _do(self, effect: Effect) -> None:
        match effect:
            case Begin():
                self._begin(effect)
            case Settle(press):
                self._outbox.settle(press)
            case Submit(request) | Acknowledge(request):
                self._session.send(request)
            case Energise():
                self._start(self._energise(effect))
            case OpenedKnown(open_id):
                self._start(self._opener.acknowledged(open_id))
            case _:
                perform(effect, self._hardware)

    def _begin(self, effect: Begin) -> None:
        self._outbox.add(effect.press, max(0.0, uptime() - effect.at))
        self._filming.pressed(effect.press)
        if self._session.line is not Line.UP:
            self._session.hurry()
        self._start(self._take_picture(effect.press))

    async def _energise(self, effect: Energise) -> None:
        if not await self._opener.open(effect):
            self._apply(self._behaviour.not_opened(effect, uptime()))
            return
        self._watch(effect)
        self._apply(self._behaviour.opened(effect, uptime()))
        await self._opener.copy()

    async def _take_picture(self, press: str) -> None:
        photo = await take_picture(self._hardware.camera, self._timeouts.capture)
        self._watch(Pictured(press, photo.name if photo else None))
        self._outbox.add_photo(press, photo.jpeg if photo else None)
        self._apply(self._behaviour.captured(press, uptime()))
        self._filming.pictured(press, photo=photo is not None)

    def _delivered(self, press: str) -> None:
        self._watch(Delivered(press))
        self._filming.delivered(press)

    def _watch(self, event: Event) -> None:
        """Tell whoever watches; that they fail (a closed terminal) must not silence the bell."""
        try:
            self._watcher(event)
        except Exception as error:
            _log.warning("what happens could not be told: %s", type(error).__name__)

    # --- small things ---------------------------------------------------------------------

    @contextmanager
    def _not_vital(self, what: str) -> Iterator[None]:
        """Without button or session no press rings; without anything else the door goes on."""
        try:
            yield
        except Exception as error:
            _log.exception("%s failed; the door goes on", what)
            self._faults = (*self._faults, f"{what}: {type(error).__name__}")
            self._apply(self._behaviour.broken(uptime()))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stop(self) -> None:
        self._alarm.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._filming.close()
        close_all(self._hardware)
        await self._outbox.close()
        await self._uploader.close()


def _new_press() -> str:
    return str(uuid.uuid4())
