"""`doorbell uninstall-service`: stops and removes the services; typed twice it does no harm."""

import argparse
import sys
from pathlib import Path
from typing import TextIO

from doorbell_client.commands.arguments import Arguments
from doorbell_client.commands.steps import Runner, run_step, shown, uninstall_steps
from doorbell_client.commands.unit import USER
from doorbell_client.config.locations import SYSTEM_FOLDER, is_root
from doorbell_client.config.service import STATE_FOLDER, UNIT_FOLDER, UNITS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None but the common ones."""


def run(asked: Arguments) -> int:
    """Remove the services, or say how, where this user may not."""
    uninstall(may_change=is_root())
    return 0


def uninstall(
    folder: Path | None = None,
    *,
    may_change: bool,
    runner: Runner = run_step,
    out: TextIO | None = None,
) -> None:
    """Stop and remove what is installed, and say what is left. Raises ServiceError."""
    out = out or sys.stdout
    folder = folder or UNIT_FOLDER
    units = [folder / name for name in UNITS if (folder / name).exists()]
    steps = uninstall_steps(units)
    if not steps:
        print("No service is installed.", file=out)
    elif may_change:
        for step in steps:
            runner(step)
        print("The service is removed.", file=out)
    else:
        out.write(f"Run this with sudo, or:\n{shown(steps, 'sudo ')}")
    left = [["rm", "--recursive", str(SYSTEM_FOLDER), str(STATE_FOLDER)], ["userdel", USER]]
    out.write(
        "Configuration, token and presses that were not delivered are kept. To remove them, too:\n"
        f"{shown(left, 'sudo ')}"
    )
