"""HTTP/1.1 as it stands on the wire: what is read is passed on byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from asyncio import StreamReader


class Message(NamedTuple):
    """A request or an answer."""

    first: str
    """The request line, or the status line."""
    headers: dict[str, str]
    """Names in small letters."""
    raw: bytes
    """All of it."""
    body_at: int
    """Where in `raw` the body begins."""

    @property
    def body(self) -> bytes:
        """As it stands on the wire, chunks and all."""
        return self.raw[self.body_at :]

    def without(self, name: str) -> bytes:
        """All of it but one header."""
        lines = self.raw[: self.body_at].split(b"\r\n")
        kept = [each for each in lines if not each.lower().startswith(name.encode() + b":")]
        return b"\r\n".join(kept) + self.body


async def read_head(reader: StreamReader) -> Message:
    """All before the body. Raises IncompleteReadError at the end of the connection."""
    raw = await reader.readuntil(b"\r\n\r\n")
    first, *lines = raw[:-4].decode("latin-1").split("\r\n")
    named = (line.partition(":") for line in lines)
    return Message(first, {n.strip().lower(): v.strip() for n, _, v in named}, raw, len(raw))


async def read_request(reader: StreamReader) -> Message:
    """A whole request. Raises IncompleteReadError."""
    head = await read_head(reader)
    return head._replace(raw=head.raw + await _body(reader, head))


async def read_answer(reader: StreamReader, method: str) -> Message:
    """A whole answer to a request of this method. Raises IncompleteReadError."""
    head = await read_head(reader)
    status = int(head.first.split()[1])
    if method == "HEAD" or status in (204, 304) or status < 200:
        return head
    if "content-length" not in head.headers and "transfer-encoding" not in head.headers:
        return head._replace(raw=head.raw + await reader.read())
    return head._replace(raw=head.raw + await _body(reader, head))


async def _body(reader: StreamReader, head: Message) -> bytes:
    if "chunked" in head.headers.get("transfer-encoding", ""):
        return await _chunks(reader)
    return await reader.readexactly(int(head.headers.get("content-length", 0)))


async def _chunks(reader: StreamReader) -> bytes:
    read = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        read += line
        length = int(line.split(b";")[0], 16)
        read += await reader.readexactly(length + 2)
        if not length:
            return read
