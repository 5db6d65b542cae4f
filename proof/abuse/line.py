"""A socket as an attacker has one: it sends any frame, and keeps every answer as it came."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Self

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from proof.abuse.leaks import Leaks

PATIENCE = 20.0
HANDSHAKE = 20.0


class Line:
    """Open while entered."""

    def __init__(self, url: str, token: str, leaks: Leaks) -> None:
        self._leaks = leaks
        headers = {"Authorization": f"Bearer {token}"}
        self._opening = connect(
            url, additional_headers=headers, proxy=None, open_timeout=HANDSHAKE, ping_interval=None
        )
        self.told: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        self._open = self._opening.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    def send(self, frame: str | bytes) -> None:
        """As it is."""
        self._open.send(frame)

    def hear(
        self, fits: Callable[[dict[str, Any]], bool], within: float = PATIENCE
    ) -> dict[str, Any] | None:
        """The next message that fits; None if none came in time, or the line was closed."""
        end = time.monotonic() + within
        while (left := end - time.monotonic()) > 0:
            try:
                frame = str(self._open.recv(timeout=left))
            except (TimeoutError, ConnectionClosed):
                return None
            self._leaks.look(frame)
            self.told.append(json.loads(frame))
            if fits(self.told[-1]):
                return self.told[-1]
        return None

    def is_alive(self) -> bool:
        """Whether a ping is answered."""
        self.send('{"action":"ping"}')
        return self.hear(lambda told: told["type"] == "pong") is not None


def refused_with(url: str, headers: dict[str, str], leaks: Leaks) -> int:
    """The status by which a handshake was refused; 101 if it was not."""
    try:
        with connect(url, additional_headers=headers, proxy=None, open_timeout=HANDSHAKE):
            return 101
    except InvalidStatus as refused:
        body = (refused.response.body or b"").decode("utf-8", "replace")
        leaks.look(body + str(refused.response.headers))
        return refused.response.status_code
