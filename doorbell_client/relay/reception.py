"""One file of a camera: written as it comes, kept for good, and only then acknowledged."""

import asyncio
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Final, NamedTuple, TypeAlias, TypeVar

from doorbell_client.config.cameras import Camera
from doorbell_client.errors import SpoolFull
from doorbell_client.relay.events import Event, Received, Refused
from doorbell_client.relay.incoming import Incoming
from doorbell_client.relay.kept import KINDS, About, Kept
from doorbell_client.relay.messages import Answer, Cut
from doorbell_client.relay.parts import MOST_BYTES
from doorbell_client.relay.problems import problem
from doorbell_client.relay.store import Receipt, Store
from doorbell_client.relay.turns import Turns
from doorbell_client.relay.wire import Wire

_log = logging.getLogger(__name__)

T = TypeVar("T")

LARGEST: Final = {"picture": 20_000_000, "clip": MOST_BYTES}
"""Bytes that the cloud takes."""

Same: TypeAlias = tuple[str, str, str]
"""Camera, name and fingerprint of a file."""

_REMEMBERED: Final = 1000


class Ports(NamedTuple):
    """What files are received with."""

    store: Store
    disk: Executor
    """Threads that may wait for the disk."""
    kept: Callable[[Kept], None]
    """Is told of a new file."""
    no_room: Callable[[Camera], None]
    """Is told that a camera's file could not be kept."""
    tell: Callable[[Event], None]
    now: Callable[[], float] = time.time


class Reception:
    """All files of one relay, several at a time."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._turns = Turns()
        self._newest: OrderedDict[Same, float] = OrderedDict()
        """When the newest request began that brought this and was answered: an older one, whose
        camera has hung up since, was given up for it."""

    async def take(self, wire: Wire, camera: Camera, about: About, length: int | None) -> bool:
        """Receive it and answer; whether another request may follow.

        Raises BadRequest and TooSlow; then nothing of it is kept.
        """
        try:
            return await self._received(wire, about, length)
        except (SpoolFull, OSError) as error:
            _log.warning("a file of %s is not kept: %s", camera.name, error)
            self._ports.no_room(camera)
            return await wire.answer(problem(507, "no_room", "There is no room for it now."))
        except _Unusable as error:
            self._ports.tell(Refused(camera.name, title(error.answer)))
            return await wire.answer(error.answer)

    async def _received(self, wire: Wire, about: About, length: int | None) -> bool:
        """Raises SpoolFull, OSError, _Unusable: nothing is kept; and as reading does."""
        store = self._ports.store
        kept, incoming = await self._disk(partial(store.begin, length))
        try:
            await self._written(wire, incoming, LARGEST[KINDS[about.type]])
        except BaseException:
            await self._disk(incoming.discard)
            raise
        # A camera that has waited too long sends the same again: it must be known by then whether
        # it has heard the answer to the first.
        same = (about.camera, about.name, incoming.fingerprint())
        async with self._turns.of(same):
            if wire.is_lost and self._newest.get(same, 0.0) > about.taken_at:
                await self._disk(incoming.discard)
                return False
            receipt = await self._disk(partial(store.keep, kept, incoming, about))
            return await self._acknowledge(wire, receipt, same, about.taken_at)

    async def _written(self, wire: Wire, incoming: Incoming, most: int) -> None:
        size = 0
        try:
            async for piece in wire.body():
                size += len(piece)
                if size > most:
                    raise _Unusable(too_large(most))
                await self._disk(partial(incoming.write, piece))
        except Cut:
            raise _Unusable(problem(400, "incomplete", "The body ended too early.")) from None
        if not size:
            raise _Unusable(problem(400, "empty", "There is no body."))

    async def _acknowledge(self, wire: Wire, receipt: Receipt, same: Same, began: float) -> bool:
        kept = receipt.kept
        if receipt.is_new:
            self._ports.kept(kept)
        heard = False
        try:
            goes_on = await wire.answer(Answer(201, b"It is kept.\n"))
            if heard := await wire.heard():
                self._remember(same, began)
        finally:
            store = self._ports.store
            await self._disk(partial(store.answered if heard else store.not_answered, kept))
        about = kept.about
        self._ports.tell(Received(about.camera, about.name, kept.size, not receipt.is_new))
        return goes_on

    def _remember(self, same: Same, began: float) -> None:
        self._newest[same] = began
        self._newest.move_to_end(same)
        if len(self._newest) > _REMEMBERED:
            self._newest.popitem(last=False)

    async def _disk(self, work: Callable[[], T]) -> T:
        """Done by a thread, to its end: also if this connection is given up meanwhile."""
        running = asyncio.get_running_loop().run_in_executor(self._ports.disk, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait([running])
            raise


class _Unusable(Exception):
    """What came cannot be kept."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def too_large(most: int) -> Answer:
    """Says how many bytes it may be."""
    return problem(413, "too_large", f"This may have {most} bytes at most.")


def title(refusal: Answer) -> str:
    """What a refusal says to a person."""
    return str(json.loads(refusal.body)["title"])
