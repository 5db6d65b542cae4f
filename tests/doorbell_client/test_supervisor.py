"""systemd hears that the door lives; without systemd nothing happens."""

import socket
from pathlib import Path

from doorbell_client.supervisor import Supervisor


def test_systemd_hears_ready_alive_status_and_stopping(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(2)
        supervisor = Supervisor({"NOTIFY_SOCKET": str(tmp_path / "notify")})
        supervisor.ready()
        supervisor.alive()
        supervisor.status("line up")
        supervisor.status("line up")
        supervisor.stopping()
        told = [listener.recv(100) for _ in range(4)]
    assert told == [b"READY=1", b"WATCHDOG=1", b"STATUS=line up", b"STOPPING=1"]


def test_an_abstract_name_is_understood() -> None:
    name = "doorbell-test-notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("\0" + name)
        listener.settimeout(2)
        Supervisor({"NOTIFY_SOCKET": "@" + name}).ready()
        assert listener.recv(100) == b"READY=1"


def test_nobody_there_is_no_error(tmp_path: Path) -> None:
    Supervisor({}).alive()
    Supervisor({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()
