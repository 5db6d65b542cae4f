"""Makes the systemd unit that keeps a door, or another device of the home, running for years.

`Type=notify` with a watchdog: the program says when it is ready and that it is alive, and is
started again when it falls silent. The hardening leaves it its pins, camera, sound card and
network, and one folder of the disk to write to.
"""

import grp
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import which
from typing import Final, NamedTuple

from doorbell_client.commands import unit_text
from doorbell_client.config.cameras import CAMERAS
from doorbell_client.config.credentials import BROKER_PASSWORD
from doorbell_client.config.schema import Config
from doorbell_client.config.secret_file import Place
from doorbell_client.config.service import (
    BRIDGE_UNIT,
    CHIME_UNIT,
    DOOR_UNIT,
    GIFCAM_UNIT,
    RELAY_UNIT,
    TIMELAPSE_UNIT,
)

USER: Final = "doorbell"
GROUPS: Final = ("gpio", "video", "audio")
"""Raspberry Pi OS gives pins, cameras and sound cards to these groups."""


class Kind(NamedTuple):
    """Which of the services."""

    unit_name: str
    command: str
    description: str
    runtime: str
    """The folder below /run."""
    restart_seconds: int


DOOR: Final = Kind(
    DOOR_UNIT, "run", "Doorbell: button, camera, keypad and strike at the door", "doorbell", 1
)
CHIME: Final = Kind(CHIME_UNIT, "chime", "Doorbell: the bell inside", "doorbell-chime", 10)
BRIDGE: Final = Kind(
    BRIDGE_UNIT, "bridge", "Doorbell: the bridge to the home's MQTT broker", "doorbell-bridge", 10
)
GIFCAM: Final = Kind(GIFCAM_UNIT, "gifcam", "Doorbell: the party camera", "doorbell-gifcam", 10)
TIMELAPSE: Final = Kind(
    TIMELAPSE_UNIT, "timelapse", "Doorbell: a picture now and then", "doorbell-timelapse", 10
)

RELAY: Final = Kind(
    RELAY_UNIT, "relay", "Doorbell: the relay for other cameras", "doorbell-relay", 10
)


class Machine(NamedTuple):
    """What the unit must know of this machine."""

    python: Path
    """The interpreter of the environment that doorbell is installed in."""
    groups: Sequence[str]
    """Those of GROUPS that exist: naming another would keep the service from starting."""
    pinctrl: Path | None
    """Raspberry Pi OS's tool that sets a pin without anybody else's help."""

    @classmethod
    def this(cls) -> "Machine":
        """This one."""
        known = {group.gr_name for group in grp.getgrall()}
        pinctrl = which("pinctrl")
        return cls(
            Path(sys.executable),
            [group for group in GROUPS if group in known],
            Path(pinctrl) if pinctrl else None,
        )


def unit(config_file: Path, config: Config, machine: Machine, kind: Kind = DOOR) -> str:
    """The unit's text."""
    command = [machine.python, "-P", "-m", "doorbell_client", "--config", config_file, kind.command]
    release = _release(config, machine) if kind is DOOR else ""
    groups = " ".join(machine.groups)
    return unit_text.DOOR.format(
        description=kind.description,
        command=" ".join(_quoted(str(word)) for word in command),
        stop_post=release,
        restart_seconds=kind.restart_seconds,
        user=USER,
        groups=f"SupplementaryGroups={groups}\n" if groups else "",
        secrets=_secrets(config, kind),
        spool=_writable(config, kind),
        runtime=kind.runtime,
        home="read-only" if is_in_a_home(machine, config_file, config) else "yes",
        gpiomem=unit_text.GPIOMEM if release else "",
        config_file=config_file,
    )


def is_in_a_home(machine: Machine, config_file: Path, config: Config) -> bool:
    """Whether the service needs a file from somebody's home folder."""
    needed = (
        machine.python,
        config_file,
        config.chime.file,
        config.bridge.ca_file,
        config.camera.folder,
        config.spool.folder,
        config.relay.folder,
    )
    return any(
        path.absolute().is_relative_to(home)
        for path in needed
        if path is not None
        for home in ("/home", "/root")
    )


def _release(config: Config, machine: Machine) -> str:
    if machine.pinctrl is None:
        return ""
    lines = "".join(
        f"ExecStopPost=-+{machine.pinctrl} set {pin} op {'dl' if active_high else 'dh'}\n"
        for pin, active_high in _relays(config)
    )
    return unit_text.STOP_POST.format(lines=lines) if lines else ""


def _relays(config: Config) -> Iterator[tuple[int, bool]]:
    for relay in (config.strike, config.gong):
        if relay.pin is not None:
            yield relay.pin, relay.active_high


def own_folder(kind: Kind, config: Config) -> Path | None:
    """The folder that the owner has chosen for what waits; None: the usual one."""
    return config.relay.folder if kind is RELAY else config.spool.folder


def _secrets(config: Config, kind: Kind) -> str:
    """What systemd hands over to the service."""
    if kind is RELAY:
        return _credential(CAMERAS, config.relay.cameras_file)
    token = unit_text.DOOR_CREDENTIAL.format(file=_path(config.cloud.token_file))
    if kind is BRIDGE and config.bridge.user is not None:
        return token + _credential(BROKER_PASSWORD, config.bridge.password_file)
    return token


def _credential(place: Place, file: Path) -> str:
    return unit_text.CREDENTIAL.format(name=place.credential, file=_path(file))


def _path(file: Path) -> str:
    return str(file.absolute()).replace("%", "%%")


def _writable(config: Config, kind: Kind) -> str:
    """A spool of the owner's choice: the service may write there, too."""
    folder = own_folder(kind, config)
    if folder is None:
        return ""
    return f"ReadWritePaths=-{_quoted(str(folder.absolute()))}\n"


def _quoted(word: str) -> str:
    """One word of a command, with systemd's specifiers, variables and quotes taken as they are."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if any(mark in plain for mark in " \t'\"\\;") else plain
