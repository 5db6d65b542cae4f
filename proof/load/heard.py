"""What all doors and phones were told, and when; whoever waits for something is woken by it."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from doorbell.protocol import Message
    from proof.load.town import Device

T = TypeVar("T")
Kind = TypeVar("Kind", bound="Message")


class Heard(NamedTuple):
    """One message, on the device that got it."""

    at: float
    """Seconds of `time.perf_counter`."""
    device: Device
    message: Message


class Hearing:
    """All messages, by what they are about: a ring, or a press that has no ring yet."""

    def __init__(self) -> None:
        self._about: defaultdict[str, list[Heard]] = defaultdict(list)
        self._waiting: defaultdict[str, list[asyncio.Future[None]]] = defaultdict(list)

    def note(self, device: Device, message: Message) -> None:
        """This device got this, now."""
        heard = Heard(time.perf_counter(), device, message)
        names = {getattr(message, name, None) for name in ("ring", "press")}
        for about in names - {None} or {device.home}:
            self._about[str(about)].append(heard)
            for waiting in self._waiting.pop(str(about), ()):
                if not waiting.done():
                    waiting.set_result(None)

    def about(self, what: str) -> list[Heard]:
        """All that was heard about this ring or press; about a home, what is of no ring."""
        return list(self._about.get(what, ()))

    async def until(
        self, what: str, found: Callable[[Sequence[Heard]], T | None], within: float
    ) -> T | None:
        """What `found` finds in all that was heard about it; None if it does not come in time."""
        deadline = time.perf_counter() + within
        while (result := found(self._about.get(what, ()))) is None:
            left = deadline - time.perf_counter()
            more = asyncio.get_running_loop().create_future()
            self._waiting[what].append(more)
            try:
                await asyncio.wait_for(more, max(0.0, left))
            except TimeoutError:
                return None
        return result


def first(heard: Sequence[Heard], kind: type[Kind]) -> Kind | None:
    """The first message of this kind."""
    return next(iter(all_of(heard, kind)), None)


def all_of(heard: Sequence[Heard], kind: type[Kind]) -> list[Kind]:
    """All messages of this kind, in order."""
    return [each.message for each in heard if isinstance(each.message, kind)]
