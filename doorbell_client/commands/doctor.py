"""`doorbell doctor`: what keeps this door from working, one line each, and how to fix it.

The checks run side by side, each bounded in time. The token is never printed.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, TextIO

from doorbell_client.commands.arguments import Arguments, profile_of
from doorbell_client.commands.checks import clock, cloud, files, hardware, relay, service, storage
from doorbell_client.commands.checks.broker import check_broker
from doorbell_client.commands.checks.finding import (
    Device,
    Finding,
    Grade,
    Setup,
    fail,
    in_thread,
    skip,
)
from doorbell_client.commands.relay import cameras_of
from doorbell_client.config.profile import Profile
from doorbell_client.config.redaction import without_secrets
from doorbell_client.config.schema import Config
from doorbell_client.config.service import BRIDGE_UNIT, CHIME_UNIT, RELAY_UNIT, installed_service
from doorbell_client.errors import ClientError

if TYPE_CHECKING:
    from doorbell_client.config.credentials import Role

CHECK_SECONDS: Final = 12.0
"""No check takes longer."""


_FIX: Final = "Fix:"


class Check(NamedTuple):
    """One line of the doctor."""

    name: str
    look: Callable[[], Awaitable[Finding]]
    needs: str = ""
    """A check without whose success this one would only fail for the same reason."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which kind of device."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--chime", action="store_true", help="a bell inside, not a door")
    which.add_argument("--bridge", action="store_true", help="a bridge to the MQTT broker")
    which.add_argument("--relay", action="store_true", help="a relay for other cameras")


def run(asked: Arguments) -> int:
    """Check this device: what is asked for, else what is installed, else a door."""
    profile = profile_of(asked)
    kind = _kind(profile, asked)
    role: Role = "door" if kind == "door" else "phone"
    return doctor(
        Setup(
            profile.config,
            lambda: profile.credentials(role),
            profile.relay_folder() if kind == "relay" else profile.spool_folder(),
            profile.config_file,
            profile.serves,
            kind,
            lambda: cameras_of(profile),
        )
    )


def _kind(profile: Profile, asked: Arguments) -> Device:
    kinds: tuple[Device, ...] = ("chime", "bridge", "relay")
    for kind in kinds:
        if getattr(asked, kind):
            return kind
    return _UNITS.get(profile.serves.unit_name, "door") if profile.serves else "door"


_UNITS: Final[dict[str, Device]] = {
    CHIME_UNIT: "chime",
    BRIDGE_UNIT: "bridge",
    RELAY_UNIT: "relay",
}


def doctor(setup: Setup, out: TextIO | None = None) -> int:
    """Print a line for each check. Returns the exit status: 1 if any check fails, else 0."""
    return asyncio.run(_run_checks(setup, out or sys.stdout))


async def _run_checks(setup: Setup, out: TextIO) -> int:
    secrets = _secrets(setup)
    tasks: dict[str, asyncio.Task[Finding]] = {}
    for check in _checks(setup):
        tasks[check.name] = asyncio.create_task(_result(check, tasks.get(check.needs)))
    print_line = _line_printer(out)
    failed = False
    for name, task in tasks.items():
        grade, says, fix = await task
        failed = failed or grade is Grade.FAIL
        print_line(grade, name, _without(secrets, f"{says} {_FIX} {fix}" if fix else says))
    return 1 if failed else 0


def _checks(setup: Setup) -> Sequence[Check]:
    if setup.device == "relay":
        return [*_first(setup), *_relay(setup), *_last(setup)]
    checks = [
        *_first(setup),
        Check("token", lambda: in_thread(lambda: cloud.check_token(setup))),
        *_PARTS[setup.device](setup.config),
        Check("dns", lambda: cloud.check_dns(_url(setup)), needs="token"),
        Check("clock", lambda: clock.check_clock(_url(setup)), needs="token"),
        Check("handshake", lambda: cloud.check_handshake(setup), needs="dns"),
    ]
    if setup.device != "door":
        return checks
    spool = Check("spool", lambda: in_thread(lambda: storage.check_spool(setup.spool)))
    return [*checks, spool, *_last(setup)]


def _first(setup: Setup) -> Sequence[Check]:
    running = setup.service
    config = lambda: in_thread(lambda: files.check_config(setup, installed_service()))  # noqa: E731
    if running is None:
        return [Check("config", config)]
    of_service = Check("service", lambda: in_thread(lambda: service.check_service(running)))
    return [Check("config", config), of_service]


def _last(setup: Setup) -> Sequence[Check]:
    return [Check("disk", lambda: in_thread(lambda: storage.check_disk(setup)))]


def _relay(setup: Setup) -> Sequence[Check]:
    config = setup.config.relay
    return [
        Check("cameras", lambda: in_thread(lambda: relay.check_cameras(setup))),
        Check("cloud", lambda: relay.check_cloud(config)),
        Check("clock", lambda: clock.check_clock(config.recipient), needs="cloud"),
        Check("tokens", lambda: relay.check_tokens(setup), needs="cloud"),
        Check("streams", lambda: relay.check_streams(setup), needs="cameras"),
        Check("port", lambda: in_thread(lambda: relay.check_port(setup))),
        Check("spool", lambda: in_thread(lambda: relay.check_waiting(setup.spool))),
    ]


def _indoor_parts(config: Config) -> Sequence[Check]:
    return [Check("bell", lambda: in_thread(lambda: hardware.check_indoor_bell(config)))]


def _door_parts(config: Config) -> Sequence[Check]:
    return [
        Check("button", lambda: in_thread(lambda: hardware.check_button(config))),
        Check("pins", lambda: in_thread(lambda: hardware.check_pins(config))),
        Check("camera", lambda: hardware.check_camera(config)),
        Check("bell", lambda: in_thread(lambda: hardware.check_bell(config))),
    ]


def _bridge_parts(config: Config) -> Sequence[Check]:
    return [Check("broker", lambda: check_broker(config.bridge))]


_PARTS: Final[Mapping[str, Callable[[Config], Sequence[Check]]]] = {
    "door": _door_parts,
    "chime": _indoor_parts,
    "bridge": _bridge_parts,
}


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


def _url(setup: Setup) -> str:
    return setup.find_credentials().url


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
