"""The key pair that push services know a deployment by."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from doorbell.web_push.vapid import private_key, public_key

SECRET = b"a" * 64


def _point(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_secret_gives_the_same_key_for_ever() -> None:
    """Browsers subscribe with it: another one would make all their subscriptions void."""
    assert public_key(SECRET) == public_key(SECRET)
    assert private_key(SECRET).private_numbers().private_value == int(
        "4653760a55d4663f04502609fecf700b8a92d4d408ea76a83af0370721c2c0cf", 16
    )


def test_another_secret_gives_another_key() -> None:
    assert public_key(SECRET) != public_key(SECRET + b"a")


@given(st.binary())
def test_any_secret_gives_a_key_that_browsers_take(secret: bytes) -> None:
    """65 bytes: an uncompressed point (RFC 8292, 3.2), which the private key signs for."""
    made = public_key(secret)
    assert "=" not in made
    point = _point(made)
    assert len(point) == 65
    assert point[0] == 4
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    signature = private_key(secret).sign(b"said", ec.ECDSA(hashes.SHA256()))
    public.verify(signature, b"said", ec.ECDSA(hashes.SHA256()))
