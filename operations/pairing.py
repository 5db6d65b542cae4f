"""A link, and the same as a QR code, by which a phone's app takes over the phone just added."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import segno

from doorbell.auth import read_token
from doorbell.aws.dynamodb.pairings import PairingTable
from doorbell.aws.dynamodb.table import Table
from doorbell.household import pairing
from doorbell.household.endpoints import is_loopback

if TYPE_CHECKING:
    from operations.stacks import Deployed

FOR_THIS_MACHINE: Final = (
    "  This link is for a browser on this machine. A phone would look for it in itself:\n"
    "  it needs the doorbell on AWS, at an address with HTTPS.\n"
)


def pairing_link(
    stack: Deployed, token: str, name: str, resident: str | None, *, manager: bool = False
) -> str:
    """The link that pairs a phone with the device of this token. It serves once, for ten minutes;
    the phone draws a token of its own then, and this one is nobody's.
    """
    device = read_token(token)
    code, _ = pairing.invite(
        PairingTable(Table(stack.client, stack.table)),
        device.home,
        name,
        resident,
        time.time(),
        manager=manager,
        device=device.device,
    )
    return pairing.link(stack.phone, code)


def in_terminal(link: str) -> str:
    """A QR code (ISO/IEC 18004) in half blocks, light on dark as terminals mostly are."""
    text = io.StringIO()
    segno.make(link, error="l", micro=False).terminal(text, compact=True, border=2)
    return text.getvalue()


def below(link: str) -> str:
    """What is printed below a link: its QR code, or why a phone that scanned one got nowhere."""
    host = urlsplit(link).hostname or ""
    return FOR_THIS_MACHINE if is_loopback(host) else in_terminal(link)
