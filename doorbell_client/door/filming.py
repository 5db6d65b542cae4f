"""The film of a ring: pictures after the photo, sent as one object once the photo is there.

Everything else goes first: a film keeps neither a photo, nor the bell, nor the next press waiting.
It lives in memory and for a short time alone: where anything is wrong with it, it is dropped, and
the ring loses nothing else by it.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from doorbell.protocol import Ticket, Upload
from doorbell_client.clock import uptime
from doorbell_client.door.burst import BurstPlan, take_burst
from doorbell_client.door.parts import Camera
from doorbell_client.errors import UploadFailed
from doorbell_client.outbox.line_gate import LineGate
from doorbell_client.outbox.upload import Sender, Sent

_log = logging.getLogger(__name__)

MOST_FILMS: Final = 4
"""At a time; whoever hammers at the button gets no more."""


class FilmPlan(NamedTuple):
    """Which pictures a film has, and how long it is worth sending."""

    burst: BurstPlan = BurstPlan()
    life: float = 120.0
    """Seconds after the press; then nobody waits for its film any more."""


class FilmSender(Sender, Protocol):
    """Sends films, over connections that photos do not use."""

    async def close(self) -> None:
        """Let go of the connections."""


class _Film:
    """One press's film on its way."""

    def __init__(self) -> None:
        self.pictured = asyncio.Event()
        self.delivered = asyncio.Event()
        self.offered = asyncio.Event()
        self.upload: Upload | None = None
        self.expires_at = 0.0
        self.task: asyncio.Task[None] | None = None

    def offer(self, ticket: Ticket) -> None:
        """Where it may go, and until when; the newest ticket counts."""
        self.upload = ticket.burst
        self.expires_at = uptime() + ticket.expires_in
        self.offered.set()


class Filming:
    """The films of a door. Belongs to the event loop's thread."""

    def __init__(
        self,
        camera: Camera,
        sender: FilmSender,
        plan: FilmPlan,
        over: Callable[[str, int], None] = lambda press, frames: None,
    ) -> None:
        """`sender` is the films' own: one that hangs must not take a photo's with it. `over` is
        told of a press whose film is done with, and how many frames were sent.
        """
        self._camera = camera
        self._sender = sender
        self._plan = plan
        self._over = over
        self._films: dict[str, _Film] = {}
        self._undelivered: set[str] = set()
        self._way = LineGate()
        """Up while no photo is on its way."""
        self._way.set(up=True)

    @property
    def busy(self) -> bool:
        """Whether a film is taken or sent."""
        return bool(self._films)

    # --- told by the door -------------------------------------------------------------

    def pressed(self, press: str) -> None:
        """A new press: until its photo is there, no film is sent."""
        self._undelivered.add(press)
        self._way.set(up=False)
        # A photo that does not get through must not hold back every later film.
        asyncio.get_running_loop().call_later(self._plan.life, self._out_of_the_way, press)
        if self._plan.burst.frames and len(self._films) < MOST_FILMS:
            film = self._films[press] = _Film()
            film.task = asyncio.create_task(self._whole(press, film))

    def pictured(self, press: str, *, photo: bool) -> None:
        """The camera is done with the photo of this press; without one there is no film."""
        if not photo:
            self._drop(press)
        elif film := self._films.get(press):
            film.pictured.set()

    def hear(self, ticket: Ticket) -> None:
        """The cloud takes the film of this press, or wants none."""
        press = ticket.press or ""
        if ticket.burst is None:
            self._drop(press)
        elif film := self._films.get(press):
            film.offer(ticket)

    def delivered(self, press: str) -> None:
        """The photo of this press is in the cloud."""
        self._out_of_the_way(press)
        if film := self._films.get(press):
            film.delivered.set()

    async def close(self) -> None:
        """Drop whatever is not sent."""
        tasks = [film.task for film in self._films.values() if film.task]
        for press in list(self._films):
            self._drop(press)
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._sender.close()

    # --- one film -----------------------------------------------------------------------

    async def _whole(self, press: str, film: _Film) -> None:
        sent = 0
        try:
            async with asyncio.timeout(self._plan.life):
                sent = await self._taken_and_sent(film)
        except (TimeoutError, UploadFailed) as error:
            _log.info("the film of press %s is dropped: %s", press, error or "it took too long")
        except Exception:
            _log.exception("the film of press %s is dropped", press)
        self._films.pop(press, None)
        self._over(press, sent)

    async def _taken_and_sent(self, film: _Film) -> int:
        """How many frames arrived. Raises UploadFailed."""
        await film.pictured.wait()
        # The photo was the first picture: the next one a moment later.
        await asyncio.sleep(self._plan.burst.between)
        frames = await take_burst(self._camera, self._plan.burst)
        if not frames:
            return 0
        await film.delivered.wait()
        await film.offered.wait()
        sent = await self._sent(film, b"".join(frames))
        return len(frames) if sent else 0

    async def _sent(self, film: _Film, mjpeg: bytes) -> bool:
        """Send it while no photo is on its way; a new press interrupts it. Raises UploadFailed."""
        while True:
            await self._way.up()
            if film.upload is None or uptime() >= film.expires_at:
                return False
            sending = asyncio.ensure_future(self._sender.send(film.upload, mjpeg))
            pressed = asyncio.ensure_future(self._way.down())
            try:
                await asyncio.wait({sending, pressed}, return_when=asyncio.FIRST_COMPLETED)
                if sending.done():
                    return sending.result() is Sent.DELIVERED
            finally:
                sending.cancel()
                pressed.cancel()
                await asyncio.gather(sending, pressed, return_exceptions=True)

    # --- small things ---------------------------------------------------------------------

    def _drop(self, press: str) -> None:
        film = self._films.pop(press, None)
        if film is not None and film.task is not None:
            film.task.cancel()

    def _out_of_the_way(self, press: str) -> None:
        self._undelivered.discard(press)
        self._way.set(up=not self._undelivered)
