"""`doorbell bridge`: the doorbell in Home Assistant, or any house with MQTT, by a phone's token."""

import argparse
import asyncio
import logging
from typing import Final

from doorbell_client.bridge.address import address
from doorbell_client.bridge.bridge import Bridge, Settings
from doorbell_client.bridge.discovery import Described
from doorbell_client.bridge.topics import Topics, home_id
from doorbell_client.commands.arguments import Arguments, profile_of
from doorbell_client.commands.version import version
from doorbell_client.config.profile import Profile
from doorbell_client.signals import until_stopped
from doorbell_client.supervisor import Supervisor

_log = logging.getLogger(__name__)

_OPEN: Final = (
    "the broker at %s is spoken to in plain text: everybody on this network can see photos and "
    "press buttons; use mqtts://, or set `buttons` in [bridge] to false"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which broker."""
    parser.add_argument(
        "--broker",
        metavar="URL",
        help="mqtts://HOST or mqtt://HOST; user and password come from the configuration",
    )


def run(asked: Arguments) -> int:
    """Be the bridge until stopped."""
    logging.getLogger("doorbell_client").setLevel(logging.INFO)
    asyncio.run(until_stopped(serve(profile_of(asked), asked.broker)))
    return 0


async def serve(profile: Profile, broker: str | None = None) -> None:
    """Be the bridge until cancelled. Raises ClientError before it begins."""
    config = profile.config.bridge
    found = address(config, broker, profile.environment)
    if found.is_open:
        _log.warning(_OPEN, found)
    credentials = profile.credentials("phone")
    topics = Topics(home_id(credentials.home_id), config.discovery_prefix)
    settings = Settings(found, Described(topics, version(), config.buttons), config.open_seconds)
    await Bridge(credentials, settings, supervisor=Supervisor()).run()
