"""The text of the systemd units: those of a door, a bell inside, a bridge and a relay."""

from typing import Final

DOOR: Final = """\
# Written by `doorbell install-service`; run it again rather than editing.
[Unit]
Description={description}
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
RestartSec={restart_seconds}
TimeoutStopSec=10

User={user}
{groups}# systemd reads secrets as root and hands over a copy, so only root need read the file.
{secrets}{spool}StateDirectory=doorbell
StateDirectoryMode=0700
# In memory: what must be written although the card is full or read-only, such as lgpio's pipes.
RuntimeDirectory={runtime}
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=yes
WorkingDirectory=%t/{runtime}
Environment=LG_WD=%t/{runtime} PYTHONUNBUFFERED=1
UMask=0077

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

# For `doorbell doctor`, `spool` and `status`; systemd does not read it.
[X-Doorbell]
Configuration={config_file}
"""

STOP_POST: Final = """\
# Raspberry Pi OS leaves the outputs of a dead program as they were: switch the relays off.
{lines}"""

GPIOMEM: Final = """\
# What pinctrl in ExecStopPost works through: one file up to a Pi 4, several on a Pi 5.
DeviceAllow=/dev/gpiomem rw
DeviceAllow=/dev/gpiomem0 rw
DeviceAllow=/dev/gpiomem1 rw
DeviceAllow=/dev/gpiomem2 rw
DeviceAllow=/dev/gpiomem3 rw
DeviceAllow=/dev/gpiomem4 rw
"""

DOOR_CREDENTIAL: Final = """\
# Without the file the program still starts: a door rings, although nobody can be told.
LoadCredential=token:{file}
SetCredential=token:no token
"""

CREDENTIAL: Final = """\
LoadCredential={name}:{file}
"""
