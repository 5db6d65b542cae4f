"""`doorbell relay`: takes what other makers' cameras send, keeps it, and brings it to the cloud."""

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Callable
from typing import Final

from doorbell_client.commands.arguments import Arguments, profile_of
from doorbell_client.config.cameras import Camera, read_cameras
from doorbell_client.config.profile import Profile
from doorbell_client.errors import ConfigError
from doorbell_client.relay.relay import Relay, Settings
from doorbell_client.relay.room import Limits
from doorbell_client.relay.store import Store
from doorbell_client.relay.words import described
from doorbell_client.signals import until_stopped
from doorbell_client.supervisor import Supervisor

_log = logging.getLogger(__name__)

_NO_RECIPIENT: Final = (
    "No cloud is configured for cameras: set `recipient` in [relay] to what `make outputs` prints "
    "as Recipient."
)
_NO_LIBRARY: Final = "h11 is not here: `pip install -r requirements/relay.txt`."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None but the common ones."""


def run(asked: Arguments) -> int:
    """Be the relay until stopped."""
    logging.getLogger("doorbell_client").setLevel(logging.INFO)
    asyncio.run(until_stopped(serve(profile_of(asked))))
    return 0


async def serve(profile: Profile) -> None:
    """Be the relay until cancelled. Raises ClientError before it begins."""
    say = _printed if sys.stdout.isatty() else _logged
    settings = settings_of(profile)
    relay = Relay(settings, lambda event: say(described(event)), supervisor=Supervisor())

    def ready(port: int) -> None:
        named = ", ".join(camera.name for camera in settings.cameras)
        say(f"cameras may come to port {port} of {settings.bind}: {named}")

    await relay.run(ready)


def settings_of(profile: Profile) -> Settings:
    """What the relay is configured to do. Raises ConfigError."""
    config = profile.config.relay
    _check_library()
    if not config.recipient:
        raise ConfigError(_NO_RECIPIENT)
    return Settings(
        config.recipient,
        cameras_of(profile),
        profile.relay_folder(),
        config.bind,
        config.port,
        Limits(config.max_bytes),
    )


def cameras_of(profile: Profile) -> list[Camera]:
    """The cameras in their file. Raises ConfigError."""
    return read_cameras(profile.environment, profile.config.relay.cameras_file)


def store_of(profile: Profile) -> Store:
    """Where files wait, not yet open."""
    return Store(profile.relay_folder(), Limits(profile.config.relay.max_bytes))


def _check_library() -> None:
    try:
        import h11
    except ImportError:
        raise ConfigError(_NO_LIBRARY) from None
    del h11


def _printed(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {words}", flush=True)


_logged: Callable[[str], None] = _log.info
