"""`doorbell gifcam`: the party camera, with a camera's token."""

import argparse
import asyncio
import logging
import sys
from pathlib import Path
from typing import Final

from doorbell_client.camera.gifcam import Event, Gifcam, PartyParts
from doorbell_client.commands.arguments import Arguments, frames, profile_of, seconds
from doorbell_client.commands.station import station, supervised
from doorbell_client.config.profile import Profile
from doorbell_client.config.schema import Camera, Chime, Config
from doorbell_client.door.burst import BurstPlan
from doorbell_client.door.parts import Shape
from doorbell_client.errors import CameraError, ConfigError
from doorbell_client.hardware import build, build_camera
from doorbell_client.hardware.camera_worker import CameraWorker
from doorbell_client.hardware.stills import StillsCamera
from doorbell_client.signals import until_stopped
from doorbell_client.terminal.words import describe_party

_log = logging.getLogger(__name__)

_NO_BUTTON: Final = (
    "No button is configured: name its pin in the configuration ([button] pin), or say "
    "--simulated to be a party camera in this terminal."
)
_NO_TERMINAL: Final = "There is no terminal here to be a party camera in."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How a film is taken, and whether with hardware."""
    parser.add_argument(
        "--simulated", action="store_true", help="without hardware: this terminal is the camera"
    )
    parser.add_argument(
        "--photos", type=Path, metavar="FOLDER", help="for --simulated: pictures taken in turn"
    )
    parser.add_argument("--frames", type=frames, metavar="N", help="pictures for one film")
    parser.add_argument(
        "--between", type=seconds, metavar="SECONDS", help="from one picture to the next"
    )


def run(asked: Arguments) -> int:
    """Be the party camera until stopped."""
    profile = profile_of(asked)
    plan = burst_plan(profile.config, asked.frames, asked.between)
    if asked.simulated or profile.config.door.parts == "simulated":
        return _on_screen(profile, plan, asked.photos)
    logging.getLogger("doorbell_client").setLevel(logging.INFO)
    asyncio.run(until_stopped(serve(profile, plan)))
    return 0


def burst_plan(config: Config, count: int | None = None, between: float | None = None) -> BurstPlan:
    """What was asked for, else what is configured."""
    settings = config.gifcam
    return BurstPlan(
        count or settings.frames,
        between or settings.between,
        Shape(settings.width, settings.height, exact=True),
    )


async def serve(profile: Profile, plan: BurstPlan) -> None:
    """Be the party camera until cancelled. Raises ClientError before it begins."""
    config = profile.config
    if config.button.pin is None:
        raise ConfigError(_NO_BUTTON)
    async with station(profile) as outbox:
        built = build(
            Config(
                button=config.button,
                lights=config.lights,
                chime=Chime(kind="none"),
                camera=Camera(kind="none"),
            )
        )
        parts = PartyParts(built.parts.button, built.parts.lights, build_camera(config, moves=True))
        camera = Gifcam(parts, outbox, plan, watch=_log_event, faulty=bool(built.faults))
        async with supervised(outbox, built.faults):
            await camera.run()


def _on_screen(profile: Profile, plan: BurstPlan, photos: Path | None) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError(_NO_TERMINAL)
    from doorbell_client.terminal import screen

    stills = find_stills(profile.config, photos)
    with screen.raw_keys(sys.stdin.fileno()) as keys:
        asyncio.run(until_stopped(_show(profile, plan, stills, keys)))
    return 0


async def _show(profile: Profile, plan: BurstPlan, stills: StillsCamera, keys: int) -> None:
    from rich.console import Console

    from doorbell_client.terminal import screen
    from doorbell_client.terminal.party import Party, draw_party, party_lines

    party = Party(plan.between)
    async with station(profile, lambda shot: party.add_line("a film is delivered")) as outbox:
        parts = PartyParts(party.button, party.lights, CameraWorker(lambda: stills))
        party.work = Gifcam(parts, outbox, plan, watch=party.watch).run
        await screen.show_on(Console(), party, screen.Look(draw_party, party_lines), keys)


def find_stills(config: Config, photos: Path | None) -> StillsCamera:
    """The pictures that were named, else the configured ones, else `me.jpeg`.

    Raises CameraError if there are none.
    """
    from doorbell_client.commands.simulate import PICTURE

    if photos is not None:
        return StillsCamera(photos, moves=True)
    try:
        return StillsCamera(config.camera.folder, moves=True)
    except CameraError:
        return StillsCamera(PICTURE, moves=True)


def _log_event(event: Event) -> None:
    if words := describe_party(event):
        _log.info("%s", words)
