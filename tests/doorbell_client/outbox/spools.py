"""Spools that tests open, fill and leave behind."""

import os
import uuid
from pathlib import Path

from doorbell_client.clock import Moment
from doorbell_client.outbox.disk import Disk
from doorbell_client.outbox.record import Record
from doorbell_client.outbox.spool import Limits, Spool

JPEG = b"\xff\xd8" + b"face" * 200 + b"\xff\xd9"


def at(uptime: float) -> Moment:
    return Moment(1_800_000_000 + uptime, "this boot", uptime)


def record(uptime: float = 100.0) -> Record:
    return Record(str(uuid.uuid4()), at(uptime))


def opened(
    folder: Path,
    limits: Limits | None = None,
    disk: Disk | None = None,
    memory: Path | None = None,
) -> Spool:
    spool = Spool(folder, limits or Limits(), disk, memory)
    spool.open()
    return spool


def kept(spool: Spool, uptime: float = 100.0, jpeg: bytes | None = JPEG) -> Record:
    press = record(uptime)
    spool.note(press)
    spool.keep(press)
    if jpeg is not None:
        spool.add_photo(press.press, jpeg)
    return press


def left_in(spool: Spool, now: Moment) -> list[Record]:
    """What the next process finds."""
    spool.close()
    after = opened(spool._folder)
    found = after.load(now)
    after.close()
    return found


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} - {"lock"}


def open_files() -> int:
    """How many this process has open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - read by the process that it tells of
