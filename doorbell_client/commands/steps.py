"""Commands of the system that installing and removing the service consist of.

Each is written so that it does no harm when it is run again.
"""

import pwd
import shlex
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from doorbell_client.commands.unit import USER, Kind, own_folder
from doorbell_client.config.schema import Config
from doorbell_client.errors import ServiceError

Step: TypeAlias = Sequence[str]
Runner: TypeAlias = Callable[[Step], None]

LINK: Final = Path("/usr/local/bin/doorbell")
"""So that `sudo doorbell doctor` is found."""


def install_steps(kind: Kind, config: Config, python: Path) -> list[Step]:
    """What is to be done once the unit is written; also after an update."""
    program = python.with_name("doorbell")
    folder = own_folder(kind, config)
    return [
        *([] if user_exists() else [create_user()]),
        *([["install", "-d", "-m", "700", "-o", USER, str(folder)]] if folder else []),
        ["ln", "--symbolic", "--force", "--no-target-directory", str(program), str(LINK)],
        ["systemctl", "daemon-reload"],
        ["systemctl", "enable", kind.unit_name],
        ["systemctl", "restart", kind.unit_name],
    ]


def uninstall_steps(units: Sequence[Path]) -> list[Step]:
    """Stop and remove these units; none, if there are none."""
    if not units:
        return []
    return [
        *(["systemctl", "disable", "--now", unit.name] for unit in units),
        ["rm", "--force", *map(str, units), str(LINK)],
        ["systemctl", "daemon-reload"],
    ]


def create_user() -> Step:
    """The service's own user, who cannot log in."""
    return ["useradd", "--system", "--shell", "/usr/sbin/nologin", USER]


def user_exists() -> bool:
    """Whether the service's user is there already."""
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return False
    return True


def shown(steps: Iterable[Step], prefix: str = "") -> str:
    """The steps as lines for a shell."""
    return "".join(f"  {prefix}{shlex.join(step)}\n" for step in steps)


def run_step(step: Step) -> None:
    """Run it, and say so. Raises ServiceError."""
    print(f"$ {shlex.join(step)}", flush=True)
    try:
        status = subprocess.run(step, check=False).returncode  # noqa: S603 - ours
    except OSError as error:
        raise ServiceError(f"{step[0]} cannot be run: {error.strerror}.") from None
    if status:
        raise ServiceError(f"`{shlex.join(step)}` failed with status {status}; see above.")
