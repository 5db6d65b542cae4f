"""The service that `doorbell install-service` installed: its configuration and its folder."""

from pathlib import Path
from typing import Final, NamedTuple

UNIT_FOLDER: Final = Path("/etc/systemd/system")
UNIT_NAME: Final = "doorbell.service"
STATE_FOLDER: Final = Path("/var/lib/doorbell")
"""What systemd makes of the unit's `StateDirectory=doorbell`."""

MARK: Final = "Configuration="
"""A line of the unit's section [X-Doorbell]; systemd leaves sections alone that begin with X-."""


class Service(NamedTuple):
    """What a command must know of the service to look at the same files."""

    config_file: Path
    state: Path


def installed_service(unit_folder: Path | None = None) -> Service | None:
    """The installed service; None if there is none, or its unit cannot be read."""
    unit = (unit_folder or UNIT_FOLDER) / UNIT_NAME
    try:
        lines = unit.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    named = [line.removeprefix(MARK) for line in lines if line.startswith(MARK)]
    return Service(Path(named[-1]), STATE_FOLDER) if named else None
