"""A server on loopback that does to each request what a test has written."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from doorbell.aws.api.endpoints import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE: Final = ip_address("127.0.0.1")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Act(NamedTuple):
    """What is done to one request."""

    say: bytes = OK
    after: float = 0.0
    """Seconds before it is said."""
    hang_up: bool = False
    reset: bool = False
    """Hang up so that the other end hears of an error."""


class Server:
    """Keeps connections open unless an act says otherwise; the last act is done for ever."""

    def __init__(
        self,
        *acts: Act,
        certificate: Path | None = None,
        version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    ) -> None:
        """With a `certificate` (a PEM file with its key) it speaks TLS of that version."""
        self.acts = acts or (Act(),)
        self._tls = _context(certificate, version) if certificate else None
        self._lock = threading.Lock()
        self.requests: list[bytes] = []
        self.connections = 0
        self._left = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []

    @property
    def at(self) -> Endpoint:
        """Where it listens."""
        port = self._listener.getsockname()[1]
        return Endpoint(secure=self._tls is not None, host=f"127.0.0.1:{port}")

    @contextlib.contextmanager
    def running(self) -> Iterator[Server]:
        """Serve while entered."""
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            # Closing alone would leave it open for as long as a thread waits in `accept`.
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self.hang_up()

    def await_connections(self, number: int, within: float = 5.0) -> None:
        """Until so many were accepted: who connects does not wait for that."""
        deadline = time.monotonic() + within
        while self.connections < number and time.monotonic() < deadline:
            time.sleep(0.01)

    def was_left(self, within: float) -> bool:
        """Whether a connection ends from the other side within so many seconds."""
        return self._left.wait(within)

    def hang_up(self) -> None:
        """Close every connection."""
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._greet, args=(connection,), daemon=True).start()

    def _greet(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            spoken = (
                self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            )
            self._open.append(spoken)
            self._serve(spoken)

    def _next(self, connection: socket.socket) -> bytes:
        """The next request; nothing if there is none any more."""
        if not (request := _read(connection)):
            self._left.set()
        return request

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while request := self._next(connection):
                with self._lock:
                    act = self.acts[min(len(self.requests), len(self.acts) - 1)]
                    self.requests.append(request)
                time.sleep(act.after)
                connection.sendall(act.say)
                if act.reset:
                    # Nobody waits for what is under way: the kernel sends a reset.
                    linger = b"\x01\0\0\0\0\0\0\0"
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                if act.reset or act.hang_up:
                    break
            connection.close()


def _context(certificate: Path, version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = version
    context.load_cert_chain(certificate)
    return context


def write_certificate(file: Path) -> Path:
    """For 127.0.0.1, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(HERE)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


def _read(connection: socket.socket) -> bytes:
    """One request: its head, and as much body as that says."""
    request = b""
    while b"\r\n\r\n" not in request:
        if not (more := connection.recv(65536)):
            return b""
        request += more
    head, _, body = request.partition(b"\r\n\r\n")
    lengths = [
        int(line[15:])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while len(body) < sum(lengths):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
