"""Who may speak: one secret for each device, and what a token looks like.

A secret has 256 random bits, so a plain SHA-256 of it is safe to store (NIST 800-63B asks for
slow hashes only where people choose the secret).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Protocol

from doorbell.errors import BadName, TokenError
from doorbell.homes import check_id, check_resident, id_from_name
from doorbell.model import Device, Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.model import Role


def read_token(text: str) -> Token:
    """Parse a token; white space around it is a copying accident. Raises TokenError."""
    match text.strip().split("."):
        case [home, device, secret] if secret and secret.isascii():
            try:
                return Token(check_id(home, "home"), check_id(device, "device"), secret)
            except BadName:
                pass
    raise TokenError("A token looks like home.device.secret.")


def token_in_request(headers: Mapping[str, str], query: Mapping[str, str]) -> Token:
    """The token of a WebSocket handshake: `Authorization: Bearer …`, else `?token=…`.

    Raises TokenError.
    """
    for name, value in headers.items():
        if name.lower() == "authorization":
            scheme, _, credentials = value.strip().partition(" ")
            if scheme.lower() == "bearer":
                return read_token(credentials)
    return read_token(query.get("token", ""))


def digest(secret: str) -> str:
    """What the table keeps instead of the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class KnownDevices(Protocol):
    """Whoever can say which device this is."""

    def find(self, home: str, device: str) -> Device | None:
        """The device, or None if there is none (any more)."""


def authenticate(token: Token, devices: KnownDevices, roles: tuple[Role, ...]) -> Device:
    """The device that carries `token`. Raises TokenError if it is unknown or has no such role."""
    device = devices.find(token.home, token.device)
    known = device.token_hash if device else digest("")
    if not hmac.compare_digest(known, digest(token.secret)) or device is None:
        raise TokenError("This token is not known, or was revoked.")
    if device.role not in roles:
        raise TokenError(f"A {device.role} may not come in here.")
    return device


def new_device(home: str, role: Role, name: str, resident: str | None) -> tuple[Device, Token]:
    """A device and its token; the token is shown once and never stored. Raises BadName."""
    if "code" in (name, resident):
        raise BadName("Nobody is named code: phones hear `code` when a code has opened.")
    if resident:
        check_resident(resident)
    secret = secrets.token_urlsafe(32)
    device = Device(
        check_id(home, "home"), id_from_name(name), role, name, digest(secret), resident or None
    )
    return device, Token(device.home, device.id, secret)
