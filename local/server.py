"""Start AWS on this machine, on loopback, and end it without a trace.

IAM is always enforced: a Lambda acts as its role, and may do what that role may. The credentials
given out here are the account's root, whose signature ministack does not check: what guards them
is that the server listens on 127.0.0.1 alone. Nothing outlives the server but its log.
"""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from local.aws import Aws, answers
from local.errors import PortInUse, ServerDied
from local.kept.home import KeptHome
from local.socket_events import SocketEvent, read_events

ROOT = Path(__file__).resolve().parent.parent
REGION = "us-east-1"
CALLS = "DOORBELL_CALLS"
"""Names a folder in which servers write down who asked for what (local/emulator/calls.py)."""
START_SECONDS = 60.0
"""How long the server may take to answer; the face models load meanwhile and are not awaited."""
STOP_SECONDS = 10.0
"""How long the server may take to end; it has a kept home's last second to write."""
SERVE = "local.serve"
WORKER_IDLE_SECONDS = 60
"""After so long an idle process of a function ends; one of each function is kept."""

Process = subprocess.Popen[bytes]
Program: TypeAlias = tuple[str, dict[str, str]]
"""The server's module, and the environment that it sees."""


@contextlib.contextmanager
def running(
    *,
    port: int = 0,
    directory: Path,
    on_event: Callable[[SocketEvent], None] | None = None,
    kept: KeptHome | None = None,
    program: str = SERVE,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Aws]:
    """AWS on 127.0.0.1:`port` (0: any free one); warnings go to a log in `directory`/log.

    `on_event` is called, in a thread of its own, with whatever any device sends or gets. What is
    deployed gets back what is `kept` of it, and goes on being kept; else the server starts clean.
    `program` is the server's module: `local.serve`, or one that serves so and looks on; it gets
    `environment`, too.
    Raises PortInUse, or ServerDied when it does not answer within START_SECONDS.
    """
    (directory / "log").mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as cleanup:
        listener = cleanup.enter_context(_listening(port))
        # Private to this start, so that it begins clean and nothing stays behind. The system's
        # own temporary folder, because a socket's path must be short on macOS.
        private = Path(tempfile.mkdtemp(prefix="doorbell-"))
        cleanup.callback(shutil.rmtree, private, ignore_errors=True)
        log = directory / "log" / f"aws-{listener.getsockname()[1]}.log"
        cleanup.callback(_drop_if_empty, log)
        aws = _with_keys(listener.getsockname()[1], log, kept)
        seen = {**_environment(aws, private), **environment}
        process = _start(aws, listener, (private, kept, (program, seen)), on_event, cleanup)
        # Only the server may hold the socket: if it dies, connections are refused at once.
        listener.close()
        _await_ready(process, aws)
        yield aws


@contextlib.contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """A listening socket, opened before anything else: no race for the port, a clear error."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortInUse(_port_refused(port, error)) from error
        except OverflowError as error:
            raise PortInUse(f"Port {port} is not a port: choose one from 0 to 65535.") from error
        listener.listen(256)
        yield listener


def _port_refused(port: int, error: OSError) -> str:
    return (
        f"Port {port} cannot be used ({error.strerror}): "
        "stop the other program, or choose another with PORT=… (0: any free one)."
    )


def _start(
    aws: Aws,
    listener: socket.socket,
    serves: tuple[Path, KeptHome | None, Program],
    on_event: Callable[[SocketEvent], None] | None,
    cleanup: contextlib.ExitStack,
) -> Process:
    # The server reads its end of the lifeline; this process holds the other until it stops, or
    # is killed: then the system closes it.
    read_lifeline, lifeline = os.pipe()
    read_events_from, events = os.pipe() if on_event else (None, None)
    options = {"listen": listener.fileno(), "lifeline": read_lifeline, "events": events}
    private, kept, program = serves
    process = _spawn(
        aws, private, {name: fd for name, fd in options.items() if fd is not None}, kept, program
    )
    for descriptor in (read_lifeline, events):
        if descriptor is not None:
            os.close(descriptor)
    cleanup.callback(_stop, process, lifeline)
    if on_event and read_events_from is not None:
        threading.Thread(target=_pass_on, args=(read_events_from, on_event), daemon=True).start()
    return process


def _with_keys(port: int, log: Path, kept: KeptHome | None) -> Aws:
    """A kept home's keys stay; others are drawn."""
    known = kept.identity if kept else None
    return Aws(
        endpoint=f"http://127.0.0.1:{port}",
        region=REGION,
        access_key=known.access_key if known else "AKIA" + secrets.token_hex(8).upper(),
        secret_key=known.secret_key if known else secrets.token_urlsafe(30),
        log=log,
    )


def _spawn(
    aws: Aws,
    private: Path,
    descriptors: Mapping[str, int],
    kept: KeptHome | None,
    program: Program,
) -> Process:
    """The server's process, which is given these descriptors by the options of their names."""
    module, environment = program
    command = [sys.executable, "-m", module, f"--directory={private}"]
    inherited = list(descriptors.values())
    if kept:
        command.append(f"--kept={kept.file.resolve()}")
        # Should this process be killed, the folder is free when the server has ended, too.
        inherited.append(kept.lock)
    if folder := os.environ.get(CALLS):
        Path(folder).mkdir(parents=True, exist_ok=True)
        command.append(f"--calls={Path(folder).resolve()}/{os.getpid()}-{aws.port}.jsonl")
    with aws.log.open("wb") as output:
        return subprocess.Popen(
            [*command, *(f"--{name}={number}" for name, number in descriptors.items())],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=inherited,
            # A group of its own: Ctrl-C reaches us alone, and its workers end with it.
            start_new_session=True,
        )


def _pass_on(descriptor: int, on_event: Callable[[SocketEvent], None]) -> None:
    for event in read_events(descriptor):
        on_event(event)


def _environment(aws: Aws, private: Path) -> dict[str, str]:
    """All the server and its Lambdas see: nothing of this user's AWS settings, nor of Docker."""
    inherited = {
        name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LC_ALL"}
    }
    return inherited | {
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": aws.access_key,
        "AWS_SECRET_ACCESS_KEY": aws.secret_key,
        "AWS_DEFAULT_REGION": aws.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": aws.endpoint,
        "DOCKER_HOST": f"unix://{private}/no-docker",
        "GATEWAY_PORT": str(aws.port),
        "HOME": str(private),
        "IOT_MTLS_ENABLED": "0",
        # `local.emulator.workers` bounds what runs; ministack would refuse what waits for its turn.
        "LAMBDA_ACCOUNT_CONCURRENCY": "0",
        "LAMBDA_WARM_TTL_SECONDS": str(WORKER_IDLE_SECONDS),
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": aws.region,
        "PERSIST_STATE": "0",
        "S3_DATA_DIR": str(private / "s3"),
        "S3_PERSIST": "0",
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(private / "state"),
        "TMPDIR": str(private),
    }


def _await_ready(process: Process, aws: Aws) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerDied(f"AWS on this machine ended while starting.\n{_last_lines(aws.log)}")
        if answers(aws.endpoint):
            return
    raise ServerDied(
        f"AWS on this machine did not answer within {START_SECONDS:g} s.\n{_last_lines(aws.log)}"
    )


def _last_lines(log: Path, count: int = 15) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-count:])


def _drop_if_empty(log: Path) -> None:
    if log.exists() and log.stat().st_size == 0:
        log.unlink()


def _stop(process: Process, lifeline: int) -> None:
    os.close(lifeline)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
