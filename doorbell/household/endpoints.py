"""Where notices may be sent: a phone names the address, and it must not be one of our own network.

Without this, a phone could have the cloud send requests to what only the cloud can reach (OWASP,
"Server-Side Request Forgery").
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from contextlib import suppress
from typing import Final
from urllib.parse import SplitResult, urlsplit

from doorbell.errors import BadEndpoint

MOST_CHARACTERS: Final = 2048
"""Of an endpoint. Those of today's push services have about 200."""

HTTPS_PORT: Final = 443

POINT_BYTES: Final = 65
"""A browser's public key: an uncompressed point of P-256 (RFC 8291, section 3.1)."""
SECRET_BYTES: Final = 16
"""Its authentication secret (RFC 8291, section 3.2)."""

_URL: Final = rf"[!-\[\]-~]{{1,{MOST_CHARACTERS}}}"
"""Printable ASCII without the backslash, which not all parsers read alike."""
_HOST: Final = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
"""A full name whose last part begins with a letter: `127.1` and `0x7f.1` are addresses."""

_TRANSLATED: Final = tuple(
    ipaddress.IPv6Network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")
)
"""IPv6 networks whose addresses stand for IPv4 ones, private ones too (RFC 6052, 8215, 3056)."""


def check_endpoint(url: str, *, loopback: bool) -> str:
    """The address of a push service's subscription, as it is.

    It is https, has no user, no port but 443, and names a host of the internet. With `loopback`
    (the one machine) it may also be http or https on any port of this machine.

    Raises BadEndpoint.
    """
    if not re.fullmatch(_URL, url):
        raise BadEndpoint(f"An endpoint has at most {MOST_CHARACTERS} plain characters.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadEndpoint("This is no address.") from None
    if parts.username is not None or parts.password is not None:
        raise BadEndpoint("An endpoint names no user.")
    if loopback and parts.scheme in ("http", "https") and is_loopback(host):
        return url
    if parts.scheme != "https" or port not in (None, HTTPS_PORT):
        raise BadEndpoint("An endpoint is https, on port 443.")
    if not _is_public_host(parts, host):
        raise BadEndpoint("An endpoint is on the internet.")
    return url


def check_keys(p256dh: str, auth: str) -> tuple[bytes, bytes]:
    """A browser's public key and secret, from base64url. Raises BadEndpoint if they are none."""
    point, secret = _decode(p256dh), _decode(auth)
    if len(point) != POINT_BYTES or point[0] != 4 or len(secret) != SECRET_BYTES:
        raise BadEndpoint("These are no keys of a browser.")
    return point, secret


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet: not private, local, shared or reserved."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    translated = any(parsed in each for each in _TRANSLATED)
    return parsed.is_global and not parsed.is_multicast and not translated


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _is_public_host(parts: SplitResult, host: str) -> bool:
    if "%" in host:
        return False  # an address with a zone is a local one
    try:
        ipaddress.ip_address(host)
    except ValueError:
        in_brackets = "[" in parts.netloc
        return not in_brackets and len(host) <= 253 and bool(re.fullmatch(_HOST, host))
    return is_public(host)


def _decode(text: str) -> bytes:
    plain = text.rstrip("=")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", plain, re.ASCII):
        return b""
    try:
        return base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return b""
