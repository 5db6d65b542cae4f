"""The cloud's part: where a file goes, and its word that it is there.

A camera's token stands in a header and nowhere else, and a presigned URL lets anybody write who has
it: nothing of either is ever logged.
"""

import json
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import msgspec

from doorbell_client.config.validators import is_safe_url
from doorbell_client.errors import (
    FileRefused,
    TicketStale,
    TokenRefused,
    UploadFailed,
    UploadLost,
)
from doorbell_client.outbox.upload import MOST_OF_AN_ANSWER, silence_wire_logs
from doorbell_client.relay.contract import Begun, Link, PartLinks, Problem, Whole
from doorbell_client.relay.kept import Kept
from doorbell_client.relay.parts import Part

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_OF_JSON: Final = 256 * 1024
"""Bytes; twenty presigned URLs with their headers are a tenth of it."""

_LATER: Final = (408, 409, 423, 425, 429)
"""Statuses below 500 after which the same may succeed."""


class CloudTimeouts(NamedTuple):
    """Seconds."""

    connect: float = 10.0
    silence: float = 60.0
    """Without a byte going or coming; to join ten thousand parts takes S3 a while."""


class _Said(NamedTuple):
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def problem(self) -> Problem:
        try:
            return msgspec.json.decode(self.body, type=Problem)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return Problem()


class Cloud:
    """The cloud as one relay asks it. Every method raises UploadFailed or a kind of it."""

    def __init__(self, recipient: str, timeouts: CloudTimeouts = CloudTimeouts()) -> None:  # noqa: B008 - immutable
        """`recipient` is the URL that is typed into cameras' pages: `https://HOST/camera`, say."""
        self._base = recipient.rstrip("/").removesuffix("/camera") + "/camera"
        self._timeouts = timeouts
        self._client: httpx.AsyncClient | None = None

    async def close(self) -> None:
        """Let go of the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    # --- the contract ------------------------------------------------------------------

    async def begin(self, token: str, kept: Kept) -> Begun:
        """Tell of a file. The same file always gets the same key."""
        about = kept.about
        asked = {
            "id": kept.id, "kind": kept.kind, "type": about.type, "name": about.name,
            "taken_at": about.taken_at, "size": kept.size,
        }  # fmt: skip
        return _as(Begun, await self._ask(token, "/uploads", asked))

    async def links(
        self, token: str, key: str, upload: str, parts: Sequence[tuple[Part, str]]
    ) -> dict[int, Link]:
        """A link for each of these parts, given with its SHA-256; by number."""
        asked = {
            "key": key,
            "upload": upload,
            "parts": [
                {"number": part.number, "size": part.size, "sha256": sha256}
                for part, sha256 in parts
            ],
        }
        answer = await self._ask(token, "/uploads/parts", asked)
        return {link.number: link for link in _as(PartLinks, answer).parts}

    async def complete(
        self, token: str, key: str, upload: str, parts: Sequence[tuple[int, str, str]]
    ) -> int:
        """All parts are there, each with number, ETag and SHA-256: the size of the whole."""
        listed = [
            {"number": number, "etag": etag, "sha256": sha256} for number, etag, sha256 in parts
        ]
        asked = {"key": key, "upload": upload, "parts": listed}
        return _as(Whole, await self._ask(token, "/uploads/complete", asked)).size

    async def trouble(self, token: str, what: str, since: float, dropped: int) -> None:
        """Something could not be kept: the phones are told."""
        await self._ask(token, "/trouble", {"what": what, "since": since, "dropped": dropped})

    async def put(self, link: Link, size: int, pieces: AsyncIterator[bytes]) -> str:
        """Send so many bytes by a link, as it was signed; the storage's ETag for them.

        412 says that the very object is there already. Raises TicketStale, UploadLost.
        """
        if link.method != "PUT" or not is_safe_url(link.url, "https", "http"):
            raise UploadFailed("The cloud gave an address that is not encrypted.")
        headers = {**_signed(link.headers), "Content-Length": str(size)}
        said = await self._send("PUT", link.url, headers, pieces, MOST_OF_AN_ANSWER)
        if said.status in (200, 201, 204, 412):
            return said.headers.get("ETag", "")
        if said.status == 403:
            raise TicketStale("The storage does not take this address any more.")
        if said.status == 404:
            raise UploadLost("The storage knows this upload no more.")
        raise UploadFailed(f"The storage answers {said.status}.")

    # --- how it is asked ---------------------------------------------------------------

    async def _ask(self, token: str, path: str, content: Mapping[str, Any]) -> bytes:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = json.dumps(content).encode()
        said = await self._send("POST", self._base + path, headers, body, MOST_OF_JSON)
        if said.status in (200, 201, 204):
            return said.body
        problem = said.problem()
        if said.status in (401, 403):
            raise TokenRefused(f"The cloud does not take the token ({said.status}).")
        if problem.name in ("lost_upload", "bad_part") or (
            said.status == 404 and "upload" in content
        ):
            # 404: the key is another camera's, because this one has a new token.
            raise UploadLost(problem.title or "The cloud knows this upload no more.")
        if said.status >= 500 or said.status in _LATER:
            raise UploadFailed(f"The cloud answers {said.status}.")
        raise FileRefused(problem.title or f"The cloud answers {said.status}.")

    async def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | AsyncIterator[bytes],
        most: int,
    ) -> _Said:
        import httpx

        try:
            async with self._ready().stream(
                method, url, content=content, headers=headers
            ) as response:
                body = b""
                async for piece in response.aiter_raw():
                    body += piece
                    if len(body) > most:
                        break
                return _Said(response.status_code, response.headers, body)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            # The connection may be what is broken: the next try begins with a fresh one.
            raise UploadFailed(f"No answer ({type(error).__name__}).") from None

    def _ready(self) -> "httpx.AsyncClient":
        import httpx

        if self._client is None:
            silence_wire_logs()
            timeout = httpx.Timeout(self._timeouts.silence, connect=self._timeouts.connect)
            self._client = httpx.AsyncClient(timeout=timeout, follow_redirects=False)
        return self._client


def _as(kind: type[T], body: bytes) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise UploadFailed("The cloud's answer cannot be understood.") from None


def _signed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "content-length"}
