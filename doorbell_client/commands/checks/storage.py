"""The spool's folder, and room on its disk."""

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

from doorbell_client.camera.shots import ShotSpool, counted_shots
from doorbell_client.clock import Moment
from doorbell_client.commands.checks.finding import Finding, Setup, fail, ok, warn
from doorbell_client.outbox.spool import Spool

DISK_FAILS: Final = 20_000_000
"""Free bytes below which a few presses may already find no room."""


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
            f"Run doctor with sudo, or as the door's user: sudo chown -R doorbell: {folder}.",
        )
    if not waiting:
        return ok(f"{folder} is writable; nothing waits.")
    age = _span(Moment.now().since(waiting[0][0].at))
    size = sum(size for _, size in waiting) / 1000
    says = f"{len(waiting)} press(es), {size:.0f} kB wait in {folder}, the oldest for {age}."
    return warn(says, "Fix the lines above; they are then delivered by themselves.")


def check_shots(folder: Path) -> Finding:
    """A camera's pictures can be kept; which of them wait, and for how long."""
    if not folder.exists():
        return _place_for(folder)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
        waiting = ShotSpool(folder, 0).peek()
    except OSError as error:
        return fail(
            f"{folder} cannot be used: {error.strerror or error}.",
            f"Run doctor with sudo, or as the camera's user: sudo chown -R doorbell: {folder}.",
        )
    if not waiting:
        return ok(f"{folder} is writable; nothing waits.")
    age = _span(max(0.0, time.time() - waiting[0].taken_at))
    says = f"{counted_shots(len(waiting))} in {folder}, the oldest for {age}."
    return warn(says, "Fix the lines above; they are then sent by themselves.")


def check_disk(setup: Setup) -> Finding:
    """Room for what the spool may come to hold."""
    is_relay = setup.device == "relay"
    section = "relay" if is_relay else "spool"
    most = setup.config.relay.max_bytes if is_relay else setup.config.spool.max_bytes
    place = _existing(setup.spool)
    free = shutil.disk_usage(place).free
    says = f"{free / 1e6:,.0f} MB free at {place}."
    fix = f"Make room, or set a smaller `max_bytes` in [{section}]."
    if free < DISK_FAILS:
        return fail(says, fix)
    return warn(says, fix) if free < most else ok(says)


def _place_for(folder: Path) -> Finding:
    place = _existing(folder)
    if os.access(place, os.W_OK | os.X_OK):
        return ok(f"{folder} will be made; nothing waits.")
    fix = "Run doctor as the door's user (sudo -u doorbell), or name another `folder` in [spool]."
    return warn(f"{folder} is not there, and {place} cannot be written to.", fix)


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _span(seconds: float) -> str:
    for size, unit in ((86400.0, "days"), (3600.0, "h"), (60.0, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
