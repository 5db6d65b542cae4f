"""HTTP byte for byte, as devices speak it: what is sent is exactly what a test wrote."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

PATIENCE: Final = 30.0


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    """By their names in small letters."""
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


def talk(
    url: str, *pieces: bytes, pause: float = 0.0, hang_up: bool = False, within: float = PATIENCE
) -> Reply | None:
    """Send the pieces as they are, `pause` seconds apart; the first reply, None if none comes.

    `hang_up`: close the sending half at the end, as a device does that breaks off.
    """
    at = urlsplit(url)
    with socket.create_connection((at.hostname or "", at.port or 80), timeout=within) as line:
        # Who is refused may be hung up on in the middle of a sentence, and has an answer to read.
        with contextlib.suppress(ConnectionError):
            for number, piece in enumerate(pieces):
                if number:
                    time.sleep(pause)
                line.sendall(piece)
            if hang_up:
                line.shutdown(socket.SHUT_WR)
        return _reply(line)


def _reply(line: socket.socket) -> Reply | None:
    with contextlib.suppress(ConnectionError), line.makefile("rb") as came:
        first = came.readline()
        if not first:
            return None
        headers = {}
        while (text := came.readline().decode("latin-1").strip()) != "":
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        body = came.read(int(headers.get("content-length", "0")))
        return Reply(int(first.split()[1]), headers, body)
    return None


def post(
    body: bytes,
    *headers: str,
    target: str = "/",
    method: str = "POST",
    media: str = "image/jpeg",
    length: int | None = None,
) -> bytes:
    """A request as a device writes it; `length` is what it says of its body's."""
    said = len(body) if length is None else length
    lines = [
        f"{method} {target} HTTP/1.1",
        "Host: doorbell",
        f"Content-Type: {media}",
        f"Content-Length: {said}",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body
