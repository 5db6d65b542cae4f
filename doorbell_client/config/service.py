"""The service that `doorbell install-service` installed: its configuration and its folder."""

from pathlib import Path
from typing import Final, NamedTuple

UNIT_FOLDER: Final = Path("/etc/systemd/system")
DOOR_UNIT: Final = "doorbell.service"
CHIME_UNIT: Final = "doorbell-chime.service"
BRIDGE_UNIT: Final = "doorbell-bridge.service"
GIFCAM_UNIT: Final = "doorbell-gifcam.service"
TIMELAPSE_UNIT: Final = "doorbell-timelapse.service"
RELAY_UNIT: Final = "doorbell-relay.service"
UNITS: Final = (DOOR_UNIT, CHIME_UNIT, BRIDGE_UNIT, GIFCAM_UNIT, TIMELAPSE_UNIT, RELAY_UNIT)
STATE_FOLDER: Final = Path("/var/lib/doorbell")
"""What systemd makes of the unit's `StateDirectory=doorbell`."""

MARK: Final = "Configuration="
"""A line of the unit's section [X-Doorbell]; systemd leaves sections alone that begin with X-."""


class Service(NamedTuple):
    """What a command must know of the service to look at the same files."""

    config_file: Path
    state: Path
    unit_name: str = DOOR_UNIT


def installed_service(unit_folder: Path | None = None) -> Service | None:
    """The installed service, the door's first; None if there is none."""
    folder = unit_folder or UNIT_FOLDER
    found = (_service(folder / name) for name in UNITS)
    return next((service for service in found if service is not None), None)


def _service(unit: Path) -> Service | None:
    try:
        lines = unit.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    named = [line.removeprefix(MARK) for line in lines if line.startswith(MARK)]
    return Service(Path(named[-1]), STATE_FOLDER, unit.name) if named else None
