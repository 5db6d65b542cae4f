"""Whether the cloud takes pictures from this camera."""

import time
from typing import Final

from doorbell_client.camera.cloud import address
from doorbell_client.commands.checks.finding import Finding, Setup, fail, ok, warn

_INIT: Final = "Run `doorbell init` with a token that `make add-camera` prints."
_URL: Final = "Check the URL in [cloud] against `Recipient` in `make outputs`."


async def check_recipient(setup: Setup) -> Finding:
    """TLS, the token and its role. Nothing is stored: what is asked for is no picture.

    Raises ConfigError.
    """
    import httpx

    credentials = setup.find_credentials()
    url = address(credentials.url, "uploads")
    token = {"Authorization": f"Bearer {credentials.token}"}
    started = time.monotonic()
    try:
        async with httpx.AsyncClient(timeout=6, follow_redirects=False) as client:
            status = (await client.post(url, json={}, headers=token)).status_code
    except httpx.HTTPError as error:
        return fail(f"{credentials.url} cannot be reached ({type(error).__name__}).", _URL)
    took = f"{(time.monotonic() - started) * 1000:.0f} ms"
    match status:
        case 400:
            return ok(f"The token is accepted ({took}).")
        case 401 | 403:
            return fail(f"The token is unknown, revoked or no camera's ({status}).", _INIT)
        case 404 | 405 | 301 | 302 | 307 | 308:
            return fail(f"No pictures are taken there ({status}).", _URL)
    return warn(f"The cloud answers {status}.", "Look at the stack's logs.")
