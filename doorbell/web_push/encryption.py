"""Encryption of a message for one browser, which no push service can read (RFC 8291)."""

from __future__ import annotations

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from doorbell.errors import BadEndpoint
from doorbell.household.endpoints import check_keys


def encrypt(content: bytes, p256dh: str, auth: str) -> bytes:
    """One record of `aes128gcm` (RFC 8188) for the browser with these keys, in base64url.

    Raises BadEndpoint if the keys are none.
    """
    point, secret = check_keys(p256dh, auth)
    try:
        sealed: bytes = http_ece.encrypt(
            content,
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=point,
            auth_secret=secret,
            version="aes128gcm",
        )
    except ValueError:
        # 65 bytes that are no point of the curve.
        raise BadEndpoint("These are no keys of a browser.") from None
    return sealed
