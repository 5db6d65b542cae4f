"""This machine's clock: uploads are refused when it is wrong."""

import asyncio
import time
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from doorbell_client.commands.checks.finding import Finding, fail, ok, warn

CLOCK_FAILS: Final = 15 * 60.0
"""Seconds; S3 refuses a presigned upload when the clock is further off than this."""

CLOCK_WARNS: Final = 60.0
"""Seconds; beyond a minute the time of a press is misleading."""

_FIX: Final = "sudo timedatectl set-ntp true, and wait a minute."


async def check_clock(url: str) -> Finding:
    """This machine's clock against the `Date` that the cloud answers with, or NTP's word for it."""
    offset = await _offset(url)
    if offset is None:
        return await _by_ntp()
    off = f"{abs(offset):.0f} s {'ahead of' if offset > 0 else 'behind'} the cloud"
    if abs(offset) >= CLOCK_FAILS:
        return fail(f"{off}: photos are refused.", _FIX)
    if abs(offset) >= CLOCK_WARNS:
        return warn(f"{off}.", _FIX)
    return ok("In step with the cloud, to the second." if abs(offset) < 2 else f"{off}.")


async def _offset(url: str) -> float | None:
    """Seconds that this clock is ahead of the cloud's, or None when the cloud does not say."""
    import httpx

    parts = urlsplit(url)
    scheme = "https" if parts.scheme in ("wss", "https") else "http"
    plain = urlunsplit((scheme, parts.netloc, "/", "", ""))
    try:
        async with httpx.AsyncClient(timeout=5, follow_redirects=False) as client:
            before = time.time()
            answer = await client.get(plain)
            middle = (before + time.time()) / 2
        # `Date` is cut to the second: on average it is half a second late.
        return middle - parsedate_to_datetime(answer.headers["Date"]).timestamp() - 0.5
    except (httpx.HTTPError, KeyError, ValueError):
        return None


async def _by_ntp() -> Finding:
    try:
        process = await asyncio.create_subprocess_exec(
            "timedatectl",
            "show",
            "--property=NTPSynchronized",
            "--value",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return warn("The cloud does not tell the time, and nothing here knows it.", _FIX)
    output, _ = await process.communicate()
    if output.strip() == b"yes":
        return ok("Set by the network (the cloud did not tell its time).")
    return warn("The cloud does not tell the time, and the network has not set ours.", _FIX)
