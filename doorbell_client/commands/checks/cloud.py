"""Token, name lookup and handshake."""

import asyncio
import time
from collections.abc import AsyncIterable
from typing import Final
from urllib.parse import urlsplit

from doorbell_client.commands.checks.finding import Finding, Setup, fail, in_thread, ok, warn
from doorbell_client.config.credentials import Credentials

HANDSHAKE_SECONDS: Final = 6.0
"""A cloud that is there has answered within this."""

PONG_SECONDS = 3.0
"""The cloud answers a ping within this, even when its function starts cold."""


def check_token(setup: Setup) -> Finding:
    """A URL, a token, and a token file that is nobody else's. Raises ConfigError."""
    credentials = setup.find_credentials()
    return ok(f"There is one for {_shown(credentials.url)}.")


async def check_dns(url: str) -> Finding:
    """The cloud's name has an address."""
    import socket

    host = urlsplit(url).hostname or ""
    started = time.monotonic()
    try:
        found = await in_thread(lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except OSError as error:
        return fail(
            f"{host} has no address ({error.strerror}).",
            "Check the network (ping 1.1.1.1) and /etc/resolv.conf.",
        )
    return ok(f"{host} is {found[0][4][0]} ({(time.monotonic() - started) * 1000:.0f} ms).")


async def check_handshake(setup: Setup) -> Finding:
    """TLS, the token, and a pong from the cloud. Raises ConfigError."""
    import ssl

    from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException

    credentials = setup.find_credentials()
    started = time.monotonic()
    try:
        answer = await _ping(credentials)
    except InvalidStatus as error:
        return _turned_away(error.response.status_code)
    except ssl.SSLCertVerificationError as error:
        return fail(
            f"The certificate is not believed: {error.verify_message}.",
            "Check the clock, the URL, and sudo apt install ca-certificates.",
        )
    except (OSError, InvalidHandshake, WebSocketException, TimeoutError) as error:
        return fail(
            f"{_shown(credentials.url)} cannot be reached ({type(error).__name__}).",
            "Check the URL in [cloud] and the network.",
        )
    took = (time.monotonic() - started) * 1000
    if not answer:
        return warn("The token is accepted, but no pong came.", "Look at the stack's logs.")
    return ok(f"The token is accepted; pong after {took:.0f} ms.")


async def _ping(credentials: Credentials) -> bool:
    """Whether a pong came. Raises what connecting raises."""
    from doorbell.protocol import Ping, request_frame
    from doorbell_client.link.dial import dial

    async with dial(credentials, HANDSHAKE_SECONDS) as socket:
        await socket.send(request_frame(Ping()))
        try:
            return await asyncio.wait_for(_pong(socket), PONG_SECONDS)
        except TimeoutError:
            return False


async def _pong(frames: AsyncIterable[str | bytes]) -> bool:
    async for frame in frames:
        if '"pong"' in str(frame):
            return True
    return False


def _turned_away(status: int) -> Finding:
    again = "run `doorbell init` with a token that `make add-door` prints."
    if status == 401:
        return fail("The token is missing or malformed (401).", again)
    if status == 403:
        return fail("The token is unknown or revoked (403).", again)
    return fail(f"The cloud answers {status}.", "Check the URL in [cloud] against `make outputs`.")


def _shown(url: str) -> str:
    return url.split("?", maxsplit=1)[0]
