"""A camera as a doorbell: each of its pictures rings at its door, like a press with that photo."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from doorbell import rings
from doorbell.cameras.problems import Problem
from doorbell.homes import guest_photo_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.cameras.services import Reception
    from doorbell.events import RingPressed
    from doorbell.model import Device
    from doorbell.protocol import Ring as Press

_log = logging.getLogger(__name__)

JPEG: Final = "image/jpeg"


def ring(
    reception: Reception, camera: Device, picture: Callable[[], bytes], press: Press
) -> RingPressed | None:
    """Ring, if this camera may; what was pressed then. The same press, told again, is one ring.

    Whatever can ring alone does: with the event and no photo `watch` rings, with the photo and no
    event `visitor` does. Raises an error if neither came about, or the ring was not recorded.
    """
    # A token that was carried in plain may be anybody's.
    if camera.door is None or reception.devices.went_plain(camera.home, camera.id):
        return None
    door = reception.devices.find(camera.home, camera.door)
    if door is None or door.role != "door":
        return None
    known = reception.records.read(door.home, *rings.keys_of(door, press))
    # It brings its photo itself: the door needs no ticket.
    pressed = rings.record_press(reception, door, press, *known)._replace(ticketed=True)
    is_told = _publish(reception, pressed)
    if not _put_photo(reception, pressed, picture) and not is_told:
        raise Problem("try_again", "The door could not be rung. Please try again.")
    return pressed


def _publish(reception: Reception, pressed: RingPressed) -> bool:
    try:
        reception.bus.publish(pressed)
    except Exception as error:
        _log.warning("a camera's ring was not published: %s", type(error).__name__)
        return False
    return True


def _put_photo(reception: Reception, pressed: RingPressed, picture: Callable[[], bytes]) -> bool:
    """A ring keeps its first photo: of several within the gap, the others change nothing."""
    key = guest_photo_key(pressed.home, pressed.ring)
    try:
        reception.objects.put(key, picture(), JPEG, {})
    except Exception as error:
        _log.warning("a camera's ring has no photo: %s", type(error).__name__)
        return False
    return True
