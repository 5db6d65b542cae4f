"""One press as the spool keeps it: its id, and the moment of the finger on the button."""

import json
import math
from pathlib import Path
from typing import NamedTuple

from doorbell_client.clock import Moment


class Record(NamedTuple):
    """One press: its id (a UUID), when it was, and what has become of it."""

    press: str
    at: Moment
    home: str = ""
    """Whose press it is (`Credentials.home`); it is delivered to no other. Empty: not known."""
    ring: str | None = None
    """What the cloud calls it."""
    delivered: bool = False
    """It is in the cloud, and kept only until a bell has sounded or need not."""


def record_bytes(record: Record) -> bytes:
    """What a press's file holds."""
    wall, boot, uptime = record.at
    content = {
        "press": record.press, "at": wall, "boot": boot, "uptime": uptime, "home": record.home,
        "ring": record.ring, "delivered": record.delivered,
    }  # fmt: skip
    return json.dumps(content).encode()


def read_record(file: Path) -> Record | None:
    """The press that `file` holds and is named after; None if it cannot be read or believed."""
    try:
        content = json.loads(file.read_bytes())
        at = Moment(float(content["at"]), str(content["boot"]), float(content["uptime"]))
        believable = math.isfinite(at.wall) and math.isfinite(at.uptime)
        same = content["press"] == file.name.split(".")[0]
        if not believable or not same:
            return None
        ring = content.get("ring")
        return Record(
            content["press"],
            at,
            home=str(content.get("home", "")),
            ring=ring if isinstance(ring, str) else None,
            delivered=content.get("delivered") is True,
        )
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ):
        return None
