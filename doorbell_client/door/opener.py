"""Moves the strike for an `open`: once, and only while that is valid."""

import asyncio
import logging

from doorbell_client.clock import uptime
from doorbell_client.door.effects import Energise
from doorbell_client.door.parts import Strike
from doorbell_client.door.replay_guard import Progress, ReplayGuard

_log = logging.getLogger(__name__)


class Opener:
    """The strike, and the record of what it has done."""

    def __init__(self, strike: Strike, replay_guard: ReplayGuard) -> None:
        self._strike = strike
        self._replay_guard = replay_guard

    async def open(self, effect: Energise) -> bool:
        """Whether the strike moved. Written down first: not even a crash makes it move twice."""
        try:
            await asyncio.to_thread(self._replay_guard.begin, effect.open)
            if uptime() >= effect.by:
                raise TimeoutError("the `open` is no longer valid")
            self._strike.energise(effect.seconds)
        except Exception as error:
            _log.error("the door does not open: %s", error)
            await asyncio.to_thread(self._replay_guard.forget, effect.open)
            return False
        await asyncio.to_thread(self._replay_guard.advance, effect.open, Progress.OPENED)
        return True

    async def acknowledged(self, open_id: str) -> None:
        """The cloud knows that the door opened."""
        await asyncio.to_thread(self._replay_guard.advance, open_id, Progress.ACKNOWLEDGED)
        await self.copy()

    async def copy(self) -> None:
        """Write the record to the disk too, which may take its time."""
        await asyncio.to_thread(self._replay_guard.copy)
