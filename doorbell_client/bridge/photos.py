"""Fetches a visitor's photo by the link that came with the message.

The link lets anybody in who has it for an hour, so nothing of it but the host is ever logged, and
it never goes to the broker.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from doorbell_client.config.validators import is_safe_url
from doorbell_client.errors import DownloadFailed
from doorbell_client.outbox.upload import silence_wire_logs

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)

_JPEG: Final = b"\xff\xd8\xff"

_PASSES: Final = (408, 425, 429)
"""Statuses below 500 after which another try may help."""


class FetchLimits(NamedTuple):
    """How long a photo may take, in seconds, and how large it may be."""

    connect: float = 5.0
    whole: float = 15.0
    """For one try."""
    tries: int = 3
    tries_within: float = 20.0
    """No further try begins after this."""
    first_wait: float = 0.2
    most_bytes: int = 8_000_000
    """A door's photo has 200 KB; more than this would only burden the broker."""


async def fetch(url: str, limits: FetchLimits = FetchLimits()) -> bytes | None:  # noqa: B008 - immutable
    """The photo behind `url`; None if there is none that could be shown.

    Raises DownloadFailed when network or storage fail for longer; its text holds no link.
    """
    import stamina

    if not is_safe_url(url, "https", "http"):
        _log.warning("a photo's address is not encrypted; it is not fetched")
        return None
    silence_wire_logs()
    async for attempt in stamina.retry_context(
        on=DownloadFailed,
        attempts=limits.tries,
        timeout=limits.tries_within,
        wait_initial=limits.first_wait,
        wait_max=limits.first_wait * 10,
        wait_jitter=limits.first_wait,
    ):
        with attempt:
            return await _get(url, limits)
    raise AssertionError("unreachable")  # stamina ends by returning or raising


async def _get(url: str, limits: FetchLimits) -> bytes | None:
    import httpx

    timeout = httpx.Timeout(limits.whole, connect=limits.connect)
    try:
        async with (
            asyncio.timeout(limits.whole),
            httpx.AsyncClient(timeout=timeout, follow_redirects=False) as client,
            client.stream("GET", url) as response,
        ):
            return await _jpeg(response, urlsplit(url).hostname or "", limits.most_bytes)
    except (httpx.HTTPError, OSError, TimeoutError) as error:
        raise DownloadFailed(f"The photo did not come: {type(error).__name__}.") from None


async def _jpeg(response: "httpx.Response", host: str, most: int) -> bytes | None:
    """The body, read no further than is wanted. Raises DownloadFailed where it may come later."""
    status = response.status_code
    if status >= 500 or status in _PASSES:
        raise DownloadFailed(f"The storage answers {status}.")
    if status != 200:
        _log.warning("%s has no photo for this link (%d)", host, status)
        return None
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > most:
            _log.warning("a photo of over %d bytes is not shown", most)
            return None
    if not content.startswith(_JPEG):
        _log.warning("what came from %s is no JPEG, and is not shown", host)
        return None
    return bytes(content)
