"""Connections to AWS that stay open, safe under threads."""

from __future__ import annotations

import http.client
import select
import ssl
import threading
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.aws.api.errors import NotReached

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorbell.aws.api.endpoints import Endpoint

CONNECT_WITHIN: Final = 1.0
"""Seconds for each address, and again for TLS. A visitor waits: fail fast and try again, rather
than hang on one connection.
"""
ANSWER_WITHIN: Final = 3.0
"""Seconds of silence, after which nothing is expected any more."""
KEPT_FOR: Final = 50.0
"""Seconds for which an idle connection is believed: many servers hang up after a minute."""
MOST_BYTES: Final = 20_000_000
"""No answer of ours comes near it; more is a mistake at the other end."""


class Request(NamedTuple):
    """What is sent over HTTP."""

    at: Endpoint
    method: str
    path: str
    """As it stands on the wire."""
    headers: Mapping[str, str]
    body: bytes = b""
    within: float | None = None
    """Seconds of silence that are borne, in place of the pool's own."""


class Response(NamedTuple):
    """What came back over HTTP."""

    status: int
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes


class Pool:
    """Sends requests; each thread that sends has a connection for itself meanwhile."""

    def __init__(
        self,
        connect_within: float = CONNECT_WITHIN,
        answer_within: float = ANSWER_WITHIN,
        clock: Callable[[], float] = time.monotonic,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`trust` says whom TLS believes; without it, whom the system believes."""
        self._connect_within = connect_within
        self._answer_within = answer_within
        self._clock = clock
        self._lock = threading.Lock()
        self._trust = trust
        self._idle: dict[tuple[bool, str], list[tuple[http.client.HTTPConnection, float]]] = {}

    def exchange(self, request: Request) -> Response:
        """Send a request and read its whole answer. Raises NotReached."""
        at, method, path, headers, body, within = request
        connection = self._take(at) or self._open(at)
        connection.sock.settimeout(within or self._answer_within)
        try:
            connection.request(method, path, body, dict(headers))
            answer = _read(connection.getresponse())
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            # What has killed this one (a freeze, a network that forgot) has killed the idle ones.
            self._drop_idle(at)
            raise NotReached(f"{at.host}: {type(error).__name__}") from error
        except BaseException:
            connection.close()  # half an answer is in it: nobody may read the rest as theirs
            raise
        self._give_back(at, connection)
        return answer

    def warm(self, at: Endpoint) -> None:
        """Open a connection that the next request will find. Raises NotReached."""
        self._give_back(at, self._open(at))

    def _drop_idle(self, at: Endpoint) -> None:
        with self._lock:
            idle = self._idle.pop(at[:2], [])
        for connection, _ in idle:
            connection.close()

    def _take(self, at: Endpoint) -> http.client.HTTPConnection | None:
        """The connection that was used last, if the other end has not hung up meanwhile."""
        while True:
            with self._lock:
                idle = self._idle.get(at[:2])
                if not idle:
                    return None
                connection, since = idle.pop()
            if self._clock() - since < KEPT_FOR and not _has_hung_up(connection):
                return connection
            connection.close()

    def _open(self, at: Endpoint) -> http.client.HTTPConnection:
        within = self._connect_within
        connection = (
            http.client.HTTPSConnection(at.host, timeout=within, context=self._trusted())
            if at.secure
            else http.client.HTTPConnection(at.host, timeout=within)
        )
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise NotReached(f"{at.host}: {type(error).__name__}") from error
        return connection

    def _give_back(self, at: Endpoint, connection: http.client.HTTPConnection) -> None:
        if connection.sock is None:
            return  # the other end wished to close it
        with self._lock:
            self._idle.setdefault(at[:2], []).append((connection, self._clock()))

    def _trusted(self) -> ssl.SSLContext:
        """Made once, also for threads that come together: reading a hundred certificates takes
        longer than a call.
        """
        with self._lock:
            if self._trust is None:
                self._trust = ssl.create_default_context()
            return self._trust


def _read(answer: http.client.HTTPResponse) -> Response:
    if answer.length is None and not answer.chunked:
        # AWS always says how long an answer is: this is one whose head was cut off.
        raise http.client.HTTPException("the answer does not say where it ends")
    body = answer.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise http.client.HTTPException("the answer is too long")
    length = answer.getheader("Content-Length")
    if length is not None and len(body) < int(length):
        raise http.client.IncompleteRead(body)
    return Response(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body)


def _has_hung_up(connection: http.client.HTTPConnection) -> bool:
    """Nothing is awaited: what can be read is the other end's goodbye, or TLS's own business.

    After a handshake TLS 1.3 sends tickets for a later one, which nobody has read yet.
    """
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    if not poll.poll(0):
        return False
    if not isinstance(connection.sock, ssl.SSLSocket):
        return True
    connection.sock.settimeout(0)
    try:
        connection.sock.recv(1)
    except ssl.SSLWantReadError:
        return False
    except OSError:
        pass
    return True
