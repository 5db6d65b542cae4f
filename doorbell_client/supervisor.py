"""Tells systemd how the service is (`Type=notify`, `WatchdogSec=`); silent where there is none."""

import contextlib
import os
import socket
from collections.abc import Mapping
from typing import Final

BROKEN: Final = "broken:"
"""In the words for systemd, before what does not work; `doorbell doctor` looks for it."""


class Supervisor:
    """The socket that systemd names in NOTIFY_SOCKET."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        # "@" stands for the zero byte of Linux's abstract names.
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._told = ""

    def ready(self) -> None:
        """The door serves from now on, with or without a line."""
        self._send("READY=1")

    def alive(self) -> None:
        """The loop still turns; without this for WatchdogSec, systemd starts the service anew."""
        self._send("WATCHDOG=1")

    def status(self, words: str) -> None:
        """One line for `systemctl status`."""
        if words != self._told:
            self._told = words
            self._send(f"STATUS={words}")

    def stopping(self) -> None:
        """The door was asked to stop."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        with (
            contextlib.suppress(OSError),
            socket.socket(
                socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
            ) as notify,
        ):
            notify.sendto(message.encode(), self._address)
