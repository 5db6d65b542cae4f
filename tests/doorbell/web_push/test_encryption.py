"""Encryption for one browser (RFC 8291)."""

from __future__ import annotations

import base64
import json
import os

import http_ece
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.errors import BadEndpoint
from doorbell.web_push.encryption import encrypt
from tests.push_service import Browser, Got, PushService

BROWSER = Browser(PushService(), "mine")


@given(st.dictionaries(st.text("abc", max_size=8), st.integers(), max_size=100))
def test_the_browser_reads_what_was_said(said: dict[str, int]) -> None:
    """Whatever it is; and two encryptions of the same thing have nothing in common."""
    sealed = [encrypt(json.dumps(said).encode(), BROWSER.p256dh, BROWSER.auth) for _ in range(2)]
    assert sealed[0][:16] != sealed[1][:16], "a salt of its own"
    for body in sealed:
        assert BROWSER.read(Got("/", {}, body, 0.0)) == said


def test_nobody_else_reads_it() -> None:
    body = encrypt(b'"secret"', BROWSER.p256dh, BROWSER.auth)
    other = Browser(PushService(), "other")
    with pytest.raises(http_ece.ECEException):
        other.read(Got("/", {}, body, 0.0))
    assert b"secret" not in body


def test_the_record_is_as_the_standard_has_it() -> None:
    """Salt, record size, and the sender's key of 65 bytes (RFC 8188, 2.1; RFC 8291, 4)."""
    body = encrypt(b"x" * 100, BROWSER.p256dh, BROWSER.auth)
    assert int.from_bytes(body[16:20]) == 4096
    assert body[20] == 65
    assert len(body) == 16 + 4 + 1 + 65 + 100 + 1 + 16


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", BROWSER.auth),
        (BROWSER.p256dh, ""),
        (BROWSER.p256dh[:-4], BROWSER.auth),
        (BROWSER.p256dh, BROWSER.auth + "AAAA"),
        ("!" * 87, BROWSER.auth),
        (base64.urlsafe_b64encode(b"\x04" + os.urandom(64)).decode(), BROWSER.auth),
        (base64.urlsafe_b64encode(b"\x02" + os.urandom(64)).decode(), BROWSER.auth),
    ],
    ids=["no key", "no secret", "short", "long secret", "odd letters", "no point", "compressed"],
)
def test_keys_that_are_none_are_refused_by_name(p256dh: str, auth: str) -> None:
    with pytest.raises(BadEndpoint):
        encrypt(b"x", p256dh, auth)


def test_keys_may_be_padded() -> None:
    """Browsers leave it out; some libraries do not."""
    assert encrypt(b"x", BROWSER.p256dh + "=", BROWSER.auth + "==")
