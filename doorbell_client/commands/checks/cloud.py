"""Token, name lookup and handshake."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterable
from typing import Final
from urllib.parse import urlsplit

from doorbell.protocol import (
    Hello,
    HelloAnswer,
    Message,
    MessageError,
    Ping,
    Pong,
    read_message,
    request_frame,
)
from doorbell_client.commands.checks.finding import Finding, Setup, fail, in_thread, ok, warn
from doorbell_client.config.credentials import Credentials, Role

HANDSHAKE_SECONDS: Final = 6.0
"""A cloud that is there has answered within this."""

ANSWER_SECONDS = 3.0
"""The cloud answers `hello` and `ping` within this, even when its function starts cold."""

_INIT: Final = "Run `doorbell init` with a token that `make add-door` prints."


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
    """TLS, the token and its role, and an answer from the cloud. Raises ConfigError."""
    import ssl

    from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException

    credentials = setup.find_credentials()
    started = time.monotonic()
    try:
        answers = await _ask(credentials)
    except InvalidStatus as error:
        return _turned_away(error.response.status_code)
    except ssl.SSLCertVerificationError as error:
        return fail(
            f"The certificate is not trusted: {error.verify_message}.",
            "Check the clock, the URL, and sudo apt install ca-certificates.",
        )
    except (OSError, InvalidHandshake, WebSocketException, TimeoutError) as error:
        return fail(
            f"{_shown(credentials.url)} cannot be reached ({type(error).__name__}).",
            "Check the URL in [cloud] and the network.",
        )
    return _judged(answers, setup.role, (time.monotonic() - started) * 1000)


class _Answers:
    """What the cloud has answered so far."""

    def __init__(self) -> None:
        self.pong = False
        self.role: str | None = None

    def hear(self, message: Message) -> None:
        self.pong = self.pong or isinstance(message, Pong)
        if isinstance(message, HelloAnswer):
            self.role = message.role


def _judged(answers: _Answers, role: Role, milliseconds: float) -> Finding:
    if answers.role not in (None, role):
        needed = "a door's" if role == "door" else "a phone's"
        return fail(
            f"The token is a {answers.role}'s, and {needed} is needed.",
            f"Run `doorbell init` with a token that `make add-{role}` prints.",
        )
    if not answers.pong:
        return warn("The token is accepted, but no pong came.", "Look at the stack's logs.")
    return ok(f"The token is accepted; pong after {milliseconds:.0f} ms.")


async def _ask(credentials: Credentials) -> _Answers:
    """Say hello and ping; what was answered in time. Raises what connecting raises."""
    from doorbell_client.link.dial import dial

    answers = _Answers()
    async with dial(credentials, HANDSHAKE_SECONDS) as socket:
        for request in (Hello(), Ping()):
            await socket.send(request_frame(request))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                await _listen(socket, answers)
    return answers


async def _listen(frames: AsyncIterable[str | bytes], answers: _Answers) -> None:
    async for frame in frames:
        with contextlib.suppress(MessageError):
            answers.hear(read_message(str(frame)))
        if answers.pong and answers.role:
            return


def _turned_away(status: int) -> Finding:
    if status == 401:
        return fail("The token is missing or malformed (401).", _INIT)
    if status == 403:
        return fail("The token is unknown or revoked (403).", _INIT)
    return fail(f"The cloud answers {status}.", "Check the URL in [cloud] against `make outputs`.")


def _shown(url: str) -> str:
    return url.split("?", maxsplit=1)[0]
