"""Sends one object by one ticket: a presigned PUT, exactly as it was signed.

A ticket's URL opens a place in the cloud's storage, so nothing of it but the host is ever logged.
"""

import asyncio
import logging
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol
from urllib.parse import urlsplit

from doorbell.protocol import Upload
from doorbell_client.config.validators import is_safe_url
from doorbell_client.errors import UploadFailed

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)


class UploadTimeouts(NamedTuple):
    """How long an upload may take; seconds."""

    connect: float = 5.0
    silence: float = 15.0
    """Without a byte going or coming."""
    whole: float = 60.0
    """For one try."""
    tries: int = 3
    tries_within: float = 20.0
    """No further try begins after this; a fresh ticket comes next."""
    first_wait: float = 0.2


class Sent(Enum):
    """What became of a photo."""

    DELIVERED = "delivered"
    STALE = "the ticket is not taken"


class Sender(Protocol):
    """Something that sends a photo by a ticket."""

    async def send(self, ticket: Upload, jpeg: bytes) -> Sent:
        """Raises UploadFailed."""


MOST_OF_AN_ANSWER: Final = 64 * 1024
"""Bytes; an answer says all with its status."""

_TRY_AGAIN: Final = (408, 409, 425, 429)


class Uploader:
    """PUTs over HTTPS (plain HTTP only within this machine)."""

    def __init__(self, timeouts: UploadTimeouts = UploadTimeouts()) -> None:  # noqa: B008 - immutable
        self._timeouts = timeouts
        self._client: httpx.AsyncClient | None = None

    def warm_up(self) -> None:
        """Import what the first upload needs; takes 0.2 s, so it is done while nobody waits."""
        import httpx
        import stamina

        silence_wire_logs()
        del httpx, stamina

    async def send(self, ticket: Upload, jpeg: bytes) -> Sent:
        """PUT `jpeg`, a few times if that may help.

        412 says that this ring's photo is there already, which is what was wanted. Raises
        UploadFailed when the network or the storage fails for longer; the text holds no URL.
        """
        import stamina

        if not is_safe_url(ticket.url, "https", "http"):
            raise UploadFailed("The ticket's address is not encrypted; the photo stays here.")
        try:
            async for attempt in stamina.retry_context(
                on=UploadFailed,
                attempts=self._timeouts.tries,
                timeout=self._timeouts.tries_within,
                wait_initial=self._timeouts.first_wait,
                wait_max=self._timeouts.first_wait * 10,
                wait_jitter=self._timeouts.first_wait,
            ):
                with attempt:
                    return await self._put(ticket, jpeg)
        except UploadFailed:
            # The connection may be what is broken: the next upload begins with a fresh one.
            await self.close()
            raise
        raise AssertionError("unreachable")  # stamina ends by returning or raising

    async def close(self) -> None:
        """Let go of the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _put(self, ticket: Upload, jpeg: bytes) -> Sent:
        try:
            async with asyncio.timeout(self._timeouts.whole):
                return classify_response(await self._status(ticket, jpeg), ticket.url)
        except UploadFailed:
            raise
        except Exception as error:
            # Whatever a ticket holds (headers that are no headers, say): the next may be better.
            raise UploadFailed(f"The photo did not go out: {type(error).__name__}.") from None

    async def _status(self, ticket: Upload, jpeg: bytes) -> int:
        """The answer's status. Of its body no more is read than keeps the connection usable."""
        async with self._ready().stream(
            "PUT", ticket.url, content=jpeg, headers=dict(ticket.headers)
        ) as response:
            read = 0
            async for chunk in response.aiter_raw():
                read += len(chunk)
                if read > MOST_OF_AN_ANSWER:
                    break
            return response.status_code

    def _ready(self) -> "httpx.AsyncClient":
        import httpx

        if self._client is None:
            silence_wire_logs()
            timeout = httpx.Timeout(self._timeouts.silence, connect=self._timeouts.connect)
            self._client = httpx.AsyncClient(timeout=timeout, follow_redirects=False)
        return self._client


def classify_response(status: int, url: str) -> Sent:
    if 200 <= status < 300 or status == 412:
        return Sent.DELIVERED
    if status >= 500 or status in _TRY_AGAIN:
        raise UploadFailed(f"The storage answers {status}.")
    _log.info("%s does not take this ticket any more (%d)", urlsplit(url).hostname, status)
    return Sent.STALE


def silence_wire_logs() -> None:
    """These log whole URLs, signatures and all."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
