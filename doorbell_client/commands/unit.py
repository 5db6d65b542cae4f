"""The text of the systemd unit that keeps a door running for years.

`Type=notify` with a watchdog: the program says when it is ready and that it is alive, and is
started again when it falls silent. The hardening leaves it its pins, camera, sound card and
network, and one folder of the disk to write to.
"""

import grp
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import which
from typing import Final, NamedTuple

from doorbell_client.config.schema import Config

UNIT_NAME: Final = "doorbell.service"
USER: Final = "doorbell"
GROUPS: Final = ("gpio", "video", "audio")
"""Raspberry Pi OS gives pins, cameras and sound cards to these groups."""

_UNIT: Final = """\
# Written by `doorbell install-service`; run it again rather than editing.
[Unit]
Description=Doorbell: button, camera, keypad and strike at the door
# Not network-online: the bell must sound while the Wi-Fi is down.
After=network.target
# However often it fails, it is tried again.
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={command}
{stop_post}WatchdogSec=30
Restart=always
RestartSec=1
TimeoutStopSec=10

User={user}
{groups}{spool}StateDirectory=doorbell
StateDirectoryMode=0700
UMask=0077
# lgpio makes its pipes here.
WorkingDirectory=%S/doorbell
Environment=LG_WD=%S/doorbell PYTHONUNBUFFERED=1

CapabilityBoundingSet=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome={home}
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LockPersonality=yes
RestrictNamespaces=yes
RestrictSUIDSGID=yes
# libcamera hears of cameras by netlink.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service

# Pins, cameras, camera buffers, sound; nothing else of /dev.
DevicePolicy=closed
DeviceAllow=char-gpiochip rw
DeviceAllow=char-video4linux rw
DeviceAllow=char-media rw
DeviceAllow=char-dma_heap rw
DeviceAllow=char-alsa rw
{gpiomem}
[Install]
WantedBy=multi-user.target
"""

_STOP_POST: Final = """\
# Raspberry Pi OS keeps a dead program's outputs as they were: release the strike in any case.
ExecStopPost=-+{pinctrl} set {pin} op {level}
"""

_GPIOMEM: Final = """\
# What pinctrl in ExecStopPost works through; the second is a Pi 5's.
DeviceAllow=/dev/gpiomem rw
DeviceAllow=/dev/gpiomem0 rw
"""


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


def unit(config_file: Path, config: Config, machine: Machine) -> str:
    """The unit's text."""
    command = [machine.python, "-P", "-m", "doorbell_client", "--config", config_file, "run"]
    release = _release(config, machine)
    groups = " ".join(machine.groups)
    return _UNIT.format(
        command=" ".join(_quoted(str(word)) for word in command),
        stop_post=release,
        user=USER,
        groups=f"SupplementaryGroups={groups}\n" if groups else "",
        spool=_writable(config),
        home="read-only" if is_in_a_home(machine, config_file, config) else "yes",
        gpiomem=_GPIOMEM if release else "",
    )


def is_in_a_home(machine: Machine, config_file: Path, config: Config) -> bool:
    """Whether the service needs a file from somebody's home folder."""
    paths = (machine.python, config_file, *_read(config))
    return any(path.is_relative_to(home) for path in paths for home in ("/home", "/root"))


def _release(config: Config, machine: Machine) -> str:
    if machine.pinctrl is None or config.strike.pin is None:
        return ""
    level = "dl" if config.strike.active_high else "dh"
    return _STOP_POST.format(pinctrl=machine.pinctrl, pin=config.strike.pin, level=level)


def _read(config: Config) -> list[Path]:
    """What the service reads besides its program and configuration."""
    paths = (config.cloud.token_file, config.chime.file, config.camera.folder, config.spool.folder)
    return [path.absolute() for path in paths if path is not None]


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
