"""What `doorbell doctor` looks at; each check gives one finding.

None moves anything: no pin is driven, no press is sent. A check may raise ClientError, whose text
says what to do.
"""

import asyncio
import shutil
import tempfile
import threading
import time
from collections.abc import AsyncIterable, Callable
from email.utils import parsedate_to_datetime
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlsplit, urlunsplit

from doorbell_client.clock import Moment
from doorbell_client.config.conflicts import named_pins
from doorbell_client.config.credentials import Credentials
from doorbell_client.config.schema import Config
from doorbell_client.errors import CameraError
from doorbell_client.outbox.spool import Spool

T = TypeVar("T")

CLOCK_FAILS: Final = 15 * 60.0
"""Seconds; S3 refuses a presigned upload when the clock is further off than this."""

CLOCK_WARNS: Final = 60.0
"""Seconds; beyond a minute the time of a press is misleading."""

HANDSHAKE_SECONDS: Final = 6.0
"""A house that is there has answered within this."""

PONG_SECONDS = 3.0
"""The house answers a ping within this, even when its function starts cold."""

DISK_FAILS: Final = 20_000_000
"""Free bytes below which a few presses may already find no room."""


class Grade(Enum):
    """How serious it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(NamedTuple):
    """What a check found; `mend` is what to do about it."""

    grade: Grade
    says: str
    fix: str = ""


class Patient(NamedTuple):
    """The device that is looked at."""

    config: Config
    find_credentials: Callable[[], Credentials]
    """Raises ConfigError, whose text holds the mend."""
    spool: Path


def ok(says: str) -> Finding:
    """Nothing to do."""
    return Finding(Grade.OK, says)


def warn(says: str, fix: str) -> Finding:
    """The door works, though not as well as it might."""
    return Finding(Grade.WARN, says, fix)


def fail(says: str, fix: str) -> Finding:
    """Something does not work."""
    return Finding(Grade.FAIL, says, fix)


async def in_thread(work: Callable[[], T]) -> T:
    """`work` in a thread that nobody waits for at the end: a hung camera must not hang us."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)  # type: ignore[arg-type]
        else:
            future.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as raised:
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="doctor", daemon=True).start()
    return await future


# --- the checks -----------------------------------------------------------------------------


def check_token(patient: Patient) -> Finding:
    """A URL, a token, and a token file that is nobody else's. Raises ConfigError."""
    credentials = patient.find_credentials()
    return ok(f"There is one for {_shown(credentials.url)}.")


def check_pins(config: Config) -> Finding:
    """The pin factory that gpiozero finds; no pin is claimed, so a running door stays untouched."""
    pins = ", ".join(str(pin) for _, _, pin in named_pins(config))
    if not pins:
        return ok("None are configured.")
    from gpiozero import BadPinFactory, Device

    try:
        Device.ensure_pin_factory()
    except BadPinFactory:
        return fail(
            "gpiozero finds no GPIO pins on this machine.",
            "sudo apt install python3-lgpio; make the virtual environment with "
            "--system-site-packages; sudo usermod -aG gpio $USER.",
        )
    return ok(f"{type(Device.pin_factory).__name__} drives GPIO {pins}.")


async def check_camera(config: Config) -> Finding:
    """One picture."""
    from doorbell_client.hardware import open_camera

    kind = config.camera.kind
    if kind == "none":
        return warn("There is none, so nobody is recognised.", "Name a `kind` in [camera].")
    try:
        camera = await in_thread(lambda: open_camera(config))
        try:
            started = time.monotonic()
            photo = await camera.capture()
            took = time.monotonic() - started
        finally:
            camera.close()
    except CameraError as error:
        if isinstance(error.__cause__, ImportError):
            return fail(str(error), "")  # it says what to install
        fix = (
            "Put a JPEG there, or name another `folder` in [camera]."
            if kind == "stills"
            else "If the door is running it has the camera: systemctl stop doorbell, then again."
        )
        return fail(str(error), fix)
    return ok(f"{kind} gave {photo.name}, {len(photo.jpeg) / 1000:.0f} kB, in {took:.2f} s.")


def check_bell(config: Config) -> Finding:
    """Something that sounds when the cloud is out of reach. Raises HardwareError."""
    kind = config.chime.kind
    if kind == "file":
        from doorbell_client.hardware import build_chime

        build_chime(config)
    if kind == "none" and config.gong.pin is None:
        return warn("Nothing at this door sounds.", "Choose a `kind` in [chime] or a [gong] `pin`.")
    gong = "" if config.gong.pin is None else " and the house's gong"
    return ok(f"{'no chime' if kind == 'none' else kind}{gong}.")


async def check_dns(url: str) -> Finding:
    """The cloud's name has an address."""
    import socket

    host = urlsplit(url).hostname or ""
    started = time.monotonic()
    try:
        found = await in_thread(lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except OSError as error:
        return fail(
            f"{host} has no address ({error.strerror}).",
            "Check the network (ping 1.1.1.1) and /etc/resolv.conf.",
        )
    return ok(f"{host} is {found[0][4][0]} ({(time.monotonic() - started) * 1000:.0f} ms).")


async def check_clock(url: str) -> Finding:
    """This machine's clock against the `Date` that the cloud answers with, or NTP's word for it."""
    offset = await _offset(url)
    if offset is None:
        return await _by_ntp()
    off = f"{abs(offset):.0f} s {'ahead of' if offset > 0 else 'behind'} the cloud"
    fix = "sudo timedatectl set-ntp true, and wait a minute."
    if abs(offset) >= CLOCK_FAILS:
        return fail(f"{off}: photos are refused.", fix)
    if abs(offset) >= CLOCK_WARNS:
        return warn(f"{off}.", fix)
    return ok("In step with the cloud, to the second." if abs(offset) < 2 else f"{off}.")


async def check_handshake(patient: Patient) -> Finding:
    """TLS, the token, and a pong from the house. Raises ConfigError."""
    import ssl

    from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException

    credentials = patient.find_credentials()
    started = time.monotonic()
    try:
        answer = await _ping(credentials)
    except InvalidStatus as error:
        return _turned_away(error.response.status_code)
    except ssl.SSLCertVerificationError as error:
        return fail(
            f"The certificate is not believed: {error.verify_message}.",
            "Check the clock, the URL, and sudo apt install ca-certificates.",
        )
    except (OSError, InvalidHandshake, WebSocketException, TimeoutError) as error:
        return fail(
            f"{_shown(credentials.url)} cannot be reached ({type(error).__name__}).",
            "Check the URL in [cloud] and the network.",
        )
    took = (time.monotonic() - started) * 1000
    if not answer:
        return warn("The token is accepted, but no pong came.", "Look at the stack's logs.")
    return ok(f"The token is accepted; pong after {took:.0f} ms.")


def check_spool(folder: Path) -> Finding:
    """The spool can be written to; what waits in it, and for how long."""
    if not folder.exists():
        return _place_for(folder)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
        waiting = Spool(folder).peek()
    except OSError as error:
        return fail(
            f"{folder} cannot be used: {error.strerror}.",
            f"Run doctor as the door's user, or sudo chown -R doorbell: {folder}.",
        )
    if not waiting:
        return ok(f"{folder} is writable; nothing waits.")
    age = _span(Moment.now().since(waiting[0][0].at))
    size = sum(size for _, size in waiting) / 1000
    says = f"{len(waiting)} press(es), {size:.0f} kB wait in {folder}, the oldest for {age}."
    return warn(says, "Mend the lines above; they are then delivered by themselves.")


def check_disk(patient: Patient) -> Finding:
    """Room for what the spool may come to hold."""
    place = _existing(patient.spool)
    free = shutil.disk_usage(place).free
    says = f"{free / 1e6:,.0f} MB free at {place}."
    fix = "Make room, or set a smaller `max_bytes` in [spool]."
    if free < DISK_FAILS:
        return fail(says, fix)
    return warn(says, fix) if free < patient.config.spool.max_bytes else ok(says)


# --- what the checks need -------------------------------------------------------------------


async def _offset(url: str) -> float | None:
    """Seconds that this clock is ahead of the cloud's, or None when the cloud does not say."""
    import httpx

    parts = urlsplit(url)
    scheme = "https" if parts.scheme == "wss" else "http"
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
    fix = "sudo timedatectl set-ntp true, and wait a minute."
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
        return warn("The cloud does not tell the time, and nothing here knows it.", fix)
    output, _ = await process.communicate()
    if output.strip() == b"yes":
        return ok("Set by the network (the cloud did not tell its time).")
    return warn("The cloud does not tell the time, and the network has not set ours.", fix)


async def _ping(credentials: Credentials) -> bool:
    """Whether a pong came. Raises what connecting raises."""
    from doorbell.protocol import Ping, request_frame
    from doorbell_client.link.dial import dial

    async with dial(credentials, HANDSHAKE_SECONDS) as socket:
        await socket.send(request_frame(Ping()))
        try:
            return await asyncio.wait_for(_pong(socket), PONG_SECONDS)
        except TimeoutError:
            return False


async def _pong(frames: AsyncIterable[str | bytes]) -> bool:
    async for frame in frames:
        if '"pong"' in str(frame):
            return True
    return False


def _turned_away(status: int) -> Finding:
    again = "run `doorbell init` with a token that `make add-door` prints."
    if status == 401:
        return fail("The token is missing or malformed (401).", again)
    if status == 403:
        return fail("The token is unknown or revoked (403).", again)
    return fail(f"The cloud answers {status}.", "Check the URL in [cloud] against `make outputs`.")


def _place_for(folder: Path) -> Finding:
    import os

    place = _existing(folder)
    if os.access(place, os.W_OK | os.X_OK):
        return ok(f"{folder} will be made; nothing waits.")
    fix = "Run doctor as the door's user (sudo -u doorbell), or name another `folder` in [spool]."
    return warn(f"{folder} is not there, and {place} cannot be written to.", fix)


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _shown(url: str) -> str:
    return url.split("?", maxsplit=1)[0]


def _span(seconds: float) -> str:
    for size, unit in ((86400.0, "days"), (3600.0, "h"), (60.0, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
