"""How a connection to the cloud is made: the token in a header, no redirect followed."""

import logging
from typing import Final

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from doorbell.protocol import MAX_FRAME_BYTES
from doorbell_client.config.credentials import Credentials

# websockets logs every header when it may log at DEBUG: the token, too.
_wire_log: Final = logging.getLogger("doorbell_client.wire")
_wire_log.setLevel(logging.WARNING)


def dial(credentials: Credentials, seconds: float) -> connect:
    """A connection to the cloud, with the token in its header; `seconds` for the handshake."""
    return _WithoutRedirects(
        credentials.url,
        additional_headers={"Authorization": f"Bearer {credentials.token}"},
        open_timeout=seconds,
        close_timeout=2,
        # Protocol pings do not pass through API Gateway; ours are messages.
        ping_interval=None,
        compression=None,
        max_size=MAX_FRAME_BYTES,
        proxy=True if credentials.url.startswith("wss:") else None,
        logger=_wire_log,
    )


class _WithoutRedirects(connect):
    def process_redirect(self, exc: Exception) -> Exception | str:
        """No redirect is followed: who answers may open the door."""
        return exc


def describe(error: Exception) -> str:
    """What went wrong, without anything that a URL or a header may hold."""
    if isinstance(error, ConnectionClosed):
        return f"closed with {error.rcvd.code}" if error.rcvd else "closed without a close frame"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
