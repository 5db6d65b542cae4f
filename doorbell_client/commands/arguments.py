"""What several commands take from the command line."""

import argparse
import math
from pathlib import Path
from typing import TypeAlias

from doorbell_client.config.durations import seconds_of
from doorbell_client.config.profile import Profile, find
from doorbell_client.config.reader import Report
from doorbell_client.door.burst import MOST_FRAMES

Arguments: TypeAlias = argparse.Namespace


def add_common(parser: argparse.ArgumentParser) -> None:
    """The options of every command."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration")
    parser.add_argument("--url", help="the stack's WebSocket URL")
    parser.add_argument(
        "--token",
        help="this device's token; other users can see a command line, so prefer DOORBELL_TOKEN",
    )
    parser.add_argument("--verbose", action="store_true", help="log what happens")


def add_wait(parser: argparse.ArgumentParser, default: float) -> None:
    """`--wait`, in seconds."""
    parser.add_argument(
        "--wait",
        type=seconds,
        default=default,
        metavar="SECONDS",
        help=f"give up after this ({default:g})",
    )


def seconds(text: str) -> float:
    """A time to wait: above 0 and at most a day. Raises ArgumentTypeError."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= 86400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 86400")
    return number


def duration(text: str) -> int:
    """Seconds of a duration such as `90s` or `6h`. Raises ArgumentTypeError."""
    try:
        return seconds_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def frames(text: str) -> int:
    """How many pictures a film has. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdigit() and 2 <= int(text) <= MOST_FRAMES):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 2 to {MOST_FRAMES}")
    return int(text)


def profile_of(asked: Arguments, report: Report | None = None) -> Profile:
    """The stack, token and folder that these arguments mean. Raises ConfigError.

    With `report`, wrong parts of the configuration are told to it and left out.
    """
    return find(asked.config, asked.url, asked.token, report=report)
