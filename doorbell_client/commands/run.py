"""`doorbell run`: the door, for years."""

import argparse
import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from doorbell.protocol import Code
from doorbell_client.commands.arguments import Arguments, profile_of
from doorbell_client.commands.spool import spool_of
from doorbell_client.config.profile import Profile
from doorbell_client.config.schema import Config, Film
from doorbell_client.door import parts
from doorbell_client.door.burst import BurstPlan
from doorbell_client.door.controller import Controller, Timeouts
from doorbell_client.door.events import Event
from doorbell_client.door.filming import FilmPlan
from doorbell_client.door.replay_guard import ReplayGuard
from doorbell_client.door.timeouts import DoorTimeouts
from doorbell_client.errors import ConfigError, SpoolError, SpoolTaken
from doorbell_client.hardware import Built, build, build_camera, build_chime
from doorbell_client.hardware.absent import NoBell, NoLights, NoSource
from doorbell_client.link.line import Line
from doorbell_client.outbox.spool import OPENED_FILE, Spool
from doorbell_client.signals import until_stopped
from doorbell_client.supervisor import Supervisor
from doorbell_client.terminal.lines import Lines, PretendedStrike, TypedLines
from doorbell_client.terminal.words import describe_at_door

_log = logging.getLogger(__name__)

_NO_BUTTON = (
    "No button is configured: name its pin in the configuration ([button] pin), or say "
    "--simulated to be a door in this terminal."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--simulated`."""
    parser.add_argument(
        "--simulated", action="store_true", help="without hardware: this terminal is the door"
    )


def run(asked: Arguments) -> int:
    """Be the door until stopped."""
    logging.getLogger("doorbell_client").setLevel(logging.INFO)
    faults: list[str] = []

    def report(error: ConfigError) -> None:
        """One wrong section must not silence the bell."""
        _log.error("%s The door goes on without it.", error)
        faults.append(str(error))

    profile = profile_of(asked, report)
    asyncio.run(serve(profile, simulated=asked.simulated, faults=faults))
    return 0


async def serve(profile: Profile, *, simulated: bool = False, faults: Sequence[str] = ()) -> None:
    """Be the door until SIGTERM or Ctrl-C. Raises ClientError before it begins.

    `faults` says what of the configuration is left out. Without a usable token the door rings
    locally, and looks for one again every few minutes.
    """
    config = profile.config
    simulated = simulated or config.door.parts == "simulated"
    if not simulated and config.button.pin is None:
        raise ConfigError(_NO_BUTTON)
    if simulated:
        profile.credentials("door")  # somebody sits at this terminal, who may be told at once
    spool = _spool_or_memory(profile)
    try:
        hardware = Built(_simulated(config), ()) if simulated else build(config)
        controller = Controller(
            hardware.parts,
            lambda: profile.credentials("door"),
            spool,
            ReplayGuard([folder / OPENED_FILE for folder in _folders(profile)]),
            timeouts=Timeouts(
                door=DoorTimeouts(longest_open=config.strike.max_seconds),
                capture=config.camera.timeout,
                film=film_plan(config.film),
            ),
            watch=_printer(Lines()) if simulated else _log_event,
            supervisor=Supervisor(),
            faults=(*faults, *hardware.faults),
        )
        _log.info("the door's stack is named by %s", profile.source("door"))
        await until_stopped(controller.run())
    finally:
        spool.close()


def film_plan(film: Film) -> FilmPlan:
    """Which pictures the film of a ring has."""
    return FilmPlan(BurstPlan(film.frames, film.seconds / max(1, film.frames)))


def _folders(profile: Profile) -> list[Path]:
    """Where the door writes: in memory first, which neither wears out nor is ever read-only."""
    runtime = profile.runtime_folder()
    return [*([runtime] if runtime else []), profile.spool_folder()]


def _spool_or_memory(profile: Profile) -> Spool:
    """The configured spool, used by no other process. Raises SpoolTaken.

    A worn-out card that can only be read must not silence the bell: a press that cannot be written
    to the spool is kept in memory.
    """
    spool = spool_of(profile)
    try:
        spool.open()
    except SpoolTaken:
        raise
    except SpoolError as error:
        _log.error("%s Presses are kept in memory only, until this is fixed.", error)
    return spool


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


def _printer(lines: Lines) -> Callable[[Event], None]:
    return lambda event: lines.say(describe_at_door(event))


def _log_event(event: Event) -> None:
    """For the journal, without a code that this stack shows at the door."""
    if not isinstance(event, Code | Line) and (words := describe_at_door(event)):
        _log.info("%s", words)
