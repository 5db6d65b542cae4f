"""What the bus hears of cameras."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.cameras.keys import read_key
from doorbell.events import PictureReceived

if TYPE_CHECKING:
    from doorbell.cameras.services import Reception
    from doorbell.events import CameraTrouble


def object_came(reception: Reception, key: str) -> bool:
    """S3 says that an object is there, once for each, however it came: the bus hears of it.

    Whether it did: not of what is no camera's, or gone again.
    """
    place = read_key(key)
    stored = reception.objects.find(key) if place else None
    if place is None or stored is None:
        return False
    facts = stored.facts
    reception.bus.publish(
        PictureReceived(
            home=place.home,
            camera=place.camera,
            key=key,
            at=place.at,
            kind=place.kind,
            door=facts.get("door"),
            ring=facts.get("ring"),
        )
    )
    return True


def trouble(reception: Reception, what: CameraTrouble) -> None:
    """Something of a camera's cannot be kept, or not now. Raises an error if nobody heard."""
    reception.bus.publish(what)
