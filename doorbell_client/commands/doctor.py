"""`doorbell doctor`: what keeps this door from working, one line each, and how to fix it.

The checks run side by side, each bounded in time. The token is never printed.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, TextIO

from doorbell_client.commands.arguments import Arguments, profile_of
from doorbell_client.commands.checks.finding import (
    ROLES,
    Device,
    Finding,
    Grade,
    Setup,
    fail,
    skip,
)
from doorbell_client.commands.checks.listed import Check, checks_of
from doorbell_client.commands.relay import cameras_of
from doorbell_client.config.profile import Profile
from doorbell_client.config.redaction import without_secrets
from doorbell_client.config.service import (
    BRIDGE_UNIT,
    CHIME_UNIT,
    GIFCAM_UNIT,
    RELAY_UNIT,
    TIMELAPSE_UNIT,
)
from doorbell_client.errors import ClientError

CHECK_SECONDS: Final = 12.0
"""No check takes longer."""


_FIX: Final = "Fix:"

_BY_UNIT: Final[dict[str, Device]] = {
    CHIME_UNIT: "chime",
    BRIDGE_UNIT: "bridge",
    GIFCAM_UNIT: "gifcam",
    TIMELAPSE_UNIT: "timelapse",
    RELAY_UNIT: "relay",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which kind of device."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--chime", action="store_true", help="a bell inside, not a door")
    which.add_argument("--bridge", action="store_true", help="a bridge to the MQTT broker")
    which.add_argument("--gifcam", action="store_true", help="a party camera")
    which.add_argument("--timelapse", action="store_true", help="a picture now and then")
    which.add_argument("--relay", action="store_true", help="a relay for other cameras")


def run(asked: Arguments) -> int:
    """Check this device: the kind that is asked for, else the installed one, else a door."""
    profile = profile_of(asked)
    kind = _kind(profile, asked)
    role = ROLES[kind]
    return doctor(
        Setup(
            profile.config,
            lambda: profile.credentials(role),
            _folder(profile, kind),
            profile.config_file,
            profile.serves,
            kind,
            lambda: cameras_of(profile),
        )
    )


def _kind(profile: Profile, asked: Arguments) -> Device:
    if asked_for := next((kind for kind in _BY_UNIT.values() if getattr(asked, kind)), None):
        return asked_for
    return _BY_UNIT.get(profile.serves.unit_name, "door") if profile.serves else "door"


def _folder(profile: Profile, kind: Device) -> Path:
    if kind == "relay":
        return profile.relay_folder()
    return profile.pictures_folder() if ROLES[kind] == "camera" else profile.spool_folder()


def doctor(setup: Setup, out: TextIO | None = None) -> int:
    """Print a line for each check. Returns the exit status: 1 if any check fails, else 0."""
    return asyncio.run(_run_checks(setup, out or sys.stdout))


async def _run_checks(setup: Setup, out: TextIO) -> int:
    secrets = _secrets(setup)
    tasks: dict[str, asyncio.Task[Finding]] = {}
    for check in checks_of(setup):
        tasks[check.name] = asyncio.create_task(_result(check, tasks.get(check.needs)))
    print_line = _line_printer(out)
    failed = False
    for name, task in tasks.items():
        grade, says, fix = await task
        failed = failed or grade is Grade.FAIL
        print_line(grade, name, _without(secrets, f"{says} {_FIX} {fix}" if fix else says))
    return 1 if failed else 0


async def _result(check: Check, needed: asyncio.Task[Finding] | None) -> Finding:
    if needed is not None:
        grade, says, _ = await needed
        if grade is Grade.SKIP:
            return skip(says)
        if grade is Grade.FAIL:
            return skip(f"Not checked: `{check.needs}` comes first.")
    return await _bounded(check.look)


async def _bounded(look: Callable[[], Awaitable[Finding]]) -> Finding:
    try:
        return await asyncio.wait_for(look(), CHECK_SECONDS)
    except TimeoutError:
        return fail(f"No answer in {CHECK_SECONDS:g} s.", "See the other lines, then try again.")
    except ClientError as error:
        return Finding(Grade.FAIL, str(error))
    except Exception as error:
        return fail(f"{type(error).__name__}: {error}.", "Please report this.")


def _secrets(setup: Setup) -> Sequence[str]:
    try:
        if setup.device != "relay":
            return [setup.find_credentials().token]
        return [secret for each in setup.find_cameras() for secret in (each.token, each.password)]
    except ClientError:
        return []


def _without(secrets: Sequence[str], words: str) -> str:
    """The last guard: whatever an error's text quotes, no token is in what is printed."""
    plain = without_secrets(" ".join(words.split()))
    for secret in secrets:
        plain = plain.replace(secret, "<token>")
    return plain


def _line_printer(out: TextIO) -> Callable[[Grade, str, str], None]:
    """How a line is written: coloured and wrapped on a terminal, plain and whole elsewhere."""
    if not out.isatty():
        return lambda grade, name, words: print(f"{grade.value:4}  {name:9}  {words}", file=out)
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=out, highlight=False)
    styles = {
        Grade.OK: "green", Grade.SKIP: "dim", Grade.WARN: "yellow", Grade.FAIL: "bold red",
    }  # fmt: skip

    def print_line(grade: Grade, name: str, words: str) -> None:
        line = Table.grid(padding=(0, 2, 0, 0))
        for width in (4, 9, None):
            line.add_column(width=width)
        words = words.replace(f" {_FIX}", f"\n{_FIX}", 1)
        line.add_row(Text(grade.value, styles[grade]), Text(name, "bold"), Text(words))
        console.print(line)

    return print_line
