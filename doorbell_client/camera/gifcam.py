"""The party camera: a press on the button, some pictures one after another, and up they go.

Its lights are those of the door: the status light is on when it is ready, the button's light
strobes while it records, the status light blinks while something is sent, and is solid for two
seconds when something went wrong. A press counts whenever it is not recording, also while older
films are on their way, and without any network.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

from doorbell_client.camera.outbox import Progress, ShotOutbox
from doorbell_client.camera.shot import new_shot
from doorbell_client.door.burst import BurstPlan, take_burst
from doorbell_client.door.parts import Camera, Lights, Mood, Notice, Press, Source, each

_log = logging.getLogger(__name__)

ERROR_SECONDS: Final = 2.0

MOODS: Final = {
    Progress.IDLE: Mood.READY,
    Progress.SENDING: Mood.WAITING,
    Progress.STUCK: Mood.OFFLINE,
    Progress.REFUSED: Mood.ERROR,
}


class Step(Enum):
    """How far a film has come."""

    READY = "ready: the button works"
    RECORDING = "somebody pressed: recording"
    KEPT = "the film is kept"
    LOST = "there is no room for the film"


class Recorded(NamedTuple):
    """A burst was taken: its frames; none if the camera gave none."""

    frames: tuple[bytes, ...]


Event: TypeAlias = Step | Recorded | Progress


class PartyParts(NamedTuple):
    """What a party camera is made of."""

    button: Source
    lights: Lights
    camera: Camera


class Gifcam:
    """One party camera. Belongs to the event loop's thread."""

    def __init__(
        self,
        parts: PartyParts,
        outbox: ShotOutbox,
        plan: BurstPlan,
        *,
        watch: Callable[[Event], None] = lambda event: None,
        faulty: bool = False,
        error_seconds: float = ERROR_SECONDS,
    ) -> None:
        """`faulty`: a part does not work, and the status light says so."""
        self._parts = parts
        self._outbox = outbox
        self._plan = plan
        self._watch = watch
        self._at_rest = Mood.FAULT if faulty else Mood.READY
        self._error_seconds = error_seconds
        self._loop = asyncio.get_running_loop()
        self._progress = Progress.IDLE
        self._error_until = float("-inf")
        self._recording: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Until cancelled. The parts are closed at the end, whatever happened."""
        self._outbox.watch(self._sending)
        try:
            self._parts.button.start(self.notify)
            self._parts.camera.start()
            self._show()
            self._watch(Step.READY)
            await self._outbox.run()
        finally:
            if self._recording is not None:
                self._recording.cancel()
                await asyncio.gather(self._recording, return_exceptions=True)
            each(*(part.close for part in self._parts))

    def notify(self, notice: Notice) -> None:
        """The button was pressed; from any thread."""
        if isinstance(notice, Press):
            self._loop.call_soon_threadsafe(self._pressed)

    def _sending(self, progress: Progress) -> None:
        if progress is not self._progress:
            self._progress = progress
            self._watch(progress)
            self._show()

    def _pressed(self) -> None:
        if self._recording is None:
            self._recording = asyncio.create_task(self._record())

    async def _record(self) -> None:
        pressed_at = time.time()
        self._watch(Step.RECORDING)
        self._parts.lights.show(Mood.CAPTURING)
        try:
            frames = await take_burst(self._parts.camera, self._plan)
            self._watch(Recorded(tuple(frames)))
            if not (frames and await self._keep(frames, pressed_at)):
                self._error()
        except Exception:
            _log.exception("a film failed")
            self._error()
        finally:
            self._recording = None
        self._show()

    async def _keep(self, frames: list[bytes], pressed_at: float) -> bool:
        shot = new_shot("burst", pressed_at, self._outbox.home)
        kept = await self._outbox.add(shot, b"".join(frames))
        self._watch(Step.KEPT if kept else Step.LOST)
        return kept

    def _error(self) -> None:
        self._error_until = self._loop.time() + self._error_seconds
        self._loop.call_later(self._error_seconds + 0.001, self._show)

    def _show(self) -> None:
        if self._recording is not None:
            return
        mood = MOODS[self._progress]
        if self._loop.time() < self._error_until:
            mood = Mood.ERROR
        self._parts.lights.show(self._at_rest if mood is Mood.READY else mood)
