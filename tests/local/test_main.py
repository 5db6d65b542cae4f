"""`make run` and `make up` as a newcomer meets them: real processes, the real template."""

import contextlib
import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.device import Device
from doorbell.protocol import Ping, Pong
from local.server import ROOT

STACK = ROOT / ".local" / "stack.json"


def test_run_tells_both_stories_and_exits_0_whatever_aws_and_proxies_the_user_has() -> None:
    nobody = "http://127.0.0.1:1"
    ran = _local("run", AWS_PROFILE="nope", AWS_REGION="", http_proxy=nobody, ALL_PROXY=nobody)
    assert ran.returncode == 0, ran.stderr
    told = re.sub(r"\d{6}", "CODE", ran.stdout)
    for line in (
        "phone       ← Eileen is known by one face",
        "phone       ← code CODE for Eileen, valid for 120 s",
        "door        ← open the door for 5 s",
        "phone       ← the door was opened by a code",
        "door        ← refused: this code was used already (4 tries left)",
        "door        ← ring through: nobody who lives here",
        "phone       answers: let them in",
        "phone       ← the door was opened by Phone",
    ):
        assert line in told
    assert ran.stderr == ""


@pytest.mark.parametrize("command", ["run", "up"])
def test_a_port_in_use_is_one_sentence_and_exit_status_1(command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = _local(command, PORT=str(port))
    assert ran.returncode == 1
    # The next two are needed as well, and may be somebody's.
    ports = "|".join(str(port + step) for step in range(3))
    assert re.fullmatch(rf"doorbell: Port ({ports}) cannot be used .*\n", ran.stderr)


@pytest.mark.parametrize("port", ["http", "70000", "-1"])
def test_a_port_that_is_none_is_one_sentence_and_exit_status_1(port: str) -> None:
    ran = _local("up", PORT=port)
    assert ran.returncode == 1
    assert re.fullmatch(r"doorbell: .* 0 to 65533.*\n", ran.stderr)


def test_a_missing_tool_is_one_sentence_and_exit_status_1() -> None:
    ran = _local("run", PATH="/nowhere")
    assert ran.returncode == 1
    assert ran.stderr == (
        "doorbell: `make` packs the functions and is not installed here: install it first.\n"
    )


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_up_tells_what_devices_see_until_it_is_stopped(end: signal.Signals) -> None:
    with _up() as process:
        stack = json.loads(STACK.read_text())
        door = Device("door", stack["websocket"], stack["tokens"]["door"])
        phone = Device("phone", stack["websocket"], stack["tokens"]["phone"])
        with door, phone:
            door.send(Ping())
            door.hear(Pong)
            phone.send(Ping())
            phone.hear(Pong)
        secrets = [token.rpartition(".")[2] for token in stack["tokens"].values()]
        kept = [path for path in (ROOT / ".local").rglob("*") if path.is_file() and path != STACK]
        assert not any(secret.encode() in path.read_bytes() for path in kept for secret in secrets)
        process.send_signal(end)
        told, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert errors == ""
    for line in ("front-door  connects", "front-door  asks whether the cloud is there"):
        assert line in told
    story = told.partition("What doors and phones see")[2]
    assert not any(secret in story for secret in secrets)
    assert not STACK.exists()
    with socket.socket() as nobody, pytest.raises(ConnectionRefusedError):
        nobody.connect(("127.0.0.1", int(stack["endpoint"].rpartition(":")[2])))


EARLY = """
import os, runpy, signal, sys

class Ending:
    def find_spec(self, name, *_):
        if name == "boto3":
            os.kill(os.getpid(), signal.SIGTERM)

sys.meta_path.insert(0, Ending())
runpy.run_module("local", run_name="__main__")
"""


@pytest.mark.parametrize(("command", "status"), [("run", 130), ("up", 0)])
def test_a_signal_that_comes_while_modules_are_imported_ends_it_as_cleanly(
    command: str, status: int
) -> None:
    ran = _python("-c", EARLY, command)
    assert ran.returncode == status
    assert ran.stdout == "\nStopped; nothing is left running.\n"
    assert ran.stderr == ""


@pytest.mark.parametrize("while_it_writes", [False, True])
def test_up_ends_when_its_terminal_is_closed(while_it_writes: bool) -> None:
    """Also in the middle of a line: then the write fails before the signal comes."""
    terminal, end = pty.openpty()
    with _set_aside(STACK):
        # A session's leader has the first terminal it opens for its own.
        process = subprocess.Popen(
            ["sh", "-c", 'exec "$0" -m local up <"$1" >"$1" 2>&1', sys.executable, os.ttyname(end)],
            cwd=ROOT,
            env={**os.environ, "PORT": "0"},
            text=True,
            start_new_session=True,
        )
        with process:
            try:
                if while_it_writes:
                    assert os.read(terminal, 1)
                else:
                    _await_stack(process, terminal)
                os.close(end)
                os.close(terminal)
                assert process.wait(10) == 0
            finally:
                process.kill()
        assert not STACK.exists()


@contextlib.contextmanager
def _up() -> Iterator[subprocess.Popen[str]]:
    with _set_aside(STACK), _started() as process:
        _await_stack(process)
        yield process


def _await_stack(process: subprocess.Popen[str], terminal: int | None = None) -> None:
    deadline = time.monotonic() + 60
    while not STACK.exists():
        if terminal is not None:
            _read(terminal)
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "`up` was not up within 60 s"
        time.sleep(0.05)


def _read(terminal: int) -> None:
    """As somebody does who looks at it: a terminal that nobody reads soon takes no more."""
    while select.select([terminal], [], [], 0)[0]:
        os.read(terminal, 4096)


@contextlib.contextmanager
def _set_aside(file: Path) -> Iterator[None]:
    """Leave alone what a developer's own `make up` has there."""
    aside = file.with_suffix(".aside")
    if file.exists():
        file.rename(aside)
    try:
        yield
    finally:
        if aside.exists():
            aside.rename(file)


@contextlib.contextmanager
def _started() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "local", "up"],
        cwd=ROOT,
        env={**os.environ, "PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _local(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return _python("-m", "local", command, **environment)


def _python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
