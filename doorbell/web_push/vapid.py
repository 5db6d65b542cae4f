"""Who sends the notices: the key pair that push services know this deployment by (RFC 8292).

The private key is derived from a text that is drawn once for each deployment
(docs/decisions/vapid-key.md, keys.md).
"""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many points P-256 has (FIPS 186-4, D.1.2.3)."""


def private_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """The same secret always gives the same key.

    FIPS 186-4, B.4.1, with SHA-512 of the secret for its random bits: 512 bits are more than the
    64 extra ones that it asks for.
    """
    drawn = int.from_bytes(hashlib.sha512(secret).digest(), "big")
    return ec.derive_private_key(drawn % (_ORDER - 1) + 1, ec.SECP256R1())


def public_key(secret: bytes) -> str:
    """What a browser subscribes with (`applicationServerKey`): base64url without padding."""
    point = (
        private_key(secret).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
