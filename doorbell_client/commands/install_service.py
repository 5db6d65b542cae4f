"""`doorbell install-service`: makes a door, or another device, a service that starts at boot.

Typed again after an update it brings the unit up to date and restarts the service.
"""

import argparse
import sys
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from doorbell_client.commands.arguments import Arguments, profile_of
from doorbell_client.commands.steps import Runner, install_steps, run_step, shown
from doorbell_client.commands.unit import (
    BRIDGE,
    CHIME,
    DOOR,
    GIFCAM,
    RELAY,
    TIMELAPSE,
    Kind,
    Machine,
    is_in_a_home,
    unit,
)
from doorbell_client.config.locations import is_root
from doorbell_client.config.schema import Config
from doorbell_client.config.service import UNIT_FOLDER
from doorbell_client.errors import ConfigError
from doorbell_client.outbox.disk import Disk, store

_IN_A_HOME: Final = (
    "\nThis is in somebody's home folder, which other users may not enter; /opt/doorbell and "
    "/etc/doorbell are safer places.\n"
)


_KINDS: Final = {
    "chime": (CHIME, "the bell inside, not the door"),
    "bridge": (BRIDGE, "the bridge to the MQTT broker"),
    "gifcam": (GIFCAM, "the party camera"),
    "timelapse": (TIMELAPSE, "a picture now and then"),
    "relay": (RELAY, "the relay for other cameras"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which service, where to, or only show it."""
    which = parser.add_mutually_exclusive_group()
    for name, (_, about) in _KINDS.items():
        which.add_argument(f"--{name}", action="store_true", help=about)
    parser.add_argument(
        "--unit-dir", type=Path, metavar="FOLDER", help="only write the unit, into this folder"
    )
    parser.add_argument("--show", action="store_true", help="print the unit and change nothing")


def run(asked: Arguments) -> int:
    """Install the service of the configured device."""
    profile = profile_of(asked)
    if profile.config_file is None:
        raise ConfigError("There is no configuration yet; run `doorbell init` first.")
    service = ServiceToInstall(profile.config_file, profile.config, _kind(asked), Machine.this())
    if asked.show:
        print(service.text(), end="")
    elif asked.unit_dir is not None or not is_root():
        write(service, asked.unit_dir or UNIT_FOLDER)
    else:
        install(service)
    return 0


def _kind(asked: Arguments) -> Kind:
    return next((kind for name, (kind, _) in _KINDS.items() if getattr(asked, name)), DOOR)


class ServiceToInstall(NamedTuple):
    """The service that was asked for."""

    config_file: Path
    config: Config
    kind: Kind
    machine: Machine

    def text(self) -> str:
        """The unit. Raises ConfigError: no such configuration."""
        if not self.config_file.is_file():
            raise ConfigError(f"There is no configuration at {self.config_file}.")
        return unit(self.config_file.resolve(), self.config, self.machine, self.kind)


def install(
    service: ServiceToInstall,
    folder: Path | None = None,
    *,
    runner: Runner = run_step,
    out: TextIO | None = None,
) -> None:
    """Write the unit and do all that it takes for the service to run now and at every boot.

    Raises ConfigError, and ServiceError when a step fails.
    """
    out = out or sys.stdout
    _write_unit(service, folder or UNIT_FOLDER, out)
    for step in install_steps(service.kind, service.config, service.machine.python):
        runner(step)
    name = service.kind.unit_name
    print(f"{name} is installed and runs. What it says: journalctl --unit {name}", file=out)


def write(service: ServiceToInstall, folder: Path, *, out: TextIO | None = None) -> None:
    """Only write the unit into `folder`, and say what is left to do. Raises ConfigError."""
    out = out or sys.stdout
    _write_unit(service, folder, out)
    steps = install_steps(service.kind, service.config, service.machine.python)
    out.write(f"Next:\n{shown(steps, 'sudo ')}")


def _write_unit(service: ServiceToInstall, folder: Path, out: TextIO) -> None:
    text, file = service.text(), folder / service.kind.unit_name
    try:
        store(Disk(), file, text.encode())
        file.chmod(0o644)
    except OSError as error:
        fix = "run it with sudo, or choose another place with --unit-dir"
        raise ConfigError(f"{file} cannot be written: {error.strerror}; {fix}.") from None
    print(f"Wrote {file}.", file=out)
    if is_in_a_home(service.machine, service.config_file.resolve(), service.config):
        out.write(_IN_A_HOME)
