"""A door or a phone for the demonstration, the tests and the benchmarks.

One socket, read by a thread that keeps every message. `hear` waits for the next message of a kind;
`all_about` searches everything that has come.
"""

import contextlib
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from demo.errors import DemoFailed
from doorbell.errors import MessageError
from doorbell.protocol import (
    Code,
    Got,
    Message,
    Ping,
    Pong,
    Request,
    read_message,
    request_frame,
)
from doorbell.protocol.words import message_in_words, received_in_words, request_in_words

PATIENCE = 30.0
"""How many seconds a message may take before the demonstration has failed."""

Log: TypeAlias = Callable[[str, str], None]
"""Given which device, and what it did or was told, in words."""

Expected = TypeVar("Expected", bound=Message)


class Device:
    """One device of the home, connected while it is entered."""

    def __init__(
        self,
        name: str,
        url: str,
        token: str,
        log: Log = lambda _name, _what: None,
        *,
        shows_codes: bool = False,
    ) -> None:
        """`shows_codes`: a phone in somebody's hand, which says `got` as soon as a code arrives."""
        self.name = name
        self._shows_codes = shows_codes
        self._url = url
        self._token = token
        self._log = log
        self._received: list[Message] = []
        self._next = 0
        """Where in `_received` the next `hear` begins."""
        self._more = threading.Condition()
        self._closing = contextlib.ExitStack()
        self._socket: ClientConnection

    def __enter__(self) -> Self:
        try:
            self._socket = self._closing.enter_context(
                connect(
                    self._url,
                    additional_headers={"Authorization": f"Bearer {self._token}"},
                    open_timeout=PATIENCE,
                    # A stack that is busy for long shall be late, not lose its devices.
                    ping_interval=None,
                    proxy=None,
                )
            )
        except (OSError, InvalidHandshake) as error:
            raise DemoFailed(f"The {self.name} could not connect: {error}.") from error
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.close()

    def note(self, what: str) -> None:
        """Log something that this device does beside its socket."""
        self._log(self.name, what)

    def send(self, request: Request) -> None:
        """Send a frame. Raises DemoFailed if the socket is closed."""
        self._log(self.name, request_in_words(request))
        try:
            self._socket.send(request_frame(request))
        except ConnectionClosed as error:
            raise DemoFailed(f"The {self.name} lost its connection: {error}.") from error

    def hear(self, kind: type[Expected], within: float = PATIENCE, **fields: Any) -> Expected:
        """The next message of this kind with these fields; what came before it is passed over.

        Raises DemoFailed, which says what was awaited and what came instead.
        """
        with self._more:
            start = self._next
            if found := self._more.wait_for(lambda: self._pass_over_to(kind, fields), within):
                return found[0]
            instead = "; then: ".join(message_in_words(m) for m in self._received[start:])
        raise DemoFailed(
            f"The {self.name} waited {within:g} s for `{kind.__name__}`, and "
            f"{f'was told instead: {instead}' if instead else 'nothing came'}."
        )

    def heard(self, kind: type[Expected]) -> list[Expected]:
        """All messages of this kind until now, in order."""
        with self._more:
            return [each for each in self._received if isinstance(each, kind)]

    def all_about(self, ring: str) -> list[str]:
        """The kinds of all messages about this ring until now, in order."""
        # Whatever was posted before is on the wire before the pong.
        self.send(Ping())
        self.hear(Pong)
        with self._more:
            return [type(each).__name__ for each in self._received if _has(each, {"ring": ring})]

    def _pass_over_to(self, kind: type[Expected], fields: dict[str, Any]) -> list[Expected]:
        # In a list, because a message without fields is an empty tuple, and that is false.
        for message in self._received[self._next :]:
            self._next += 1
            if isinstance(message, kind) and _has(message, fields):
                return [message]
        return []

    def _listen(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            for frame in self._socket:
                self._log(self.name, received_in_words(str(frame)))
                # What is not of the protocol is logged, and nobody waits for it.
                with contextlib.suppress(MessageError):
                    self._take(read_message(str(frame)))

    def _take(self, message: Message) -> None:
        if self._shows_codes and isinstance(message, Code):
            # A socket that closes meanwhile ends the listening, and is nobody's mistake.
            with contextlib.suppress(DemoFailed):
                self.send(Got(message.ring))
        with self._more:
            self._received.append(message)
            self._more.notify_all()


def _has(message: Message, fields: dict[str, Any]) -> bool:
    return all(getattr(message, name, None) == value for name, value in fields.items())
