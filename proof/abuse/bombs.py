"""Pictures that say they are huge, have a thousand scans, or are none: time and memory of all."""

from __future__ import annotations

import os
import struct
import time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import httpx
from PIL import Image

from demo.people import Person, door_photo, portrait
from doorbell.protocol import Enrolled, Ring, RingThrough, Ticket
from tests.stories.doorstep import enrol, put

if TYPE_CHECKING:
    from demo.device import Device
    from proof.abuse.leaks import Leaks
    from proof.abuse.scene import Doorstep, House

KILO: Final = 1024


class Bombed(NamedTuple):
    """What came of it."""

    bombs: int
    slowest: float
    """Seconds until the slowest was refused, or rang."""
    megabytes: float
    """The most that any process of the stack had more than before."""
    wrong: list[str]


def bombs() -> dict[str, bytes]:
    """By their names."""
    photo = door_photo(Person.GRACE)
    return {
        "65,000 pixels by 65,000": _says(photo, 65_000, 65_000),
        "a thousand scans": _scans(1000),
        "half a picture": photo[: len(photo) // 2],
        "a PNG of 30,000 by 30,000": _png(30_000),
        "an archive in an archive": b"PK\x03\x04" + b"\x00" * 5_000,
        "a beginning and zeros": b"\xff\xd8\xff" + b"\x00" * 4_000_000,
        "nothing": b"",
    }


def send(house: House, step: Doorstep, leaks: Leaks, most: int | None = None) -> Bombed:
    """Each (or `most` of them) by the camera and as a ring's photo; then one good ring.

    Somebody lives there: else no face would be looked for in any picture.
    """
    door = step.door
    enrol(house.home, "Eileen", "portrait.jpeg", portrait(Person.EILEEN))
    step.phone.hear(Enrolled)
    before = _peaks(reset=True)
    slowest, wrong = 0.0, []
    sent = dict(list(bombs().items())[:most])
    for name, bomb in sent.items():
        began = time.monotonic()
        status = _by_camera(house, bomb, leaks)
        slowest = max(slowest, time.monotonic() - began)
        if status not in (400, 413, 415):
            wrong.append(f"{name}: the camera's recipient answered {status}")
        began = time.monotonic()
        reason = _at_the_door(door, bomb)
        slowest = max(slowest, time.monotonic() - began)
        if reason not in ("unreadable", "no_face"):
            wrong.append(f"{name}: the door rang with {reason}")
    door.send(Ring())
    ticket = door.hear(Ticket)
    if ticket.burst:
        put(ticket.burst, b"".join(sent.values()))
    put(ticket.upload, door_photo(Person.GRACE))
    if door.hear(RingThrough, ring=ticket.ring).reason != "stranger":
        wrong.append("a good photo beside a bomb is not looked at")
    after = _peaks()
    grown = max((after[pid] - before.get(pid, 0) for pid in after), default=0)
    return Bombed(2 * len(sent) + 1, slowest, grown / KILO, wrong)


def _by_camera(house: House, bomb: bytes, leaks: Leaks) -> int:
    answer = httpx.post(
        house.home.stack.cameras or "",
        content=bomb,
        headers={
            "Authorization": f"Bearer {house.callers[3].token}",
            "Content-Type": "image/jpeg",
        },
        trust_env=False,
        timeout=60,
    )
    leaks.look(f"{answer.text} {answer.headers}")
    return answer.status_code


def _at_the_door(door: Device, bomb: bytes) -> str:
    door.send(Ring())
    ticket = door.hear(Ticket)
    put(ticket.upload, bomb)
    return door.hear(RingThrough, ring=ticket.ring).reason


def _says(photo: bytes, width: int, height: int) -> bytes:
    """The same picture, which says that it is of another size."""
    at = photo.index(b"\xff\xc0") + 5
    return photo[:at] + struct.pack(">HH", height, width) + photo[at + 4 :]


def _scans(count: int) -> bytes:
    """A progressive picture whose last scan comes again and again."""
    content = BytesIO()
    Image.new("RGB", (64, 64), "grey").save(content, "JPEG", progressive=True)
    whole = content.getvalue()
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * count + whole[-2:]


def _png(side: int) -> bytes:
    """Grey, and a few kilobytes a thousand lines."""
    content = BytesIO()
    Image.new("1", (side, side)).save(content, "PNG")
    return content.getvalue()


def _peaks(*, reset: bool = False) -> dict[int, int]:
    """The most memory (kB) of each process of the stack's group so far; from now on, if reset."""
    peaks = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or not _is_ours(int(entry.name)):
            continue
        if reset:
            (entry / "clear_refs").write_text("5")
        lines = (entry / "status").read_text().splitlines()
        peak = next((line.split()[1] for line in lines if line.startswith("VmHWM")), "0")
        peaks[int(entry.name)] = int(peak)
    return peaks


def _is_ours(pid: int) -> bool:
    """Whether it is of the process group of a server that this process started."""
    try:
        group = os.getpgid(pid)
        status = Path(f"/proc/{group}/status").read_text()
    except OSError:
        return False
    return group != os.getpgid(0) and f"PPid:\t{os.getpid()}\n" in status
