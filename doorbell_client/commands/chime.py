"""`doorbell chime`: an indoor bell on any Pi or laptop, with a phone's token."""

import argparse
import asyncio
import logging
import sys
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from doorbell.protocol import Code, Got, Message, Pressed, Request, Visitor
from doorbell_client.commands.arguments import Arguments, profile_of
from doorbell_client.config.credentials import Credentials
from doorbell_client.door.parts import Bell
from doorbell_client.hardware import build_chime
from doorbell_client.link.line import Line, LinkTimeouts
from doorbell_client.link.phone import PhoneLine
from doorbell_client.signals import until_stopped
from doorbell_client.supervisor import Supervisor
from doorbell_client.terminal.lines import Lines
from doorbell_client.terminal.words import describe_inside

_log = logging.getLogger(__name__)

REMEMBERED: Final = 100
"""Rings that have sounded; the cloud tells of each several times, after a reconnect too."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None but the common ones."""


def run(asked: Arguments) -> int:
    """Be the bell until stopped."""
    profile = profile_of(asked)
    bell, lines = build_chime(profile.config), Lines()
    listening = listen(
        profile.credentials("phone"),
        bell,
        lines.say,
        shows_codes=sys.stdout.isatty(),
        supervisor=Supervisor(),
    )
    asyncio.run(until_stopped(listening))
    return 0


class IndoorBell:
    """Sounds once for each ring, and says who is there.

    Where `shows_codes` is true, somebody sits in front of it: it shows a code and says `got` for
    it. A bell on a wall shows no code, because guests would see it, and so it does not say `got`:
    the door's bell stays quiet only if somebody can read the code.
    """

    def __init__(self, bell: Bell, say: Callable[[str | None], None], *, shows_codes: bool) -> None:
        self._bell = bell
        self._say = say
        self._shows_codes = shows_codes
        self._rung: OrderedDict[str, None] = OrderedDict()

    def hear(self, message: Message) -> Request | None:
        """Something that the cloud tells the phones; returns the answer to it, if there is one."""
        # A `visitor` whose ring is new: the line was down during the press, and they still wait.
        if isinstance(message, Pressed | Visitor) and message.ring not in self._rung:
            self._sound(message.ring)
        self._say(describe_inside(message, show_code=self._shows_codes))
        if isinstance(message, Code) and self._shows_codes:
            return Got(message.ring)
        return None

    def line(self, line: Line) -> None:
        """The line came up or went down."""
        self._say(describe_inside(line))

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
    shows_codes: bool = False,
    timeouts: LinkTimeouts = LinkTimeouts(),  # noqa: B008 - immutable
    supervisor: Supervisor | None = None,
) -> None:
    """Ring `bell` and `say` what happens, until cancelled.

    Raises ConfigError as soon as the cloud says that this token is no phone's.
    """
    supervisor = supervisor or Supervisor({})
    indoor = IndoorBell(bell, say, shows_codes=shows_codes)

    def hear(message: Message) -> None:
        if answer := indoor.hear(message):
            phone.send(answer)

    phone = PhoneLine(credentials, hear, indoor.line, supervisor=supervisor, timeouts=timeouts)
    supervisor.ready()
    try:
        await phone.run()
    finally:
        bell.close()
