"""One press as the spool keeps it: its id, and the moment of the finger on the button."""

import json
import math
from pathlib import Path
from typing import NamedTuple

from doorbell_client.clock import Moment


class Record(NamedTuple):
    """One press: its id (a UUID) and when it was."""

    press: str
    at: Moment


def record_bytes(record: Record) -> bytes:
    """What a press's file holds."""
    wall, boot, uptime = record.at
    content = {"press": record.press, "at": wall, "boot": boot, "uptime": uptime}
    return json.dumps(content).encode()


def read_record(file: Path) -> Record | None:
    """The press that `file` holds and is named after; None if it cannot be read or believed."""
    try:
        content = json.loads(file.read_bytes())
        at = Moment(float(content["at"]), str(content["boot"]), float(content["uptime"]))
        believable = math.isfinite(at.wall) and math.isfinite(at.uptime)
        same = content["press"] == file.name.split(".")[0]
        return Record(content["press"], at) if believable and same else None
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
