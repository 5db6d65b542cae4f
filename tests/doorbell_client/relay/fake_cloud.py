"""A cloud on loopback that speaks the cameras' contract, checks all it is sent, and can fail.

It keeps parts as files, so that a clip of gigabytes costs it no memory. What is wrong with a
request stands in `wrongs`, which a test looks at in the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import uuid
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

Step: TypeAlias = Literal["begin", "links", "put", "stored", "complete", "completed", "trouble"]
"""Where it can fail. At `stored` and `completed` the work is done, and only the answer fails."""

STEPS: tuple[Step, ...] = (
    "begin", "links", "put", "stored", "complete", "completed", "trouble",
)  # fmt: skip

Act: TypeAlias = Literal["cut", "hang", "500", "403", "lost"]


class Object(NamedTuple):
    """What is stored under a key."""

    id: str
    camera: str
    name: str
    type: str
    taken_at: float
    size: int
    sha256: str


class Told(NamedTuple):
    """A trouble that was told."""

    camera: str
    what: str
    since: float
    dropped: int


class _Asked(NamedTuple):
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    reader: asyncio.StreamReader

    @property
    def length(self) -> int:
        return int(self.headers.get("content-length", "0"))


class _Answered(Exception):
    def __init__(self, status: int, content: Any = None, **headers: str) -> None:
        super().__init__(status)
        self.status, self.content, self.headers = status, content, headers


class _Cut(Exception):
    pass


@dataclass
class FakeCloud:
    """`tokens` are the cameras' by token; `fault` says what goes wrong at a step, if anything."""

    folder: Path
    tokens: dict[str, str] = field(default_factory=lambda: {"home.garden.secret": "garden"})
    part_size: int = 8 * 1024 * 1024
    fault: Callable[[Step], Act | None] = lambda step: None
    objects: dict[str, Object] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    """Names, as they were complete."""
    troubles: list[Told] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)
    steps: Counter[str] = field(default_factory=Counter)
    received: int = 0
    """Bytes of bodies that were stored, repeats included."""
    port: int = 0
    _uploads: dict[str, dict[str, Any]] = field(default_factory=dict)
    _links: dict[str, dict[str, Any]] = field(default_factory=dict)
    _down: bool = False
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def recipient(self) -> str:
        return f"http://127.0.0.1:{self.port}/camera"

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[FakeCloud]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=256 * 1024)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self._cut_all()

    def go_down(self) -> None:
        """The network is gone, in the middle of whatever is said."""
        self._down = True
        self._cut_all()

    def come_back(self) -> None:
        """The network is there again."""
        self._down = False

    def contents(self) -> Counter[str]:
        """How often each content is stored, by its SHA-256."""
        return Counter(each.sha256 for each in self.objects.values())

    # --- HTTP ----------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while not self._down:
                status, content, headers = await self._answer(reader)
                body = b"" if content is None else json.dumps(content).encode()
                lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
                lines += [f"{name}: {value}" for name, value in headers.items()]
                writer.write("\r\n".join([*lines, "", ""]).encode() + body)
                await writer.drain()
        except (_Cut, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, Any, dict[str, str]]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines)}
        url = urlsplit(target)
        asked = _Asked(method, url.path, parse_qs(url.query), headers, reader)
        if "transfer-encoding" in headers:
            self.wrongs.append("a body without a length")
            raise _Cut
        try:
            if url.path.startswith("/s3/"):
                return await self._put(asked)
            return await self._ask(asked)
        except _Answered as said:
            return said.status, said.content, said.headers

    async def _ask(self, asked: _Asked) -> tuple[int, Any, dict[str, str]]:
        content = json.loads(await asked.reader.readexactly(asked.length) or b"null")
        if asked.method == "GET":
            return 200, "hello", {}
        camera = self._camera(asked.headers.get("authorization", ""))
        if asked.headers.get("content-type") != "application/json":
            self.wrongs.append("not JSON")
        jobs: dict[str, Callable[[str, Any], Any]] = {
            "/camera/uploads": self._begin,
            "/camera/uploads/parts": self._sign,
            "/camera/uploads/complete": self._complete,
            "/camera/trouble": self._trouble,
        }
        if asked.path not in jobs or asked.method != "POST":
            raise problem(404, "not_found")
        return await jobs[asked.path](camera, content)  # type: ignore[no-any-return]

    def _camera(self, authorization: str) -> str:
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer":
            raise problem(401, "no_token")
        if token not in self.tokens:
            raise problem(403, "bad_token")
        return self.tokens[token]

    # --- the contract ----------------------------------------------------------------------

    async def _begin(self, camera: str, asked: Any) -> tuple[int, Any, dict[str, str]]:
        await self._step("begin")
        if not isinstance(asked, dict) or set(asked) != {
            "id", "kind", "type", "name", "taken_at", "size",
        }:  # fmt: skip
            raise problem(400, "bad_field")
        folder = {"clip": "clips", "picture": "pictures"}[asked["kind"]]
        key = f"{folder}/home/{camera}/{uuid.UUID(asked['id'])}"
        if asked["kind"] == "picture":
            headers = {"Content-Type": asked["type"], "If-None-Match": "*"}
            link = self._link(key, asked["size"], headers, about=(camera, asked))
            return 201, {"key": key, "upload": link, "expires_in": 300}, {}
        if key in self.objects:
            return 200, {"key": key, "done": True}, {}
        upload = uuid.uuid4().hex
        self._uploads[upload] = {"key": key, "about": (camera, asked), "parts": {}}
        return 201, {"key": key, "upload": upload, "part_size": self.part_size}, {}

    async def _sign(self, camera: str, asked: Any) -> tuple[int, Any, dict[str, str]]:
        await self._step("links", asked["upload"])
        self._check_key(camera, asked["key"])
        if not 1 <= len(asked["parts"]) <= 20:
            self.wrongs.append("too many parts at once")
        links = [
            {
                "number": part["number"],
                **self._link(
                    asked["key"], part["size"], {"x-amz-checksum-sha256": part["sha256"]},
                    upload=asked["upload"], number=part["number"],
                ),
            }
            for part in asked["parts"]
        ]  # fmt: skip
        return 200, {"parts": links}, {}

    async def _complete(self, camera: str, asked: Any) -> tuple[int, Any, dict[str, str]]:
        await self._step("complete", asked["upload"])
        self._check_key(camera, asked["key"])
        upload = self._uploads.get(asked["upload"])
        if upload is None or upload["key"] != asked["key"]:
            if asked["key"] in self.objects:
                return 200, {"key": asked["key"], "size": self.objects[asked["key"]].size}, {}
            raise problem(409, "lost_upload")
        stored = upload["parts"]
        said = {each["number"]: (each["etag"], each["sha256"]) for each in asked["parts"]}
        if list(said) != sorted(said) or said != {n: s[:2] for n, s in sorted(stored.items())}:
            self.wrongs.append(f"parts are not those that came: {sorted(said)}")
            raise problem(400, "bad_part")
        self._join(asked["key"], upload["about"], [stored[n][2] for n in sorted(stored)])
        del self._uploads[asked["upload"]]
        await self._step("completed")
        return 200, {"key": asked["key"], "size": self.objects[asked["key"]].size}, {}

    async def _trouble(self, camera: str, asked: Any) -> tuple[int, Any, dict[str, str]]:
        await self._step("trouble")
        self.troubles.append(Told(camera, asked["what"], asked["since"], asked["dropped"]))
        return 204, None, {}

    # --- the storage -------------------------------------------------------------------------

    async def _put(self, asked: _Asked) -> tuple[int, Any, dict[str, str]]:
        link = self._links.get(asked.query["signature"][0])
        if link is None or link["size"] != asked.length or asked.method != "PUT":
            self.wrongs.append("a PUT that nobody has signed")
            raise _Cut
        for name, value in link["headers"].items():
            if asked.headers.get(name.lower()) != value:
                self.wrongs.append(f"{name} is not what was signed")
        await self._may_be_put(asked, link)
        file, digest = await self._stored(asked)
        sha256 = b64encode(digest).decode()
        if link["headers"].get("x-amz-checksum-sha256", sha256) != sha256:
            self.wrongs.append("a part that is not what its checksum says")
            raise _Answered(400)
        etag = f'"{digest.hex()[:32]}"'
        if "upload" in link:
            parts = self._uploads[link["upload"]]["parts"]
            parts[link["number"]] = (etag, sha256, file)
        else:
            self._join(link["key"], link["about"], [file])
        await self._step("stored")
        return 200, None, {"ETag": etag}

    async def _may_be_put(self, asked: _Asked, link: dict[str, Any]) -> None:
        try:
            await self._step("put", link.get("upload"))
            if "upload" in link and link["upload"] not in self._uploads:
                raise _Answered(404)
            if "upload" not in link and link["key"] in self.objects:
                raise _Answered(412)
        except _Answered:
            # Another request may follow on this connection: not before this one is over.
            left = asked.length
            while left and (piece := await asked.reader.read(min(left, 256 * 1024))):
                left -= len(piece)
            raise

    async def _stored(self, asked: _Asked) -> tuple[Path, bytes]:
        file, hasher, left = self.folder / uuid.uuid4().hex, hashlib.sha256(), asked.length
        with file.open("wb") as stream:
            while left:
                piece = await asked.reader.read(min(left, 256 * 1024))
                if not piece or self._down:
                    raise _Cut
                stream.write(piece)
                hasher.update(piece)
                left -= len(piece)
        self.received += asked.length
        return file, hasher.digest()

    def _join(self, key: str, about: tuple[str, Any], files: list[Path]) -> None:
        camera, asked = about
        if key in self.objects:
            self.wrongs.append(f"{key} is stored twice")
        hasher, size = hashlib.sha256(), 0
        for file in files:
            with file.open("rb") as stream:
                while piece := stream.read(1024 * 1024):
                    hasher.update(piece)
                    size += len(piece)
            file.unlink()
        self.objects[key] = Object(
            asked["id"], camera, asked["name"], asked["type"], asked["taken_at"], size,
            hasher.hexdigest(),
        )  # fmt: skip
        self.order.append(asked["name"])
        if size != asked["size"]:
            self.wrongs.append(f"{size} bytes in place of {asked['size']}")

    def _link(self, key: str, size: int, headers: dict[str, str], **more: Any) -> dict[str, Any]:
        signature = uuid.uuid4().hex
        self._links[signature] = {"key": key, "size": size, "headers": headers, **more}
        url = f"http://127.0.0.1:{self.port}/s3/{key}?signature={signature}"
        return {"method": "PUT", "url": url, "headers": headers}

    def _check_key(self, camera: str, key: str) -> None:
        if key.split("/")[1:3] != ["home", camera]:
            raise problem(404, "not_found")

    # --- faults --------------------------------------------------------------------------------

    async def _step(self, step: Step, upload: str | None = None) -> None:
        self.steps[step] += 1
        match self.fault(step):
            case "cut":
                raise _Cut
            case "hang":
                await asyncio.sleep(3600)
            case "500":
                raise _Answered(500)
            case "403":
                raise problem(403, "bad_token")
            case "lost" if upload:
                self._uploads.pop(upload, None)
            case _:
                pass

    def _cut_all(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()


def problem(status: int, name: str) -> _Answered:
    """As the cloud refuses."""
    return _Answered(status, {"type": f"urn:doorbell:{name}", "name": name, "title": name})
