"""Asks the cloud where a camera may put a shot, by HTTP with the camera's token.

Neither the token nor an upload's address is ever logged.
"""

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol
from urllib.parse import urlsplit, urlunsplit

from doorbell.protocol import MessageError, Upload
from doorbell.protocol.fields import upload as read_upload
from doorbell_client.camera.shot import NAMES, TYPES, Shot
from doorbell_client.config.credentials import Credentials
from doorbell_client.errors import NotLetIn, PictureRefused, UploadFailed
from doorbell_client.outbox.upload import MOST_OF_AN_ANSWER, UploadTimeouts, silence_wire_logs

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)

NEVER: Final = (400, 413, 415, 422)
"""The cloud will never take this shot. Not 404: that is a wrong address, not a wrong shot."""


class Trouble(NamedTuple):
    """Shots that were lost because there was no room for them."""

    since: float
    """Seconds since 1970."""
    dropped: int


class Cloud(Protocol):
    """Where shots go, as the outbox sees it."""

    async def ask(self, shot: Shot, size: int) -> Upload | None:
        """Where to put it; None: it is there already.

        Raises UploadFailed (not now), NotLetIn (not with this token), PictureRefused (never).
        """

    async def tell(self, trouble: Trouble) -> None:
        """The phones shall know. Raises UploadFailed."""


class CameraCloud:
    """The stack's HTTP API for cameras (docs/cameras.md)."""

    def __init__(
        self,
        credentials: Credentials,
        timeouts: UploadTimeouts = UploadTimeouts(),  # noqa: B008 - immutable
    ) -> None:
        self._credentials = credentials
        self._timeouts = timeouts
        self._client: httpx.AsyncClient | None = None

    async def ask(self, shot: Shot, size: int) -> Upload | None:
        """As `Cloud` has it."""
        asked = {
            "id": shot.id,
            "kind": shot.kind,
            "type": TYPES[shot.kind],
            "name": NAMES[shot.kind],
            "taken_at": shot.taken_at,
            "size": size,
        }
        status, answer = await self._post("uploads", asked)
        if status in (401, 403):
            raise NotLetIn(f"The cloud does not let this camera in ({status}).")
        if status in NEVER:
            raise PictureRefused(f"The cloud does not take this picture: {_problem(answer)}.")
        if status not in (200, 201):
            raise UploadFailed(f"The cloud answers {status}.")
        return _granted(answer)

    async def tell(self, trouble: Trouble) -> None:
        """As `Cloud` has it."""
        status, _ = await self._post("trouble", {"what": "disk_full", **trouble._asdict()})
        if not 200 <= status < 300:
            raise UploadFailed(f"The cloud answers {status}.")

    async def close(self) -> None:
        """Let go of the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _post(self, what: str, content: dict[str, Any]) -> tuple[int, Any]:
        url = address(self._credentials.url, what)
        token = {"Authorization": f"Bearer {self._credentials.token}"}
        try:
            async with (
                asyncio.timeout(self._timeouts.whole),
                self._ready().stream("POST", url, json=content, headers=token) as response,
            ):
                return response.status_code, _json(await _read(response))
        except Exception as error:
            # The connection may be what is broken: the next try begins with a fresh one.
            await self.close()
            raise UploadFailed(f"The cloud is out of reach: {type(error).__name__}.") from None

    def _ready(self) -> "httpx.AsyncClient":
        import httpx

        if self._client is None:
            silence_wire_logs()
            timeout = httpx.Timeout(self._timeouts.silence, connect=self._timeouts.connect)
            self._client = httpx.AsyncClient(timeout=timeout, follow_redirects=False)
        return self._client


def address(recipient: str, what: str) -> str:
    """Where `what` is asked for: below `/camera` of the recipient, which may end so itself."""
    parts = urlsplit(recipient)
    folder = parts.path.rstrip("/").removesuffix("/camera")
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}/camera/{what}", "", ""))


async def _read(response: "httpx.Response") -> bytes:
    content = b""
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MOST_OF_AN_ANSWER:
            return b""
    return content


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _granted(answer: Any) -> Upload | None:
    if isinstance(answer, dict) and answer.get("done") is True:
        return None
    try:
        return read_upload("upload", answer["upload"])
    except (TypeError, KeyError, MessageError):
        raise UploadFailed("The cloud's answer has no upload in it.") from None


def _problem(answer: Any) -> str:
    """The problem's name (RFC 9457), which is the cloud's own word."""
    name = answer.get("name") if isinstance(answer, dict) else None
    return name if isinstance(name, str) and name.isidentifier() else "no reason given"
