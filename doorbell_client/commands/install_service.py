"""`doorbell install-service`: writes the systemd unit and says the next steps."""

import argparse
import shlex
import sys
from pathlib import Path
from typing import Final, TextIO

from doorbell_client.commands.arguments import Arguments, profile_of
from doorbell_client.commands.unit import UNIT_NAME, USER, Machine, is_in_a_home, unit
from doorbell_client.config.schema import Config
from doorbell_client.errors import ConfigError

UNIT_FOLDER: Final = Path("/etc/systemd/system")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, or only show it."""
    parser.add_argument("--unit-dir", type=Path, metavar="FOLDER", help="where the unit goes")
    parser.add_argument("--show", action="store_true", help="print it and change nothing")


def run(asked: Arguments) -> int:
    """Write the unit of the configured device."""
    profile = profile_of(asked)
    if profile.config_file is None:
        raise ConfigError("There is no configuration yet; run `doorbell init` first.")
    install(
        profile.config_file, profile.config, asked.unit_dir or UNIT_FOLDER, show_only=asked.show
    )
    return 0


def install(
    config_file: Path,
    config: Config,
    folder: Path = UNIT_FOLDER,
    *,
    show_only: bool = False,
    machine: Machine | None = None,
    out: TextIO | None = None,
) -> Path | None:
    """Write the unit into `folder` and say what to do next; `show_only` prints it and no more.

    Returns the file. Raises ConfigError: no such configuration, or `folder` cannot be written to.
    """
    out = out or sys.stdout
    if not config_file.is_file():
        raise ConfigError(f"There is no configuration at {config_file}; run `doorbell init` first.")
    config_file = config_file.resolve()
    machine = machine or Machine.this()
    text = unit(config_file, config, machine)
    if show_only:
        out.write(text)
        return None
    file = folder / UNIT_NAME
    _write(file, text)
    out.write(f"Wrote {file}.\n{_next_steps(config_file, config, machine)}")
    return file


def _write(file: Path, text: str) -> None:
    part = file.with_name(file.name + ".part")
    try:
        part.write_text(text)
        part.chmod(0o644)
        part.replace(file)
    except OSError as error:
        fix = "run it with sudo, or choose another place with --unit-dir"
        raise ConfigError(f"{file} cannot be written: {error.strerror}; {fix}.") from None


def _next_steps(config_file: Path, config: Config, machine: Machine) -> str:
    groups = f" --groups {','.join(machine.groups)}" if machine.groups else ""
    folder = config.spool.folder
    steps = [
        f"sudo useradd --system --shell /usr/sbin/nologin{groups} {USER}",
        *([f"sudo install -d -m 700 -o {USER} {shlex.quote(str(folder))}"] if folder else []),
        f"sudo chown {USER}: {shlex.quote(str(config.cloud.token_file.absolute()))}",
        "sudo systemctl daemon-reload",
        "sudo systemctl enable --now doorbell",
        "journalctl --unit doorbell --follow",
    ]
    warning = (
        "\nThis lies in somebody's home, which other users may not enter; /opt/doorbell and "
        "/etc/doorbell are safer places.\n"
        if is_in_a_home(machine, config_file, config)
        else ""
    )
    return "Next:\n" + "".join(f"  {step}\n" for step in steps) + warning
