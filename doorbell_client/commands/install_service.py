"""`doorbell install-service`: a systemd unit that keeps the door running for years.

`Type=notify` with a watchdog: the program says when it is ready and that it is alive, and is
started anew when it falls silent. The hardening leaves it its pins, camera, sound card and network,
and of the disk one folder to write to.
"""

import grp
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import which
from typing import Final, NamedTuple, TextIO

from doorbell_client.config.schema import Config
from doorbell_client.errors import ConfigError

UNIT_NAME: Final = "doorbell.service"
UNIT_FOLDER: Final = Path("/etc/systemd/system")
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
# Raspberry Pi OS keeps a dead program's outputs as they were: let go of the strike, come what may.
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
        home="read-only" if _in_a_home(machine.python, config_file, *_read(config)) else "yes",
        gpiomem=_GPIOMEM if release else "",
    )


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
        if _in_a_home(machine.python, config_file, *_read(config))
        else ""
    )
    return "Next:\n" + "".join(f"  {step}\n" for step in steps) + warning


def _in_a_home(*paths: Path) -> bool:
    return any(path.is_relative_to(home) for path in paths for home in ("/home", "/root"))


def _quoted(word: str) -> str:
    """One word of a command, with systemd's specifiers, variables and quotes taken as they are."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if any(mark in plain for mark in " \t'\"\\;") else plain
