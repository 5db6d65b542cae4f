"""AWS on one machine starts clean, keeps to itself, and leaves nothing behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from local import aws as aws_module
from local import server
from local.aws import Aws, answers
from local.errors import PortInUse, ServerDied
from local.server import ROOT


def test_starts_without_anything_of_an_earlier_start(tmp_path: Path) -> None:
    with server.running(directory=tmp_path) as first:
        first.client("s3").create_bucket(Bucket="left-over")
    with server.running(directory=tmp_path) as second:
        assert second.client("s3").list_buckets()["Buckets"] == []
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_listens_on_loopback_alone(aws: Aws) -> None:
    port = int(aws.endpoint.rpartition(":")[2])
    listening = Path("/proc/net/tcp").read_text() if Path("/proc/net/tcp").exists() else ""
    assert f" 00000000:{port:04X} " not in listening
    # Binding the same port on every interface works only where nobody holds it there.
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))


def test_a_port_in_use_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse) as refused, server.running(port=port, directory=tmp_path):
            pass
    assert str(refused.value).startswith(f"Port {port} cannot be used (Address already in use)")
    assert "\n" not in str(refused.value)


def test_a_port_beyond_all_ports_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PortInUse, match="70000"), server.running(port=70000, directory=tmp_path):
        pass


def test_a_server_that_dies_at_its_start_shows_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/ls")
    said = pytest.raises(ServerDied, match=r"ended while starting\.\n(.*\n)*.*ls: ")
    with said, server.running(directory=tmp_path):
        pass


def test_a_server_that_never_answers_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(sleeper))
    monkeypatch.setattr(server, "START_SECONDS", 0.5)
    monkeypatch.setattr(server, "STOP_SECONDS", 0.2)
    with pytest.raises(ServerDied, match="did not answer"), server.running(directory=tmp_path):
        pass


def test_ministacks_own_doors_are_closed(aws: Aws) -> None:
    aws.client("s3").create_bucket(Bucket="survives-reset")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{aws.endpoint}/_ministack/reset", data=b"")
    names = [bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]]
    assert "survives-reset" in names


def test_the_users_profile_and_proxies_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws_module._session.cache_clear()
    monkeypatch.setenv("AWS_PROFILE", "nope")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(Path(__file__)))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with server.running(directory=tmp_path) as aws:
        assert aws.client("s3").list_buckets()["Buckets"] == []


def test_nobody_and_a_stranger_are_no_aws() -> None:
    assert not answers("http://127.0.0.1:9")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        asked = time.monotonic()
        assert not answers(f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert time.monotonic() - asked < 3


PARENT = """
import signal, sys, time
from pathlib import Path
from local import deploy, server
# A shell's background jobs ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
with server.running(directory=Path(sys.argv[1])) as aws:
    outputs = deploy.deploy(aws, stack="small", parameters={}, root=Path(sys.argv[2]))
    aws.client("lambda").invoke(FunctionName=outputs["Thief"])
    print(aws.endpoint, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_a_parent_that_is_ended(
    tmp_path: Path, small: Path, end: signal.Signals
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path), str(small)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert parent.stdout is not None
    with parent, contextlib.closing(parent.stdout):
        endpoint = parent.stdout.readline()
        assert endpoint.startswith("http")
        running = _processes_about(temporary)
        # The server, its recognisers, and the function's worker.
        assert len(running) >= 2
        parent.send_signal(end)
        parent.wait(10)
    _await(lambda: not _processes_about(temporary), "processes to end")
    _await(lambda: not list(temporary.iterdir()), "the private folder to go")


def _processes_about(folder: Path) -> list[str]:
    """Command lines of the processes that work in or for `folder`."""
    listed = subprocess.run(
        ["ps", "-eww", "-o", "pid=,command=", "-E"]
        if sys.platform == "darwin"
        else ["ps", "eww", "-e", "-o", "pid=,command="],
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        line
        for line in listed.stdout.splitlines()
        if f"TMPDIR={folder}/" in line and "<defunct>" not in line
    ]


def _await(condition: Callable[[], bool], what: str, within: float = 5.0) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"waited {within:g} s for {what}"
        time.sleep(0.05)
