"""What a relay needs: cameras, a cloud that knows their tokens, their streams, and its port."""

import asyncio
import socket
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Final

from doorbell_client.commands.checks.finding import Finding, Setup, fail, in_thread, ok, skip, warn
from doorbell_client.config.cameras import Camera
from doorbell_client.config.schema import Relay
from doorbell_client.errors import ConfigError, StreamError
from doorbell_client.relay.rtsp import RtspTimeouts, check_library, opened
from doorbell_client.relay.store import Store
from doorbell_client.relay.words import counted

ANSWER_SECONDS: Final = 6.0
"""A cloud that is there has answered within this, even when its function starts cold."""

_RTSP: Final = RtspTimeouts(open=8.0, silence=8.0)


def check_cameras(setup: Setup) -> Finding:
    """Their file, and the libraries that they need. Raises ConfigError."""
    cameras = setup.find_cameras()
    try:
        import h11
    except ImportError:
        return fail("h11 is not here.", "pip install -r requirements/relay.txt")
    del h11
    if any(camera.rtsp for camera in cameras):
        check_library()
    return ok(f"{', '.join(camera.name for camera in cameras)}.")


async def check_cloud(config: Relay) -> Finding:
    """The cloud's address for cameras answers as it does to a camera's test button."""
    if not config.recipient:
        return fail(
            "No cloud is configured.",
            "Set `recipient` in [relay] to what `make outputs` prints as Recipient.",
        )
    import httpx

    started = time.monotonic()
    try:
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, follow_redirects=False) as client:
            status = (await client.get(config.recipient)).status_code
    except httpx.HTTPError as error:
        return fail(
            f"{config.recipient} cannot be reached ({type(error).__name__}).",
            "Check `recipient` in [relay] and the network.",
        )
    if status != 200:
        return fail(
            f"{config.recipient} answers {status}.",
            "Set `recipient` in [relay] to what `make outputs` prints as Recipient.",
        )
    return ok(f"{config.recipient} answers ({(time.monotonic() - started) * 1000:.0f} ms).")


async def check_tokens(setup: Setup) -> Finding:
    """The cloud knows each camera. Raises ConfigError."""
    cameras = setup.find_cameras()
    statuses = await asyncio.gather(*(_asked(setup.config.relay, each) for each in cameras))
    unknown = [
        camera.name
        for camera, status in zip(cameras, statuses, strict=True)
        if status in (401, 403)
    ]
    if unknown:
        return fail(
            f"The cloud does not know the token of {', '.join(unknown)}.",
            "Put a token that `make add-camera` prints into the cameras' file.",
        )
    if strange := sorted({status for status in statuses if status != 400}):
        words = ", ".join(str(each or "nothing") for each in strange)
        return warn(f"The cloud answers {words} to a question.", "Look at the stack's logs.")
    return ok("The cloud knows them all.")


async def check_streams(setup: Setup) -> Finding:
    """Each camera's stream can be opened. Raises ConfigError."""
    cameras = [camera for camera in setup.find_cameras() if camera.rtsp]
    if not cameras:
        return skip("No camera has one to be fetched.")
    lost = await asyncio.gather(*(in_thread(partial(_tried, camera)) for camera in cameras))
    found = [f"{camera.name}: {why}" for camera, why in zip(cameras, lost, strict=True) if why]
    if found:
        return fail(" ".join(found), "Check `rtsp` in the cameras' file, and the camera.")
    return ok(f"{', '.join(camera.name for camera in cameras)}.")


def check_port(setup: Setup) -> Finding:
    """Cameras can connect: to the service, or to what is started by hand."""
    config = setup.config.relay
    where = f"port {config.port} of {config.bind}"
    if setup.service is not None:
        return ok(f"The service has {where}.")
    try:
        family = socket.AF_INET6 if ":" in config.bind else socket.AF_INET
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((config.bind, config.port))
    except OSError as error:
        return fail(
            f"Cameras cannot connect to {where} ({error.strerror}).",
            "Set `bind` or `port` in [relay], or stop what has it.",
        )
    return ok(f"{where[0].upper()}{where[1:]} is free.")


def check_waiting(folder: Path) -> Finding:
    """The folder can be written to; what waits in it."""
    if not folder.exists():
        return ok(f"{folder} will be made; nothing waits.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
        waiting = Store(folder).peek()
    except OSError as error:
        return fail(
            f"{folder} cannot be used: {error.strerror}.",
            f"Run doctor with sudo, or as the relay's user: sudo chown -R doorbell: {folder}.",
        )
    words = f"{folder}: {counted(len(waiting), sum(each.size for each in waiting))}."
    if not waiting:
        return ok(words)
    return warn(words, "Fix the lines above; it is then delivered by itself.")


async def _asked(config: Relay, camera: Camera) -> int:
    """The status that the cloud gives to a question without sense; 0 if none came."""
    import httpx

    url = config.recipient.rstrip("/").removesuffix("/camera") + "/camera/uploads"
    headers = {"Authorization": f"Bearer {camera.token}"}
    try:
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, follow_redirects=False) as client:
            return (await client.post(url, json={}, headers=headers)).status_code
    except httpx.HTTPError:
        return 0


def _tried(camera: Camera) -> str:
    try:
        with opened(str(camera.rtsp), _RTSP):
            return ""
    except (StreamError, ConfigError) as error:
        return str(error)
