"""`doorbell simulate`: a whole door in a terminal, for a stack that is real."""

import argparse
import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Final

from doorbell_client.commands.arguments import Arguments, profile_of
from doorbell_client.config.profile import Profile
from doorbell_client.errors import CameraError, ConfigError
from doorbell_client.hardware.absent import NoCamera
from doorbell_client.hardware.stills import StillsCamera
from doorbell_client.signals import until_stopped
from doorbell_client.terminal import screen

PICTURE: Final = Path("me.jpeg")
"""Whoever tries `make up` has this in the folder: its instructions say so."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the pictures are."""
    parser.add_argument(
        "--photos", type=Path, metavar="FOLDER", help="pictures that the camera gives in turn"
    )


def run(asked: Arguments) -> int:
    """Be a door in this terminal until `q`."""
    return simulate(profile_of(asked), asked.photos)


def simulate(profile: Profile, photos: Path | None) -> int:
    """Be a door in this terminal until `q`. Returns 0.

    Raises ConfigError without a terminal or a stack, CameraError without pictures where `photos`
    says.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError("There is no terminal here to simulate a door in; see `doorbell ring`.")
    camera, credentials = find_camera(profile, photos), profile.credentials("door")
    with screen.raw_keys(sys.stdin.fileno()) as keys, tempfile.TemporaryDirectory() as folder:
        asyncio.run(until_stopped(screen.show(credentials, camera, folder, keys)))
    return 0


def find_camera(profile: Profile, photos: Path | None) -> StillsCamera | NoCamera:
    """The pictures that were named, else the configured ones, else `me.jpeg`, else none.

    Raises CameraError if there are none where `photos` says.
    """
    if photos is not None:
        return StillsCamera(photos)
    for path in (profile.config.camera.folder, PICTURE):
        with contextlib.suppress(CameraError):
            return StillsCamera(path)
    return NoCamera()
