"""S3 says that something of a camera is there, however it came: once for each object.

What a device has put there by itself nobody has looked at yet: a picture is opened now, repaired if
that helps, and may ring.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from doorbell.cameras import ringing
from doorbell.cameras.jpeg import repair
from doorbell.cameras.keys import read_key
from doorbell.cameras.model import OPENED
from doorbell.cameras.problems import Problem
from doorbell.events import CameraTrouble, PictureReceived
from doorbell.protocol import Ring as Press

if TYPE_CHECKING:
    from doorbell.cameras.keys import Place
    from doorbell.cameras.services import Reception
    from doorbell.events import RingPressed

PRESSES: Final = uuid.UUID("7a0c9a0e-5f6c-4d5c-9a55-2f1d4f1f6f0b")
"""A picture's key gives its press: told twice, it is one ring (RFC 9562, 5.5)."""


def object_came(reception: Reception, key: str) -> bool:
    """The bus hears of it; whether it did. Not of what is no camera's, gone again, or no picture.

    May be repeated. Raises an error if the bus, or a door, heard nothing.
    """
    place = read_key(key)
    stored = reception.objects.find(key) if place else None
    if place is None or stored is None:
        return False
    facts = stored.facts
    door, ring = facts.get("door"), facts.get("ring")
    if place.kind == "picture" and ring is None:
        if OPENED not in facts and not _is_sound(reception, place, key):
            return False
        pressed = _ring(reception, place, key)
        door, ring = (pressed.door, pressed.ring) if pressed else (None, None)
    reception.bus.publish(
        PictureReceived(place.home, place.camera, key, place.at, place.kind, door, ring)
    )
    return True


def _is_sound(reception: Reception, place: Place, key: str) -> bool:
    """Whether it is a whole picture. One that can be repaired is written anew, and S3 tells of that
    by itself; what cannot be opened is kept nowhere, and somebody hears of it.
    """
    sent = reception.objects.read(key)
    if sent is None:
        return False
    try:
        picture = repair(sent)
        reception.check_picture(picture)
    except Problem:
        lost = CameraTrouble(place.home, place.camera, "refused", place.at, dropped=1)
        reception.bus.publish(lost)
        reception.objects.remove(key)
        return False
    if picture is sent:
        return True
    reception.objects.replace(key, picture, ringing.JPEG, {OPENED: "yes"})
    return False


def _ring(reception: Reception, place: Place, key: str) -> RingPressed | None:
    """It rings if its camera does, and somebody may still stand there."""
    camera = reception.devices.find(place.home, place.camera)
    age = max(0.0, reception.clock() - place.at)
    if camera is None or camera.role != "camera" or age > reception.settings.late_after:
        return None
    press = Press(str(uuid.uuid5(PRESSES, key)), age)
    return ringing.ring(reception, camera, lambda: reception.objects.read(key) or b"", press)
