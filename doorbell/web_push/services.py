"""The push services of browsers: over HTTPS (RFC 8030), signed with our own key (RFC 8292).

A phone names the address, so it is looked at again here: what its name means now must lie on the
internet, and the connection goes to the very address that was looked at.
"""

from __future__ import annotations

import socket
import ssl
import time
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

import urllib3
from py_vapid import Vapid02

from doorbell.errors import BadEndpoint, NotDelivered
from doorbell.household.endpoints import check_endpoint, is_loopback, is_public
from doorbell.push.model import Sending, Taken
from doorbell.web_push.encryption import encrypt
from doorbell.web_push.vapid import private_key

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN_LIFE: Final = 12 * 3600
"""Seconds; RFC 8292, section 2, allows a day."""
LONGEST_ANSWER: Final = 1024
"""Bytes of an answer that are read, so that its connection can be closed in peace."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises NotDelivered if it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise NotDelivered("A push service has no address.") from None
    return [str(address[0]) for *_, address in found]


class WebPushServices:
    """`doorbell.push.ports.PushServices`.

    `secret` draws the key that push services know us by, `contact` is where their operators find
    us (RFC 8292, section 2.1). With `loopback` this machine may be one of them.
    """

    def __init__(
        self,
        secret: Callable[[], bytes],
        contact: str,
        *,
        loopback: bool,
        clock: Callable[[], float] = time.time,
        resolve: Callable[[str, int], list[str]] = resolve,
    ) -> None:
        self._secret = secret
        self._contact = contact
        self._loopback = loopback
        self._clock = clock
        self._resolve = resolve

    def post(self, sending: Sending, within: float) -> Taken:
        """Raises NotDelivered, BadEndpoint."""
        at = urlsplit(check_endpoint(sending.endpoint, loopback=self._loopback))
        body = encrypt(sending.content, sending.p256dh, sending.auth)
        with self._pool(at) as pool:
            try:
                answer = pool.request(
                    "POST",
                    at._replace(scheme="", netloc="", fragment="").geturl() or "/",
                    body=body,
                    headers={**self._headers(at, sending), "Host": at.netloc},
                    timeout=urllib3.Timeout(total=within),
                    retries=False,
                    redirect=False,
                    preload_content=False,
                    assert_same_host=False,
                )
                answer.read(LONGEST_ANSWER)
                answer.close()
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise NotDelivered(f"A push service failed: {type(error).__name__}.") from None
        return Taken(answer.status, self._retry_after(answer.headers.get("Retry-After")))

    def _pool(self, at: SplitResult) -> urllib3.HTTPConnectionPool:
        """A connection to the address that was looked at, under the name that was given."""
        host = at.hostname or ""
        secure = at.scheme == "https"
        port = at.port or (443 if secure else 80)
        address = self._address(host, port)
        if not secure:
            return urllib3.HTTPConnectionPool(address, port)
        return urllib3.HTTPSConnectionPool(
            address,
            port,
            server_hostname=host,
            assert_hostname=host,
            ssl_context=self._context,
        )

    def _address(self, host: str, port: int) -> str:
        """Raises BadEndpoint if the name means a place that is not on the internet."""
        local = self._loopback and is_loopback(host)
        for address in self._resolve(host, port):
            if not (is_public(address) or (local and is_loopback(address))):
                raise BadEndpoint("A push service is on the internet.")
            return address
        raise NotDelivered("A push service has no address.")

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def _headers(self, at: SplitResult, sending: Sending) -> dict[str, str]:
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(sending.seconds_to_live),
            "Urgency": "high" if sending.urgent else "normal",
            **self._signed(f"{at.scheme}://{at.netloc}"),
        }
        if sending.topic:
            headers["Topic"] = sending.topic
        return headers

    def _signed(self, audience: str) -> dict[str, str]:
        claims = {
            "aud": audience,
            "exp": int(self._clock()) + TOKEN_LIFE,
            "sub": self._contact,
        }
        signed: dict[str, str] = self._signer.sign(claims)
        return signed

    @cached_property
    def _signer(self) -> Vapid02:
        return Vapid02(private_key(self._secret()))

    def _retry_after(self, text: str | None) -> float | None:
        """Seconds, from either form (RFC 9110, section 10.2.3); None for what is neither."""
        if not text:
            return None
        if text.isascii() and text.isdigit():
            return float(text)
        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - self._clock())
        except (ValueError, TypeError):
            return None
