"""`doorbell chime`: an indoor bell on any Pi or laptop, with a phone's token."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from doorbell.protocol import Message, Pressed, Visitor
from doorbell_client.config.credentials import Credentials
from doorbell_client.door.parts import Bell
from doorbell_client.link.line import Line, LinkTimeouts
from doorbell_client.link.session import Session
from doorbell_client.supervisor import Supervisor
from doorbell_client.terminal.words import told_inside

_log = logging.getLogger(__name__)

REMEMBERED: Final = 100
"""Rings that have sounded; each is heard of several times, after a reconnect too."""


class IndoorBell:
    """Sounds once for each ring, and says who is there."""

    def __init__(self, bell: Bell, say: Callable[[str | None], None]) -> None:
        self._bell = bell
        self._say = say
        self._rung: OrderedDict[str, None] = OrderedDict()

    def hear(self, message: Message) -> None:
        """Something the house says to the phones."""
        # `visitor` of a ring that was not heard of: the line was down when they pressed, and they
        # still wait.
        if isinstance(message, Pressed | Visitor) and message.ring not in self._rung:
            self._sound(message.ring)
        self._say(told_inside(message))

    def line(self, line: Line) -> None:
        """The line came up or went down."""
        self._say(told_inside(line))

    def _sound(self, ring: str) -> None:
        self._rung[ring] = None
        if len(self._rung) > REMEMBERED:
            self._rung.popitem(last=False)
        try:
            self._bell.ring()
        except Exception:
            _log.exception("the bell failed")


async def listen(
    credentials: Credentials,
    bell: Bell,
    say: Callable[[str | None], None],
    *,
    timeouts: LinkTimeouts = LinkTimeouts(),  # noqa: B008 - immutable
    supervisor: Supervisor | None = None,
) -> None:
    """Until cancelled."""
    supervisor = supervisor or Supervisor({})
    indoor = IndoorBell(bell, say)
    session = Session(
        credentials, indoor.hear, indoor.line, alive=supervisor.alive, timeouts=timeouts
    )
    try:
        async with asyncio.TaskGroup() as together:
            together.create_task(session.run())
            supervisor.ready()
    finally:
        bell.close()
