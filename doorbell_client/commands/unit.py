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
from doorbell_client.config.credentials import BROKER_PASSWORD
from doorbell_client.config.schema import Config
from doorbell_client.config.service import (
    BRIDGE_UNIT,
    CHIME_UNIT,
    DOOR_UNIT,
    GIFCAM_UNIT,
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
        token_file=str(config.cloud.token_file.absolute()).replace("%", "%%"),
        password=_password(config) if kind is BRIDGE else "",
        spool=_writable(config),
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


def _password(config: Config) -> str:
    if config.bridge.user is None:
        return ""
    file = str(config.bridge.password_file.absolute()).replace("%", "%%")
    return unit_text.SECOND_CREDENTIAL.format(name=BROKER_PASSWORD.credential, file=file)


def _writable(config: Config) -> str:
    """A spool of the owner's choice: the service may write there, too."""
    folder = config.spool.folder
    if folder is None:
        return ""
    return f"ReadWritePaths=-{_quoted(str(folder.absolute()))}\n"


def _quoted(word: str) -> str:
    """One word of a command, with systemd's specifiers, variables and quotes taken as they are."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if any(mark in plain for mark in " \t'\"\\;") else plain
