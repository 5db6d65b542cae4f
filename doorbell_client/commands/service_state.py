"""What systemd says of the installed service."""

import subprocess
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

Ask: TypeAlias = Callable[[Sequence[str]], str]
"""Runs a command and returns what it prints; raises OSError where there is none."""


class ServiceState(NamedTuple):
    """How the service is."""

    active: bool
    words: str
    """For a person, such as `active (running): line up, 0 presses wait`."""


def _ask(command: Sequence[str]) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=10)  # noqa: S603 - ours
    return done.stdout


def service_state(unit_name: str, ask: Ask = _ask) -> ServiceState:
    """Whether the service runs, and what it says of itself."""
    wanted = ("ActiveState", "SubState", "StatusText")
    command = ["systemctl", "show", unit_name, f"--property={','.join(wanted)}"]
    try:
        lines = ask(command).splitlines()
    except (OSError, subprocess.SubprocessError):
        return ServiceState(active=False, words="unknown: systemctl does not answer")
    said = dict(line.split("=", 1) for line in lines if "=" in line)
    state = said.get("ActiveState", "unknown")
    words = f"{state} ({said.get('SubState', '?')})"
    text = said.get("StatusText", "")
    return ServiceState(state == "active", f"{words}: {text}" if text else words)
