"""The cloud for cameras on loopback: one object for an id, written once; a cable to be pulled."""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from doorbell_client.config.credentials import Credentials

TOKEN = "home.party.s3cretS3cretS3cretS3cret"


@dataclass
class FakeRecipient:
    """What docs/cameras.md promises of `/camera/uploads` and `/camera/trouble`."""

    answer_ask: Callable[[int], int | None] = lambda count: None
    """An HTTP status in place of an upload, for the n-th question."""
    answer_put: Callable[[int], int | None] = lambda count: None
    """An HTTP status in place of storing, for the n-th PUT."""
    loses_answers: Callable[[int], bool] = lambda count: False
    """The n-th PUT is stored, and its answer gets lost."""
    says_done: bool = False
    """What is there already is told when it is asked for."""
    path: str = "/"
    token: str = TOKEN
    objects: dict[str, bytes] = field(default_factory=dict)
    """By key; which is made of the id, so that nothing is doubled."""
    stored: list[str] = field(default_factory=list)
    """Keys in the order of arrival."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[dict[str, Any]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    asks: int = 0
    puts: int = 0
    port: int = 0
    down: bool = False
    _signatures: Any = field(default_factory=lambda: itertools.count(1))
    _tickets: dict[str, str] = field(default_factory=dict)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.url, TOKEN)

    @contextlib.asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator["FakeRecipient"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.port = int(server.sockets[0].getsockname()[1])
        async with server:
            yield self
            self.cut()

    def cut(self) -> None:
        """Pull the cable: every connection is gone at once."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def for_a_while(self, seconds: float) -> None:
        """Pull the cable, and plug it in again."""
        self.down = True
        self.cut()
        await asyncio.sleep(seconds)
        self.down = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while not self.down:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.heads.append(head)
                first, *lines = head.strip().split("\r\n")
                method, target, _ = first.split(" ")
                headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines)}
                body = await reader.readexactly(int(headers["content-length"]))
                await self._answer(method, target, headers, body, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _answer(
        self,
        method: str,
        target: str,
        headers: dict[str, str],
        body: bytes,
        writer: asyncio.StreamWriter,
    ) -> None:
        content: Any = None
        if method == "PUT":
            self.puts += 1
            status = self._put(target, headers, body)
            if self.loses_answers(self.puts):
                writer.transport.abort()
                return
        else:
            status, content = self._post(target, headers, json.loads(body))
        said = b"" if content is None else json.dumps(content).encode()
        writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: {len(said)}\r\n\r\n".encode() + said)
        await writer.drain()

    def _post(self, target: str, headers: dict[str, str], asked: Any) -> tuple[int, Any]:
        assert headers["content-type"] == "application/json"
        if headers["authorization"] != f"Bearer {self.token}":
            return 403, {"type": "urn:doorbell:not_allowed", "name": "not_allowed"}
        if target == "/camera/trouble":
            self.troubles.append(asked)
            return 204, None
        assert target == "/camera/uploads"
        self.asks += 1
        self.asked.append(asked)
        if (status := self.answer_ask(self.asks)) is not None:
            return status, {"type": "urn:doorbell:too_large", "name": "too_large"}
        folder = {"picture": "pictures", "burst": "bursts"}[asked["kind"]]
        key = f"{folder}/home/party/{asked['id']}"
        if self.says_done and key in self.objects:
            return 200, {"key": key, "done": True}
        signature = f"{next(self._signatures):08d}"
        self._tickets[signature] = key
        upload = {
            "method": "PUT",
            "url": f"http://127.0.0.1:{self.port}/{key}?X-Amz-Signature={signature}",
            "headers": {"Content-Type": asked["type"], "If-None-Match": "*"},
        }
        return 201, {"key": key, "upload": upload, "expires_in": 300}

    def _put(self, target: str, headers: dict[str, str], body: bytes) -> int:
        if (status := self.answer_put(self.puts)) is not None:
            return status
        key, _, signature = target.lstrip("/").partition("?X-Amz-Signature=")
        assert self._tickets[signature] == key
        assert headers["if-none-match"] == "*"
        assert "authorization" not in headers, "the token is not S3's business"
        if key in self.objects:
            return 412
        self.objects[key] = body
        self.stored.append(key)
        return 200


async def until(true: Callable[[], bool], seconds: float = 15) -> None:
    """Far longer than anything here takes: a busy machine may stand still for seconds."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it did not come"
        await asyncio.sleep(0.002)
