"""A door or a phone for the demonstration and the tests: one socket, read by a thread."""

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from demo.errors import DemoFailed
from demo.words import got_in_words, message_in_words, request_in_words
from doorbell.errors import MessageError
from doorbell.protocol import Message, Request, read_message, request_frame

PATIENCE = 30.0
"""How many seconds a message may take before a story has failed."""

Tell = Callable[[str, str], None]
"""Given who, and what they did or saw, in words."""

Expected = TypeVar("Expected", bound=Message)


class Device:
    """One device of the home, connected while it is entered."""

    def __init__(self, who: str, url: str, token: str, tell: Tell = lambda _who, _what: None):
        self.who = who
        self._url = url
        self._token = token
        self._tell = tell
        self._heard: queue.Queue[Message] = queue.Queue()
        self._closing = contextlib.ExitStack()
        self._socket: ClientConnection

    def __enter__(self) -> Self:
        try:
            self._socket = self._closing.enter_context(
                connect(
                    self._url,
                    additional_headers={"Authorization": f"Bearer {self._token}"},
                    open_timeout=PATIENCE,
                    proxy=None,
                )
            )
        except (OSError, InvalidHandshake) as error:
            raise DemoFailed(f"The {self.who} could not connect: {error}.") from error
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.close()

    def does(self, what: str) -> None:
        """Tell something this device does that is no frame."""
        self._tell(self.who, what)

    def send(self, request: Request) -> None:
        """Send a frame. Raises StoryFailed if the socket is closed."""
        self._tell(self.who, request_in_words(request))
        try:
            self._socket.send(request_frame(request))
        except ConnectionClosed as error:
            raise DemoFailed(f"The {self.who} lost its connection: {error}.") from error

    def hear(self, kind: type[Expected], within: float = PATIENCE) -> Expected:
        """The next message of this kind; others are passed over.

        Raises StoryFailed saying what was awaited and what came instead.
        """
        instead: list[Message] = []
        deadline = time.monotonic() + within
        with contextlib.suppress(queue.Empty):
            while True:
                message = self._heard.get(timeout=max(0.0, deadline - time.monotonic()))
                if isinstance(message, kind):
                    return message
                instead.append(message)
        came = "; then it ".join(message_in_words(each) for each in instead)
        raise DemoFailed(
            f"The {self.who} waited {within:g} s for `{kind.__name__}`, and "
            f"{f'instead it {came}' if came else 'nothing came'}."
        )

    def _listen(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            for frame in self._socket:
                self._tell(self.who, got_in_words(str(frame)))
                # What is not of the protocol is told, and answers no wait.
                with contextlib.suppress(MessageError):
                    self._heard.put(read_message(str(frame)))
