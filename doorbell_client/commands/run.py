"""`doorbell run`: the door, for years; and `doorbell spool`: what it has not delivered yet."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from doorbell.protocol import Code, Ticket
from doorbell_client.config.credentials import Credentials
from doorbell_client.config.profile import Profile
from doorbell_client.config.schema import Config
from doorbell_client.door import parts
from doorbell_client.door.controller import Controller, Event, Timeouts
from doorbell_client.door.replay_guard import LEDGER, ReplayGuard
from doorbell_client.errors import ConfigError, SpoolError, SpoolTaken
from doorbell_client.hardware import build, build_camera, build_chime
from doorbell_client.hardware.absent import NoBell, NoLights, NoSource
from doorbell_client.link.line import Line
from doorbell_client.link.session import Session
from doorbell_client.outbox.outbox import Outbox, OutboxTimeouts
from doorbell_client.outbox.spool import Limits, Spool
from doorbell_client.outbox.upload import Uploader
from doorbell_client.signals import until_stopped
from doorbell_client.supervisor import Supervisor
from doorbell_client.terminal.lines import Lines, PretendedStrike, TypedLines
from doorbell_client.terminal.words import told_at_door

_log = logging.getLogger(__name__)

_NO_BUTTON = (
    "No button is configured: name its pin in the configuration ([button] pin), or say "
    "--simulated to be a door in this terminal."
)


async def run(profile: Profile, *, simulated: bool = False) -> None:
    """Keep the door until SIGTERM or Ctrl-C. Raises ClientError before it begins."""
    credentials = profile.credentials("door")
    config = profile.config
    simulated = simulated or config.door.parts == "simulated"
    if not simulated and config.button.pin is None:
        raise ConfigError(_NO_BUTTON)
    spool = _spool_or_memory(profile)
    try:
        controller = Controller(
            _simulated(config) if simulated else build(config),
            credentials,
            spool,
            ReplayGuard(profile.spool_folder() / LEDGER),
            timeouts=Timeouts(capture=config.camera.timeout),
            max_seconds=config.strike.max_seconds,
            watch=_teller(Lines()) if simulated else _log_event,
            supervisor=Supervisor(),
        )
        _log.info("the door serves %s, named by %s", _host(credentials), profile.source("door"))
        await until_stopped(controller.run())
    finally:
        spool.close()


def _spool(profile: Profile) -> Spool:
    limits = Limits(profile.config.spool.max_bytes, profile.config.spool.max_age)
    return Spool(profile.spool_folder(), limits)


def _spool_or_memory(profile: Profile) -> Spool:
    """The configured spool, ours alone. Raises SpoolTaken.

    A worn-out card that can only be read must not silence the bell: what finds no room in a spool
    is kept in memory.
    """
    spool = _spool(profile)
    try:
        spool.open()
    except SpoolTaken:
        raise
    except SpoolError as error:
        _log.error("%s Presses are kept in memory only, until it is mended.", error)
    return spool


async def flush(profile: Profile, wait: float) -> int:
    """Deliver what waits in the spool, for `wait` seconds at most; returns how many still wait.

    Raises SpoolError while another doorbell runs: that one delivers.
    """
    spool = _spool(profile)
    spool.open()
    uploader = Uploader()
    flusher = _Flusher(profile.credentials("door"), spool, uploader)
    try:
        return await flusher.work(wait)
    finally:
        await uploader.close()
        spool.close()


class _Flusher:
    """Session and courier, without a door."""

    def __init__(self, credentials: Credentials, spool: Spool, uploader: Uploader) -> None:
        self._session = Session(credentials, self._hear, self._line)
        no_camera = OutboxTimeouts(retake=0)
        self._outbox = Outbox(spool, uploader, self._session.send, timeouts=no_camera)

    async def work(self, wait: float) -> int:
        try:
            await self._outbox.restore()
            line = asyncio.create_task(self._session.run())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._outbox.empty(), wait)
            line.cancel()
            await asyncio.gather(line, return_exceptions=True)
            return self._outbox.waiting
        finally:
            await self._outbox.close()

    def _hear(self, message: object) -> None:
        if isinstance(message, Ticket):
            self._outbox.hear(message)

    def _line(self, line: Line) -> None:
        self._outbox.line(up=line is Line.UP)


def _simulated(config: Config) -> parts.Parts:
    """Camera and chime as configured, the rest in the terminal."""
    return parts.Parts(
        button=NoSource(),
        keypad=TypedLines(),
        lights=NoLights(),
        chime=build_chime(config),
        gong=NoBell(),
        strike=PretendedStrike(),
        camera=build_camera(config),
    )


def _teller(lines: Lines) -> Callable[[Event], None]:
    return lambda event: lines.say(told_at_door(event))


def _log_event(event: Event) -> None:
    """For the journal; a code that this stack shows at the door stays out of it."""
    if not isinstance(event, Code | Line) and (words := told_at_door(event)):
        _log.info("%s", words)


def _host(credentials: Credentials) -> str:
    return credentials.url.split("//", maxsplit=1)[-1].split("/", maxsplit=1)[0]
