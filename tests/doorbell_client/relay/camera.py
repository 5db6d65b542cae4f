"""A camera that sends to a relay, byte by byte if need be."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TOKEN = "home.garden.secret"
JPEG = b"\xff\xd8\xff\xe0" + b"a garden" * 500 + b"\xff\xd9"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


class Answer(NamedTuple):
    """What the relay said."""

    status: int
    headers: Mapping[str, list[str]]
    body: bytes

    def one(self, name: str) -> str:
        (value,) = self.headers[name]
        return value


def request(
    body: bytes = JPEG,
    *,
    method: str = "POST",
    target: str = "/",
    kind: str = "image/jpeg",
    headers: Mapping[str, str] | None = None,
    pieces: Iterable[bytes] | None = None,
) -> bytes:
    """The bytes of a request; with `pieces` its body is chunked, a chunk for each."""
    lines = {"Host": "relay", "Content-Type": kind, **(BEARER if headers is None else headers)}
    if pieces is not None:
        lines["Transfer-Encoding"] = "chunked"
        body = chunked(pieces)
    elif "Content-Length" not in lines:
        lines["Content-Length"] = str(len(body))
    head = [f"{method} {target} HTTP/1.1", *(f"{k}: {v}" for k, v in lines.items()), "", ""]
    return "\r\n".join(head).encode() + body


def chunked(pieces: Iterable[bytes]) -> bytes:
    """As RFC 9112, 7.1 has it."""
    return b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in pieces if each) + b"0\r\n\r\n"


def basic(user: str, password: str) -> dict[str, str]:
    """The header of a camera that sends its password as it is."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def digest(
    challenge: str, user: str, password: str, *, target: str = "/", nc: str = "00000001"
) -> dict[str, str]:
    """The header of a camera that was challenged; written anew, by RFC 7616."""
    said = dict(part.strip().split("=", 1) for part in challenge.removeprefix("Digest ").split(","))
    said = {name: value.strip('"') for name, value in said.items()}
    known = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[said["algorithm"]]

    def h(text: str) -> str:
        return known(text.encode()).hexdigest()

    cnonce = "0a4f113b"
    ha1, ha2 = h(f"{user}:{said['realm']}:{password}"), h(f"POST:{target}")
    response = h(f"{ha1}:{said['nonce']}:{nc}:{cnonce}:auth:{ha2}")
    return {
        "Authorization": f'Digest username="{user}", realm="{said["realm"]}", '
        f'nonce="{said["nonce"]}", uri="{target}", algorithm={said["algorithm"]}, qop=auth, '
        f'nc={nc}, cnonce="{cnonce}", response="{response}"'
    }


class Connection:
    """One connection to the relay."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    @classmethod
    async def to(cls, port: int) -> Connection:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, method: str = "POST") -> Answer:
        """The next answer. Raises IncompleteReadError where the relay hangs up before it."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers: dict[str, list[str]] = {}
        for line in lines:
            name, value = line.split(":", 1)
            headers.setdefault(name.lower(), []).append(value.strip())
        status = int(first.split(" ")[1])
        length = int(headers.get("content-length", ["0"])[0]) if status != 100 else 0
        body = await self._reader.readexactly(0 if method == "HEAD" else length)
        return Answer(status, headers, body)

    async def asked(self, data: bytes, method: str = "POST") -> Answer:
        """Send a request and hear the answer."""
        await self.send(data)
        return await self.answer(method)

    async def ended(self) -> bool:
        """Whether the relay hangs up, and says nothing more."""
        try:
            return await self._reader.read() == b""
        except ConnectionError:
            return True

    def close(self) -> None:
        self.writer.transport.abort()


async def ask(port: int, data: bytes, method: str = "POST") -> Answer:
    """One request over a connection of its own."""
    connection = await Connection.to(port)
    try:
        return await connection.asked(data, method)
    finally:
        connection.close()
